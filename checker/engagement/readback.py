"""Findings workbooks that come back: answers are taken, changed machine cells are refused."""

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias

import openpyxl
from openpyxl.utils import get_column_letter

from checker.dossier.guard import scan_workbook
from checker.engagement.answer import HUMAN
from checker.errors import DossierError, Problem
from checker.places import Anchor

Rows: TypeAlias = list[dict[str, str]]
MAX_BYTES = 50_000_000
MAX_PROBLEMS = 50
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def read_sheet(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    """All rows of a sheet; raises ``DossierError`` for anything that is no such workbook."""
    try:
        content = path.read_bytes()
    except OSError:
        raise DossierError(
            Problem("usage.no_file", Anchor(str(path)), {"path": str(path)})
        ) from None
    if len(content) <= MAX_BYTES:
        try:
            if scan_workbook(content).refusal:
                raise ValueError(path)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            return [tuple(row) for row in book[sheet].iter_rows(values_only=True)]
        except Exception:  # whatever a damaged file makes the library raise
            pass
    raise DossierError(Problem("readback.no_findings", Anchor(path.name), {}, "blocker"))


def read_about(path: Path, sheet: str) -> dict[str, str]:
    """What a sheet of ours says of itself: values by the names in its third column."""
    rows = read_sheet(path, sheet)
    return {str(row[2]): str(row[1]) for row in rows if len(row) > 2 and row[2]}


def answers(
    path: Path,
    sheet: str,
    expected: Rows,
    machine: tuple[str, ...],
    statuses: Mapping[str, str],
) -> dict[str, dict[str, str]]:
    """What people filled in, by the mark of the finding; ``statuses`` gives words their states.

    Raises ``DossierError`` with the cells whose machine text was changed, rows that are missing or
    twice, and answers that cannot be used. Nothing is taken from a sheet with such problems.
    """
    rows = read_sheet(path, sheet)
    codes = [str(value or "") for value in (rows[1] if len(rows) > 1 else ())]
    if any(name not in codes for name in (*machine, *HUMAN)):
        problem = Problem(
            "readback.columns", Anchor(path.name, sheet=sheet, cell="A2"), {}, "blocker"
        )
        raise DossierError(problem)
    column = {name: codes.index(name) for name in (*machine, *HUMAN)}
    wanted = {row["mark"]: row for row in expected}
    problems: list[Problem] = []
    found: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows[2:], start=3):
        cells = {name: _text(row[place]) for name, place in column.items() if place < len(row)}
        if not any(cells.values()):
            continue

        def at(name: str, number: int = number) -> Anchor:
            return Anchor(path.name, sheet, f"{get_column_letter(column[name] + 1)}{number}")

        mark = cells.get("mark", "")
        if mark not in wanted or mark in found:
            problems.append(Problem("readback.mark", at("mark"), {}, "blocker"))
            continue
        for name in machine:
            if cells.get(name, "") != _text(wanted[mark][name]):
                problems.append(Problem("readback.changed", at(name), {"name": name}, "blocker"))
        found[mark] = {name: cells.get(name, "") for name in HUMAN}
        problems += _unusable(found[mark], at, statuses)
        found[mark]["status"] = statuses.get(found[mark]["status"], "")
    missing = [row["id"] for mark, row in wanted.items() if mark not in found]
    if missing and not problems:
        args = {"name": ", ".join(missing[:10])}
        problems.append(Problem("readback.missing", Anchor(path.name, sheet), args, "blocker"))
    if problems:
        raise DossierError(problems[:MAX_PROBLEMS])
    return found


def _text(value: Any) -> str:
    """A cell as text; a day as ISO."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).replace("\r\n", "\n")


def _unusable(answer: Mapping[str, str], at: Any, statuses: Mapping[str, str]) -> Iterator[Problem]:
    if answer["status"] and answer["status"] not in statuses:
        args = {"value": answer["status"][:40], "known": ", ".join(statuses)}
        yield Problem("readback.status", at("status"), args, "blocker")
    if answer["due"] and not _is_day(answer["due"]):
        yield Problem("readback.due", at("due"), {"value": answer["due"][:40]}, "blocker")


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.match(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False
