"""Runs the cases of packs and lists what came out otherwise than expected."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from checker.errors import PackError, Problem
from checker.lang.values import Reason, Unknown
from checker.packs.book import Requirement, RuleBook
from checker.packs.pack import Pack
from checker.requirements.case_files import Case, read_cases
from checker.requirements.case_shape import check_case
from checker.requirements.cases import dossier_of, figure_of, fits, run_case, state_of
from checker.requirements.outcome import FAIL, NEEDS_JUDGEMENT, NOT_EVALUATED, PASS


@dataclass(frozen=True, eq=False)
class Miss:
    """A case that gave another state or figure, with what was missing and wrong in its data."""

    case: Case
    found: str
    reasons: tuple[Reason, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, eq=False)
class CaseRun:
    """How many cases ran, which missed, which cards have none, and states no case expects."""

    count: int
    misses: tuple[Miss, ...]
    without: tuple[str, ...]
    uncovered: dict[str, tuple[str, ...]]


def run_cases(book: RuleBook, packs: Sequence[Pack]) -> CaseRun:
    """Run all cases of the packs; raises ``PackError`` for cases that name unknown things."""
    cards = {requirement.card.id: requirement for requirement in book.requirements}
    cases = [case for pack in packs for case in read_cases(pack.head.folder)]
    wrong: list[Problem] = []
    for case in cases:
        wrong.extend(check_case(case, book, cards))
    if wrong:
        raise PackError(wrong)
    misses = []
    for case in cases:
        figure = "gives" in case.data
        found, reasons = (_figure if figure else _state)(case, cards, book)
        if found != case.expect:
            problems = [p for p in dossier_of(case).problems if p.key != "column.missing"]
            ordered = tuple(sorted(reasons, key=Reason.sort_key))
            misses.append(Miss(case, found, ordered, tuple(problems)))
    listed = [card.id for pack in packs for card in pack.requirements]
    listed += [card.id for pack in packs for card in pack.quantities]
    without = sorted(set(listed) - {case.card for case in cases})
    uncovered: dict[str, tuple[str, ...]] = {}
    for name in dict.fromkeys(case.card for case in cases if case.card in cards):
        own = [case for case in cases if case.card == name]
        expected = {case.expect for case in own} | set(own[0].notes.unreachable)
        good = NEEDS_JUDGEMENT if cards[name].card.mode == "judged" else PASS
        lacking = [state for state in (good, FAIL, NOT_EVALUATED) if state not in expected]
        if lacking and cards[name].card.assertion is not None:
            uncovered[name] = tuple(lacking)
    return CaseRun(len(cases), tuple(misses), tuple(without), uncovered)


Found: TypeAlias = tuple[str, Iterable[Reason]]


def _state(case: Case, cards: Mapping[str, Requirement], book: RuleBook) -> Found:
    """The state a requirement gave, and why it was not evaluated."""
    outcomes = run_case(case, cards[case.card], book)
    return state_of(outcomes), {reason for outcome in outcomes for reason in outcome.reasons}


def _figure(case: Case, cards: Mapping[str, Requirement], book: RuleBook) -> Found:
    """The figure a quantity gave, written as the case has it when it fits."""
    quantity = book.by_id[case.card]
    value = figure_of(case, quantity, book)
    if fits(case, quantity, value):
        return case.expect, ()
    if type(value) is Unknown:
        return "unknown", value.sorted()
    unit = quantity.card.unit
    return f"{unit.from_base(value):f} {unit.name}", ()
