"""Long tables are added in groups: the figures must be those of row by row."""

from typing import Any

import pytest

import checker.facts.quantities
import checker.lang.lists
from checker.lang.check import check_expression
from checker.lang.linear import Degrees, NotLinear
from checker.lang.source import Source
from checker.lang.types import RowOf
from checker.lang.values import Unknown
from checker.requirements.case_files import Case, read_cases
from checker.requirements.cases import figure_of, fits, world_of
from checker.resources import rules_dir
from tests.conftest import shipped_packs, whole_book, whole_scope
from tests.published import case, figure, fuel, measured, process

CASES = [case for pack in shipped_packs() for case in read_cases(rules_dir() / pack)]
GIVEN = [case for case in CASES if "gives" in case.data]


@pytest.fixture
def grouped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker.facts.quantities, "MANY", 1)
    monkeypatch.setattr(checker.lang.lists, "MANY", 1)


@pytest.mark.usefixtures("grouped")
@pytest.mark.parametrize("case", GIVEN, ids=lambda case: f"{case.card}: {case.name}")
def test_every_case_of_a_figure_holds_in_groups(case: Case) -> None:
    quantity = whole_book().by_id[case.card]
    assert fits(case, quantity, figure_of(case, quantity, whole_book()))


def ledger() -> dict[str, list[dict[str, Any]]]:
    fuels = (("natural_gas", "Nm3"), ("natural_gas", "万Nm3"), ("diesel", "L"), ("bituminous", "t"))
    rows = []
    for number in range(3000):
        code, unit = fuels[number % 4]
        month = f"2025-{number // 4 % 12 + 1:02d}"
        row = fuel(code, f"{number * 37 % 991}.{number % 10}", unit, month=month)
        rows.append({**row, "facility_id": f"F{number // 48}"})
    return {"T04": rows}


HEADER = {"accounting.fuel_table": "ndrc-2013-2015"}


@pytest.mark.parametrize("card", ["fuel.combustion", "fuel.heat", "fuel.tce"])
def test_long_ledger_equals_row_by_row(card: str, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = whole_book().by_id[card].card.unit.name
    long = figure(card, unit, tables=ledger(), header=HEADER)
    monkeypatch.setattr(checker.facts.quantities, "MANY", 10**9)
    monkeypatch.setattr(checker.lang.lists, "MANY", 10**9)
    assert abs(long - figure(card, unit, tables=ledger(), header=HEADER)) <= 1e-18 * float(long)


def test_one_measured_value_reaches_only_its_rows() -> None:
    plain = figure("fuel.heat", "GJ", tables=ledger(), header=HEADER)
    one = measured("ncv_gas", 400, "GJ/万Nm3", "natural_gas", "F7")
    tables = {**ledger(), "T30": [one]}
    assert figure("fuel.heat", "GJ", tables=tables, header=HEADER) > plain


@pytest.mark.parametrize(
    ("text", "linear"),
    [
        ('to(p.amount, "t") - first(to(p.recovered, "t"), 0[t])', True),
        ('to(p.amount, "t") * factor("carbonate_ef", "ipcc-2006", p.material)', True),
        ('p.material == "x" ? to(p.amount, "t") : 0[t]', True),
        ('least(to(p.amount, "t"), 5[t])', False),
        ('to(p.amount, "t") + 1[t]', False),
        ('to(p.amount, "t") * to(p.amount, "t")', False),
        ('to(p.amount, "t") > 5[t] ? to(p.amount, "t") : 0[t]', False),
    ],
)
def test_only_linear_formulas_are_grouped(text: str, linear: bool) -> None:
    scope = whole_scope().bind("p", RowOf("T14"))
    node = check_expression(Source(text), scope)
    try:
        found = Degrees("p", lambda name: True).of(node) == 1
    except NotLinear:
        found = False
    assert found is linear


def test_an_unreadable_key_is_not_lost_in_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """No measured value is there to find, but a facility that cannot be read stays unknown."""
    rows = [fuel("bituminous", 10, "t", facility_id=f) for f in ("F1", "F2", "F\x01")]
    for many in (1, 10**9):
        monkeypatch.setattr(checker.facts.quantities, "MANY", many)
        world = world_of(case(tables={"T04": rows}, header=HEADER), whole_book())
        assert type(world.fact("fuel.combustion")) is Unknown


def test_a_process_that_cannot_be_read_may_be_any() -> None:
    rows = [process(code, "石灰石", 10) for code in ("carbonate", "carb\x01onate", "carbonate")]
    world = world_of(case(tables={"T14": rows}), whole_book())
    assert type(world.fact("process.carbonate")) is Unknown
    assert type(world.fact("process.lime")) is Unknown


def test_a_group_that_is_unknown_names_the_places_of_its_rows() -> None:
    rows = [fuel("lignite", 10, "t", facility_id=f"F{n}") for n in range(400)]
    header = {"accounting.fuel_table": "gbt32151-22-2024"}
    value = world_of(case(tables={"T04": rows}, header=header), whole_book()).fact("fuel.heat")
    assert type(value) is Unknown


def test_two_measured_values_for_one_thing_are_ambiguous() -> None:
    twice = [measured("oxidation", v, "%", "bituminous") for v in (90, 95)]
    tables = {"T04": [fuel("bituminous", 10, "t")], "T30": twice}
    world = world_of(case(tables=tables, header=HEADER), whole_book())
    value = world.fact("fuel.combustion")
    assert type(value) is Unknown
    assert {reason.kind for reason in value.sorted()} == {"ambiguous"}
