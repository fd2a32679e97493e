"""Cases as a review would see them: missing, misnamed, or never reaching the card."""

from collections.abc import Iterator, Mapping, Sequence

from checker.errors import Arg, PackError, Problem
from checker.packs.book import Requirement, RuleBook
from checker.packs.cards import QuantityCard, RequirementCard
from checker.packs.pack import Pack
from checker.places import Anchor
from checker.requirements.case_files import Case, by_card, read_cases
from checker.requirements.case_shape import check_case
from checker.requirements.cases import lacking_states
from checker.requirements.outcome import FAIL, NEEDS_JUDGEMENT, PASS

_TOUCHED = (PASS, FAIL, NEEDS_JUDGEMENT)


def case_problems(packs: Sequence[Pack], book: RuleBook) -> Iterator[Problem]:
    """Problems of the cases of some packs."""
    cards = {requirement.card.id: requirement for requirement in book.requirements}
    for pack in packs:
        try:
            cases = list(read_cases(pack.head.folder))
        except PackError as error:
            yield from error.problems
            continue
        for case in cases:
            yield from check_case(case, book, cards)
        own = by_card(cases)
        yield from _twice(own)
        for quantity in pack.quantities:
            yield from _figure(quantity, own.get(quantity.id, []))
        for card in pack.requirements:
            yield from _requirement(cards, card, own.get(card.id, []))


def _problem(key: str, anchor: Anchor, card: str, severity: str, **args: Arg) -> Problem:
    return Problem(key, anchor, {"card": card, **args}, severity)


def _twice(grouped: Mapping[str, Sequence[Case]]) -> Iterator[Problem]:
    for card, cases in grouped.items():
        seen: set[str] = set()
        for case in cases:
            if case.name in seen:
                yield _problem("lint.case_twice", case.anchor, card, "minor", name=case.name)
            seen.add(case.name)


def _figure(card: QuantityCard, cases: Sequence[Case]) -> Iterator[Problem]:
    if not cases:
        yield _problem("lint.no_case", card.anchor, card.id, "major")
        return
    given = [case.expect for case in cases]
    if "unknown" not in given or all(one == "unknown" for one in given):
        yield _problem("lint.figure_cases", card.anchor, card.id, "major")


def _requirement(
    cards: Mapping[str, Requirement], card: RequirementCard, cases: Sequence[Case]
) -> Iterator[Problem]:
    if not cases:
        yield _problem("lint.no_case", card.anchor, card.id, "major")
        return
    unreachable = cases[0].notes.unreachable
    found = {case.expect for case in cases}
    lacking = lacking_states(cards[card.id], cases)
    if lacking:
        states = ", ".join(lacking)
        yield _problem("lint.states", card.anchor, card.id, "major", states=states)
    if not found & set(_TOUCHED) and not set(_TOUCHED) & set(unreachable):
        yield _problem("lint.never_touched", card.anchor, card.id, "major")
