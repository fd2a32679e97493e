"""Mistakes in the rows a figure adds: one fuel or month of it left out, twice, in another unit;
the default taken where a value was measured; the factors of another document throughout."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checker.diagnose.cone import Cone, FactorKey, Variants, with_figures
from checker.facts.grouped import MANY
from checker.facts.quantities import rows_of
from checker.facts.world import FactWorld
from checker.lang.evaluate import compile_node
from checker.lang.units import CONTEXT
from checker.lang.values import Unknown
from checker.lang.world import Budget, Env
from checker.packs.book import Quantity as Rule
from checker.packs.cards import FactorRow

_NAMED_BY = ("energy", "material", "product", "kind", "source_id", "account")
POWERS = (1, -1, 3, -3, 4, -4)
"""Powers of ten by which a unit is slipped (kg and t, kWh and MWh, 万), the likelier first."""
_RATIOS = (
    ("left_out", Decimal(0)),
    ("twice", Decimal(2)),
    *(("power", Decimal(10) ** power) for power in POWERS),
)


@dataclass(frozen=True)
class Share:
    """What some rows of a row-wise figure add: ``name`` says which rows."""

    figure: str
    name: str
    value: Decimal


def shares(world: FactWorld, card: Rule, month: str = "") -> list[Share]:
    """A row-wise figure by the fuel or material of its rows, by that and month, and by month.

    Empty for long tables, and when a row is unknown.
    """
    rows = rows_of(card, world)
    if type(rows) is Unknown or len(rows) >= MANY:
        return []
    value_of, budget = compile_node(card.formula), Budget()
    found: dict[str, Decimal] = {}
    for row in rows:
        if month and _month(row) != month:
            continue
        value = value_of(Env(world, {card.card.variable: row}, budget))
        if type(value) is Unknown:
            return []
        for name in _names(row):
            found[name] = CONTEXT.add(found.get(name, Decimal(0)), value)
    return [Share(card.card.id, name, value) for name, value in found.items() if value]


def _names(row: Any) -> list[str]:
    """Names of the groups a row belongs to, always in the same order."""
    columns = row.table.spec.columns
    named = [row.read(code) for code in _NAMED_BY if code in columns]
    what = next((text for text in named if isinstance(text, str) and text), "")
    when = _month(row)
    return [name for name in dict.fromkeys((what, when, f"{what} {when}".strip())) if name]


def _month(row: Any) -> str:
    """Month of a row; ``""`` for a table without months or a cell that cannot be read."""
    month = row.read("month") if "month" in row.table.spec.columns else None
    return month if isinstance(month, str) else ""


def changed_rows(
    world: FactWorld, cone: Cone, figure: str, known: dict[str, list[Share]], month: str = ""
) -> Iterator[tuple[str, Share, Any]]:
    """(kind of mistake, the rows, what the figure would be) for every group of rows below it.

    ``known`` keeps the shares of each figure between calls; ``month`` looks at its rows only.
    """
    exact = world.fact(figure)
    for name in cone.of(figure):
        card = world.book.by_id[name]
        leaf = world.fact(name)
        if card.rows is None or type(leaf) is Unknown or not leaf:
            continue
        slope = _slope(world, cone, figure, name, leaf)
        if slope is None:
            continue
        if name not in known:
            known[name] = shares(world, card, month)
        for share in known[name]:
            for kind, ratio in _RATIOS:
                step = CONTEXT.multiply(share.value, CONTEXT.subtract(ratio, Decimal(1)))
                yield kind, share, CONTEXT.add(exact, CONTEXT.multiply(slope, step))


def _slope(world: FactWorld, cone: Cone, figure: str, name: str, leaf: Decimal) -> Decimal | None:
    """Change of a figure per unit of one it rests on; None when it is not proportional."""
    if figure == name:
        return Decimal(1)
    exact = world.fact(figure)
    none, double = (
        with_figures(world, cone, figure, {name: CONTEXT.multiply(leaf, Decimal(times))})
        for times in (0, 2)
    )
    if type(none) is Unknown or type(double) is Unknown:
        return None
    up, down = CONTEXT.subtract(double, exact), CONTEXT.subtract(exact, none)
    if not up or abs(up - down) > abs(up).scaleb(-20):
        return None
    return CONTEXT.divide(up, leaf)


def defaults_taken(variants: Variants) -> Iterator[tuple[Any, FactWorld]]:
    """(row of T30, the world without it)."""
    rows = variants.world.table("T30")
    if type(rows) is Unknown or len(rows) >= MANY:
        return
    for row in rows:
        yield row, variants.without_measured(row)


def other_documents(variants: Variants) -> Iterator[tuple[str, FactWorld]]:
    """(document, the world in which all factors come from that document)."""
    families = variants.world.book.families
    documents: dict[str, dict[FactorKey, FactorRow]] = {}
    for (name, keys, year), used in variants.world.used_factors.items():
        family = families[name]
        if year or "document" not in family.keys:
            continue
        place = family.keys.index("document")
        for other, rows in family.rows.items():
            alike = (*other[:place], used.keys[place], *other[place + 1 :]) == used.keys
            if alike and other != used.keys:
                documents.setdefault(other[place], {})[(name, keys)] = rows[0]
    for document, swaps in sorted(documents.items()):
        yield document, variants.with_factors(swaps)
