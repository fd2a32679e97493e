"""Reads decision tables from YAML."""

import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from checker.errors import Problem
from checker.packs.cards import CONFIDENCES, Clause
from checker.packs.conditions import (
    Condition,
    Interval,
    day_of,
    number_of,
    read_interval,
    whole_days,
)
from checker.packs.decisions import Decision, DecisionRule, Input, overlaps
from checker.packs.read_cards import read_unit
from checker.packs.read_data import known_source, read_value
from checker.packs.shape import Shape
from checker.yamltext import YamlDocument

MAX_RULES = 500
MAX_INPUTS = 12
MAX_OVERLAPS = 5
KINDS = ("text", "number", "date")
_FIXED = ("value", "source", "clause", "confidence", "note")


def read_decision(
    document: YamlDocument, pack: str, sources: frozenset[str], problems: list[Problem]
) -> Decision | None:
    """The one table of a file under ``decisions/``; two rules for one case are an error."""
    shape, before = Shape(document, (), problems), len(problems)
    table_id = shape.identity("id", r"[a-z][a-z0-9_]*")
    title, unit = shape.both("title"), read_unit(shape)
    inputs = tuple(filter(None, (_input(inner) for inner in shape.each("inputs"))))
    names = [given.name for given in inputs]
    if len(set(names)) < len(names) or len(names) > MAX_INPUTS:
        shape.report("pack.inputs", shape.at("inputs"), limit=MAX_INPUTS)
    gaps = shape.maybe_both("gaps")
    listed = shape.each("rules")
    if len(listed) > MAX_RULES:
        shape.report("pack.table_long", shape.at("rules"), limit=MAX_RULES)
        listed = []
    rules = tuple(_rule(inner, inputs, sources) for inner in listed)
    shape.close()
    anchor = document.anchor(("id",), table_id)
    table = Decision(table_id, pack, title, unit, inputs, rules, anchor, gaps)
    if len(problems) > before:  # a condition that was not read would fit everything
        return table if table_id else None
    for one, other in itertools.islice(overlaps(table), MAX_OVERLAPS):
        problems.append(
            Problem("pack.rules_overlap", other.anchor, {"first": one.anchor.line}, "blocker")
        )
    return table if table_id else None


def _input(shape: Shape) -> Input | None:
    name = shape.identity("name", r"[a-z][a-z0-9_]*")
    if name in _FIXED:
        shape.report("pack.id_form", shape.at("name"), id=name)
    title = shape.both("title")
    kind = shape.choice("type", KINDS)
    unit = read_unit(shape) if kind == "number" else None
    written = shape.text("domain", required=False)
    domain = _interval(shape, "domain", written, kind) if written else Interval()
    shape.close()
    return Input(name, title, kind, unit, domain or Interval()) if name else None


def _interval(shape: Shape, name: str, text: str, kind: str) -> Interval | None:
    if kind == "text":
        shape.report("pack.condition", shape.at(name), value=text, wanted="text")
        return None
    read: Callable[[str], Any] = day_of if kind == "date" else number_of
    found = read_interval(text, read)
    if found is not None and kind == "date":
        found = whole_days(found)
    if found is None:
        wanted = "[2025-01-01, 2027-01-01)" if kind == "date" else "< 70, >= 70, [30, 70)"
        shape.report("pack.condition", shape.at(name), value=text, wanted=wanted)
    return found


def _rule(shape: Shape, inputs: tuple[Input, ...], sources: frozenset[str]) -> DecisionRule:
    conditions = tuple(_condition(shape, given) for given in inputs)
    value = read_value(shape)
    source = known_source(shape, sources)
    clause = Clause(source, shape.text("clause"), shape.choice("confidence", CONFIDENCES))
    shape.text("note", required=False)
    shape.close()
    return DecisionRule(conditions, value, clause, shape.document.anchor(shape.path))


def _condition(shape: Shape, given: Input) -> Condition:
    """What a rule asks of an input; a key that is left out accepts everything."""
    written = shape.take(given.name, False, str, int, Decimal, list)
    if written is None:
        return None
    if given.kind == "text":
        listed = written if isinstance(written, list) else [written]
        if not all(isinstance(item, str) for item in listed):
            shape.report("pack.condition", shape.at(given.name), value=str(written), wanted="text")
        return frozenset(str(item) for item in listed)
    if isinstance(written, list):
        shape.report("pack.condition", shape.at(given.name), value=str(written), wanted="[a, b)")
        return None
    text = written if isinstance(written, str) else format(Decimal(written), "f")
    return _interval(shape, given.name, text, given.kind)
