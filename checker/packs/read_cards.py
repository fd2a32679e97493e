"""Reads cards from YAML: quantities and requirements."""

import re
from decimal import Decimal
from typing import Any

from checker.dossier.schema import table_specs
from checker.errors import Problem
from checker.lang.source import Source
from checker.lang.units import Unit, find_unit, unit_names
from checker.nearest import nearest
from checker.packs.cards import (
    BINDING,
    CARD_KINDS,
    CONFIDENCES,
    EFFORTS,
    FINDING_KINDS,
    GATES,
    MODALITIES,
    MODES,
    SEVERITIES,
    Clause,
    Indicator,
    QuantityCard,
    RequirementCard,
)
from checker.packs.shape import Shape
from checker.yamltext import YamlDocument

_FINDING_OF_KIND = {
    "guideline": "nonconformity",
    "list": "nonconformity",
    "local": "nonconformity",
    "integrity": "misstatement",
    "recommendation": "improvement",
    "information": "improvement",
}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_SEVERITY_OF_KIND = {"recommendation": "observation", "information": "info"}


def read_unit(shape: Shape, name: str = "unit") -> Unit:
    """A unit by name; unknown ones are reported with a suggestion."""
    written = shape.text(name)
    unit = find_unit(written)
    if unit is None:
        known = ", ".join(unit_names())
        if written:
            hint = nearest(written, unit_names(), 0.4)
            shape.report("pack.unit", shape.at(name), unit=written, known=known, hint=hint)
        return Unit("1", (), Decimal(1))
    return unit


def read_clause(shape: Shape, sources: frozenset[str]) -> Clause:
    """``clause: {source, heading, confidence}``; the source must be listed in ``pack.yaml``."""
    if shape.take("clause", True, dict) is None:
        return Clause("", "", "U")
    inner = shape.inner("clause")
    source = inner.text("source")
    if source and source not in sources:
        inner.report(
            "pack.source", inner.at("source"), name=source, known=", ".join(sorted(sources))
        )
    clause = Clause(source, inner.text("heading"), inner.choice("confidence", CONFIDENCES))
    inner.close()
    return clause


def read_quantities(
    document: YamlDocument, pack: str, sources: frozenset[str], problems: list[Problem]
) -> list[QuantityCard]:
    """All cards of one file under ``quantities/``."""
    shape = Shape(document, (), problems)
    cards = [_quantity(inner, pack, sources) for inner in shape.each("quantities")]
    shape.close()
    return [card for card in cards if card is not None]


def _quantity(shape: Shape, pack: str, sources: frozenset[str]) -> QuantityCard | None:
    card_id = shape.identity("id", r"(?!dossier\.|param\.)[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
    title, unit = shape.both("title"), read_unit(shape)
    clause = read_clause(shape, sources)
    formula, rows = shape.source("formula"), shape.source("for", required=False)
    process = shape.text("process", required=False)
    variable = shape.text("as", required=rows is not None)
    nil = shape.text("nil", required=False)
    by = shape.source("by", required=False)
    note, adds_to = shape.maybe_both("note"), shape.text("adds_to", required=False)
    empty = shape.choice("empty", ("unknown", "zero"), "zero" if process else "unknown") == "zero"
    where = tuple(_sources(shape, "where").items())
    if process:
        if not adds_to:
            shape.report("pack.no_total", shape.at("process"), name=process)
        if not re.fullmatch(r"[a-z][a-z0-9_]*", process):
            shape.report("pack.process_form", shape.at("process"), id=process)
        if rows is not None:
            shape.report("pack.exclusive", shape.at("for"), names="for / process")
        rows = shape.located(process_rows(process), shape.at("process"))
        variable, nil = variable or "p", nil or "process_emissions"
        by = by or shape.located(f"{variable}.month", shape.at("process"))
    shape.close()
    if not card_id or formula is None:
        return None
    anchor = shape.document.anchor(shape.path, card_id)
    fields = (formula, rows, variable, nil, by, note, process, adds_to, empty, where)
    return QuantityCard(card_id, pack, title, unit, clause, anchor, *fields)


def process_rows(process: str) -> str:
    """The rows of table T14 that list a process, as an expression."""
    return f"T14.filter(p, has(p.process) && p.process == '{process}')"


def _statement(shape: Shape, topic: str) -> tuple[Source, Source]:
    """A card that asks for a statement: what exempts from it, what holds; both need evidence."""
    row = f"T26.only(s, s.topic == '{topic}')"
    path = shape.at("statement")
    exempt = shape.located(f"{row}.answer == 'not_applicable' && evidence({row}.evidence_id)", path)
    holds = shape.located(f"{row}.answer == 'yes' && evidence({row}.evidence_id)", path)
    return exempt, holds


def _indicator(shape: Shape) -> tuple[Indicator, Source] | None:
    inner = shape.optional("indicator")
    if inner is None:
        return None
    value, limit = inner.source("value"), inner.source("limit")
    at_least = inner.choice("sense", ("at_least", "at_most")) == "at_least"
    inner.close()
    if value is None or limit is None:
        return None
    sign = ">=" if at_least else "<="
    text = f"{value.text} {sign} {limit.text}"
    return Indicator(value, limit, at_least), shape.located(text, shape.at("indicator"))


def read_requirement(
    document: YamlDocument, pack: str, sources: frozenset[str], problems: list[Problem]
) -> RequirementCard | None:
    """The one card of a file under ``requirements/``."""
    shape = Shape(document, (), problems)
    card_id, title = shape.text("id"), shape.both("title")
    clause = read_clause(shape, sources)
    fields = {**_marks(shape), **_tests(shape), **_words(shape)}
    shape.close()
    if fields["assertion"] is None and fields["mode"] != "judged":
        shape.report("pack.no_assertion", shape.path, name=card_id)
    if fields["mode"] == "judged" and fields["question"] is None:
        shape.report("pack.no_question", shape.path, name=card_id)
    _exclusive(shape, fields)
    if not card_id:
        return None
    anchor = document.anchor(("id",), card_id)
    return RequirementCard(
        id=card_id, pack=pack, title=title, clause=clause, anchor=anchor, **fields
    )


def _exclusive(shape: Shape, fields: dict[str, Any]) -> None:
    """Keys that would be passed over, or contradict each other."""
    ways = [name for name in ("assert", "indicator", "statement") if name in shape.data]
    if len(ways) > 1:
        shape.report("pack.exclusive", shape.at(ways[1]), names=" / ".join(ways))
    if fields["question"] is not None and fields["mode"] != "judged":
        shape.report("pack.judgement_unused", shape.at("judgement"))
    if fields["rows"] is not None and ways and ways[0] != "assert":
        shape.report("pack.exclusive", shape.at("for"), names=f"for / {ways[0]}")
    if fields["rows"] is None and "as" in shape.data:
        shape.report("pack.as_without_for", shape.at("as"))
    if fields["kind"] in BINDING and fields["severity"] in ("observation", "info"):
        shape.report("pack.severity", shape.at("severity"), kind=fields["kind"])
    if fields["statement"]:
        shape.one_of("statement", fields["statement"], _topics())
    shown = set(fields["show"])
    for name in ("message", "remedy"):
        text = fields[name]
        for language in (text.zh, text.en) if text else ():
            for word in sorted(set(_PLACEHOLDER.findall(language)) - shown):
                shape.report("pack.placeholder", shape.at(name), name=word)
            if set("{}｛｝") & set(_PLACEHOLDER.sub("", language)):
                shape.report("pack.braces", shape.at(name))
        named = [set(_PLACEHOLDER.findall(one)) for one in (text.zh, text.en)] if text else []
        if named and named[0] != named[1]:
            differing = ", ".join(sorted(named[0] ^ named[1]))
            shape.report("pack.one_language", shape.at(name), names=differing)


def _topics() -> tuple[str, ...]:
    return tuple(option.code for option in table_specs()["T26"].columns["topic"].options)


def _marks(shape: Shape) -> dict[str, Any]:
    """What a failure of the card means, and where it counts."""
    kind = shape.choice("kind", CARD_KINDS)
    return {
        "kind": kind,
        "modality": shape.choice("modality", MODALITIES, "none"),
        "mode": shape.choice("how", MODES, "executable"),
        "gate": shape.choice("gate", GATES),
        "severity": shape.choice("severity", SEVERITIES, _SEVERITY_OF_KIND.get(kind, "major")),
        "finding": shape.choice("finding", FINDING_KINDS, _FINDING_OF_KIND[kind]),
        "effort": shape.choice("effort", EFFORTS, "document"),
        "waivable": shape.flag("waivable", True),
    }


def _tests(shape: Shape) -> dict[str, Any]:
    """When the card applies, on what, and what must hold."""
    applies = shape.source("applies_when", required=False)
    rows = shape.source("for", required=False)
    variable = shape.text("as", required=rows is not None)
    statement = shape.text("statement", required=False)
    indicator = _indicator(shape)
    assertion = shape.source("assert", required=False)
    exempt = None
    if statement:
        exempt, assertion = _statement(shape, statement)
    elif indicator is not None:
        assertion = indicator[1]
    return {
        "applies_when": applies,
        "rows": rows,
        "variable": variable,
        "needs": tuple(
            shape.located(text, (*shape.at("needs"), index))
            for index, text in enumerate(shape.texts("needs"))
        ),
        "statement": statement,
        "where": tuple(_sources(shape, "where").items()),
        "indicator": indicator[0] if indicator else None,
        "assertion": assertion,
        "exempt": exempt,
    }


def _words(shape: Shape) -> dict[str, Any]:
    """What is said when the card fails, and what a person is asked."""
    found: dict[str, Any] = {
        "show": _sources(shape, "show"),
        "message": shape.maybe_both("message"),
        "remedy": shape.maybe_both("remedy"),
        "question": None,
        "guidance": None,
    }
    judgement = shape.optional("judgement")
    if judgement is not None:
        found["question"], found["guidance"] = (
            judgement.both("question"),
            judgement.both("guidance"),
        )
        judgement.close()
    return found


def _sources(shape: Shape, name: str) -> dict[str, Source]:
    """Named expressions under a key."""
    inner = shape.optional(name)
    if inner is None:
        return {}
    found = {key: inner.source(key) for key in inner.data}
    return {key: source for key, source in found.items() if source is not None}
