"""Two editions of one document: which of them judges a dossier, and why."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from checker.nearest import nearest
from checker.packs.shape import Shape

RULED = ("pack.edition_chosen", "pack.edition_before", "pack.edition_replaced")
"""Reasons by which transition rules choose a pack or leave one out."""


@dataclass(frozen=True)
class Transition:
    """How a pack takes over from the edition before it.

    Reporting periods that start on or after ``periods_from`` are judged by the new edition;
    until ``choice_until`` (the last day) a dossier may still ask for the old one.
    """

    replaces: str
    periods_from: date
    choice_until: date | None


@dataclass(frozen=True)
class Ruling:
    """The edition that is left out, the message key that says why, and the other edition."""

    left: str
    reason: str
    other: str


def read_transition(shape: Shape, extends: tuple[str, ...]) -> Transition | None:
    """``transition: {replaces, periods_from, choice_until}`` of ``pack.yaml``."""
    inner = shape.optional("transition")
    if inner is None:
        return None
    replaces = inner.text("replaces")
    starts = inner.day("periods_from", required=True)
    until = inner.day("choice_until")
    inner.close()
    if replaces in extends:
        inner.report("pack.edition_extends", inner.at("replaces"), name=replaces)
    return Transition(replaces, starts, until) if starts is not None else None


def wrong(
    transitions: Mapping[str, Transition], kinds: Mapping[str, str], known: Iterable[str]
) -> list[tuple[str, str]]:
    """Packs whose transition names no other pack of their kind, or that replace each other."""
    found = []
    for new, rule in transitions.items():
        old = rule.replaces
        back = transitions.get(old)
        circle = back is not None and back.replaces == new
        if old == new or circle or kinds.get(old) != kinds[new]:
            found.append((new, nearest(old, (name for name in known if name != new))))
    return found


def rulings(
    transitions: Mapping[str, Transition],
    taken: Collection[str],
    asked: Collection[str],
    period_start: date | None,
    as_of: date,
) -> list[Ruling]:
    """For every pair of editions that both apply, the one that does not judge.

    ``taken`` apply to the dossier on the day, ``asked`` are named by it or by the caller.
    """
    found = []
    for new, rule in transitions.items():
        old = rule.replaces
        if new not in taken or old not in taken:
            continue
        may_choose = rule.choice_until is not None and as_of <= rule.choice_until
        if old in asked and new not in asked and may_choose:
            found.append(Ruling(new, "pack.edition_chosen", old))
        elif period_start is not None and period_start < rule.periods_from:
            found.append(Ruling(new, "pack.edition_before", old))
        else:
            found.append(Ruling(old, "pack.edition_replaced", new))
    return found
