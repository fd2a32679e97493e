"""The folder ``_zcf`` of a dossier: what the tool keeps beside the submission, never part of it."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from checker.engagement.chain import START
from checker.engagement.review import read_reviews, weighed
from checker.engagement.rounds import numbers_before, rounds
from checker.engagement.shapes import SHAPES
from checker.engagement.standing import applied, read_ledger, states
from checker.engagement.subjects import Subjects
from checker.engagement.whole import plain_bytes
from checker.errors import DossierError, Problem, UsageError
from checker.places import Anchor

FOLDER = "_zcf"
LEDGER = "judgements.jsonl"
MAX_BYTES = 20_000_000


def desk_folder(dossier: Path, chosen: Path | None = None) -> Path:
    """Where judgements and rounds are kept; a zip file needs a folder of its own."""
    if chosen is not None:
        return chosen
    if not dossier.is_dir():
        raise UsageError(Problem("usage.desk_folder", Anchor(str(dossier)), {}, "blocker"))
    return dossier / FOLDER


def record(folder: Path | None, result: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What people have added to a result, empty when there is nothing; ``unasked`` when nobody
    said where to look.

    Raises ``DossierError`` when something of it is broken.
    """
    if folder is None:
        return {"unasked": True}
    if not folder.is_dir():
        return {}
    found: dict[str, Any] = {
        name: read for name in SHAPES if (read := _json(folder / f"{name}.json")) is not None
    }
    said = found.pop("narratives", {})
    if said.get("run") == result["run"]["id"]:  # words of an earlier round are about that round
        found["narratives"] = said["texts"]
    found |= judged(folder, result, day)
    if reviews := weighed(read_reviews(folder), result, found):
        found["reviews"] = reviews
    found["rounds"] = rounds(folder)
    found["before"] = numbers_before(folder, result["run"]["id"])
    return found


def judged(
    folder: Path, result: Mapping[str, Any], day: date, lines: int | None = None
) -> dict[str, Any]:
    """The ledger and what it comes to; with ``lines`` as it was when it had so many.

    Empty where there is no ledger; raises ``DossierError`` when it is broken: a judgement that may
    have been changed must not be shown as one.
    """
    path = folder / LEDGER
    entries = states(read_ledger(path)[:lines], Subjects(result), day)
    told = {"day": day.isoformat()}
    if entries:
        head = {"head": entries[-1]["hash"], "count": len(entries), "entries": entries}
        return {**told, "ledger": head, **applied(entries, result)}
    if path.exists() and lines is None:
        return {**told, "ledger": {"head": START, "count": 0, "entries": []}}
    return told


def _json(path: Path) -> Any:
    """Content of a JSON file of ours, or None when it is not there."""
    if not path.exists():
        return None
    try:
        read = json.loads(plain_bytes(path, MAX_BYTES).decode())
        return SHAPES[path.stem](read)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        problem = Problem("usage.desk_file", Anchor(path.name), {}, "blocker")
        raise DossierError(problem) from None
