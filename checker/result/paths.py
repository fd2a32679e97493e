"""Counterfactual paths: for each failed threshold, what each lever would have to do."""

from checker.diagnose.cone import Cone
from checker.facts.world import FactWorld
from checker.lang.units import Unit
from checker.requirements.outcome import FAIL, Outcome
from checker.result.encode import Json, typed
from checker.result.path_search import Path, paths


def counterfactuals(world: FactWorld, outcomes: list[Outcome]) -> list[Json]:
    """One entry for every indicator that fails."""
    cone = Cone(world.book)
    found = []
    for outcome in outcomes:
        indicator = outcome.requirement.indicator
        if outcome.state != FAIL or indicator is None:
            continue
        card = outcome.requirement.card
        levers = paths(world, cone, outcome.requirement)
        if levers:
            found.append(
                {
                    "requirement": card.id,
                    "title": card.title.to_json(),
                    "figure": indicator[0].text,
                    "levers": [_lever(path, indicator[0].unit) for path in levers],
                }
            )
    return found


def _lever(path: Path, unit: Unit | None) -> dict[str, Json]:
    written = path.lever.unit
    change = None if path.change is None else typed(written.to_base(path.change), written)
    return {
        "lever": path.lever.id,
        "title": path.lever.title.to_json(),
        "state": path.state,
        "change": change,
        "reaches": None if path.reaches is None else typed(path.reaches, unit),
    }
