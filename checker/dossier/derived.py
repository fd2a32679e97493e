"""Derived tables: rows made by the checker that cards read like submitted ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from checker.dossier.schema import TableSpec, derived_specs
from checker.dossier.table import Table
from checker.lang.units import Unit
from checker.places import Anchor


@dataclass(slots=True)
class DerivedTable(Table):
    """A table whose rows have places of their own, in the files they were derived from."""

    places: list[Anchor] = field(default_factory=list)

    def place(self, index: int, column: str = "") -> Anchor:
        """Place of the evidence behind a row; the same for all its cells."""
        return self.places[index]


def table_of(code: str, rows: list[tuple[Anchor, Mapping[str, Any]]]) -> DerivedTable:
    """A derived table; numbers are given in the units of its columns, None is left blank."""
    spec = derived_specs()[code]
    columns = {name: _column(spec, name, rows) for name in spec.columns}
    places = [place for place, _ in rows]
    return DerivedTable(spec, code, "", columns, list(range(len(rows))), {}, places=places)


def _column(spec: TableSpec, name: str, rows: list[tuple[Anchor, Mapping[str, Any]]]) -> list[Any]:
    """Cells of a column: an empty text is blank, a number is exact to six places in base units."""
    unit = spec.columns[name].unit
    known: dict[Any, Any] = {None: None, "": None}
    cells = []
    for _, row in rows:
        value = row.get(name)
        if value not in known:
            known[value] = value if unit is None else _base(float(value or 0), unit)
        cells.append(known[value])
    return cells


def _base(value: float, unit: Unit) -> Decimal:
    return unit.to_base(Decimal(repr(round(value, 6))))
