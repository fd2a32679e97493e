"""Runs the cases of packs and lists what came out otherwise than expected."""

from collections.abc import Sequence
from dataclasses import dataclass

from checker.errors import PackError, Problem
from checker.lang.values import Reason
from checker.packs.book import RuleBook
from checker.packs.pack import Pack
from checker.requirements.case_shape import check_case
from checker.requirements.cases import Case, dossier_of, read_cases, run_case, state_of
from checker.requirements.outcome import FAIL, NEEDS_JUDGEMENT, NOT_EVALUATED, PASS


@dataclass(frozen=True, eq=False)
class Miss:
    """A case that gave another state, with what was missing and what was wrong with its data."""

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
        outcomes = run_case(case, cards[case.requirement], book)
        found = state_of(outcomes)
        if found != case.expect:
            reasons = {r for outcome in outcomes for r in outcome.reasons}
            problems = [p for p in dossier_of(case).problems if p.key != "column.missing"]
            ordered = tuple(sorted(reasons, key=Reason.sort_key))
            misses.append(Miss(case, found, ordered, tuple(problems)))
    own = [card.id for pack in packs for card in pack.requirements]
    without = sorted(set(own) - {case.requirement for case in cases})
    uncovered: dict[str, tuple[str, ...]] = {}
    for name in dict.fromkeys(case.requirement for case in cases):
        expected = {case.expect for case in cases if case.requirement == name}
        good = NEEDS_JUDGEMENT if cards[name].card.mode == "judged" else PASS
        lacking = [state for state in (good, FAIL, NOT_EVALUATED) if state not in expected]
        if lacking and cards[name].card.assertion is not None:
            uncovered[name] = tuple(lacking)
    return CaseRun(len(cases), tuple(misses), tuple(without), uncovered)
