"""Approach 2: seeded Monte Carlo on the formulas between declared components and a figure.

The draws multiply the figures named in table T34. A positive emission factor whose coefficient of
variation exceeds 0.3 is lognormal (IPCC 2006 Volume 1, Chapter 3), other components are normal
unless the table says otherwise.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from checker.diagnose.cone import Cone
from checker.diagnose.uncertainty import Component
from checker.facts.world import FactWorld
from checker.lang.evaluate import compile_node
from checker.lang.nodes import Node
from checker.lang.values import Unknown
from checker.lang.world import Env

DRAWS = 10_000
MAX_PARTS = 100
"""More components than a person would declare are not drawn; approach 1 still holds."""
SEED = 20260114
"""Stated in every result; the same dossier gives the same draws."""
_HALF_WIDTH = 1.959964  # standard deviations in half of a 95 % interval
_WIDE = 0.3
Draws: TypeAlias = list[float]


@dataclass(frozen=True)
class Simulation:
    """Result of the draws for one figure, in base units."""

    figure: str
    seed: int
    draws: int
    mean: float
    low: float
    high: float


def simulate(
    world: FactWorld, cone: Cone, figure: str, parts: Sequence[Component], seed: int = SEED
) -> Simulation | None:
    """Draws of a figure; None when its formulas do more than arithmetic on figures."""
    members = cone.of(figure)
    wanted = [part for part in parts if part.figure in members]
    if not 0 < len(wanted) <= MAX_PARTS or type(world.fact(figure)) is Unknown:
        return None
    multipliers = _multipliers(wanted, random.Random(seed))
    values: dict[str, Draws | float] = {}
    for name in members:
        drawn = multipliers.get(name)
        inner = _value(world, name, values)
        if inner is None:
            return None
        values[name] = inner if drawn is None else _apply(lambda a, b: a * b, inner, drawn)
    result = values[figure]
    drawn = result if isinstance(result, list) else [result] * DRAWS
    if not all(map(math.isfinite, drawn)):
        return None
    ordered = sorted(drawn)
    low, high = (ordered[int(share * (DRAWS - 1))] for share in (0.025, 0.975))
    return Simulation(figure, seed, DRAWS, math.fsum(ordered) / DRAWS, low, high)


def _multipliers(parts: Sequence[Component], source: random.Random) -> dict[str, Draws]:
    """Product of the drawn components of every figure; shared ones are drawn once."""
    found: dict[str, Draws] = {}
    shared: dict[str, Draws] = {}
    for part in parts:
        draws = shared.get(part.shared) if part.shared else None
        if draws is None:
            draws = draw(part, source)
            if part.shared:
                shared[part.shared] = draws
        known = found.get(part.figure)
        found[part.figure] = draws if known is None else _product(known, draws)
    return found


def _product(one: Draws, other: Draws) -> Draws:
    return [a * b for a, b in zip(one, other, strict=True)]


def draw(part: Component, source: random.Random) -> Draws:
    """``DRAWS`` factors around 1 with the half width of a component."""
    width = float(part.width)
    deviation = width / _HALF_WIDTH
    wide = part.kind == "emission_factor" and deviation > _WIDE
    shape = part.distribution or ("lognormal" if wide else "normal")
    if shape == "triangular":
        low, high = max(0.0, 1 - width), 1 + width
        return [source.triangular(low, high, 1.0) for _ in range(DRAWS)]
    if shape == "lognormal":
        sigma = math.sqrt(math.log(1 + deviation * deviation))
        return [math.exp(source.gauss(-sigma * sigma / 2, sigma)) for _ in range(DRAWS)]
    return [source.gauss(1.0, deviation) for _ in range(DRAWS)]


def _value(world: FactWorld, name: str, values: dict[str, Draws | float]) -> Draws | float | None:
    """A figure from drawn ones where its formula allows, else as computed."""
    quantity = world.book.by_id[name]
    if quantity.rows is None and any(fact in values for fact in quantity.formula.named("fact")):
        drawn = _evaluate(quantity.formula, world, values)
        if drawn is not None or _rests_on_draws(quantity.formula, values):
            return drawn
    computed = world.fact(name)
    return None if type(computed) is Unknown else float(computed)


def _rests_on_draws(node: Node, values: dict[str, Draws | float]) -> bool:
    return any(isinstance(values.get(fact), list) for fact in node.named("fact"))


_OPERATORS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b if b else math.nan,
}


def _apply(
    operate: Callable[[float, float], float], left: Draws | float, right: Draws | float
) -> Draws | float:
    if isinstance(left, list):
        others = right if isinstance(right, list) else [right] * len(left)
        return [operate(a, b) for a, b in zip(left, others, strict=True)]
    if isinstance(right, list):
        return [operate(left, b) for b in right]
    return operate(left, right)


def _evaluate(
    node: Node, world: FactWorld, values: dict[str, Draws | float]
) -> Draws | float | None:
    """Arithmetic on figures; None for anything else that cannot be told once for all draws."""
    if node.op == "fact":
        return values.get(node.data)
    if node.op == "parts" or (node.op == "binary" and node.data in _OPERATORS):
        kids = [_evaluate(kid, world, values) for kid in node.kids]
        if any(kid is None for kid in kids):
            return None
        operate = _OPERATORS["+" if node.op == "parts" else node.data]
        total: Any = kids[0] if kids else 0.0
        for kid in kids[1:]:
            assert kid is not None
            total = _apply(operate, total, kid)
        return total  # type: ignore[no-any-return]
    if node.op == "call" and node.data in ("least", "greatest"):
        kids = [_evaluate(kid, world, values) for kid in node.kids]
        pick = min if node.data == "least" else max
        if len(kids) == 2 and kids[0] is not None and kids[1] is not None:
            return _apply(pick, kids[0], kids[1])
        return None
    return _constant(node, world, values)


def _constant(
    node: Node, world: FactWorld, values: dict[str, Draws | float]
) -> Draws | float | None:
    """A part that is the same in every draw; of a choice the branch that is taken."""
    if node.op == "choice":
        taken = compile_node(node.kids[0])(Env(world))
        if type(taken) is Unknown:
            return None
        return _evaluate(node.kids[1 if taken else 2], world, values)
    if _rests_on_draws(node, values):
        return None
    value = compile_node(node)(Env(world))
    return float(value) if isinstance(value, Decimal) else None
