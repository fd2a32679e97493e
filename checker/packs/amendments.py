"""Amendments: a parameter or card made stricter for a place or an engagement, never looser."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from checker.errors import Arg, Problem
from checker.lang.units import Unit
from checker.nearest import nearest
from checker.packs.book import RuleBook
from checker.packs.cards import BINDING, SEVERITIES, Clause, Parameter, ParameterValue
from checker.packs.strictness import LOWER, stricter_way
from checker.places import Anchor

TAILORED = "tailoring"
"""Owner of what a tailoring file sets: the file itself, with a reason in place of a clause."""


@dataclass(frozen=True, eq=False)
class ParameterChange:
    """A stricter value of a parameter, or the value of one that was unknown."""

    id: str
    value: Decimal
    unit: Unit
    clause: Clause
    anchor: Anchor
    verified_on: date | None = None


@dataclass(frozen=True, eq=False)
class CardChange:
    """A card that weighs more, or is left out; empty texts leave a mark as it is."""

    id: str
    severity: str
    kind: str
    leave_out: str
    reason: str
    anchor: Anchor


@dataclass(frozen=True, eq=False)
class Amendments:
    """What one pack or one tailoring file (``owner``) changes in the packs above it.

    ``unselected`` are cards a selection leaves out, all for one ``reason`` at one ``anchor``.
    """

    owner: str
    parameters: tuple[ParameterChange, ...] = ()
    cards: tuple[CardChange, ...] = ()
    unselected: tuple[str, ...] = ()
    reason: str = ""
    anchor: Anchor | None = None


@dataclass(frozen=True, eq=False)
class Applied:
    """One change as it took effect: what it was and what it became, in words."""

    owner: str
    target: str
    key: str
    before: str
    after: str
    reason: str
    anchor: Anchor


def amend(
    book: RuleBook, listed: Iterable[Amendments], above: Mapping[str, frozenset[str]]
) -> list[Problem]:
    """Apply amendments to a bound book, in order; returns the problems of all of them.

    A parameter may only move to the stricter side of every card that reads it. ``above`` holds
    the packs each pack extends: only those it may amend; an owner that is no pack may amend all.
    """
    problems: list[Problem] = []
    for one in listed:
        outside = _outside(book, one, above)
        problems += outside
        if outside:
            continue
        for change in one.parameters:
            problems.extend(_parameter(book, one.owner, change))
        for card in one.cards:
            problems.extend(_card(book, one.owner, card))
        if one.anchor is not None and one.unselected:
            book.left_out |= dict.fromkeys(one.unselected, one.reason)
            counts = (
                str(len(book.requirements)),
                str(len(book.requirements) - len(one.unselected)),
            )
            book.amended.append(
                Applied(one.owner, "select", "selected", *counts, one.reason, one.anchor)
            )
    return problems


def _outside(book: RuleBook, one: Amendments, above: Mapping[str, frozenset[str]]) -> list[Problem]:
    """Targets in packs that the owner does not extend: they need not be there in every check."""
    if one.owner not in above:
        return []
    packs = {key: parameter.pack for key, parameter in book.parameters.items()}
    packs |= {requirement.card.id: requirement.card.pack for requirement in book.requirements}
    found: list[Problem] = []
    named = [(change.id, change.anchor) for change in one.parameters]
    named += [(card.id, card.anchor) for card in one.cards]
    for name, anchor in named:
        pack = packs.get(name)
        if pack == one.owner:
            found += _problem("pack.amend_own", anchor, name=name)
        elif pack is not None and pack not in above[one.owner]:
            found += _problem("pack.amend_outside", anchor, name=name, pack=pack)
    return found


def _problem(key: str, anchor: Anchor, **args: Arg) -> list[Problem]:
    return [Problem(key, anchor, args, "blocker")]


def _parameter(book: RuleBook, owner: str, change: ParameterChange) -> list[Problem]:
    parameter = book.parameters.get(change.id)
    if parameter is None:
        known = nearest(change.id, book.parameters)
        return _problem("pack.amend_unknown", change.anchor, name=change.id, hint=known)
    if parameter.unit.dimension != change.unit.dimension:
        unit = parameter.unit.name
        return _problem("pack.amend_unit", change.anchor, name=change.id, unit=unit)
    original = book.originals.setdefault(change.id, parameter).at(book.as_of)
    current = parameter.at(book.as_of)
    if original is None or current is None:
        return _problem("pack.amend_not_in_force", change.anchor, name=change.id)
    if original.value is None and change.clause.confidence == "U":
        return _problem("pack.amend_unreliable", change.anchor, name=change.id)
    if original.value is None and owner == TAILORED:
        book.assumed.add(change.id)
    if original.value is not None:
        way = stricter_way(book, change.id, owner)
        if way is None:
            return _problem("pack.amend_direction", change.anchor, name=change.id)
        base, scale = change.unit.to_base(change.value), parameter.unit
        if _looser(way, base, scale.to_base(original.value)):
            shown = f"{change.value} {change.unit.name}"
            now = f"{original.value} {scale.name}"
            return _problem("pack.loosened", change.anchor, name=change.id, value=shown, now=now)
        if current.value is not None and _looser(way, base, scale.to_base(current.value)):
            return []  # another pack is stricter still
    _set_parameter(book, owner, parameter, change, current.value)
    return []


def _looser(way: str, value: Decimal, limit: Decimal) -> bool:
    return value > limit if way == LOWER else value < limit


def _set_parameter(
    book: RuleBook,
    owner: str,
    parameter: Parameter,
    change: ParameterChange,
    before: Decimal | None,
) -> None:
    value = parameter.unit.from_base(change.unit.to_base(change.value))
    note = f"{owner}: {'unknown' if before is None else before} → {value}"
    dated = ParameterValue(date.min, None, value, change.clause, change.verified_on, note)
    amended = replace(parameter, values=(dated,), source_pack=owner)
    book.parameters[parameter.id] = amended
    was = "unknown" if before is None else f"{before} {parameter.unit.name}"
    now = f"{value} {parameter.unit.name}"
    book.amended.append(
        Applied(owner, parameter.id, "value", was, now, change.clause.heading, change.anchor)
    )


def _card(book: RuleBook, owner: str, change: CardChange) -> list[Problem]:
    index = next((i for i, r in enumerate(book.requirements) if r.card.id == change.id), None)
    if index is None:
        near = nearest(change.id, [r.card.id for r in book.requirements])
        return _problem("pack.amend_unknown", change.anchor, name=change.id, hint=near)
    requirement = book.requirements[index]
    card = requirement.card
    if change.leave_out:
        book.left_out[card.id] = change.leave_out
        args = ("in", "out", change.leave_out)
        book.amended.append(Applied(owner, card.id, "left_out", *args, change.anchor))
        return []
    severity, kind = change.severity or card.severity, change.kind or card.kind
    looser = SEVERITIES.index(severity) > SEVERITIES.index(card.severity)
    if looser or _weight(kind) < _weight(card.kind):
        shown = f"{kind} {severity}"
        now = f"{card.kind} {card.severity}"
        return _problem("pack.loosened", change.anchor, name=card.id, value=shown, now=now)
    binds = kind in BINDING and not card.binding
    if binds and severity in ("observation", "info"):
        return _problem("pack.amend_severity", change.anchor, name=card.id)
    amended = replace(card, severity=severity, kind=kind)
    if binds:
        amended = replace(amended, modality="must", finding="nonconformity")
    book.requirements[index] = replace(requirement, card=amended)
    for key, was, now in (("severity", card.severity, severity), ("kind", card.kind, kind)):
        if was != now:
            book.amended.append(
                Applied(owner, card.id, key, was, now, change.reason, change.anchor)
            )
    return []


def _weight(kind: str) -> int:
    """How much a kind weighs: a clause or check, a recommendation, information."""
    return 2 if kind in BINDING else 1 if kind == "recommendation" else 0
