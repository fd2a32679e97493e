"""The folder ``_zcf`` of a dossier: what the tool keeps beside the submission, never part of it."""

import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from checker.engagement.chain import START
from checker.engagement.review import read_reviews, weighed
from checker.engagement.rounds import numbers_before, rounds
from checker.engagement.shapes import BY_RUN, SHAPES, WRONG_SHAPE
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
    return beside(folder, result, day, papers(folder, result))


def papers(folder: Path, result: Mapping[str, Any]) -> dict[str, Any]:
    """Working papers: answers to findings, and of this run its words, visit and sample.

    ``others`` names papers that are there for other runs only.
    """
    found: dict[str, Any] = {}
    run, others = result["run"]["id"], []
    for name in SHAPES:
        read = _json(folder / f"{name}.json")
        if read is None:
            continue
        if name not in BY_RUN:
            found[name] = read
        elif run in read:
            found[name] = read[run]
        elif read:
            others.append(name)
    return found | ({"others": others} if others else {})


def kept_papers(folder: Path, name: str) -> dict[str, Any]:
    """All that is kept under a name, of whatever run; empty when there is nothing."""
    return dict(_json(folder / f"{name}.json") or {})


def beside(
    folder: Path,
    result: Mapping[str, Any],
    day: date,
    found: Mapping[str, Any],
    upto: tuple[int | None, int | None, int | None] = (None, None, None),
) -> dict[str, Any]:
    """Working papers with what the chains hold: ledger, reviews, rounds; with ``upto`` as the
    chains were when they had so many lines."""
    lines, seen, kept = upto
    told = {**found, **judged(folder, result, day, lines)}
    reviews = read_reviews(folder)[:seen]
    told["reviewed"] = len(reviews)
    if shown := weighed(reviews, result, told):
        told["reviews"] = shown
    told["rounds"] = rounds(folder)[:kept]
    told["before"] = numbers_before(folder, told["rounds"], result["run"]["id"])
    return told


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
    if not os.path.lexists(path):
        return None
    try:
        read = json.loads(plain_bytes(path, MAX_BYTES).decode())
        return SHAPES[path.stem](read)
    except WRONG_SHAPE:
        problem = Problem("usage.desk_file", Anchor(path.name), {}, "blocker")
        raise DossierError(problem) from None
