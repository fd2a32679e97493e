"""Reads factor families: a head in YAML, rows in YAML or, for long tables, in a CSV beside it."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from checker.errors import Problem
from checker.packs.cards import CONFIDENCES, FactorFamily, FactorRow
from checker.packs.read_cards import read_unit
from checker.packs.shape import Shape
from checker.places import Anchor
from checker.yamltext import YamlDocument

_VINTAGE = re.compile(r"[12][0-9]{3}\Z")
_FIXED = ("vintage", "value", "source", "confidence")
MAX_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class _RawRow:
    """Cells in the order keys, vintage, value, source, confidence, note; and where they stand."""

    cells: list[Any]
    anchor: Anchor


class FamilyReader:
    """Reads the families of one pack; ``tables`` are the CSV files beside them, by name."""

    def __init__(
        self,
        pack: str,
        sources: frozenset[str],
        problems: list[Problem],
        tables: Mapping[str, bytes],
    ) -> None:
        self.pack = pack
        self.sources = sources
        self.problems = problems
        self.tables = tables
        self.read: set[str] = set()

    def family(self, document: YamlDocument) -> FactorFamily:
        """One family; two rows with one key and vintage are an error."""
        shape = Shape(document, (), self.problems)
        family, title, unit = shape.text("family"), shape.both("title"), read_unit(shape)
        keys = shape.texts("keys")
        shape.text("note", required=False)
        signed, others = shape.flag("signed", False), shape.texts("mistaken_for")
        columns = [*keys, *_FIXED]
        table = shape.text("table", required=False)
        raw = list(self.csv(shape, table, columns) if table else self.listed(shape, document))
        shape.close()
        rows: dict[tuple[str, ...], list[FactorRow]] = {}
        for item in raw:
            row = self.row(item, len(keys), signed)
            if row is None:
                args = {"columns": ", ".join(columns)}
                self.problems.append(Problem("pack.factor_row", item.anchor, args, "blocker"))
                continue
            same_key = rows.setdefault(row.keys, [])
            if any(other.vintage == row.vintage for other in same_key):
                args = {"factor": "/".join([*row.keys, row.vintage])}
                self.problems.append(Problem("pack.factor_twice", row.anchor, args, "blocker"))
            same_key.append(row)
        if not raw:
            shape.report("pack.blank", shape.at("rows"), name="rows")
        anchor = document.anchor(("family",), family)
        ordered = _newest_first(rows)
        return FactorFamily(family, self.pack, title, unit, keys, ordered, anchor, others)

    def listed(self, shape: Shape, document: YamlDocument) -> Iterator[_RawRow]:
        """Rows written as lists in the YAML file."""
        for index, cells in enumerate(shape.take("rows", True, list) or []):
            found = cells if isinstance(cells, list) else []
            yield _RawRow(found, document.anchor(("rows", index)))

    def csv(self, shape: Shape, name: str, columns: list[str]) -> Iterator[_RawRow]:
        """Rows of a CSV file whose first line names the columns."""
        if "rows" in shape.data:
            shape.report("pack.exclusive", shape.at("table"), names="rows / table")
        content = self.tables.get(f"factors/{name}")
        if content is None:
            shape.report("pack.no_table", shape.at("table"), file=name)
            return
        self.read.add(f"factors/{name}")
        file = f"{self.pack}/factors/{name}"
        try:
            reader = csv.reader(io.StringIO(content.decode("utf-8")), strict=True)
            head = next(reader, [])
            if head not in (columns, [*columns, "note"]):
                shape.report("pack.table_head", shape.at("table"), columns=", ".join(columns))
                return
            for cells in reader:
                if reader.line_num > MAX_ROWS:
                    shape.report("pack.table_long", shape.at("table"), limit=MAX_ROWS)
                    return
                yield _RawRow(_typed(cells, len(columns) - 3), Anchor(file, line=reader.line_num))
        except (UnicodeDecodeError, csv.Error):
            shape.report("pack.table_text", shape.at("table"), file=name)

    def row(self, raw: _RawRow, count: int, signed: bool) -> FactorRow | None:
        """A row of the right shape with a known source, or None."""
        cells = raw.cells
        if len(cells) - count - len(_FIXED) not in (0, 1):
            return None
        vintage, value, source, confidence = cells[count : count + len(_FIXED)]
        if not isinstance(value, int | Decimal) or isinstance(value, bool):
            return None
        if confidence not in CONFIDENCES or not _VINTAGE.match(str(vintage)):
            return None
        if source not in self.sources or (value < 0 and not signed):
            return None
        note = str(cells[-1]) if len(cells) > count + len(_FIXED) else ""
        keys = tuple(str(cell) for cell in cells[:count])
        return FactorRow(
            keys, str(vintage), Decimal(value), str(source), confidence, note, raw.anchor
        )


def _typed(cells: list[str], place: int) -> list[Any]:
    """CSV cells with the value as a number; what is none stays text and is refused."""
    try:
        value = Decimal(cells[place])
        return [*cells[:place], value if value.is_finite() else "", *cells[place + 1 :]]
    except (InvalidOperation, IndexError):
        return list(cells)


def _newest_first(
    rows: Mapping[tuple[str, ...], list[FactorRow]],
) -> dict[tuple[str, ...], tuple[FactorRow, ...]]:
    return {
        key: tuple(sorted(found, key=lambda row: row.vintage, reverse=True))
        for key, found in rows.items()
    }
