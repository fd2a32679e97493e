"""Anchors: the place in the submission (or in a pack) that a value or finding points to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Anchor:
    """A place: a file, and a cell, a line and column, or a page inside it.

    ``sheet`` and ``cell`` are set for workbooks, ``line`` and ``column`` (both from 1) for text,
    ``page`` (from 1) for paged documents. ``label`` is the header or key a person would look for.
    """

    file: str
    sheet: str = ""
    cell: str = ""
    line: int = 0
    column: int = 0
    page: int = 0
    label: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.sheet:
            place += f" {self.sheet}"
        if self.cell:
            place += f"!{self.cell}"
        if self.line:
            place += f":{self.line}"
        if self.column:
            place += f":{self.column}"
        if self.page:
            place += f" p.{self.page}"
        return f"{place} ({self.label})" if self.label else place

    def to_json(self) -> dict[str, str | int]:
        """The fields that are set, for ``result.json``."""
        fields: dict[str, str | int] = {"file": self.file}
        for name in ("sheet", "cell", "line", "column", "page", "label"):
            value: str | int = getattr(self, name)
            if value:
                fields[name] = value
        return fields


def cell_of(place: Mapping[str, Any]) -> tuple[str, ...]:
    """Which cell a place of a result is: its page and label left aside."""
    return tuple(str(place.get(name, "")) for name in ("file", "sheet", "cell", "line", "column"))


def row_of(place: Mapping[str, Any]) -> tuple[str, str, str]:
    """Which row a place of a result is in: file, sheet and number."""
    cell = "".join(char for char in str(place.get("cell", "")) if char.isdigit())
    return str(place["file"]), str(place.get("sheet", "")), str(place.get("line", "") or cell)
