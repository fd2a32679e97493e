"""Likely causes of a difference between a declared and a recomputed figure.

Each candidate is a figure that a known mistake would give; the first that is the declared figure
at its printed precision is reported: as evidence for a question, not as a fact.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeAlias

from checker.diagnose.cone import Cone, FactorKey, with_factor, with_figures
from checker.errors import Arg
from checker.facts.printed import significant, transposed, within_print
from checker.facts.world import FactWorld
from checker.lang.units import CONTEXT, Quantity, Unit
from checker.lang.values import Unknown
from checker.packs.cards import FactorRow

MIN_DIGITS = 3
"""A declared figure of fewer significant digits fits too much to prove anything."""
_CARBON = CONTEXT.divide(Decimal(44), Decimal(12))
_STATE = CONTEXT.divide(Decimal("293.15"), Decimal("273.15"))


@dataclass(frozen=True)
class Cause:
    """A likely cause: message key and arguments."""

    key: str
    args: tuple[tuple[str, Arg], ...] = ()


Candidate: TypeAlias = tuple[Cause, Any]


def likely(key: str, **args: Arg) -> Cause:
    """A cause by the name of its message, with its arguments."""
    return Cause(f"likely.{key}", tuple(sorted(args.items())))


def likely_cause(world: FactWorld, cone: Cone, figure: str, declared: Quantity) -> Cause | None:
    """The first known mistake that explains a declared figure, or None."""
    exact = world.fact(figure)
    if type(exact) is Unknown or significant(declared.amount) < MIN_DIGITS:
        return None
    if transposed(declared.amount, declared.unit.from_base(exact)):
        return likely("transposed")
    for cause, value in _candidates(world, cone, figure, exact):
        if type(value) is not Unknown and value != exact and _is(declared, value):
            return cause
    return None


def _is(declared: Quantity, value: Decimal) -> bool:
    return within_print(declared.amount, declared.unit.from_base(value))


def _candidates(world: FactWorld, cone: Cone, figure: str, exact: Decimal) -> Iterator[Candidate]:
    yield from _other_figures(world, figure)
    yield from _scaled_factors(world, cone, figure)
    yield from _other_factors(world, cone, figure)
    yield from _scaled(exact)
    yield from _components(world, cone, figure)
    yield from _months(world, figure, exact)
    yield from _years(world, figure)


def _other_figures(world: FactWorld, figure: str) -> Iterator[Candidate]:
    """Market against location, calorific against equal value, CO2 against CO2e, and the like."""
    unit = world.book_unit(figure)
    for quantity in world.book.quantities:
        name = quantity.card.id
        alike = quantity.card.unit.dimension == unit.dimension
        if name != figure and (alike or _same_but_gas(quantity.card.unit, unit)):
            yield likely("other_figure", figure=name), world.fact(name)


def _same_but_gas(one: Unit, other: Unit) -> bool:
    """CO2 and CO2e, tC and tCO2: told apart by the checker, mixed by people."""
    gases = {"co2", "co2e"}
    return {name for name, _ in one.dimension} <= gases >= {name for name, _ in other.dimension}


def _other_factors(world: FactWorld, cone: Cone, figure: str) -> Iterator[Candidate]:
    """Another year, area, variant or document in place of the factor used."""
    for key, used in sorted(world.used_factors.items()):
        if not cone.reading(figure, key[0]):
            continue
        for cause, row in neighbours(world, key, used):
            yield cause, with_factor(world, cone, figure, key, row)


def neighbours(
    world: FactWorld, key: FactorKey, used: FactorRow
) -> Iterator[tuple[Cause, FactorRow]]:
    """Rows that may have been taken instead: first other years, then one key changed, then the
    families this one is mistaken for."""
    family = world.book.families[key[0]]
    for row in family.rows.get(used.keys, ()):
        if row.vintage != used.vintage:
            yield likely("other_year", factor=family.id, keys=_keys(row), value=str(row.value)), row
    for keys, rows in family.rows.items():
        if sum(a != b for a, b in zip(keys, used.keys, strict=True)) == 1:
            for row in rows:
                args = {"factor": family.id, "keys": _keys(row), "value": str(row.value)}
                yield likely("other_key", **args), row
    for name in family.mistaken_for:
        other = world.book.families[name]
        ratio = CONTEXT.divide(other.unit.factor, family.unit.factor)
        for rows in other.rows.values():
            for row in rows:
                args = {"factor": name, "keys": _keys(row), "value": str(row.value)}
                yield likely("other_family", **args), _times(row, ratio)


def _keys(row: FactorRow) -> str:
    return " / ".join([*row.keys, row.vintage])


def _times(row: FactorRow, ratio: Decimal) -> FactorRow:
    return replace(row, value=CONTEXT.multiply(row.value, ratio))


def _scaled_factors(world: FactWorld, cone: Cone, figure: str) -> Iterator[Candidate]:
    """A heating value on the gross basis or at 20 degC; carbon taken for CO2 and the reverse."""
    for key, used in sorted(world.used_factors.items()):
        family, keys = key
        if not cone.reading(figure, family):
            continue
        ratios: list[tuple[str, Decimal]] = []
        if family in ("ncv_mass", "ncv_gas"):
            gross = world.book.families["hhv_lhv"].rows.get(keys[-1:], ())
            ratios += [("gross_heat", row.value) for row in gross]
        if family == "ncv_gas":
            ratios.append(("gas_state", _STATE))
        if family == "carbon_content":
            ratios += [("carbon_as_co2", _CARBON), ("co2_as_carbon", 1 / _CARBON)]
        if family == "oxidation":
            ratios.append(("oxidation_left_out", CONTEXT.divide(Decimal(100), used.value)))
        for name, ratio in ratios:
            value = with_factor(world, cone, figure, key, _times(used, ratio))
            yield likely(name, keys=_keys(used)), value


def _scaled(exact: Decimal) -> Iterator[Candidate]:
    """A unit slip, or carbon and CO2 mixed, in the figure itself."""
    for power in (1, -1, 3, -3, 4, -4, 2, -2):
        yield likely("power_of_ten", power=str(power)), exact.scaleb(power)
    yield likely("carbon_doubled"), CONTEXT.multiply(exact, _CARBON)
    yield likely("carbon_lost"), CONTEXT.divide(exact, _CARBON)


def _components(world: FactWorld, cone: Cone, figure: str) -> Iterator[Candidate]:
    """One of the figures it rests on left out, counted twice, or off by a power of ten."""
    changes = [("left_out", Decimal(0)), ("counted_twice", Decimal(2)), ("sign", Decimal(-1))]
    changes += [("component_power", Decimal(10) ** power) for power in (1, -1, 3, -3, 4, -4)]
    for name in cone.of(figure)[:-1]:
        value = world.fact(name)
        if type(value) is Unknown or value == 0:
            continue
        for key, ratio in changes:
            changed = {name: CONTEXT.multiply(value, ratio)}
            yield likely(key, figure=name), with_figures(world, cone, figure, changed)


def _months(world: FactWorld, figure: str, exact: Decimal) -> Iterator[Candidate]:
    """One month (or other group) left out or counted twice."""
    for month, part in world.facts[figure].parts.items():
        yield likely("month_left_out", month=month), CONTEXT.subtract(exact, part)
        yield likely("month_twice", month=month), CONTEXT.add(exact, part)


_OF_YEARS = {"emissions.total": "emissions", "energy.total": "energy"}


def _years(world: FactWorld, figure: str) -> Iterator[Candidate]:
    """The figure of another year."""
    rows = world.table("T25") if figure in _OF_YEARS else ()
    for row in rows if type(rows) is not Unknown else ():
        year, value = row.read("year"), row.read(_OF_YEARS[figure])
        if isinstance(year, str):
            yield likely("other_years_figure", year=year), value
