"""Facts, factors, parameters, indicators and declared figures in the result."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from checker.facts.quantities import rows_of
from checker.facts.world import FactWorld
from checker.lang.evaluate import compile_node
from checker.lang.nodes import Node
from checker.lang.trace import Trace, trace
from checker.lang.units import CONTEXT, Quantity
from checker.lang.values import Unknown
from checker.lang.world import Env
from checker.packs.book import Quantity as QuantityRule
from checker.packs.book import Requirement
from checker.packs.cards import Clause
from checker.requirements.outcome import FAIL, PASS, Outcome
from checker.result.encode import Json, number, places, typed, working


def clause(world: FactWorld, pack: str, item: Clause) -> dict[str, Json]:
    """A clause with the document it stands in."""
    reference = world.book.reference(pack, item.source)
    return {
        "source": item.source,
        "document": reference.document if reference else "",
        "number": reference.number if reference else "",
        "heading": item.heading,
        "confidence": item.confidence,
    }


def _trace(quantity: QuantityRule, world: FactWorld) -> Trace:
    """Working of a figure; of a row-wise card the rows with their values."""
    if quantity.rows is None:
        return trace(quantity.formula, Env(world))
    listing = Node(
        "list",
        quantity.formula.type,
        f"Σ {quantity.formula.text}",
        (quantity.rows, quantity.formula),
        ("sum", quantity.card.variable),
        quantity.card.unit,
    )
    whole = trace(listing, Env(world))
    rows = rows_of(quantity, world)
    if type(rows) is Unknown or not rows or quantity.formula.op == "field":
        return whole
    sample = trace(quantity.formula, Env(world, {quantity.card.variable: rows[0]}))
    return Trace((*whole.steps, *sample.steps), whole.omitted + sample.omitted)


def traces(world: FactWorld) -> dict[str, Trace]:
    """Workings of all facts, by id."""
    return {
        quantity.card.id: _trace(quantity, world)
        for quantity in world.book.quantities
        if not world.facts[quantity.card.id].idle
    }


def facts(world: FactWorld, workings: Mapping[str, Trace]) -> list[Json]:
    """All facts with value, formula, working and places."""
    found = []
    for quantity in world.book.quantities:
        card, fact = quantity.card, world.facts[quantity.card.id]
        if fact.idle:
            continue
        known = type(fact.value) is not Unknown
        nil = world.source.nil.get(card.nil) if card.nil else None
        steps = workings[card.id]
        entry: dict[str, Json] = {
            "id": card.id,
            "title": card.title.to_json(),
            "unit": card.unit.name,
            "known": known,
            "value": number(fact.value, card.unit) if known else None,
            "formula": card.formula.text,
            "clause": clause(world, card.pack, card.clause),
            "parts": {key: number(value, card.unit) for key, value in fact.parts.items()},
            "working": working(steps),
            "places": places(steps.anchors()),
        }
        if card.rows is not None:
            entry["rows"] = card.rows.text
        if card.note is not None:
            entry["note"] = card.note.to_json()
        if not known:
            entry["reasons"] = typed(fact.value)["reasons"]
        if nil is not None and known and not fact.parts:
            entry["nil"] = {"topic": nil.topic, "reason": nil.reason, "place": nil.anchor.to_json()}
        found.append(entry)
    return found


def factors(world: FactWorld) -> list[Json]:
    """Factors that were used, with their full key and source."""
    found = []
    for (family, keys), row in sorted(world.used_factors.items()):
        owner = world.book.families[family]
        reference = world.book.reference(owner.pack, row.source)
        found.append(
            {
                "id": "/".join([family, *keys]),
                "title": owner.title.to_json(),
                "keys": dict(zip(owner.keys, keys, strict=True)),
                "vintage": row.vintage,
                "value": format(row.value, "f"),
                "unit": owner.unit.name,
                "document": reference.document if reference else "",
                "number": reference.number if reference else "",
                "published": reference.date if reference else "",
                "confidence": row.confidence,
                "note": row.note,
                "place": row.anchor.to_json(),
            }
        )
    return found


def parameters(world: FactWorld) -> list[Json]:
    """Thresholds and constants that were asked for; an unknown one stands as unknown."""
    found = []
    for name, parameter in sorted(world.book.parameters.items()):
        value = parameter.at(world.as_of)
        unknown = value is not None and value.value is None
        if name not in world.used_parameters and not unknown:
            continue
        assert value is not None
        found.append(
            {
                "id": name,
                "title": parameter.title.to_json(),
                "value": None if value.value is None else format(value.value, "f"),
                "unit": parameter.unit.name,
                "from": value.start.isoformat(),
                "until": value.until.isoformat() if value.until else "",
                "clause": clause(world, parameter.pack, value.clause),
                "verified_on": value.verified_on.isoformat() if value.verified_on else "",
                "note": value.note,
            }
        )
    return found


def _margin(value: Any, limit: Any, at_least: bool) -> str | None:
    """Distance to the limit as a share of the limit; positive is the good side."""
    if type(value) is Unknown or type(limit) is Unknown or limit == 0:
        return None
    gap = CONTEXT.subtract(value, limit) if at_least else CONTEXT.subtract(limit, value)
    return number(CONTEXT.divide(CONTEXT.multiply(gap, Decimal(100)), limit))


def _reported(world: FactWorld, fact: str) -> dict[str, Json] | None:
    rows = world.table("T22")
    for row in rows if type(rows) is not Unknown else []:
        if row.read("indicator") == fact and isinstance(row.read("value"), Quantity):
            return {**typed(row.read("value")), "place": row.anchor("value").to_json()}
    return None


def indicators(world: FactWorld, outcomes: list[Outcome]) -> list[Json]:
    """Indicators: reported, recomputed, requirement, margin and state."""
    states = {outcome.requirement.card.id: outcome for outcome in outcomes}
    found = []
    for requirement in world.book.requirements:
        if requirement.indicator is not None and requirement.card.indicator is not None:
            found.append(_indicator(requirement, states[requirement.card.id], world))
    return found


def _indicator(requirement: Requirement, outcome: Outcome, world: FactWorld) -> dict[str, Json]:
    assert requirement.indicator is not None
    assert requirement.card.indicator is not None
    value_node, limit_node = requirement.indicator
    at_least = requirement.card.indicator.at_least
    value = compile_node(value_node)(Env(world))
    limit = compile_node(limit_node)(Env(world))
    unit = value_node.unit
    judged = outcome.state in (PASS, FAIL)
    return {
        "requirement": requirement.card.id,
        "title": requirement.card.title.to_json(),
        "fact": value_node.text,
        "reported": _reported(world, value_node.text),
        "recomputed": typed(value, unit),
        "limit": typed(limit, limit_node.unit or unit),
        "sense": "at_least" if at_least else "at_most",
        "margin_percent": _margin(value, limit, at_least) if judged else None,
        "state": outcome.state,
        "clause": clause(world, requirement.card.pack, requirement.card.clause),
    }
