"""Factors the dossier declares (table T13) beside those of the packs, with a likely cause."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checker.diagnose.causes import Cause, likely, neighbours, powers
from checker.dossier.schema import option_code
from checker.facts.printed import transposed, within_print
from checker.facts.world import FactWorld
from checker.lang.units import CONTEXT, Quantity
from checker.lang.values import Row, Unknown
from checker.packs.cards import FactorFamily, FactorRow

_FAMILIES = {
    "grid_electricity": ("grid_electricity",),
    "ncv": ("ncv_mass", "ncv_gas"),
    "carbon_content": ("carbon_content",),
    "oxidation": ("oxidation",),
}


@dataclass(frozen=True, eq=False)
class DeclaredFactor:
    """One row of T13; ``official`` is the factor of the packs under the same key, if any."""

    row: Row
    value: Quantity
    official: FactorRow | None
    family: FactorFamily
    agrees: bool | None
    cause: Cause | None


def declared_factors(world: FactWorld) -> list[DeclaredFactor]:
    """Rows of T13 whose kind the packs hold factors for."""
    rows = world.table("T13")
    found = (_compare(world, row) for row in (rows if type(rows) is not Unknown else ()))
    return [item for item in found if item is not None]


def _compare(world: FactWorld, row: Row) -> DeclaredFactor | None:
    value, item = row.read("value"), row.read("item")
    if not isinstance(value, Quantity) or not isinstance(item, str):
        return None
    family = _family(world, item, value)
    if family is None:
        return None
    year = row.read("year")
    official = _official(family, _keys(world, item, row), year)
    if official is None:
        return DeclaredFactor(row, value, None, family, None, None)
    exact = _in_unit(value, family, official.value)
    agrees = within_print(value.amount, exact)
    cause = (
        None if agrees or row.read("measured") is True else _cause(world, value, family, official)
    )
    return DeclaredFactor(row, value, official, family, agrees, cause)


def _family(world: FactWorld, item: str, value: Quantity) -> FactorFamily | None:
    for name in _FAMILIES.get(item, ()):
        family = world.book.families.get(name)
        if family is not None and family.unit.dimension == value.unit.dimension:
            return family
    return None


def _keys(world: FactWorld, item: str, row: Row) -> tuple[str, ...]:
    if item == "grid_electricity":
        return str(row.read("area")), "average"
    document, subject = world.dossier.read("accounting_fuel_table"), row.read("subject")
    return str(document), option_code("T04", "energy", subject) if isinstance(subject, str) else ""


def _official(family: FactorFamily, keys: tuple[str, ...], year: Any) -> FactorRow | None:
    """The row of the year declared, or the newest when the year is no vintage of the family."""
    rows = family.rows.get(keys, ())
    dated = [row for row in rows if row.vintage == year]
    if family.id == "grid_electricity":
        return dated[0] if dated else None
    return rows[0] if rows else None


def _in_unit(value: Quantity, family: FactorFamily, amount: Decimal) -> Decimal:
    """A family's value in the unit it was declared in."""
    return value.unit.from_base(family.unit.to_base(amount))


def _cause(
    world: FactWorld, value: Quantity, family: FactorFamily, official: FactorRow
) -> Cause | None:
    exact = _in_unit(value, family, official.value)
    for cause, row in neighbours(world, (family.id, official.keys), official):
        if within_print(value.amount, _in_unit(value, family, row.value)):
            return cause
    if transposed(value.amount, exact):
        return likely("transposed")
    for cause, amount in _scaled(family, exact):
        if within_print(value.amount, amount):
            return cause
    return None


def _scaled(family: FactorFamily, exact: Decimal) -> Iterator[tuple[Cause, Decimal]]:
    yield from powers(exact)
    if family.id == "carbon_content":
        yield likely("carbon_doubled"), CONTEXT.divide(CONTEXT.multiply(exact, 44), 12)
    if family.id.startswith("ncv"):
        yield likely("calories"), CONTEXT.divide(CONTEXT.multiply(exact, 1000), Decimal("4.1868"))
