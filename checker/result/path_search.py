"""Counterfactual paths: the least change of each lever that meets a failed threshold.

Found by bisection on whole steps of the lever, so that the answer is exact to one step, and
verified: with the change the requirement passes when it is evaluated anew, with one step less it
does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checker.diagnose.cone import Cone, with_changed
from checker.facts.world import FactWorld
from checker.lang.evaluate import compile_node
from checker.lang.units import CONTEXT
from checker.lang.values import Unknown
from checker.lang.world import Env
from checker.packs.book import Requirement
from checker.packs.levers import Lever
from checker.requirements.evaluate import evaluate
from checker.requirements.outcome import PASS

PROBES = 16
PASSES, OUT_OF_REACH, NOT_KNOWN = "passes", "out_of_reach", "not_known"


@dataclass(frozen=True)
class Path:
    """What a lever can do for one requirement.

    ``change`` is in the unit of the lever, ``reaches`` the indicator with it, in base units. At
    ``out_of_reach`` both tell how far the lever goes at most.
    """

    lever: Lever
    state: str
    change: Decimal | None = None
    reaches: Decimal | None = None


def paths(world: FactWorld, cone: Cone, requirement: Requirement) -> list[Path]:
    """Levers that move the indicator of a failed requirement, those that suffice first."""
    assert requirement.indicator is not None
    node = requirement.indicator[0]
    if node.op != "fact":
        return []
    found = []
    for lever in world.book.levers.values():
        if set(cone.of(node.data)).isdisjoint((*lever.moves, *lever.shrinks)):
            continue
        found.append(_path(world, cone, requirement, lever))
    order = (PASSES, OUT_OF_REACH, NOT_KNOWN)
    return sorted(
        (path for path in found if path is not None), key=lambda path: order.index(path.state)
    )


def _path(world: FactWorld, cone: Cone, requirement: Requirement, lever: Lever) -> Path | None:
    most = _most(world, lever)
    if most is None or any(type(world.fact(name)) is Unknown for name in lever.figures()):
        return Path(lever, NOT_KNOWN)
    if most <= 0:
        return None

    def passes(steps: int) -> bool:
        changed = _world(world, cone, lever, steps)
        outcomes = evaluate(requirement, changed)
        return all(outcome.state == PASS for outcome in outcomes)

    if _indicator(world, cone, requirement, lever, most) == _indicator(
        world, cone, requirement, lever, 0
    ):
        return None  # the lever does not bear on this indicator
    high = next((steps for steps in _probes(most) if passes(steps)), None)
    if high is None:
        reached = _indicator(world, cone, requirement, lever, most)
        return Path(lever, OUT_OF_REACH, lever.step * most, reached)
    low = 0  # fails at low, passes at high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if passes(middle) else (middle, high)
    reached = _indicator(world, cone, requirement, lever, high)
    return Path(lever, PASSES, lever.step * high, reached)


def _probes(most: int) -> list[int]:
    """The whole way first; then parts of it, for a requirement that ends to apply on the way."""
    return [most, *sorted({most * part // PROBES for part in range(1, PROBES)} - {0, most})]


def _most(world: FactWorld, lever: Lever) -> int | None:
    """Whole steps until the limiting figure is used up."""
    limit = world.fact(lever.until)
    if type(limit) is Unknown:
        return None
    for name in lever.less:
        used = world.fact(name)
        if type(used) is Unknown:
            return None
        limit = CONTEXT.subtract(limit, used)
    return int(CONTEXT.divide(lever.unit.from_base(limit), lever.step))


def _world(world: FactWorld, cone: Cone, lever: Lever, steps: int) -> FactWorld:
    return with_changed(world, cone, _changed(world, lever, steps))


def _changed(world: FactWorld, lever: Lever, steps: int) -> Mapping[str, Decimal]:
    """The figures as they are after so many steps."""
    amount = lever.unit.to_base(CONTEXT.multiply(lever.step, Decimal(steps)))
    if lever.moves:
        return {
            name: CONTEXT.add(world.fact(name), CONTEXT.multiply(per_unit, amount))
            for name, per_unit in lever.moves.items()
        }
    left = CONTEXT.subtract(Decimal(1), CONTEXT.divide(amount, world.fact(lever.shrinks[0])))
    return {name: CONTEXT.multiply(world.fact(name), left) for name in lever.shrinks}


def _indicator(
    world: FactWorld, cone: Cone, requirement: Requirement, lever: Lever, steps: int
) -> Any:
    assert requirement.indicator is not None
    return compile_node(requirement.indicator[0])(Env(_world(world, cone, lever, steps)))
