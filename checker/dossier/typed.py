"""Turns raw rows (text or spreadsheet values) into a typed table, and collects the problems."""

import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checker.dossier.cells import CellError, Token, is_blank, read_cell
from checker.dossier.schema import Column, TableSpec
from checker.dossier.table import Table
from checker.errors import Problem
from checker.lang.units import Quantity, find_unit, same_dimension, unit_names
from checker.lang.values import Reason, Unknown
from checker.places import Anchor

_SEVERITY = {"cell.formula_error": "major", "cell.sentinel": "minor"}


@dataclass(frozen=True, eq=False)
class RawTable:
    """Rows as read from a sheet or a CSV file; ``rows`` start at line ``first_line``."""

    file: str
    sheet: str
    rows: Sequence[Sequence[Any]]
    first_line: int = 1


@dataclass(frozen=True, eq=False)
class _Header:
    """Which column stands where, and on which line the data begin."""

    places: dict[str, int]
    units: dict[str, str]
    data_line: int


def _letter(index: int) -> str:
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


class _Typer:
    """Types one table; ``problems`` grows while it reads."""

    def __init__(self, raw: RawTable, spec: TableSpec, problems: list[Problem]) -> None:
        self.raw = raw
        self.spec = spec
        self.problems = problems

    def letter(self, index: int) -> str:
        return _letter(index) if self.raw.sheet else str(index + 1)

    def anchor(self, line: int, index: int, label: str = "") -> Anchor:
        if self.raw.sheet:
            cell = f"{_letter(index)}{line}"
            return Anchor(self.raw.file, self.raw.sheet, cell, label=label)
        return Anchor(self.raw.file, line=line, column=index + 1, label=label)

    def report(self, key: str, anchor: Anchor, severity: str = "minor", **args: str) -> None:
        self.problems.append(Problem(key, anchor, {"table": self.spec.code, **args}, severity))

    def header(self) -> _Header | None:
        """Find the code row among the first three lines, else match row 1 by title."""
        rows = self.raw.rows
        for number in range(min(3, len(rows))):
            cells = [_clean(cell) for cell in rows[number]]
            codes = [cell.partition("[")[0].strip() for cell in cells]
            hits = sum(code in self.spec.columns for code in codes)
            if hits and hits * 2 >= sum(bool(code) for code in codes):
                return self.by_code(number, cells, codes)
        if rows:
            return self.by_title([_clean(cell) for cell in rows[0]])
        return None

    def by_code(self, number: int, cells: list[str], codes: list[str]) -> _Header:
        places = self.match(codes, number + self.raw.first_line, {})
        units = {
            code: cells[index].partition("[")[2].rstrip("]").strip()
            for code, index in places.items()
        }
        data = number + 1
        if number == 1:  # full header: titles, codes, units
            row = self.raw.rows[2] if len(self.raw.rows) > 2 else []
            units = {c: _clean(row[i]) if i < len(row) else "" for c, i in places.items()}
            data = 3
        return _Header(places, units, data)

    def by_title(self, cells: list[str]) -> _Header | None:
        titles = {c.title: c.code for c in self.spec.columns.values()}
        titles |= {c.title_en: c.code for c in self.spec.columns.values()}
        heads = [cell.partition("[")[0].strip() for cell in cells]
        if not any(head in titles for head in heads):
            self.report("table.no_header", Anchor(self.raw.file, self.raw.sheet, line=1), "major")
            return None
        places = self.match(heads, self.raw.first_line, titles)
        units = {c: cells[i].partition("[")[2].rstrip("]").strip() for c, i in places.items()}
        return _Header(places, units, 1)

    def match(self, heads: list[str], line: int, titles: dict[str, str]) -> dict[str, int]:
        places: dict[str, int] = {}
        for index, head in enumerate(heads):
            if not head:
                continue
            code = titles.get(head, head)
            anchor = self.anchor(line, index, head)
            if code not in self.spec.columns:
                hint = difflib.get_close_matches(code, [*self.spec.columns, *titles], 1, 0.6)
                self.report("column.unknown", anchor, name=head, hint=hint[0] if hint else "")
            elif code in places:
                self.report("column.twice", anchor, "major", name=head)
            else:
                places[code] = index
        return places

    def check_units(self, header: _Header) -> set[str]:
        """Columns whose unit is missing or not the fixed one: their numbers are refused."""
        refused: set[str] = set()
        for code, index in header.places.items():
            column = self.spec.columns[code]
            if column.kind != "number" or column.unit is None or column.unit.name == "1":
                continue
            written = header.units.get(code, "")
            unit = find_unit(written) if written else None
            if unit is not None and unit.name == column.unit.name:
                continue
            anchor = self.anchor(self.raw.first_line + header.data_line - 1, index, column.title)
            key = "column.unit_wrong" if written else "column.unit_missing"
            self.report(key, anchor, "major", unit=column.unit.name, found=written)
            refused.add(code)
        return refused

    def table(self) -> Table | None:
        header = self.header()
        if header is None:
            return None
        required = [column for column in self.spec.columns.values() if column.required]
        missing = [column.title for column in required if column.code not in header.places]
        if missing:
            anchor = Anchor(self.raw.file, self.raw.sheet, line=0 if self.raw.sheet else 1)
            self.report("column.missing", anchor, "major", name="、".join(missing))
        refused = self.check_units(header)
        kept = [
            (self.raw.first_line + number, row)
            for number, row in enumerate(self.raw.rows)
            if number >= header.data_line and not all(is_blank(cell) for cell in row)
        ]
        table = Table(
            self.spec,
            self.raw.file,
            self.raw.sheet,
            {},
            [line for line, _ in kept],
            {code: self.letter(index) for code, index in header.places.items()},
        )
        for code, index in header.places.items():
            cells = [row[index] if index < len(row) else None for _, row in kept]
            table.columns[code] = self.column(table, self.spec.columns[code], cells, refused)
        self.attach_units(table)
        return table

    def column(
        self, table: Table, column: Column, cells: list[Any], refused: set[str]
    ) -> list[Any]:
        values: list[Any] = []
        for index, raw in enumerate(cells):
            anchor = table.place(index, column.code)
            if is_blank(raw):
                if column.required:
                    self.report("cell.blank", anchor, name=column.title, code=column.code)
                values.append(None)
            elif column.code in refused:
                values.append(Unknown(Reason("invalid", f"{self.spec.code}.{column.code}", anchor)))
            else:
                values.append(self.cell(table, column, index, raw))
        return values

    def cell(self, table: Table, column: Column, index: int, raw: Any) -> Any:
        anchor = table.place(index, column.code)
        what = f"{self.spec.code}.{column.code}"
        try:
            read = read_cell(raw, column)
        except CellError as error:
            severity = _SEVERITY.get(error.key, "major" if column.required else "minor")
            self.report(error.key, anchor, severity, name=column.title, **error.args_)
            return Unknown(Reason("invalid", what, anchor))
        remarks = list(read.remarks)
        if self.raw.sheet and isinstance(raw, str) and column.kind in ("number", "quantity"):
            remarks.append("cell.text_number")
        for remark in remarks:
            if not isinstance(read.value, Token):
                self.report(remark, anchor, "observation", name=column.title, text=str(raw)[:40])
        return self.value(table, column, index, read.value)

    def value(self, table: Table, column: Column, index: int, value: Any) -> Any:
        anchor = table.place(index, column.code)
        if isinstance(value, Token):
            table.tokens[(index, column.code)] = value.code
            if not value.is_zero:
                what = f"{self.spec.code}.{column.code} {value.code}"
                return Unknown(Reason("token", what, anchor))
            value = Decimal(0)
        elif column.kind in ("number", "quantity") and value < 0:
            self.report("cell.negative", anchor, "major", name=column.title, text=str(value))
            return Unknown(Reason("invalid", f"{self.spec.code}.{column.code}", anchor))
        return self.scaled(column, value) if column.kind == "number" else value

    @staticmethod
    def scaled(column: Column, value: Any) -> Any:
        return column.unit.to_base(value) if column.unit else value

    def attach_units(self, table: Table) -> None:
        """Give every quantity the unit of its row; a number without a unit is refused."""
        for column in self.spec.columns.values():
            if column.kind != "quantity" or column.code not in table.columns:
                continue
            values = table.columns[column.code]
            for index, value in enumerate(values):
                if value is None or type(value) is Unknown:
                    continue
                values[index] = self.quantity(table, column, index, value)

    def quantity(self, table: Table, column: Column, index: int, value: Any) -> Any:
        units = table.columns.get(column.unit_column)
        written = units[index] if units else None
        unit = find_unit(written) if isinstance(written, str) else None
        if unit is not None:
            return Quantity(value, unit)
        anchor = table.place(index, column.unit_column)
        if written is None:
            self.report("cell.no_unit", table.place(index, column.code), "major", name=column.title)
        else:
            hint = difflib.get_close_matches(str(written), unit_names(), 1, 0.4)
            self.report(
                "cell.unit_unknown",
                anchor,
                "major",
                unit=str(written)[:40],
                hint=hint[0] if hint else "、".join(same_dimension("kWh", (("energy", 1),))),
            )
        return Unknown(Reason("invalid", f"{self.spec.code}.{column.code}", anchor))


def _clean(cell: Any) -> str:
    return unicodedata.normalize("NFKC", str(cell)).strip() if cell is not None else ""


def type_table(raw: RawTable, spec: TableSpec, problems: list[Problem]) -> Table | None:
    """Typed table from raw rows; None when no header can be recognised.

    Problems are appended with place, likely cause and remedy; nothing is dropped in silence.
    """
    return _Typer(raw, spec, problems).table()
