"""Recognises the head of a table: titles, codes, units, and where the data begin.

The full head is row 1 titles, row 2 codes, row 3 units. A code row alone, titles alone, a lost code
row and a lost unit row are recognised too and reported; nothing is taken for data that is a head,
nor the other way round.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checker.dossier.cells import CellError, is_blank, read_cell
from checker.dossier.schema import Column, TableSpec
from checker.errors import Problem
from checker.lang.units import find_unit
from checker.nearest import nearest
from checker.places import Anchor


@dataclass(frozen=True, eq=False)
class RawTable:
    """Rows as read from a sheet or a CSV file; ``rows`` start at line ``first_line``."""

    file: str
    sheet: str
    rows: Sequence[Sequence[Any]]
    first_line: int = 1

    def anchor(self, line: int, index: int, label: str = "") -> Anchor:
        """Place of the cell in a column (0-based) on a line."""
        if self.sheet:
            return Anchor(self.file, self.sheet, f"{letters(index)}{line}", label=label)
        return Anchor(self.file, line=line, column=index + 1, label=label)


@dataclass(frozen=True, eq=False)
class Head:
    """Which column stands where, its unit as written, and the row index where data begin."""

    places: dict[str, int]
    units: dict[str, str]
    data_index: int
    unit_index: int
    width: int


def letters(index: int) -> str:
    """Spreadsheet letters of a column (0-based)."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def clean(cell: Any) -> str:
    """A head cell as compared: NFKC, trimmed."""
    return unicodedata.normalize("NFKC", str(cell)).strip() if cell is not None else ""


class HeadReader:
    """Reads the head of one table and reports what is odd about it."""

    def __init__(self, raw: RawTable, spec: TableSpec, problems: list[Problem]) -> None:
        self.raw = raw
        self.spec = spec
        self.problems = problems
        self.titles = {c.title: c.code for c in spec.columns.values()}
        self.titles |= {c.title_en: c.code for c in spec.columns.values()}

    def report(self, key: str, anchor: Anchor, severity: str = "minor", **args: str) -> None:
        """Note a problem of this table."""
        self.problems.append(Problem(key, anchor, {"table": self.spec.code, **args}, severity))

    def line(self, index: int) -> int:
        """Line in the file of a row index."""
        return index + self.raw.first_line

    def heads(self, index: int) -> list[str]:
        """Head cells of a row without the unit in brackets."""
        return [clean(cell).partition("[")[0].strip() for cell in self.raw.rows[index]]

    def read(self) -> Head | None:
        """Find the code row among the first three rows, else the title row."""
        for index in range(min(3, len(self.raw.rows))):
            heads = self.heads(index)
            hits = sum(head in self.spec.columns for head in heads)
            if hits and hits * 2 >= sum(bool(head) for head in heads):
                return self.by_codes(index, heads)
        for index in range(min(2, len(self.raw.rows))):
            if sum(head in self.titles for head in self.heads(index)) >= 2:
                return self.by_titles(index)
        if self.raw.rows:
            self.report("table.no_header", Anchor(self.raw.file, self.raw.sheet, line=1), "major")
        return None

    def by_codes(self, index: int, heads: list[str]) -> Head:
        places = self.match(heads, index)
        if index == 0:  # a plain CSV: code[unit]
            return self.head(places, index, 1, index)
        self.compare_titles(index - 1, places)
        return self.with_units(places, index)

    def by_titles(self, index: int) -> Head:
        """Titles only: the code row is missing."""
        places = self.match(self.heads(index), index)
        if self.raw.sheet:
            anchor = self.raw.anchor(self.line(index), 0)
            self.report("table.no_code_row", anchor, "observation")
        if self.is_unit_row(index + 1, places):
            return self.with_units(places, index)
        return self.head(places, index, index + 1, index)

    def with_units(self, places: dict[str, int], index: int) -> Head:
        """Units stand in the row below, unless that row holds data already."""
        below = index + 1
        if below < len(self.raw.rows) and self.is_data(below, places):
            self.report("table.no_unit_row", self.raw.anchor(self.line(below), 0), "major")
            return self.head(places, index, below, index)
        row = self.raw.rows[below] if below < len(self.raw.rows) else []
        units = {code: clean(row[i]) if i < len(row) else "" for code, i in places.items()}
        return Head(places, units, below + 1, below, self.width(places, index))

    def head(self, places: dict[str, int], index: int, data: int, unit_index: int) -> Head:
        """A head whose units stand in brackets behind the names."""
        cells = [clean(cell) for cell in self.raw.rows[index]]
        units = {c: cells[i].partition("[")[2].rstrip("]").strip() for c, i in places.items()}
        return Head(places, units, data, unit_index, self.width(places, index))

    def width(self, places: dict[str, int], index: int) -> int:
        """Columns the head has; cells beyond it belong to nothing."""
        return max(len(self.raw.rows[index]), max(places.values(), default=0) + 1)

    def is_unit_row(self, index: int, places: dict[str, int]) -> bool:
        """True when a row repeats the unit of a fixed-unit column."""
        row = self.raw.rows[index] if index < len(self.raw.rows) else []
        for code, place in places.items():
            unit = self.spec.columns[code].unit
            written = find_unit(clean(row[place])) if place < len(row) else None
            if unit is not None and written is not None and unit.name == written.name != "1":
                return True
        return False

    def is_data(self, index: int, places: dict[str, int]) -> bool:
        """True when a row holds a number, an option or yes/no where the head says so."""
        row = self.raw.rows[index]
        for code, place in places.items():
            column = self.spec.columns[code]
            telling = column.kind in ("number", "quantity", "option", "boolean")
            if telling and place < len(row) and _readable(row[place], column):
                return True
        return False

    def match(self, heads: list[str], index: int) -> dict[str, int]:
        places: dict[str, int] = {}
        for place, head in enumerate(heads):
            anchor = self.raw.anchor(self.line(index), place, head)
            if not head:
                self.report_headless(place, index)
                continue
            code = self.titles.get(head, head)
            if code not in self.spec.columns:
                hint = nearest(code, [*self.spec.columns, *self.titles], 0.6)
                self.report("column.unknown", anchor, name=head, hint=hint)
            elif code in places:
                self.report("column.twice", anchor, "major", name=head)
            else:
                places[code] = place
        return places

    def report_headless(self, place: int, index: int) -> None:
        """A column without a code whose cells hold something."""
        below = self.raw.rows[index + 2 : index + 200]
        if any(place < len(row) and not is_blank(row[place]) for row in below):
            self.report("column.no_code", self.raw.anchor(self.line(index), place), "minor")

    def compare_titles(self, index: int, places: dict[str, int]) -> None:
        """A title that belongs to another column: two columns may have been swapped."""
        titles = self.heads(index)
        for code, place in places.items():
            title = titles[place] if place < len(titles) else ""
            other = self.titles.get(title)
            if other is not None and other != code:
                anchor = self.raw.anchor(self.line(index), place, title)
                wanted = self.spec.columns[code].title
                self.report("column.title_differs", anchor, "major", name=title, wanted=wanted)


def _readable(cell: Any, column: Column) -> bool:
    if is_blank(cell):
        return False
    try:
        read_cell(cell, column)
    except CellError:
        return False
    return True
