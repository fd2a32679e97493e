"""A sampling sheet that comes back: what was found, each cell of the machine compared."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from checker.engagement.readback import read_about, read_sheet
from checker.engagement.sampling import Plan
from checker.errors import DossierError, Problem
from checker.places import Anchor
from checker.report.voice import Voice
from checker.report.writers.sample_book import COLUMNS, OPEN, SHEET, sample_rows
from checker.report.writers.sheets import ABOUT

MAX_DIGITS = 30
_THOUSANDS = re.compile(r",(?=\d{3}(?:[,.]|\Z))")
"""A comma that parts thousands; any other is no sign of a number here."""


def size_of(path: Path, size: int) -> int:
    """The size a sheet was drawn with."""
    written = read_about(path, ABOUT).get("size", "")
    return int(written) if written.isdecimal() and len(written) < 6 else size


def seen(path: Path, drawn: Plan, result: Mapping[str, Any]) -> dict[str, Decimal | None]:
    """What was found, by row; None where nothing was.

    Raises ``DossierError`` for no sample or another one, a changed cell, or what is no number.
    """
    about = read_about(path, ABOUT)
    if "seed" not in about:
        raise DossierError(Problem("readback.no_sample", Anchor(path.name), {}, "blocker"))
    if about.get("run") != result["run"]["id"] or about["seed"] != drawn.seed:
        args = {"run": result["run"]["id"], "other": about.get("run", "?")}
        raise DossierError(Problem("readback.of_another", Anchor(path.name), args, "blocker"))
    wanted = _wanted(drawn, result, about.get("lang", "zh"))
    problems: list[Problem] = []
    found: dict[str, Decimal | None] = {}
    for number, row in enumerate(read_sheet(path, SHEET)[2:], start=3):
        cells = dict(zip(COLUMNS, (str(v) if v is not None else "" for v in row), strict=False))
        if not any(value.strip() for value in cells.values()):
            continue
        key, row_wanted = wanted.get(cells.get("key", ""), ("", {}))
        changed = [n for n in COLUMNS if n not in OPEN and cells.get(n, "") != row_wanted.get(n)]
        if not key or changed or key in found:
            name = changed[0] if key and changed else "key"
            problems.append(
                Problem("readback.changed", _at(path, name, number), {"name": name}, "blocker")
            )
            continue
        try:
            found[key] = _number(cells.get("found", ""))
        except ValueError:
            args = {"value": cells["found"][:40]}
            problems.append(Problem("readback.number", _at(path, "found", number), args, "blocker"))
    if problems:
        raise DossierError(problems)
    return found


def _wanted(
    drawn: Plan, result: Mapping[str, Any], lang: str
) -> dict[str, tuple[str, dict[str, str]]]:
    """Rows as they were written, with the key of the row they stand for."""
    voice = Voice(result, lang if lang in ("zh", "en") else "zh")
    units = (*drawn.taken, *drawn.unreadable)
    rows = sample_rows(drawn, voice)
    return {row["key"]: (unit.key, row) for unit, row in zip(units, rows, strict=True)}


def _at(path: Path, name: str, row: int) -> Anchor:
    return Anchor(path.name, SHEET, f"{chr(ord('A') + COLUMNS.index(name))}{row}")


def _number(text: str) -> Decimal | None:
    """An amount, None for a blank; raises ``ValueError`` for anything else."""
    if not text.strip():
        return None
    try:
        value = Decimal(_THOUSANDS.sub("", text.strip()))
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite() or abs(value.adjusted()) > MAX_DIGITS:
        raise ValueError(text)
    return value


def together(
    old: Mapping[str, Any] | None, new: Mapping[str, Decimal | None], drawn: Plan
) -> tuple[dict[str, Decimal | None], list[tuple[str, dict[str, str]]]]:
    """Amounts of this sheet over those read back before from the same sample; what was replaced,
    and amounts of rows that cannot be projected, are told."""
    same = old if old is not None and old["seed"] == drawn.seed else {"entered": {}}
    found: dict[str, Decimal | None] = {k: Decimal(v) for k, v in same["entered"].items()}
    notes: list[tuple[str, dict[str, str]]] = []
    for key, value in new.items():
        before = found.get(key)
        if value is None:
            continue
        if before is not None and before != value:
            args = {"name": key, "before": f"{before:f}", "after": f"{value:f}"}
            notes.append(("readback.replaced", args))
        found[key] = value
    unread = sum(found.get(one.key) is not None for one in drawn.unreadable)
    if unread:
        notes.append(("sample.unreadable_found", {"count": str(unread)}))
    return found, notes
