"""The clerk's workbook: sheets as raw tables, with what a spreadsheet hides made visible.

Opened only after ``guard.scan_workbook``. Reported: formulas that were never calculated, hidden
sheets that hold data, merged cells inside data, sheets whose name is not known.
"""

import io
import re
import warnings
from typing import Any

from checker.dossier.guard import scan_workbook
from checker.dossier.schema import table_code
from checker.dossier.typed import RawTable
from checker.errors import Problem
from checker.places import Anchor

_HELP_SHEETS = ("T00", "示例", "列表", "说明", "examples", "lists", "notes")


def read_workbook(content: bytes, file: str, problems: list[Problem]) -> dict[str, RawTable]:
    """Raw tables by code; a workbook that must not or cannot be opened is a problem."""

    def report(key: str, anchor: Anchor, severity: str, **args: str | int) -> None:
        problems.append(Problem(key, anchor, args, severity))

    scan = scan_workbook(content)
    if scan.refusal:
        report(scan.refusal, Anchor(file), "blocker", detail=scan.detail)
        return {}
    try:
        values = _load(content, data_only=True)
        formulas = _load(content, data_only=False) if scan.formulas else None
    except Exception as error:  # whatever a damaged file makes the library raise
        report("workbook.damaged", Anchor(file), "blocker", detail=type(error).__name__)
        return {}
    tables: dict[str, RawTable] = {}
    for sheet in values.worksheets:
        code = table_code(sheet.title)
        place = Anchor(file, sheet.title)
        if not code:
            if not sheet.title.startswith(_HELP_SHEETS):
                report("sheet.unknown", place, "observation", name=sheet.title)
            continue
        if code in tables:
            report("table.twice", place, "blocker", table=code, other=tables[code].sheet)
            continue
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        if sheet.sheet_state != "visible" and len(rows) > 3:
            report("sheet.hidden", place, "minor", name=sheet.title)
        if formulas is not None:
            _formulas(rows, formulas[sheet.title], place, problems)
        tables[code] = RawTable(file, sheet.title, rows)
    _merged(values, scan.merges, file, problems)
    return tables


def _load(content: bytes, *, data_only: bool) -> Any:
    import openpyxl  # noqa: PLC0415  (heavy: only when a workbook is read)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # unsupported extensions are no news to an auditor
        return openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False
        )


def _formulas(rows: list[list[Any]], sheet: Any, place: Anchor, problems: list[Problem]) -> None:
    """A formula without a stored value reads as blank: say so instead."""
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        for index, cell in enumerate(row):
            is_formula = isinstance(cell, str) and cell.startswith("=")
            if is_formula and number < len(rows) and rows[number][index] is None:
                address = f"{_letter(index)}{number + 1}"
                anchor = Anchor(place.file, place.sheet, address)
                problems.append(Problem("cell.never_calculated", anchor, {}, "major"))


def _letter(index: int) -> str:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    return str(get_column_letter(index + 1))


def _merged(
    workbook: Any, merges: dict[str, list[str]], file: str, problems: list[Problem]
) -> None:
    """Merged cells below the header lose all but their first row."""
    for number, sheet in enumerate(workbook.worksheets, start=1):
        for area in merges.get(f"xl/worksheets/sheet{number}.xml", []):
            first_row = int(re.sub(r"\D", "", area.split(":")[0]))
            if first_row > 3 and table_code(sheet.title):
                anchor = Anchor(file, sheet.title, area)
                problems.append(Problem("cell.merged", anchor, {"area": area}, "minor"))
