"""A table of the dossier: typed columns, and the place of every value on demand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from checker.dossier.schema import TableSpec
from checker.lang.values import Reason, Unknown
from checker.places import Anchor


@dataclass(slots=True)
class Table:
    """Columns of equal length.

    A cell is a value, ``None`` (blank) or ``Unknown`` (token NE/C, or unreadable). ``lines`` are
    the row numbers in the source, ``letters`` the sheet column (``F``) or CSV field number.
    """

    spec: TableSpec
    file: str
    sheet: str
    columns: dict[str, list[Any]]
    lines: list[int]
    letters: dict[str, str]
    tokens: dict[tuple[int, str], str] = field(default_factory=dict)
    _kinds: dict[tuple[str, ...], tuple[list[int], list[int]]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    def rows(self) -> list["TableRow"]:
        """All rows, as light views."""
        return [TableRow(self, index) for index in range(len(self.lines))]

    def kinds(self, words: tuple[str, ...]) -> tuple[list[int], list[int]]:
        """Rows alike in ``words``: the number of its kind for every row, and the first row of each
        kind."""
        if words not in self._kinds:
            columns = [self.columns[name] for name in words if name in self.columns]
            known: dict[Any, int] = {}
            ids: list[int] = []
            firsts: list[int] = []
            for index in range(len(self)):
                key = tuple([column[index] for column in columns])
                kind = known.get(key)
                if kind is None:
                    kind = known[key] = len(firsts)
                    firsts.append(index)
                ids.append(kind)
            self._kinds[words] = ids, firsts
        return self._kinds[words]

    def place(self, index: int, column: str = "") -> Anchor:
        """Place of a cell, or of a row when no column is named or the column is missing."""
        title = self.spec.columns[column].title if column in self.spec.columns else ""
        letter = self.letters.get(column, "")
        line = self.lines[index]
        if self.sheet:
            return Anchor(self.file, self.sheet, f"{letter or 'A'}{line}", label=title)
        return Anchor(self.file, line=line, column=int(letter or 0), label=title)

    def head(self) -> Anchor:
        """Place of the table itself."""
        return Anchor(self.file, self.sheet, label=f"{self.spec.shown} {self.spec.title}")


class TableRow:
    """One row; satisfies ``checker.lang.values.Row``."""

    __slots__ = ("index", "table")

    def __init__(self, table: Table, index: int) -> None:
        self.table = table
        self.index = index

    def read(self, name: str) -> Any:
        """Value of a cell, or ``Unknown``: NE, C, unreadable, or empty.

        An empty cell of a required column, or a required column left out, is missing data
        (``blank``); of an optional column it was simply not given (``absent``), and a fallback may
        be used.
        """
        column = self.table.columns.get(name)
        value = column[self.index] if column is not None else None
        if value is None:
            missing = self.table.spec.columns[name].required
            what = f"{self.table.spec.shown}.{name}"
            return Unknown(Reason("blank" if missing else "absent", what, self.anchor(name)))
        return value

    def anchor(self, name: str = "") -> Anchor:
        """Place of a cell, or of the row."""
        return self.table.place(self.index, name)

    @property
    def key(self) -> str:
        """``T05[0001/2025-01-01]``: the table and the business key."""
        parts: Sequence[Any] = [
            self.table.columns[name][self.index] if name in self.table.columns else None
            for name in self.table.spec.key
        ]
        known = ["?" if p is None or type(p) is Unknown else str(p) for p in parts]
        return f"{self.table.spec.shown}[{'/'.join(known)}]"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TableRow):
            return NotImplemented
        return other.table is self.table and other.index == self.index

    def __hash__(self) -> int:
        return hash((id(self.table), self.index))
