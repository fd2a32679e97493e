"""Corrective rounds: results kept one after the other, each compared with the one before."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checker.canonical import canonical
from checker.engagement.compare import compare, counts
from checker.engagement.desk_folder import RUNS, rounds
from checker.engagement.whole import write_whole
from checker.errors import Problem, UsageError
from checker.places import Anchor

LIST = "rounds.json"


def add_round(folder: Path, result: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a result as the next round; raises ``UsageError`` when it is the last one already."""
    listed = rounds(folder)
    runs = folder / RUNS
    before = None
    if listed:
        if listed[-1]["run"] == result["run"]["id"]:
            args = {"run": result["run"]["id"]}
            raise UsageError(Problem("round.same", Anchor(RUNS), args, "blocker"))
        before = json.loads((runs / listed[-1]["file"]).read_text(encoding="utf-8"))
    number = len(listed) + 1
    changed = compare(before if before is not None else {**result, "findings": []}, result)
    entry = {
        "round": number,
        "run": result["run"]["id"],
        "as_of": result["run"]["as_of"],
        "file": f"{number:03d}-{result['run']['id']}.json",
        "state": result["conclusion"]["state"],
        "counts": counts(changed),
    }
    try:
        runs.mkdir(parents=True, exist_ok=True)
        write_whole(runs / entry["file"], (canonical(result) + "\n").encode())
        text = json.dumps([*listed, entry], ensure_ascii=False, indent=1, sort_keys=True)
        write_whole(runs / LIST, (text + "\n").encode())
    except OSError as error:
        args = {"path": str(runs), "detail": error.strerror or str(error)}
        raise UsageError(Problem("usage.cannot_write", Anchor(RUNS), args)) from None
    return entry
