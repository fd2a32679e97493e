"""Facts, factors, parameters, indicators and declared figures in the result."""

from collections.abc import Mapping
from datetime import date

from checker.facts.quantities import rows_of
from checker.facts.world import Fact, FactWorld
from checker.lang.nodes import Node
from checker.lang.trace import Step, Trace, trace, trace_sum
from checker.lang.values import Unknown
from checker.lang.world import Env
from checker.packs.book import Quantity as QuantityRule
from checker.packs.cards import Clause
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
    fact = world.facts[quantity.card.id]
    if fact.sample:
        return _trace_many(quantity, fact, world)
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


def _trace_many(quantity: QuantityRule, fact: Fact, world: FactWorld) -> Trace:
    """Working of a sum over very many rows: the first of them, and one in full."""
    unit, variable = quantity.card.unit, quantity.card.variable
    whole = Step(0, f"Σ {quantity.formula.text}", fact.value, unit, "list")
    listed = trace_sum(quantity.formula, variable, fact.sample, fact.count, whole, Env(world))
    one = trace(quantity.formula, Env(world, {variable: fact.sample[0]}))
    return Trace((*listed.steps, *one.steps), listed.omitted + one.omitted)


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
        if card.where:
            entry["where"] = [{"name": name, "formula": text.text} for name, text in card.where]
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
    for (family, keys, year), row in sorted(world.used_factors.items()):
        owner = world.book.families[family]
        reference = world.book.reference(owner.pack, row.source)
        found.append(
            {
                "id": "/".join(filter(None, [family, *keys, year])),
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
                "from": "" if value.start == date.min else value.start.isoformat(),
                "until": value.until.isoformat() if value.until else "",
                "clause": clause(world, parameter.documents, value.clause),
                "verified_on": value.verified_on.isoformat() if value.verified_on else "",
                "note": value.note,
            }
        )
    return found


def decisions(world: FactWorld) -> list[Json]:
    """Rules of decision tables that were taken, with what they were asked."""
    found = []
    for (name, values), rule in sorted(world.used_rules.items(), key=lambda item: str(item[0])):
        table = world.book.decisions[name]
        assert rule.value is not None
        found.append(
            {
                "id": name,
                "title": table.title.to_json(),
                "inputs": {
                    given.name: typed(value, given.unit)
                    for given, value in zip(table.inputs, values, strict=True)
                },
                "value": format(rule.value, "f"),
                "unit": table.unit.name,
                "clause": clause(world, table.pack, rule.clause),
                "place": rule.anchor.to_json(),
            }
        )
    return found
