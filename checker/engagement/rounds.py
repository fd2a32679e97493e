"""Corrective rounds: results kept one after the other, each compared with the one before.

``runs/rounds.jsonl`` is a chain like the ledger; each line holds the hash of the result it is of.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checker.canonical import canonical
from checker.engagement.chain import Record, extended, head_file, read_chain, texts_of
from checker.engagement.compare import compare, counts
from checker.engagement.lock import locked
from checker.engagement.whole import write_whole
from checker.errors import DossierError, Problem, UsageError
from checker.places import Anchor

RUNS, LIST = "runs", "rounds.jsonl"
MAX_BYTES = 500_000_000


def rounds(folder: Path) -> list[Record]:
    """Rounds in order; raises ``DossierError`` when the list was changed by hand."""
    return read_chain(folder / RUNS / LIST)


def kept(folder: Path, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The result of a round; raises ``DossierError`` when it is not the one that was kept."""
    path = folder / RUNS / _name(entry["round"], entry["run"])
    try:
        content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise DossierError(Problem("round.changed", Anchor(path.name), {}, "blocker"))
    found: dict[str, Any] = json.loads(content)
    return found


def earlier(folder: Path, run: str) -> dict[str, Any] | None:
    """The kept result of a run, or None when no round kept it."""
    for entry in rounds(folder):
        if entry["run"] == run:
            return kept(folder, entry)
    return None


def numbers_before(folder: Path, run: str) -> dict[str, str]:
    """The numbers findings had in the last round that kept another run, by fingerprint."""
    for entry in reversed(rounds(folder)):
        if entry["run"] != run:
            listed = kept(folder, entry)["findings"]
            return {f["fingerprint"]: f"{entry['round']}/{f['id']}" for f in listed}
    return {}


def add_round(folder: Path, result: Mapping[str, Any]) -> Record:
    """Keep a result as the next round; raises ``UsageError`` when it is the last one already."""
    try:
        (folder / RUNS).mkdir(parents=True, exist_ok=True)
        with locked(folder / RUNS / LIST):
            return _added(folder, result)
    except OSError as error:
        args = {"path": str(folder / RUNS), "detail": error.strerror or str(error)}
        raise UsageError(Problem("usage.cannot_write", Anchor(RUNS), args)) from None


def _added(folder: Path, result: Mapping[str, Any]) -> Record:
    listed = rounds(folder)
    if listed and listed[-1]["run"] == result["run"]["id"]:
        args = {"run": result["run"]["id"]}
        raise UsageError(Problem("round.same", Anchor(RUNS), args, "blocker"))
    before = kept(folder, listed[-1]) if listed else {**result, "findings": []}
    content = (canonical(result) + "\n").encode()
    body = {
        "round": len(listed) + 1,
        "run": result["run"]["id"],
        "as_of": result["run"]["as_of"],
        "sha256": hashlib.sha256(content).hexdigest(),
        "state": result["conclusion"]["state"],
        "counts": counts(compare(before, result)),
    }
    record = extended(listed, body)
    lines, head = texts_of([*listed, record])
    path = folder / RUNS / LIST
    write_whole(folder / RUNS / _name(record["round"], record["run"]), content)
    if not listed:  # cut off here, the list is empty and not broken
        write_whole(head_file(path), texts_of([])[1])
    write_whole(path, lines)
    write_whole(head_file(path), head)
    return record


def _name(number: Any, run: Any) -> str:
    """File of a round; a list of somebody else's making names no file elsewhere."""
    return Path(f"{number:03d}-{run}.json").name
