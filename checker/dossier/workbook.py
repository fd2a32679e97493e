"""The clerk's workbook: sheets as raw tables, with what a spreadsheet hides made visible.

Opened only after ``guard.scan_workbook``. Reported: formulas that were never calculated, hidden
sheets that hold data, merged cells inside data, sheets whose name is not known.
"""

import io
import re
import warnings
from decimal import Decimal
from typing import Any

from checker.dossier.guard import scan_workbook
from checker.dossier.headrow import RawTable, clean, letters
from checker.dossier.schema import table_code, table_specs
from checker.errors import Problem
from checker.places import Anchor

_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_FORMULAS = ("ArrayFormula", "DataTableFormula")
_HELP_SHEETS = ("T00", "示例", "列表", "说明", "examples", "lists", "notes")


def read_workbook(
    content: bytes, file: str, problems: list[Problem], unreadable: dict[str, Anchor]
) -> dict[str, RawTable]:
    """Raw tables by code; a workbook that must not or cannot be opened is a problem.

    ``unreadable`` gains the tables that are there but cannot be read: of a damaged workbook all.
    """
    scan = scan_workbook(content)
    if scan.refusal:
        args = {"detail": scan.detail}
        problems.append(Problem(scan.refusal, Anchor(file), args, "blocker"))
        unreadable |= dict.fromkeys(table_specs(), Anchor(file))
        return {}
    reader = _Reader(file, problems, unreadable)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # unsupported extensions are no news to an auditor
        try:
            values = _load(content, data_only=True)
            formulas = _load(content, data_only=False) if scan.formulas else None
        except Exception as error:  # whatever a damaged file makes the library raise
            reader.report("workbook.damaged", "", "blocker", detail=type(error).__name__)
            unreadable |= dict.fromkeys(table_specs(), Anchor(file))
            return {}
        for sheet in values.worksheets:
            reader.sheet(sheet, formulas, scan.merges)
    return reader.tables


class _Reader:
    """Reads sheet by sheet; a damaged sheet is reported and the others are still read."""

    def __init__(self, file: str, problems: list[Problem], unreadable: dict[str, Anchor]) -> None:
        self.file = file
        self.problems = problems
        self.unreadable = unreadable
        self.tables: dict[str, RawTable] = {}

    def report(self, key: str, sheet: str, severity: str, cell: str = "", **args: str) -> None:
        self.problems.append(Problem(key, Anchor(self.file, sheet, cell), args, severity))

    def sheet(self, sheet: Any, formulas: Any, merges: dict[str, list[str]]) -> None:
        name = sheet.title
        if name.split()[0:1] and name.split()[0] in _HELP_SHEETS:
            return
        try:
            sheet.reset_dimensions()  # a file may claim fewer rows than it holds
            rows = [[_shown(cell) for cell in row] for row in sheet.iter_rows()]
            written: list[Any] = []
            if formulas:
                formulas[name].reset_dimensions()
                written = list(formulas[name].iter_rows(values_only=True))
        except Exception as error:  # a cell the library cannot read
            self.report("sheet.damaged", name, "blocker", name=name, detail=type(error).__name__)
            damaged = [table_code(name)] if table_code(name) else list(table_specs())
            self.unreadable |= dict.fromkeys(damaged, Anchor(self.file, name))
            return
        code = table_code(name)
        if not code and (code := _by_codes(rows)):
            self.report("sheet.by_codes", name, "observation", name=name, table=code)
        if not code:
            severity = "major" if len(rows) > 1 else "observation"
            self.report("sheet.unknown", name, severity, name=name)
            return
        if code in self.tables:
            other = self.tables[code].sheet
            self.report("table.twice", name, "blocker", table=code, other=other)
            self.unreadable[code] = Anchor(self.file, name)
            return
        if sheet.sheet_state != "visible" and len(rows) > 3:
            self.report("sheet.hidden", name, "minor", name=name)
        self.formulas(rows, written, name)
        self.merged(merges.get(getattr(sheet, "_worksheet_path", ""), []), name)
        self.tables[code] = RawTable(self.file, name, rows)

    def formulas(self, rows: list[list[Any]], written: list[Any], name: str) -> None:
        """A formula without a stored value reads as blank: say so instead."""
        for number, row in enumerate(written):
            shown = rows[number] if number < len(rows) else []
            for index, cell in enumerate(row):
                is_formula = type(cell).__name__ in _FORMULAS or str(cell).startswith("=")
                if is_formula and (index >= len(shown) or shown[index] is None):
                    address = f"{letters(index)}{number + 1}"
                    self.report("cell.never_calculated", name, "major", address)

    def merged(self, areas: list[str], name: str) -> None:
        """Merged cells that reach below the header lose all but their first row."""
        for area in areas:
            if int(re.sub(r"\D", "", area.split(":")[-1])) > 3:
                self.report("cell.merged", name, "minor", area, area=area)


def _shown(cell: Any) -> Any:
    """Value of a cell; 0.285 formatted as a percentage is what it shows: ``28.5%``."""
    value = cell.value
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    section = str(cell.number_format).split(";")[0]
    if "%" in _LITERAL.sub("", section):
        percent = (Decimal(f"{value:.15g}") * 100).normalize()
        return f"{percent:f}%"
    return f"{Decimal(f'{value:.15g}'):f}%" if "%" in section else value


def _by_codes(rows: list[list[Any]]) -> str:
    """Table whose codes stand in one of the first three rows, when one fits clearly."""
    best, hits = "", 0
    for row in rows[:3]:
        found = {clean(cell) for cell in row if cell is not None}
        for code, spec in table_specs().items():
            required = {column.code for column in spec.columns.values() if column.required}
            if len(required) > 1 and required <= found and len(found & set(spec.columns)) > hits:
                best, hits = code, len(found & set(spec.columns))
    return best


def _load(content: bytes, *, data_only: bool) -> Any:
    import openpyxl  # noqa: PLC0415  (heavy: only when a workbook is read)

    return openpyxl.load_workbook(
        io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False
    )
