"""Long tables are added in groups: the figures must be those of row by row."""

from typing import Any

import pytest

import checker.facts.quantities
import checker.lang.lists
from checker.lang.check import check_expression
from checker.lang.linear import Degrees, NotLinear
from checker.lang.source import Source
from checker.lang.types import RowOf
from checker.requirements.cases import Case, figure_of, fits, read_cases
from checker.resources import rules_dir
from tests.conftest import shipped_packs, whole_book, whole_scope
from tests.published import figure, fuel, measured

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
