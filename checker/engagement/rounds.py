"""Corrective rounds: results kept one after the other, each compared with the one before.

``runs/rounds.jsonl`` is a chain like the ledger; each line holds the hash of the result it is of.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from checker.canonical import canonical
from checker.engagement.append import add_record
from checker.engagement.chain import Record, broken, read_chain
from checker.engagement.compare import STATES, compare, counts
from checker.engagement.whole import plain_bytes, write_whole
from checker.errors import DossierError, Problem, UsageError
from checker.places import Anchor

RUNS, LIST = "runs", "rounds.jsonl"
MAX_BYTES = 500_000_000
_RUN = re.compile(r"[0-9a-f]{16}\Z")


def rounds(folder: Path) -> list[Record]:
    """Rounds in order; raises ``DossierError`` when the list was changed by hand."""
    path = folder / RUNS / LIST
    records = read_chain(path)
    for record in records:
        if not _whole(record):
            raise broken(path, record["n"], "chain.shape")
    return records


def _whole(record: Record) -> bool:
    texts = all(isinstance(record.get(name), str) for name in ("run", "as_of", "sha256", "state"))
    counted = record.get("counts")
    numbers = [record.get("round"), *(counted.values() if isinstance(counted, dict) else ("",))]
    return (
        texts
        and isinstance(counted, dict)
        and set(counted) == set(STATES)
        and all(type(number) is int for number in numbers)
        and _RUN.match(record["run"]) is not None
    )


def kept(folder: Path, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The result of a round; raises ``DossierError`` when it is not the one that was kept."""
    path = folder / RUNS / file_of(entry)
    try:
        content = plain_bytes(path, MAX_BYTES)
        found = json.loads(content)
        same = hashlib.sha256(content).hexdigest() == entry["sha256"]
        marked = all({"id", "fingerprint"} <= set(one) for one in found["findings"])
        if not same or not marked or found["run"]["id"] != entry["run"]:
            raise ValueError(path)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise _changed(path.name) from None
    return dict(found)


def _changed(name: str) -> DossierError:
    return DossierError(Problem("round.changed", Anchor(name), {}, "blocker"))


def file_of(entry: Mapping[str, Any]) -> str:
    """Name of the file a round is kept in."""
    return f"{entry['round']:03d}-{entry['run']}.json"


def earlier(folder: Path, run: str) -> dict[str, Any] | None:
    """The kept result of a run, or None when no round kept it."""
    for entry in rounds(folder):
        if entry["run"] == run:
            return kept(folder, entry)
    return None


def numbers_before(folder: Path, listed: Sequence[Record], run: str) -> dict[str, str]:
    """The numbers findings had in the round before this run, by fingerprint."""
    own = [place for place, entry in enumerate(listed) if entry["run"] == run]
    before = listed[: own[0]] if own else listed
    if not before:
        return {}
    last = before[-1]
    findings = kept(folder, last)["findings"]
    return {f["fingerprint"]: f"{last['round']}/{f['id']}" for f in findings}


def add_round(folder: Path, result: Mapping[str, Any]) -> Record:
    """Keep a result as the next round; raises ``UsageError`` when it is the last one already."""
    path = folder / RUNS / LIST
    return add_record(path, lambda: rounds(folder), lambda listed: _body(folder, listed, result))


def _body(folder: Path, listed: list[Record], result: Mapping[str, Any]) -> dict[str, Any]:
    """The line of a new round; its result is on the disk when the line is."""
    if listed and listed[-1]["run"] == result["run"]["id"]:
        args = {"run": result["run"]["id"]}
        raise UsageError(Problem("round.same", Anchor(RUNS), args, "blocker"))
    before = kept(folder, listed[-1]) if listed else {**result, "findings": []}
    try:
        counted = counts(compare(before, result))
    except (KeyError, TypeError, AttributeError):  # kept by its hash, and yet no result
        raise _changed(file_of(listed[-1])) from None
    content = (canonical(result) + "\n").encode()
    body = {
        "round": len(listed) + 1,
        "run": result["run"]["id"],
        "as_of": result["run"]["as_of"],
        "sha256": hashlib.sha256(content).hexdigest(),
        "state": result["conclusion"]["state"],
        "counts": counted,
    }
    write_whole(folder / RUNS / file_of(body), content)
    return body
