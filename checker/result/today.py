"""What would differ if the same dossier were judged today: an older ``--as-of`` compared."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from checker.facts.quantities import Facts
from checker.facts.world import FactWorld
from checker.packs.book import Requirement
from checker.packs.cards import Parameter
from checker.packs.compose import Choice
from checker.requirements.evaluate import evaluate
from checker.requirements.outcome import STATES, Outcome
from checker.result.encode import Json


def today(
    world: FactWorld,
    choices: Sequence[Choice],
    now: Sequence[Choice],
    outcomes: Sequence[Outcome],
    day: date,
) -> dict[str, Json]:
    """Packs, parameters, factors and requirements that come out otherwise on ``day``.

    ``now`` are the packs chosen on that day. Cards are the ones loaded for the check; a pack that
    joins or leaves is named, its cards are not evaluated.
    """
    later = replace(
        world,
        book=replace(world.book, as_of=day),
        used_factors={},
        used_parameters={},
        used_rules={},
    )
    later.facts = Facts(later)
    found = [*_packs(choices, now), *_parameters(world, day), *_factors(world, later)]
    found += _requirements(later, outcomes)
    return {"day": day.isoformat(), "differences": found}


def _difference(kind: str, name: str, then: str, now: str) -> Json:
    return {"kind": kind, "id": name, "then": then, "now": now}


def _packs(then: Sequence[Choice], now: Sequence[Choice]) -> Iterator[Json]:
    chosen = {choice.pack: choice for choice in now}
    for choice in then:
        other = chosen.get(choice.pack)
        if other is not None and other.taken != choice.taken:
            words = ("taken", "not taken") if choice.taken else ("not taken", "taken")
            yield _difference("pack", choice.pack, *words)


def _parameters(world: FactWorld, day: date) -> Iterator[Json]:
    for name, parameter in sorted(world.book.parameters.items()):
        then, now = (_shown(parameter, one) for one in (world.as_of, day))
        if then != now:
            yield _difference("parameter", name, then, now)


def _shown(parameter: Parameter, day: date) -> str:
    """The value on a day, unknown, or none in force."""
    value = parameter.at(day)
    if value is None:
        return "—"
    return "unknown" if value.value is None else f"{value.value:f} {parameter.unit.name}"


def _factors(world: FactWorld, later: FactWorld) -> Iterator[Json]:
    for (family, keys, year), row in sorted(world.used_factors.items()):
        later.factor(family, keys, year)
        other = later.used_factors.get((family, keys, year))
        if other is None or other.value != row.value:
            now = "—" if other is None else f"{other.value:f} ({other.vintage})"
            name = "/".join(filter(None, [family, *keys, year]))
            yield _difference("factor", name, f"{row.value:f} ({row.vintage})", now)


def _requirements(later: FactWorld, outcomes: Sequence[Outcome]) -> Iterator[Json]:
    """Cards whose state changes."""
    states: dict[str, list[str]] = {}
    cards: dict[str, Requirement] = {}
    for outcome in outcomes:
        states.setdefault(outcome.requirement.card.id, []).append(outcome.state)
        cards[outcome.requirement.card.id] = outcome.requirement
    for name, requirement in cards.items():
        then = min(states[name], key=STATES.index)
        now = min((o.state for o in evaluate(requirement, later)), key=STATES.index)
        if now != then:
            yield _difference("requirement", name, then, now)
