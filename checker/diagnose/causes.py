"""Likely causes of a difference between a declared and a recomputed figure.

Each candidate is a figure that a known mistake would give; the first that is the declared figure
at its printed precision is reported: as evidence for a question, not as a fact.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeAlias

from checker.diagnose.cone import Cone, FactorKey, Variants, with_figures
from checker.diagnose.rows import POWERS, Share, changed_rows, defaults_taken, other_documents
from checker.errors import Arg
from checker.facts.grouped import MANY
from checker.facts.printed import half_unit, significant, transposed, within_print
from checker.facts.world import FactWorld
from checker.lang.units import CONTEXT, Quantity, Unit
from checker.lang.values import Unknown
from checker.packs.book import Quantity as Rule
from checker.packs.cards import FactorRow

MIN_DIGITS = 3
"""A declared figure of fewer significant digits fits too much to prove anything."""
_CHANCE = Decimal("0.02")
"""Candidates times their window: above it, one of them would fit by accident too often."""
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


class Search:
    """Looks for causes in one dossier, or in one ``month`` of it.

    ``variants`` are of the whole period; they also say when the search ends.
    """

    def __init__(self, world: FactWorld, cone: Cone, variants: Variants, month: str = "") -> None:
        self.world = world
        self.cone = cone
        self.variants = variants
        self.month = month
        self.shares: dict[str, list[Share]] = {}

    def cause(self, figure: str, declared: Quantity) -> Cause | None:
        """The first known mistake that explains a declared figure, or None."""
        exact = self.world.fact(figure)
        if type(exact) is Unknown or significant(declared.amount) < MIN_DIGITS:
            return None
        if transposed(declared.amount, declared.unit.from_base(exact)):
            return likely("transposed")
        for cause, value in self.simple(figure, exact):
            if self.fits(declared, value, exact):
                return cause
        if exact == 0:
            return None
        window, tried = 2 * half_unit(declared.amount) / abs(declared.amount), 0
        for stage in (self.changed(figure, exact), self.rows(figure)):
            candidates = list(stage)
            tried += len(candidates)
            if window * tried > _CHANCE:
                return None
            for cause, value in candidates:
                if self.fits(declared, value, exact):
                    return cause
        return None

    def fits(self, declared: Quantity, value: Any, exact: Decimal) -> bool:
        """True when a candidate is the declared figure as printed, and not the right one."""
        if type(value) is Unknown or value == exact:
            return False
        return within_print(declared.amount, declared.unit.from_base(value))

    def simple(self, figure: str, exact: Decimal) -> Iterator[Candidate]:
        """Mistakes that leave no choice: another figure, a unit slip, a month."""
        if not self.month:
            yield from _years(self.world, figure)
        yield from _other_figures(self.world, figure)
        yield from _scaled(exact)
        yield from _months(self.world, figure, exact)

    def changed(self, figure: str, exact: Decimal) -> Iterator[Candidate]:
        """What the figure would be with another factor, or with one of its parts changed."""
        for (family, keys, year), used in sorted(self.variants.world.used_factors.items()):
            if year or not self.cone.reading(figure, family):
                continue
            share = self.share(figure, (family, keys), used, exact)
            if share is None:
                return
            for cause, row in _alternatives(self.world, (family, keys), used):
                step = CONTEXT.subtract(CONTEXT.divide(row.value, used.value), Decimal(1))
                yield cause, CONTEXT.add(exact, CONTEXT.multiply(share, step))
        yield from _components(self.world, self.cone, figure)

    def share(self, figure: str, key: FactorKey, used: FactorRow, exact: Decimal) -> Decimal | None:
        """The part of a figure that is proportional to a factor; None when the search ends.

        The figure is computed once with the factor doubled: formulas are linear in their factors.
        """
        if used.value == 0:
            return Decimal(0)
        self.variants.left -= self.visits(figure, key[0])
        if self.variants.left < 0:
            return None
        doubled = self.variants.with_factors({key: _times(used, Decimal(2))})
        other = doubled.of_period(figure, self.month)
        return Decimal(0) if type(other) is Unknown else CONTEXT.subtract(other, exact)

    def rows(self, figure: str) -> Iterator[Candidate]:
        """Other rows, other measured values, or another document than the right ones."""
        for document, other in other_documents(self.variants):
            yield likely("other_document", document=document), other.of_period(figure, self.month)
        for row, other in defaults_taken(self.variants):
            args = {"parameter": str(row.read("parameter")), "subject": str(row.read("subject"))}
            yield likely("default_taken", **args), other.of_period(figure, self.month)
        changes = changed_rows(self.world, self.cone, figure, self.shares, self.month)
        for kind, share, value in changes:
            yield likely(f"rows_{kind}", figure=share.figure, rows=share.name), value

    def visits(self, figure: str, family: str) -> int:
        """Rows computed anew when a factor of a family changes."""
        cards = (self.world.book.by_id[name] for name in self.cone.reading(figure, family))
        return sum(_rows(self.world, card) for card in cards)


def _rows(world: FactWorld, card: Rule) -> int:
    """Rows (or groups of rows) a card runs over."""
    if card.rows is None:
        return 1
    tables = (world.source.tables.get(code) for code in card.rows.named("table"))
    return max((min(len(table), MANY) for table in tables if table is not None), default=1)


def _alternatives(
    world: FactWorld, key: FactorKey, used: FactorRow
) -> Iterator[tuple[Cause, FactorRow]]:
    """Factors that may have been taken instead of the right one."""
    yield from _scaled_factor(world, key, used)
    yield from neighbours(world, key, used)


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
    names = [{name for name, _ in unit.dimension} for unit in (one, other)]
    return all(names) and all(found <= gases for found in names)


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


def _scaled_factor(
    world: FactWorld, key: FactorKey, used: FactorRow
) -> Iterator[tuple[Cause, FactorRow]]:
    """A heating value on the gross basis or at 20 degC; carbon taken for CO2 and the reverse."""
    family, keys = key
    ratios: list[tuple[str, Decimal]] = []
    if family in ("ncv_mass", "ncv_gas"):
        gross = world.book.families["hhv_lhv"].rows.get(keys[-1:], ())
        ratios += [("gross_heat", row.value) for row in gross]
    if family == "ncv_gas":
        ratios += [("gas_state", _STATE), ("gas_state", CONTEXT.divide(Decimal(1), _STATE))]
    if family == "carbon_content":
        ratios += [("carbon_as_co2", _CARBON), ("co2_as_carbon", 1 / _CARBON)]
    if family == "oxidation":
        ratios.append(("oxidation_left_out", CONTEXT.divide(Decimal(100), used.value)))
    for name, ratio in ratios:
        yield likely(name, keys=_keys(used)), _times(used, ratio)


def powers(exact: Decimal) -> Iterator[Candidate]:
    """A figure or factor in a unit a power of ten away."""
    for power in (*POWERS, 2, -2):
        yield likely("power_of_ten", power=str(power)), exact.scaleb(power)


def _scaled(exact: Decimal) -> Iterator[Candidate]:
    """A unit slip, or carbon and CO2 mixed, in the figure itself."""
    yield from powers(exact)
    yield likely("carbon_doubled"), CONTEXT.multiply(exact, _CARBON)
    yield likely("carbon_lost"), CONTEXT.divide(exact, _CARBON)


def _components(world: FactWorld, cone: Cone, figure: str) -> Iterator[Candidate]:
    """One of the figures it rests on left out, counted twice, or off by a power of ten."""
    changes = [("left_out", Decimal(0)), ("counted_twice", Decimal(2)), ("sign", Decimal(-1))]
    changes += [("component_power", Decimal(10) ** power) for power in POWERS]
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
