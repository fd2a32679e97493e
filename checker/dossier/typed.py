"""Turns raw rows (text or spreadsheet values) into a typed table, and collects the problems."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from checker.dossier.cells import CellError, Token, is_blank, read_cell
from checker.dossier.headrow import Head, HeadReader, RawTable, clean, letters
from checker.dossier.schema import Column, TableSpec
from checker.dossier.table import Table
from checker.errors import Problem
from checker.lang.units import Quantity, find_unit, same_dimension, unit_names
from checker.lang.values import Reason, Unknown
from checker.nearest import nearest
from checker.places import Anchor

_SEVERITY = {"cell.digits_lost": "major", "cell.formula_error": "major", "cell.sentinel": "minor"}
_TOTAL = re.compile(r"(?:本?[年月季]?(?:合计|小计|总计|累计)|sub-?total|total)\Z", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?\Z")
_BY_MONTH = frozenset({"month", "period", "start"})


def _is_total(cell: Any, known: dict[str, bool]) -> bool:
    """True for the label of a row of totals; numbers need no look, other texts only one."""
    if type(cell) is not str or cell[:1].isdigit():
        return False
    if cell not in known:
        known[cell] = bool(_TOTAL.match(clean(cell)))
    return known[cell]


class _Typer:
    """Types one table; ``problems`` grows while it reads."""

    def __init__(self, raw: RawTable, spec: TableSpec, problems: list[Problem]) -> None:
        self.raw = raw
        self.spec = spec
        self.problems = problems
        self.broken: set[int] = set()

    def report(self, key: str, anchor: Anchor, severity: str = "minor", **args: str) -> None:
        self.problems.append(Problem(key, anchor, {"table": self.spec.code, **args}, severity))

    def check_units(self, head: Head) -> set[str]:
        """Columns whose unit is missing or not the fixed one: their numbers are refused."""
        refused: set[str] = set()
        for code, index in head.places.items():
            column = self.spec.columns[code]
            if column.kind != "number" or column.unit is None or column.unit.name == "1":
                continue
            written = head.units.get(code, "")
            unit = find_unit(written) if written else None
            if unit is not None and unit.name == column.unit.name:
                continue
            anchor = self.raw.anchor(self.raw.first_line + head.unit_index, index, column.title)
            key = "column.unit_wrong" if written else "column.unit_missing"
            wanted = column.unit.name
            self.report(key, anchor, "major", name=column.title, unit=wanted, found=written)
            refused.add(code)
        return refused

    def check_columns(self, head: Head) -> None:
        required = [column for column in self.spec.columns.values() if column.required]
        missing = [column.title for column in required if column.code not in head.places]
        if missing:
            anchor = Anchor(self.raw.file, self.raw.sheet, line=0 if self.raw.sheet else 1)
            self.report("column.missing", anchor, "major", name="、".join(missing))

    def data_rows(self, head: Head) -> list[tuple[int, Sequence[Any]]]:
        """Line numbers and cells of the data; totals are left out, shifted rows marked."""
        kept: list[tuple[int, Sequence[Any]]] = []
        known: dict[str, bool] = {}
        for number, row in enumerate(self.raw.rows):
            if number < head.data_index or all(is_blank(cell) for cell in row):
                continue
            line = self.raw.first_line + number
            total = next((i for i, cell in enumerate(row) if _is_total(cell, known)), None)
            if total is not None:
                anchor = self.raw.anchor(line, total)
                self.report("row.total_left_out", anchor, "observation", text=clean(row[total]))
                continue
            if any(not is_blank(cell) for cell in row[head.width :]):
                self.report("row.too_long", self.raw.anchor(line, head.width), "major")
                self.broken.add(len(kept))
            kept.append((line, row))
        return kept

    def table(self) -> Table | None:
        head = HeadReader(self.raw, self.spec, self.problems).read()
        if head is None:
            return None
        self.check_columns(head)
        refused = self.check_units(head)
        kept = self.data_rows(head)
        place = letters if self.raw.sheet else lambda index: str(index + 1)
        table = Table(
            self.spec,
            self.raw.file,
            self.raw.sheet,
            {},
            [line for line, _ in kept],
            {code: place(index) for code, index in head.places.items()},
        )
        for code, index in head.places.items():
            cells = [row[index] if index < len(row) else None for _, row in kept]
            table.columns[code] = self.column(table, self.spec.columns[code], cells, refused)
        self.attach_units(table)
        self.check_keys(table)
        return table

    def check_keys(self, table: Table) -> None:
        """Two rows of one business key would count twice."""
        needed = [name for name in self.spec.key if self.spec.columns[name].required]
        if not set(needed) <= set(table.columns):
            return
        blank: list[Any] = [None] * len(table)
        columns = [table.columns.get(name, blank) for name in self.spec.key]
        required = [self.spec.key.index(name) for name in needed]
        seen: dict[tuple[Any, ...], int] = {}
        for index, parts in enumerate(zip(*columns, strict=True)):
            if parts not in seen:
                seen[parts] = index
                continue
            if any(type(part) is Unknown for part in parts):
                continue
            if any(parts[place] is None for place in required):
                continue
            key = ["" if part is None else str(part) for part in parts]
            severity = "major" if _BY_MONTH & set(self.spec.key) else "minor"
            first = str(table.place(seen[parts], self.spec.key[0]))
            args = {"text": " / ".join(filter(None, key)), "first": first}
            self.report("row.twice", table.place(index, self.spec.key[0]), severity, **args)

    def column(
        self, table: Table, column: Column, cells: list[Any], refused: set[str]
    ) -> list[Any]:
        """Values of a column; a text read once without a remark is not read again."""
        if column.code in refused or self.broken:
            return [self.slow(table, column, refused, i, raw) for i, raw in enumerate(cells)]
        values: list[Any] = []
        known: dict[str, Any] = {}
        numeric = column.kind in ("number", "quantity")
        for index, raw in enumerate(cells):
            if type(raw) is str:
                if raw in known:
                    values.append(known[raw])
                    continue
                if numeric and not self.raw.sheet and _PLAIN.match(raw):
                    number = Decimal(raw)
                    values.append(
                        self.scaled(column, number) if column.kind == "number" else number
                    )
                    continue
            before = len(self.problems)
            value = self.slow(table, column, refused, index, raw)
            plain = len(self.problems) == before and (index, column.code) not in table.tokens
            if type(raw) is str and plain and type(value) is not Unknown:
                known[raw] = value
            values.append(value)
        return values

    def slow(self, table: Table, column: Column, refused: set[str], index: int, raw: Any) -> Any:
        """One cell with all its checks."""
        anchor = table.place(index, column.code)
        if index in self.broken:
            return Unknown(Reason("invalid", f"{self.spec.code}.{column.code}", anchor))
        if is_blank(raw):
            if column.required:
                number = column.kind in ("number", "quantity")
                key = "cell.blank" if number else "cell.blank_text"
                self.report(key, anchor, name=column.title, code=column.code)
            return None
        if column.code in refused:
            return Unknown(Reason("invalid", f"{self.spec.code}.{column.code}", anchor))
        return self.cell(table, column, index, raw)

    def cell(self, table: Table, column: Column, index: int, raw: Any) -> Any:
        anchor = table.place(index, column.code)
        what = f"{self.spec.code}.{column.code}"
        try:
            read = read_cell(raw, column)
        except CellError as error:
            severity = _SEVERITY.get(error.key, "major" if column.required else "minor")
            unit = column.unit.name if column.unit else ""
            args = {"name": column.title, "wanted": unit, **error.args_}
            self.report(error.key, anchor, severity, **args)
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
        elif not column.signed and column.kind in ("number", "quantity") and _amount(value) < 0:
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
        if isinstance(value, Quantity):  # written with a percent sign
            if unit is None or unit == value.unit:
                return value
            args = {"name": column.title, "text": str(value), "unit": "%"}
            self.report("cell.unit_inside", table.place(index, column.code), "major", **args)
            return Unknown(Reason("invalid", f"{self.spec.code}.{column.code}"))
        if unit is not None:
            return Quantity(value, unit)
        anchor = table.place(index, column.unit_column)
        if written is None:
            self.report("cell.no_unit", table.place(index, column.code), "major", name=column.title)
        else:
            hint = nearest(str(written), unit_names(), 0.4)
            self.report(
                "cell.unit_unknown",
                anchor,
                "major",
                unit=str(written)[:40],
                hint=hint or "、".join(same_dimension("kWh", (("energy", 1),))),
            )
        return Unknown(Reason("invalid", f"{self.spec.code}.{column.code}", anchor))


def _amount(value: Decimal | Quantity) -> Decimal:
    return value.amount if isinstance(value, Quantity) else value


def type_table(raw: RawTable, spec: TableSpec, problems: list[Problem]) -> Table | None:
    """Typed table from raw rows; None when no header can be recognised.

    Problems are appended with place, likely cause and remedy; nothing is dropped in silence.
    """
    return _Typer(raw, spec, problems).table()
