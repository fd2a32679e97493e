"""The working of one figure or requirement as text, from a result."""

from collections.abc import Mapping
from typing import Any

from checker.errors import Problem, UsageError
from checker.nearest import nearest
from checker.places import Anchor
from checker.report.numbers import show_quantity
from checker.report.words import Words


def explain(result: Mapping[str, Any], name: str, lang: str) -> list[str]:
    """Lines that explain a fact or a requirement; raises ``UsageError`` for an unknown id."""
    words = Words(result, lang)
    for fact in result["facts"]:
        if fact["id"] == name:
            return _fact(fact, words)
    for requirement in result["requirements"]:
        if requirement["id"] == name:
            return _requirement(requirement, words)
    known = [entry["id"] for part in ("facts", "requirements") for entry in result[part]]
    args = {"name": name, "hint": nearest(name, known, 0.4)}
    raise UsageError(Problem("usage.unknown_id", Anchor("explain"), args))


def _source(clause: Mapping[str, Any], words: Words) -> str:
    mark = f"{words.label('ui.confidence')} {clause['confidence']}"
    return f"{words.label('ui.clause')}: {words.document(clause)} · {clause['heading']} [{mark}]"


def _steps(working: Mapping[str, Any], words: Words) -> list[str]:
    lines = []
    for step in working["steps"]:
        place = f"   ← {words.place(step['place'])}" if "place" in step else ""
        ref = f"   ← {step['ref']}" if "ref" in step and not place else ""
        indent = "  " * (step["depth"] + 1)
        lines.append(f"{indent}{step['text']} = {words.typed(step['value'])}{place}{ref}")
    if working["omitted"]:
        lines.append("  " + words.label("ui.steps_left_out", count=working["omitted"]))
    return lines


def _fact(fact: Mapping[str, Any], words: Words) -> list[str]:
    value = show_quantity(fact["value"], fact["unit"]) if fact["known"] else None
    lines = [
        f"{words.both(fact['title'])} ({fact['id']}): {value or words.label('ui.unknown')}",
        f"{words.label('ui.formula')}: {fact['formula']}",
        _source(fact["clause"], words),
    ]
    if "note" in fact:
        lines.append(words.both(fact["note"]))
    if "nil" in fact:
        lines.append(f"{words.label('ui.declared_nil')}: {fact['nil']['reason']}")
    for reason in fact.get("reasons", []):
        lines.append(f"  {words.reason(reason)}")
    return [*lines, words.label("ui.working") + ":", *_steps(fact["working"], words)]


def _requirement(requirement: Mapping[str, Any], words: Words) -> list[str]:
    lines = [
        f"{words.both(requirement['title'])} ({requirement['id']}): "
        f"{words.label('state.' + requirement['status'])}",
        f"{words.label('card.' + requirement['kind'])} · {requirement['pack']}",
        _source(requirement["clause"], words),
        f"{words.label('ui.assertion')}: {requirement['assertion'] or '—'}",
    ]
    for outcome in requirement["outcomes"]:
        lines.append(f"- {outcome['subject']} {words.label('state.' + outcome['state'])}")
        lines += [f"    {words.reason(reason)}" for reason in outcome.get("reasons", [])]
        lines += ["  " + line for line in _steps(outcome.get("working", _NONE), words)]
    return lines


_NONE: Mapping[str, Any] = {"steps": [], "omitted": 0}
