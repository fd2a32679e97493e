"""Sign-off by a reviewer who is not in the team, bound to the result and to what people added.

``reviews.jsonl`` is a chain like the ledger: a review that was returned stays beside the one that
agreed, and a name that was changed is found out.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from checker.canonical import canonical, without_env
from checker.engagement.append import add_record
from checker.engagement.chain import START, Record, broken, read_chain
from checker.engagement.judgement import MAX_TEXT
from checker.errors import Problem, UsageError
from checker.places import Anchor

FILE = "reviews.jsonl"
DECISIONS = ("agreed", "returned")
FIELDS = (
    "who", "when", "decision", "comment", "run", "result_sha256", "ledger_head", "words_sha256",
)  # fmt: skip


def fixed_hash(result: Mapping[str, Any]) -> str:
    """Hash of a result without the block that differs between machines."""
    return hashlib.sha256(canonical(without_env(result)).encode()).hexdigest()


def basis(result: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, str]:
    """What a review rests on: the result, the judgements, and what the team has written."""
    words = canonical(record.get("narratives", {}))
    return {
        "result_sha256": fixed_hash(result),
        "ledger_head": record.get("ledger", {}).get("head", START),
        "words_sha256": hashlib.sha256(words.encode()).hexdigest(),
    }


def read_reviews(folder: Path) -> list[Record]:
    """All reviews; raises ``DossierError`` when the file was changed by hand."""
    path = folder / FILE
    records = read_chain(path)
    for record in records:
        if not all(isinstance(record.get(name), str) for name in FIELDS):
            raise broken(path, record["n"], "chain.shape")
    return records


def weighed(
    entries: Sequence[Record], result: Mapping[str, Any], record: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Reviews of this result (the last of another one when there is none) with their state.

    ``holds`` when it was made of this result by one who may; ``after`` when judgements or words
    were added since.
    """
    if not entries:
        return []
    now = basis(result, record)
    own = [entry for entry in entries if entry["result_sha256"] == now["result_sha256"]]
    return [
        {
            **{name: entry[name] for name in FIELDS},
            "holds": bool(own)
            and entry["decision"] in DECISIONS
            and not _objection(entry["who"], result, record),
            "after": any(entry[name] != now[name] for name in ("ledger_head", "words_sha256")),
        }
        for entry in (own or entries[-1:])
    ]


def _objection(who: str, result: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """Why somebody may not review; empty when he may."""
    engagement = result["engagement"]
    if engagement is None:
        return "review.no_engagement"
    if who in engagement["team"]:
        return "review.in_team"
    if who not in engagement["reviewers"]:
        return "review.not_named"
    entries = record.get("ledger", {}).get("entries", ())
    if any(entry["countersigner"] == who for entry in entries):
        return "review.countersigned"
    return ""


def sign_off(
    folder: Path,
    result: Mapping[str, Any],
    record: Mapping[str, Any],
    said: Mapping[str, str],
) -> Record:
    """Record a review; ``said`` holds who, when, decision and comment.

    Raises ``UsageError`` for a reviewer of the team, one who countersigned, or without engagement.
    """
    if key := _objection(said["who"], result, record):
        raise _wrong(key, name=said["who"])
    if len(said["comment"]) > MAX_TEXT:
        raise _wrong("judge.text", name="comment", limit=str(MAX_TEXT))
    if said["decision"] == "returned" and not said["comment"].strip():
        raise _wrong("review.comment")
    body = {**said, "run": result["run"]["id"], **basis(result, record)}
    return add_record(folder / FILE, lambda: read_reviews(folder), lambda _: body)


def _wrong(key: str, **args: str) -> UsageError:
    return UsageError(Problem(key, Anchor("review"), args, "blocker"))
