"""Uncertainty of figures by IPCC approach 1, from the half widths declared in table T34.

First-order propagation: every declared figure is moved a little and the target computed again, so
products (eq. 3.1), sums (eq. 3.2) and ratios follow one rule. Components that name one shared
factor are fully correlated and add linearly before the squares (IPCC 2006 Volume 1, Chapter 3).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checker.diagnose.cone import Cone, with_figures
from checker.facts.world import FactWorld
from checker.lang.units import CONTEXT
from checker.lang.values import Row, Unknown

_STEP = Decimal("0.000001")
MAX_WIDTH = Decimal(1)
"""A half width above 100 % says nothing about a figure; it is a finding and not used."""


@dataclass(frozen=True, eq=False)
class Component:
    """One declared half width of a 95 % interval; ``width`` is a share, 0.05 for 5 %."""

    figure: str
    kind: str
    width: Decimal
    shared: str
    distribution: str
    row: Row


@dataclass(frozen=True, eq=False)
class Interval:
    """A 95 % interval of a figure in base units.

    ``relative`` is the half width as a share of the figure. ``covered`` is the share of the figure
    that rests on figures with a declared uncertainty (1 when all of it does); ``terms`` are the
    single contributions in base units, largest first.
    """

    figure: str
    value: Decimal
    half: Decimal
    relative: Decimal
    covered: Decimal
    terms: tuple[tuple[str, Decimal], ...]


class Uncertainty:
    """Declared components of one dossier, and intervals of figures that rest on them."""

    def __init__(self, world: FactWorld) -> None:
        self.world = world
        self.components = _components(world)
        self.cone = Cone(world.book) if self.components else None
        self._known: dict[str, Interval | None] = {}

    def of(self, figure: str) -> Interval | None:
        """Interval of a figure; None when nothing is declared or the figure is unknown."""
        if self.cone is None or figure not in self.world.book.by_id:
            return None
        if figure not in self._known:
            self._known[figure] = self._interval(self.cone, figure)
        return self._known[figure]

    def _interval(self, cone: Cone, figure: str) -> Interval | None:
        value = self.world.fact(figure)
        members = set(cone.of(figure))
        wanted = [part for part in self.components if part.figure in members]
        if type(value) is Unknown or value == 0 or not wanted:
            return None
        names = sorted({part.figure for part in wanted})
        slopes = {name: self.slope(cone, figure, name) for name in names}
        half, terms = combine([(p, CONTEXT.multiply(slopes[p.figure], p.width)) for p in wanted])
        relative = CONTEXT.divide(half, abs(value))
        return Interval(figure, value, half, relative, self.covered(cone, figure, names), terms)

    def covered(self, cone: Cone, figure: str, names: list[str]) -> Decimal:
        """Share of the inputs' weight that lies under a figure with a declared uncertainty."""
        under = {member for name in names for member in cone.of(name)}
        weights = {
            name: abs(self.slope(cone, figure, name))
            for name in cone.of(figure)
            if name == figure or not cone.reads[name]
        }
        if figure in under or not (whole := sum(weights.values(), Decimal(0)) - weights[figure]):
            return Decimal(1)
        inside = sum((w for n, w in weights.items() if n in under and n != figure), Decimal(0))
        return CONTEXT.divide(inside, whole)

    def slope(self, cone: Cone, figure: str, name: str) -> Decimal:
        """Change of ``figure`` per relative change of ``name``, in base units of ``figure``."""
        base, inner = self.world.fact(figure), self.world.fact(name)
        if type(inner) is Unknown:
            return Decimal(0)
        moved = CONTEXT.multiply(inner, 1 + _STEP)
        other: Any = with_figures(self.world, cone, figure, {name: moved})
        if type(other) is Unknown:
            return Decimal(0)
        return CONTEXT.divide(CONTEXT.subtract(other, base), _STEP)


def combine(
    parts: list[tuple[Component, Decimal]],
) -> tuple[Decimal, tuple[tuple[str, Decimal], ...]]:
    """Half width of a sum from single contributions: shared ones add up, the rest in squares."""
    alone: list[tuple[str, Decimal]] = []
    groups: dict[str, Decimal] = {}
    for part, amount in parts:
        if part.shared:
            groups[part.shared] = CONTEXT.add(groups.get(part.shared, Decimal(0)), amount)
        else:
            alone.append((f"{part.figure} / {part.kind}", amount))
    terms = [*alone, *groups.items()]
    squares = sum((CONTEXT.multiply(amount, amount) for _, amount in terms), Decimal(0))
    ordered = sorted(((name, abs(amount)) for name, amount in terms), key=lambda t: (-t[1], t[0]))
    return CONTEXT.sqrt(squares), tuple(ordered)


def _components(world: FactWorld) -> list[Component]:
    rows = world.table("T34")
    found = []
    for row in rows if type(rows) is not Unknown else ():
        name, width = row.read("subject"), row.read("uncertainty")
        figure = world.book.named.get(name) if isinstance(name, str) else None
        if figure is None or not isinstance(width, Decimal) or width > MAX_WIDTH:
            continue
        shared, kind, shape = (row.read(c) for c in ("shared", "component", "distribution"))
        found.append(
            Component(
                figure,
                kind if isinstance(kind, str) else "other",
                width,
                shared if isinstance(shared, str) else "",
                shape if isinstance(shape, str) else "",
                row,
            )
        )
    return found
