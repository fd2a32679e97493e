"""Every declared figure beside the recomputed one: difference, rounding, likely cause."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checker.diagnose.causes import Cause, Search
from checker.diagnose.cone import Cone, Variants, signed_terms
from checker.facts.printed import rounded_by_part, rounding_of, sum_interval, within_print
from checker.facts.world import FactWorld
from checker.lang.units import Quantity
from checker.lang.values import Row, Unknown

MAX_EXPLAINED = 2_000
"""Declared figures whose rounding is named; all are compared."""
_SOURCES = (("T24", "figure", "value"), ("T22", "indicator", "value"), ("T28", "figure", "total"))


@dataclass(frozen=True, eq=False)
class Declared:
    """One declared figure.

    ``recomputed`` is in base units or ``Unknown``; ``period`` a month or empty; ``rounding`` names
    what makes the two match; ``agrees`` is None when nothing could be compared.
    """

    figure: str
    row: Row
    column: str
    period: str
    value: Quantity
    recomputed: Any
    agrees: bool | None
    rounding: str
    cause: Cause | None


def declared_figures(world: FactWorld) -> list[Declared]:
    """All declared figures of tables T24, T22 and T28 whose figure the checker computes."""
    cone = Cone(world.book)
    stated = _yearly(world)
    found: list[Declared] = []
    searches = _Searches(world, cone)
    for figure, row, column, period in _rows(world):
        value: Quantity = row.read(column)
        exact = world.of_period(figure, period)
        comparable = _comparable(world, figure, value, exact)
        rounding, cause = "", None
        agrees: bool | None = None
        if comparable and len(found) < MAX_EXPLAINED:
            rounding = _rounding(world, cone, figure, period, value, exact, stated)
        if comparable:
            agrees = within_print(value.amount, value.unit.from_base(exact))
            if not agrees and len(found) < MAX_EXPLAINED:
                cause = searches.of(period).cause(figure, value)
        found.append(Declared(figure, row, column, period, value, exact, agrees, rounding, cause))
    return found


class _Searches:
    """A search for the year and one for every month that was declared apart."""

    def __init__(self, world: FactWorld, cone: Cone) -> None:
        self.world = world
        self.cone = cone
        self.variants = Variants(world, cone)
        self.made: dict[str, Search] = {}

    def of(self, period: str) -> Search:
        """The search for a period; ``""`` is the whole one."""
        if period not in self.made:
            world = self.world.facts.world_of(period) if period else self.world
            self.made[period] = Search(world, self.cone, self.variants, period)
        return self.made[period]


def _rows(world: FactWorld) -> Iterator[tuple[str, Row, str, str]]:
    for code, name, column in _SOURCES:
        rows = world.table(code)
        for row in rows if type(rows) is not Unknown else ():
            figure = row.read(name)
            if not isinstance(figure, str) or figure not in world.book.by_id:
                continue
            period = row.read("period") if code == "T24" else ""
            if not isinstance(period, str) or not isinstance(row.read(column), Quantity):
                continue
            year = period == "" or (len(period) == 4 and world.covers(period))
            yield figure, row, column, "" if year else period


def _comparable(world: FactWorld, figure: str, value: Quantity, exact: Any) -> bool:
    return type(exact) is not Unknown and world.book_unit(figure).dimension == value.unit.dimension


def _yearly(world: FactWorld) -> dict[str, Quantity]:
    """Figures declared for the whole period, by name: the terms of declared sums."""
    return {
        figure: row.read(column)
        for figure, row, column, period in _rows(world)
        if column == "value" and not period
    }


def _rounding(
    world: FactWorld,
    cone: Cone,
    figure: str,
    period: str,
    value: Quantity,
    exact: Decimal,
    stated: dict[str, Quantity],
) -> str:
    """Name of the rounding that gives the declared number, or an empty text."""
    unit = value.unit
    plain = rounding_of(value.amount, unit.from_base(exact))
    if plain or period:
        return plain
    parts = world.facts[figure].parts.values()
    by_part = rounded_by_part(value.amount, (unit.from_base(part) for part in parts))
    return by_part or _of_sum(world, cone, figure, value, stated)


def _of_sum(
    world: FactWorld, cone: Cone, figure: str, value: Quantity, stated: dict[str, Quantity]
) -> str:
    """``sum_of_printed`` when the declared number is a sum of the declared terms."""
    quantity = world.book.by_id[figure]
    if not cone.is_sum(quantity):
        return ""
    terms = []
    for sign, name in signed_terms(quantity.formula):
        term = stated.get(name)
        if term is None:
            if world.fact(name) == 0:
                continue
            return ""
        if term.unit != value.unit:
            return ""
        terms.append((sign, term.amount))
    if len(terms) < 2:
        return ""
    low, high = sum_interval(terms)
    return "sum_of_printed" if low <= value.amount <= high else ""
