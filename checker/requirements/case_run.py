"""Runs the cases of packs and lists what came out otherwise than expected."""

from collections.abc import Sequence
from dataclasses import dataclass

from checker.errors import PackError, Problem
from checker.packs.book import RuleBook
from checker.packs.pack import Pack
from checker.requirements.case_shape import check_case
from checker.requirements.cases import Case, dossier_of, read_cases, run_case, state_of


@dataclass(frozen=True, eq=False)
class Miss:
    """A case that gave another state; ``reasons`` say what was missing or unreadable."""

    case: Case
    found: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class CaseRun:
    """How many cases ran, which missed, and which cards have none."""

    count: int
    misses: tuple[Miss, ...]
    without: tuple[str, ...]


def run_cases(book: RuleBook, packs: Sequence[Pack]) -> CaseRun:
    """Run all cases of the packs; raises ``PackError`` for cases that name unknown things."""
    cards = {requirement.card.id: requirement for requirement in book.requirements}
    cases = [case for pack in packs for case in read_cases(pack.head.folder)]
    problems: list[Problem] = []
    for case in cases:
        problems.extend(check_case(case, book, cards))
    if problems:
        raise PackError(problems)
    misses = []
    for case in cases:
        outcomes = run_case(case, cards[case.requirement], book)
        found = state_of(outcomes)
        if found != case.expect:
            reasons = {f"{r.kind}: {r.what}" for outcome in outcomes for r in outcome.reasons}
            reasons |= {str(problem) for problem in dossier_of(case).problems}
            misses.append(Miss(case, found, tuple(sorted(reasons))))
    own = [card.id for pack in packs for card in pack.requirements]
    without = sorted(set(own) - {case.requirement for case in cases})
    return CaseRun(len(cases), tuple(misses), tuple(without))
