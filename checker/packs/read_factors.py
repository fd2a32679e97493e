"""Reads factor families: a head in YAML, rows in YAML or, for long tables, in a CSV beside it."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checker.errors import Arg, Problem
from checker.packs.cards import CONFIDENCES, FactorFamily, FactorRow
from checker.packs.read_cards import read_unit
from checker.packs.shape import Shape, bounded
from checker.places import Anchor
from checker.yamltext import YamlDocument

_NUMBER = re.compile(r"[-+]?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,2})?\Z")
_VINTAGE = re.compile(r"[12][0-9]{3}\Z")
_FIXED = ("vintage", "value", "source", "confidence")
MAX_ROWS = 20_000

_Fault = tuple[str, object, str]


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
        self.known_words: set[object] = set()

    def family(self, document: YamlDocument) -> FactorFamily:
        """One family; two rows with one key and vintage are an error."""
        shape = Shape(document, (), self.problems)
        family, title, unit = shape.text("family"), shape.both("title"), read_unit(shape)
        keys = shape.texts("keys")
        shape.text("note", required=False)
        signed, others = shape.flag("signed", False), shape.texts("mistaken_for")
        columns = [*keys, *_FIXED]
        table = shape.text("table", required=False)
        if not table and "rows" not in shape.data:
            shape.report("pack.no_rows", shape.path)
        raw = list(self.csv(shape, table, columns) if table else self.listed(shape, document))
        shape.close()
        rows: dict[tuple[str, ...], list[FactorRow]] = {}
        for item in raw:
            row = self.row(item, keys, signed)
            if row is None:
                continue
            same_key = rows.setdefault(row.keys, [])
            if any(other.vintage == row.vintage for other in same_key):
                args = {"factor": "/".join([*row.keys, row.vintage])}
                self.problems.append(Problem("pack.factor_twice", row.anchor, args, "blocker"))
            same_key.append(row)
        if not raw and not table and "rows" in shape.data:
            shape.report("pack.blank", shape.at("rows"), name="rows")
        anchor = document.anchor(("family",), family)
        ordered = _newest_first(rows)
        return FactorFamily(family, self.pack, title, unit, keys, ordered, anchor, others)

    def listed(self, shape: Shape, document: YamlDocument) -> Iterator[_RawRow]:
        """Rows written as lists in the YAML file."""
        for index, cells in enumerate(shape.take("rows", False, list) or []):
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
        reader = None
        try:
            reader = csv.reader(io.StringIO(content.decode("utf-8-sig")), strict=True)
            head = next(reader, [])
            if head not in (columns, [*columns, "note"]):
                shape.report("pack.table_head", shape.at("table"), columns=", ".join(columns))
                return
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if reader.line_num > MAX_ROWS:
                    shape.report("pack.table_long", shape.at("table"), limit=MAX_ROWS)
                    return
                yield _RawRow(_typed(cells, len(columns) - 3), Anchor(file, line=reader.line_num))
        except UnicodeDecodeError:
            shape.report("pack.table_text", shape.at("table"), file=name)
        except csv.Error as error:
            args: dict[str, Arg] = {"file": name, "detail": str(error)}
            anchor = Anchor(file, line=reader.line_num if reader else 1)
            self.problems.append(Problem("pack.table_syntax", anchor, args, "blocker"))

    def row(self, raw: _RawRow, keys: tuple[str, ...], signed: bool) -> FactorRow | None:
        """A row of the right shape with a known source; else None and what is wrong with it."""
        fault = self.fault(raw, keys, signed)
        if fault:
            name, found, wanted = fault
            args: dict[str, Arg] = {"name": name, "found": str(found)[:60], "wanted": wanted}
            self.problems.append(Problem("pack.factor_row", raw.anchor, args, "blocker"))
            return None
        count = len(keys)
        words = tuple(str(cell) for cell in raw.cells[:count])
        vintage, value, source, confidence = raw.cells[count : count + len(_FIXED)]
        note = str(raw.cells[-1]) if len(raw.cells) > count + len(_FIXED) else ""
        fields = (str(vintage), Decimal(value), str(source), confidence, note, raw.anchor)
        return FactorRow(words, *fields)

    def fault(self, raw: _RawRow, keys: tuple[str, ...], signed: bool) -> _Fault | None:
        """The first thing in the wrong place: its column, what stands there, what was expected."""
        cells, count = raw.cells, len(keys)
        columns = [*keys, *_FIXED]
        if len(cells) - len(columns) not in (0, 1):
            return "columns", len(cells), ", ".join([*columns, "note?"])
        vintage, value, source, confidence = cells[count : count + len(_FIXED)]
        for name, cell in zip(keys, cells, strict=False):
            if cell not in self.known_words:
                text = str(cell)
                if not text or text != text.strip() or not text.isprintable():
                    return name, repr(text)[1:-1], "text"
                self.known_words.add(cell)
        if not _VINTAGE.match(str(vintage)):
            return "vintage", vintage, "2023"
        if not isinstance(value, int | Decimal) or isinstance(value, bool):
            return "value", value, "0.5306"
        if not bounded(Decimal(value)):
            return "value", f"{Decimal(value):.3e}", "< 1e19"
        if value < 0 and not signed:
            return "value", value, ">= 0, signed: true"
        if source not in self.sources:
            return "source", source, ", ".join(sorted(self.sources))
        if confidence not in CONFIDENCES:
            return "confidence", confidence, ", ".join(CONFIDENCES)
        return None


def _typed(cells: list[str], place: int) -> list[Any]:
    """CSV cells with the value as a number; what is none stays text and is refused."""
    if len(cells) <= place or not _NUMBER.match(cells[place].strip()):
        return list(cells)
    return [*cells[:place], Decimal(cells[place].strip()), *cells[place + 1 :]]


def _newest_first(
    rows: Mapping[tuple[str, ...], list[FactorRow]],
) -> dict[tuple[str, ...], tuple[FactorRow, ...]]:
    return {
        key: tuple(sorted(found, key=lambda row: row.vintage, reverse=True))
        for key, found in rows.items()
    }
