"""Sign-off by a reviewer who is not in the team, bound to the hash of the result."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checker.canonical import canonical, without_env
from checker.engagement.whole import write_whole
from checker.errors import Problem, UsageError
from checker.places import Anchor

FILE = "review.json"
DECISIONS = ("agreed", "returned")


def fixed_hash(result: Mapping[str, Any]) -> str:
    """Hash of a result without the block that differs between machines."""
    return hashlib.sha256(canonical(without_env(result)).encode()).hexdigest()


def weighed(entries: Any, result: Mapping[str, Any]) -> dict[str, Any]:
    """The review of this result, else the last one, and whether it holds.

    It holds for this result only, by one of its reviewers who is not in the team.
    """
    listed = [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
    wanted = fixed_hash(result)
    own = [e for e in listed if e.get("result_sha256") == wanted]
    entry = (own or listed or [{}])[-1]
    names = ("who", "when", "decision", "comment", "run", "result_sha256")
    read = {name: str(entry.get(name, "")) for name in names}
    engagement = result["engagement"] or {"team": [], "reviewers": []}
    allowed = read["who"] in engagement["reviewers"] and read["who"] not in engagement["team"]
    return {**read, "holds": allowed and read["decision"] in DECISIONS and bool(own)}


def known_reviews(folder: Path) -> list[Any]:
    """Reviews recorded so far; a file that is none counts as none."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def sign_off(
    folder: Path, result: Mapping[str, Any], who: str, decision: str, comment: str, when: str
) -> dict[str, str]:
    """Record a review; raises ``UsageError`` for a reviewer of the team or without engagement."""
    engagement = result["engagement"]
    if engagement is None:
        raise _wrong("review.no_engagement")
    if who in engagement["team"]:
        raise _wrong("review.in_team", name=who)
    if who not in engagement["reviewers"]:
        raise _wrong("review.not_named", name=who)
    if decision == "returned" and not comment.strip():
        raise _wrong("review.comment")
    entry = {
        "who": who,
        "when": when,
        "decision": decision,
        "comment": comment,
        "run": result["run"]["id"],
        "result_sha256": fixed_hash(result),
    }
    listed = [*known_reviews(folder), entry]
    text = json.dumps(listed, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / FILE, text.encode())
    except OSError as error:
        args = {"path": str(folder), "detail": error.strerror or str(error)}
        raise UsageError(Problem("usage.cannot_write", Anchor(FILE), args)) from None
    return entry


def _wrong(key: str, **args: str) -> UsageError:
    return UsageError(Problem(key, Anchor("review"), args, "blocker"))
