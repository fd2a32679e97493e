"""Every card has cases beside it, and every case gives the state it says."""

import pytest

from checker.requirements.case_files import Case, read_cases
from checker.requirements.cases import as_expected, figure_of, fits, run_case
from checker.requirements.outcome import FAIL, NEEDS_JUDGEMENT, NOT_EVALUATED, PASS
from checker.resources import rules_dir
from tests.conftest import shipped_packs, whole_book

CASES = [case for pack in shipped_packs() for case in read_cases(rules_dir() / pack)]
CARDS = {rule.card.id: rule for rule in whole_book().requirements}

STATED = [case for case in CASES if "expect" in case.data]
GIVEN = [case for case in CASES if "gives" in case.data]
FIGURES = whole_book().by_id


@pytest.mark.parametrize("case", STATED, ids=lambda case: f"{case.card}: {case.name}")
def test_state(case: Case) -> None:
    outcomes = run_case(case, CARDS[case.card], whole_book())
    assert as_expected(case, outcomes), [(o.state, o.reasons) for o in outcomes]


@pytest.mark.parametrize("case", GIVEN, ids=lambda case: f"{case.card}: {case.name}")
def test_figure(case: Case) -> None:
    value = figure_of(case, FIGURES[case.card], whole_book())
    assert fits(case, FIGURES[case.card], value), value


@pytest.mark.parametrize("card_id", sorted(CARDS))
def test_every_card_has_passing_failing_and_not_evaluated_cases(card_id: str) -> None:
    card = CARDS[card_id].card
    good = NEEDS_JUDGEMENT if card.mode == "judged" else PASS
    own = [case for case in CASES if case.card == card_id]
    found = {case.expect for case in own}
    assert {good, FAIL, NOT_EVALUATED} - set(own[0].notes.unreachable) <= found


@pytest.mark.parametrize("figure", sorted(FIGURES))
def test_every_figure_has_a_known_and_an_unknown_case(figure: str) -> None:
    found = [case.expect for case in CASES if case.card == figure]
    assert "unknown" in found
    assert any(expected != "unknown" for expected in found)


def test_no_case_without_a_card() -> None:
    assert {case.card for case in CASES} <= {*CARDS, *FIGURES}
