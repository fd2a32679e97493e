"""Runs the cases of packs and lists what came out otherwise than expected."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from checker.errors import PackError, Problem
from checker.lang.trace import Step, trace
from checker.lang.values import Reason, Unknown
from checker.lang.world import Env
from checker.packs.book import Requirement, RuleBook
from checker.packs.pack import Pack
from checker.requirements.case_files import Case, by_card, read_cases
from checker.requirements.case_shape import check_case
from checker.requirements.cases import (
    as_expected,
    dossier_of,
    fits,
    lacking_states,
    run_case,
    state_of,
    world_of,
)


@dataclass(frozen=True, eq=False)
class Miss:
    """A case that gave another state or figure: what was missing and wrong, and the working."""

    case: Case
    found: str
    reasons: tuple[Reason, ...]
    problems: tuple[Problem, ...]
    working: tuple[Step, ...] = ()


@dataclass(frozen=True, eq=False)
class CaseRun:
    """How many cases ran, which missed, which cards have none, and states no case expects."""

    count: int
    misses: tuple[Miss, ...]
    without: tuple[str, ...]
    uncovered: dict[str, tuple[str, ...]]


def run_cases(book: RuleBook, packs: Sequence[Pack], only: Sequence[str] = ()) -> CaseRun:
    """Run the cases of the packs, or of the cards named; raises ``PackError`` for cases that name
    unknown things.
    """
    cards = {requirement.card.id: requirement for requirement in book.requirements}
    cases = [case for pack in packs for case in read_cases(pack.head.folder)]
    if only:
        cases = [case for case in cases if case.card in only]
    wrong: list[Problem] = []
    for case in cases:
        wrong.extend(check_case(case, book, cards))
    if wrong:
        raise PackError(wrong)
    misses = [miss for case in cases if (miss := _miss(case, cards, book)) is not None]
    listed = [card.id for pack in packs for card in pack.requirements]
    listed += [card.id for pack in packs for card in pack.quantities]
    if only:
        listed = [name for name in listed if name in only]
    without = sorted(set(listed) - {case.card for case in cases})
    uncovered = {
        name: lacking
        for name, own in by_card(cases).items()
        if name in cards and (lacking := lacking_states(cards[name], own))
    }
    return CaseRun(len(cases), tuple(misses), tuple(without), uncovered)


Found: TypeAlias = tuple[str, Iterable[Reason], tuple[Step, ...]]


def _miss(case: Case, cards: Mapping[str, Requirement], book: RuleBook) -> Miss | None:
    """What a case gave when it is not what it expects."""
    figure = "gives" in case.data
    found, reasons, working = (_figure if figure else _state)(case, cards, book)
    if found == case.expect:
        return None
    problems = [p for p in dossier_of(case).problems if p.key != "column.missing"]
    ordered = tuple(sorted(reasons, key=Reason.sort_key))
    return Miss(case, found, ordered, tuple(problems), working)


def _state(case: Case, cards: Mapping[str, Requirement], book: RuleBook) -> Found:
    """The state a requirement gave, why it was not evaluated, and the working that decided."""
    outcomes = run_case(case, cards[case.card], book)
    if as_expected(case, outcomes):
        return case.expect, (), ()
    state = state_of(outcomes)
    deciding = next(outcome for outcome in outcomes if outcome.state == state)
    steps = deciding.trace.steps if deciding.trace else ()
    counts = Counter(outcome.state for outcome in outcomes)
    found = state if state != case.expect else ", ".join(f"{k} {n}" for k, n in counts.items())
    return found, {reason for outcome in outcomes for reason in outcome.reasons}, steps


def _figure(case: Case, cards: Mapping[str, Requirement], book: RuleBook) -> Found:
    """The figure a quantity gave, written as the case has it when it fits."""
    quantity = book.by_id[case.card]
    world = world_of(case, book)
    value = world.fact(case.card)
    if fits(case, quantity, value):
        return case.expect, (), ()
    steps = trace(quantity.formula, Env(world)).steps if quantity.rows is None else ()
    if type(value) is Unknown:
        return "unknown", value.sorted(), steps
    unit = quantity.card.unit
    return f"{unit.from_base(value):f} {unit.name}", (), steps
