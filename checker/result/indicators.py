"""Indicators in the result: reported, recomputed, limit, margin, what would flip them."""

from decimal import Decimal
from typing import Any

from checker.diagnose.cone import Cone
from checker.diagnose.margins import flips
from checker.diagnose.simulate import Simulation, simulate
from checker.diagnose.uncertainty import Interval, Uncertainty
from checker.facts.world import FactWorld
from checker.lang.evaluate import compile_node
from checker.lang.units import CONTEXT, Quantity, Unit
from checker.lang.values import Unknown
from checker.lang.world import Env
from checker.packs.book import Requirement
from checker.requirements.outcome import FAIL, NEEDS_JUDGEMENT, PASS, Outcome
from checker.result.encode import Json, number, typed
from checker.result.facts import clause


def _margin(value: Any, limit: Any, at_least: bool) -> str | None:
    """Distance to the limit as a share of the limit; positive is the good side."""
    if type(value) is Unknown or type(limit) is Unknown or limit == 0:
        return None
    gap = CONTEXT.subtract(value, limit) if at_least else CONTEXT.subtract(limit, value)
    return number(CONTEXT.divide(CONTEXT.multiply(gap, Decimal(100)), abs(limit)))


def _reported(world: FactWorld, fact: str) -> dict[str, Json] | None:
    rows = world.table("T22")
    for row in rows if type(rows) is not Unknown else []:
        if row.read("indicator") == fact and isinstance(row.read("value"), Quantity):
            return {**typed(row.read("value")), "place": row.anchor("value").to_json()}
    return None


def indicators(world: FactWorld, outcomes: list[Outcome]) -> list[Json]:
    """Indicators: reported, recomputed, requirement, margin, state, changes that flip them."""
    states = {outcome.requirement.card.id: outcome for outcome in outcomes}
    found, cone = [], Cone(world.book)
    for requirement in world.book.requirements:
        if requirement.indicator is not None and requirement.card.indicator is not None:
            found.append(_indicator(requirement, states[requirement.card.id], world, cone))
    return found


def _indicator(
    requirement: Requirement, outcome: Outcome, world: FactWorld, cone: Cone
) -> dict[str, Json]:
    assert requirement.indicator is not None
    assert requirement.card.indicator is not None
    value_node, limit_node = requirement.indicator
    at_least = requirement.card.indicator.at_least
    value = compile_node(value_node)(Env(world))
    limit = compile_node(limit_node)(Env(world))
    unit = value_node.unit
    known = type(value) is not Unknown and type(limit) is not Unknown
    judged = known and outcome.state in (PASS, FAIL, NEEDS_JUDGEMENT)
    return {
        "requirement": requirement.card.id,
        "title": requirement.card.title.to_json(),
        "fact": value_node.text,
        "reported": _reported(world, value_node.text),
        "recomputed": typed(value, unit),
        "limit": typed(limit, limit_node.unit or unit),
        "sense": "at_least" if at_least else "at_most",
        "margin_percent": _margin(value, limit, at_least) if judged else None,
        "flips": _flips(world, cone, value_node.data, limit) if known else [],
        "state": outcome.state,
        "clause": clause(world, requirement.card.pack, requirement.card.clause),
    }


def _flips(world: FactWorld, cone: Cone, figure: Any, limit: Decimal) -> list[Json]:
    """Smallest relative change of each input that meets the limit, in percent."""
    if figure not in world.book.by_id:
        return []
    return [
        {"figure": flip.figure, "change_percent": number(CONTEXT.multiply(flip.change, 100))}
        for flip in flips(world, cone, figure, limit)
    ]


def uncertainties(world: FactWorld) -> list[Json]:
    """Intervals of the total and of every indicator that rests on declared uncertainties."""
    uncertainty = Uncertainty(world)
    if uncertainty.cone is None:
        return []
    nodes = [r.indicator[0] for r in world.book.requirements if r.indicator is not None]
    names = ["emissions.total", *(node.data for node in nodes if node.op == "fact")]
    found = []
    for name in dict.fromkeys(names):
        interval = uncertainty.of(name)
        if interval is not None:
            drawn = simulate(world, uncertainty.cone, name, uncertainty.components)
            found.append(_uncertainty(interval, drawn, world.book_unit(name)))
    return found


def _uncertainty(interval: Interval, drawn: Simulation | None, unit: Unit) -> dict[str, Json]:
    def percent(part: Decimal) -> str:
        return number(CONTEXT.divide(CONTEXT.multiply(part, 100), abs(interval.value)))

    return {
        "figure": interval.figure,
        "value": typed(interval.value, unit),
        "half": typed(interval.half, unit),
        "half_percent": percent(interval.half),
        "covered_percent": number(CONTEXT.multiply(interval.covered, 100)),
        "terms": [{"name": name, "percent": percent(part)} for name, part in interval.terms],
        "simulation": None if drawn is None else _simulation(drawn, unit),
    }


def _simulation(drawn: Simulation, unit: Unit) -> dict[str, Json]:
    """Draws to four digits: more would be an accident of the seed."""

    def shown(value: float) -> str:
        return number(Decimal(f"{float(unit.from_base(Decimal(value))):.4g}"))

    ends = {"mean": shown(drawn.mean), "low": shown(drawn.low), "high": shown(drawn.high)}
    return {"seed": drawn.seed, "draws": drawn.draws, "unit": unit.name, **ends}
