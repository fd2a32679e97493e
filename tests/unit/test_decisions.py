"""Decision tables: conditions, the one rule that fits, overlaps, gaps, what authors are told."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from checker.errors import ExprError, PackError, Problem
from checker.lang.check import check_expression
from checker.lang.evaluate import compile_node
from checker.lang.source import Source
from checker.lang.values import Unknown
from checker.lang.world import Env
from checker.packs.conditions import Interval, day_of, number_of, read_interval
from checker.packs.decisions import Decision, overlaps, uncovered
from checker.packs.read_decisions import read_decision
from checker.places import Anchor
from checker.requirements.case_files import Case
from checker.requirements.cases import world_of
from checker.yamltext import read_yaml
from tests.conftest import whole_book, whole_scope

HEAD = """\
id: trial_limit
title: {zh: 试验, en: trial}
unit: kgce/t
inputs:
  - {name: level, title: {zh: 等级, en: level}, type: text}
  - {name: size, title: {zh: 容量, en: size}, type: number, unit: t, domain: "> 0"}
  - {name: day, title: {zh: 日, en: day}, type: date, domain: ">= 2026-01-01"}
"""
SOURCE = "source: own, clause: x, confidence: D"


def table(rules: str, head: str = HEAD) -> tuple[Decision | None, list[Problem]]:
    problems: list[Problem] = []
    document = read_yaml(head + rules, "trial/decisions/trial_limit.yaml", pack=True)
    return read_decision(document, "trial", frozenset({"own"}), problems), problems


def good(rules: str, head: str = HEAD) -> Decision:
    found, problems = table(rules, head)
    assert problems == []
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("< 70", ["69.9", "-1"], ["70", "71"]),
        ("<= 70", ["70"], ["70.1"]),
        ("> 70", ["70.1"], ["70"]),
        (">= 70", ["70"], ["69"]),
        ("[30, 70)", ["30", "69.9"], ["70", "29.9"]),
        ("(30, 70]", ["70", "30.1"], ["30", "70.1"]),
        ("(, 70)", ["-5"], ["70"]),
        ("55", ["55"], ["54", "56"]),
    ],
)
def test_an_interval_of_numbers(text: str, inside: list[str], outside: list[str]) -> None:
    found = read_interval(text, number_of)
    assert found is not None
    assert all(found.holds(Decimal(value)) for value in inside)
    assert not any(found.holds(Decimal(value)) for value in outside)


def test_an_interval_of_days_holds_its_first_day_and_not_the_open_end() -> None:
    found = read_interval("[2026-01-01, 2027-01-01)", day_of)
    assert found is not None
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [found.holds(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize("text", ["70 <", "[70, 30]", "(5, 5]", "about 70", "", "1e99", "<"])
def test_what_is_no_interval(text: str) -> None:
    assert read_interval(text, number_of) is None


def test_touching_intervals_meet_only_when_both_hold_the_end() -> None:
    low, high = Interval(Decimal(0), Decimal(10)), Interval(Decimal(10), None)
    assert low.meets(high)
    assert high.meets(low)
    assert not Interval(Decimal(0), Decimal(10), high_in=False).meets(high)


def test_the_rule_that_fits_is_found_in_base_units() -> None:
    found = good(
        f"rules:\n  - {{level: '1', value: 61, {SOURCE}}}\n"
        f"  - {{level: '3', size: '>= 50', value: 72, {SOURCE}}}\n"
        f"  - {{level: '3', size: '(0, 50)', value: unknown, {SOURCE}}}\n"
    )
    day = date(2026, 6, 1)
    size = found.inputs[1].unit
    assert size is not None
    values = [found.find(["3", size.to_base(Decimal(s)), day]) for s in ("50", "49.99")]
    assert [rule.value if rule else None for rule in values] == [Decimal(72), None]
    assert values[1] is not None  # a rule fits, its value is unknown
    assert found.find(["2", size.to_base(Decimal(1)), day]) is None


def test_two_rules_for_one_case_are_an_error_that_names_both_lines() -> None:
    found, problems = table(
        f"rules:\n  - {{level: ['1', '2'], value: 61, {SOURCE}}}\n"
        f"  - {{level: '2', size: '< 5', value: 72, {SOURCE}}}\n"
    )
    assert found is not None
    assert [p.key for p in problems] == ["pack.rules_overlap"]
    assert (problems[0].anchor.line, problems[0].args["first"]) == (10, 9)
    assert len(list(overlaps(found))) == 1


def test_gaps_are_found_between_and_beyond_rules() -> None:
    found = good(
        f"rules:\n  - {{level: '1', size: '[10, 20)', value: 61, {SOURCE}}}\n"
        f"  - {{level: '1', size: '> 20', value: 72, {SOURCE}}}\n"
    )
    cases = uncovered(found)
    assert cases is not None
    assert any("size = 20" in case for case in cases)
    assert any("(0, 10)" in case for case in cases)
    assert not any("size < 0" in case for case in cases)  # outside the domain


def test_a_table_that_covers_its_domain_has_no_gap() -> None:
    assert uncovered(good(f"rules:\n  - {{value: 61, {SOURCE}}}\n")) == []


@pytest.mark.parametrize(
    ("rules", "key"),
    [
        (f"rules:\n  - {{sise: '< 5', value: 1, {SOURCE}}}\n", "pack.unknown_key"),
        (f"rules:\n  - {{size: 'small', value: 1, {SOURCE}}}\n", "pack.condition"),
        (f"rules:\n  - {{day: '< 5', value: 1, {SOURCE}}}\n", "pack.condition"),
        (f"rules:\n  - {{size: [1, 2], value: 1, {SOURCE}}}\n", "pack.condition"),
        (f"rules:\n  - {{value: about, {SOURCE}}}\n", "pack.value"),
        ("rules:\n  - {value: 1, source: other, clause: x, confidence: D}\n", "pack.source"),
        ("rules:\n  - {value: 1, source: own, clause: x}\n", "pack.missing"),
        (f"rules:\n  - {{value: 1, {SOURCE}}}\nrule: []\n", "pack.unknown_key"),
    ],
)
def test_what_an_author_is_told(rules: str, key: str) -> None:
    assert key in [problem.key for problem in table(rules)[1]]


def test_more_rules_than_can_be_compared_are_refused() -> None:
    rules = "".join(f"  - {{size: {n}, value: 1, {SOURCE}}}\n" for n in range(501))
    assert "pack.table_long" in [problem.key for problem in table("rules:\n" + rules)[1]]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('decide("furnace_quotta", "1", 1[t], as_of())', "expr.unknown_decision"),
        ('decide("furnace_quota", "1", 1[t])', "expr.decision_inputs"),
        ('decide("furnace_quota", "1", 1[MWh], as_of())', "expr.type"),
        ('decide("furnace_quota", 1[t], "1", as_of())', "expr.type"),
        ("decide()", "expr.argument_count"),
    ],
)
def test_decide_is_checked_before_anything_is_read(text: str, key: str) -> None:
    with pytest.raises(ExprError) as caught:
        check_expression(Source(text), whole_scope(), literal=True)
    assert caught.value.problems[0].key == key


def decided(text: str, as_of: str) -> Any:
    node = check_expression(Source(text), whole_scope(), literal=True)
    world = world_of(Case("-", "-", "", {"as_of": as_of}, Anchor("case")), whole_book())
    return compile_node(node)(Env(world)), world


def test_decide_gives_the_value_and_remembers_the_rule() -> None:
    value, world = decided('decide("furnace_quota", "3", 49[t], as_of())', "2026-12-01")
    limit, _ = decided("86[kgce/t]", "2026-12-01")
    assert value == limit
    assert [rule.value for rule in world.used_rules.values()] == [Decimal(86)]


def test_decide_without_a_rule_is_unknown_with_the_place_of_the_table() -> None:
    value, world = decided('decide("furnace_quota", "3", 49[t], as_of())', "2026-06-30")
    assert type(value) is Unknown
    (reason,) = value.sorted()
    assert reason.what.startswith("decide furnace_quota/3/")
    assert reason.anchor is not None
    assert reason.anchor.file.endswith("furnace_quota.yaml")
    assert not world.used_rules


def test_a_decision_table_of_two_packs_with_one_id_is_refused() -> None:
    from checker.packs.bind import bind
    from checker.packs.compose import Composition, load_with_parents

    packs = load_with_parents()
    steel = next(pack for pack in packs if pack.head.id == "sector-steel")
    steel.decisions.append(steel.decisions[0])
    with pytest.raises(PackError) as caught:
        bind(Composition(date(2026, 11, 24), packs, []))
    assert "pack.id_twice" in [problem.key for problem in caught.value.problems]
