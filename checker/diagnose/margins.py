"""How far a figure is from its limit: the smallest change of each input that flips the result."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checker.diagnose.cone import Cone, with_figures
from checker.facts.world import FactWorld
from checker.lang.units import CONTEXT
from checker.lang.values import Unknown

MAX_CHANGE = Decimal(10)
"""Changes beyond tenfold say nothing about the input."""
MAX_FLIPS = 8
_ROUNDS = 12
_NEAR = Decimal("1e-12")


@dataclass(frozen=True)
class Flip:
    """Input and the relative change (0.1 for +10 %) at which the figure meets the limit."""

    figure: str
    change: Decimal


def flips(world: FactWorld, cone: Cone, figure: str, limit: Decimal) -> list[Flip]:
    """Smallest relative change of every input that brings ``figure`` to ``limit``, nearest first.

    Inputs are the figures read from rows or factors rather than from other figures.
    """
    found = []
    for name in _inputs(world, cone, figure):
        change = _change_to(world, cone, figure, name, limit)
        if change is not None and abs(change) <= MAX_CHANGE:
            found.append(Flip(name, change))
    return sorted(found, key=lambda flip: (abs(flip.change), flip.figure))[:MAX_FLIPS]


def _inputs(world: FactWorld, cone: Cone, figure: str) -> Iterator[str]:
    for name in cone.of(figure)[:-1]:
        value = world.fact(name)
        if not cone.reads[name] and type(value) is not Unknown and value != 0:
            yield name


def _change_to(
    world: FactWorld, cone: Cone, figure: str, name: str, limit: Decimal
) -> Decimal | None:
    """The change of one input by the secant rule; None when it does not reach the limit."""

    def gap(change: Decimal) -> Any:
        moved = CONTEXT.multiply(world.fact(name), 1 + change)
        value = with_figures(world, cone, figure, {name: moved})
        return value if type(value) is Unknown else CONTEXT.subtract(value, limit)

    one, other = Decimal(0), Decimal("0.01")
    first, second = gap(one), gap(other)
    for _ in range(_ROUNDS):
        if type(first) is Unknown or type(second) is Unknown or first == second:
            return None
        if abs(second) <= _NEAR * abs(limit):
            return other if other >= -1 else None
        slope = CONTEXT.divide(CONTEXT.subtract(second, first), CONTEXT.subtract(other, one))
        one, first = other, second
        other = CONTEXT.subtract(other, CONTEXT.divide(second, slope))
        if abs(other) > 100 * MAX_CHANGE:
            return None
        second = gap(other)
    return None
