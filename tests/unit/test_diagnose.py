"""Declared figures that differ: the rounding or the mistake that explains them."""

from decimal import Decimal
from typing import Any

import pytest

from checker.diagnose.cone import Cone
from checker.diagnose.declared import declared_figures
from checker.diagnose.factors import declared_factors
from checker.diagnose.margins import flips
from checker.diagnose.simulate import simulate
from checker.diagnose.uncertainty import Uncertainty
from checker.facts.printed import (
    rounded_by_part,
    rounding_of,
    significant,
    sum_interval,
    transposed,
    within_print,
)
from checker.facts.world import FactWorld
from checker.lang.values import Unknown
from checker.requirements.cases import run_case, state_of, world_of
from tests.conftest import whole_book
from tests.published import case, fuel, measured, process, state

HEADER = {
    "province": "江苏",
    "accounting.fuel_table": "ndrc-2013-2015",
    "accounting.grid_factor_area": "province",
    "accounting.electricity_basis": "market",
    "accounting.tce_convention": "equal_value",
    "accounting.electricity_equal_value": "0.2856 kgce/kWh",
    "accounting.exported_energy": "shown_apart",
    "accounting.gwp_edition": "AR5",
}
MONTHS = [f"2025-{number:02d}" for number in range(1, 13)]
NIL = ["own_generation", "purchased_heat", "exported_electricity", "certificates"]


def tables(**more: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """A plant with power, gas, green power and a carbonate; amounts differ by month."""
    bills = []
    ledger, green = [], []
    for number, month in enumerate(MONTHS, start=1):
        day = {"account": "1", "start": f"{month}-01", "end": f"{month}-28", "amount": 1}
        bills.append({**day, "total": 900_000 + 1_237 * number})
        used = fuel("natural_gas", 31_000 + 97 * number, "Nm3", month=month)
        ledger.append(used)
        contract = {"contract_no": "G", "kind": "bilateral", "month": month}
        green.append({**contract, "settled": 250_000})
    stone = [process("carbonate", "石灰石", 811)]
    return {"T05": bills, "T04": ledger, "T10": green, "T14": stone, **more}


def plant(**more: list[dict[str, Any]]) -> FactWorld:
    return world_of(case(tables=tables(**more), header=HEADER, nil=NIL), whole_book())


def exact(name: str, unit: str = "") -> Decimal:
    world = plant()
    value: Decimal = world.book_unit(name).from_base(world.fact(name))
    return value


def declare(figure: str, value: Any, unit: str = "tCO2", period: str = "2025") -> Any:
    row = {"figure": figure, "period": period, "value": f"{value:.2f}", "unit": unit}
    return declared_figures(plant(T24=[row]))[0]


POWER = "electricity.location_based"


@pytest.mark.parametrize(
    ("figure", "wrong", "key"),
    [
        (POWER, lambda: exact(POWER) / Decimal("0.5827") * Decimal("0.5978"), "other_year"),
        (POWER, lambda: exact(POWER) / Decimal("0.5827") * Decimal("0.5306"), "other_key"),
        (POWER, lambda: exact(POWER) / Decimal("0.5827") * Decimal("0.6205"), "other_family"),
        (POWER, lambda: exact("electricity.market_based"), "other_figure"),
        (POWER, lambda: exact("electricity.location_less_green"), "other_figure"),
        (POWER, lambda: exact(POWER) / 10, "power_of_ten"),
        (POWER, lambda: exact(POWER) * 1000, "power_of_ten"),
        ("fuel.combustion", lambda: exact("fuel.combustion") * 12 / 44, "carbon_lost"),
        ("fuel.combustion", lambda: exact("fuel.combustion") * 44 / 12, "carbon_doubled"),
        ("fuel.combustion", lambda: exact("fuel.combustion") * Decimal("1.11"), "gross_heat"),
        (
            "fuel.combustion",
            lambda: exact("fuel.combustion") * Decimal("293.15") / Decimal("273.15"),
            "gas_state",
        ),
        (
            "fuel.combustion",
            lambda: exact("fuel.combustion") / Decimal("0.99"),
            "oxidation_left_out",
        ),
        ("emissions.total_market", lambda: exact("emissions.total_location"), "other_figure"),
        (
            "emissions.total_market",
            lambda: exact("emissions.total_market") + exact("fuel.combustion"),
            "counted_twice",
        ),
    ],
)
def test_known_mistakes_are_named(figure: str, wrong: Any, key: str) -> None:
    found = declare(figure, wrong())
    assert found.agrees is False
    assert found.cause is not None
    assert found.cause.key == f"likely.{key}"


def test_a_month_left_out_or_counted_twice_is_named() -> None:
    part = plant().facts["fuel.combustion"].parts["2025-07"]
    for value, key in ((-part, "month_left_out"), (part, "month_twice")):
        found = declare("fuel.combustion", exact("fuel.combustion") + value)
        assert found.cause.key == f"likely.{key}"
        assert dict(found.cause.args)["month"] == "2025-07"


COAL = [fuel("bituminous", 410 + 13 * number, "t", month=m) for number, m in enumerate(MONTHS)]
COKE = [fuel("coke", 90 + 7 * number, "t", month=m) for number, m in enumerate(MONTHS)]
NCV = measured("ncv", "22.35", "GJ/t", "bituminous")


def fuels(**more: list[dict[str, Any]]) -> FactWorld:
    """A plant that burns two solid fuels, one with a measured heating value."""
    return plant(**{"T04": [*COAL, *COKE], "T30": [NCV], **more})


def tonnes(world: FactWorld, figure: str = "fuel.combustion") -> Decimal:
    value: Decimal = world.book_unit(figure).from_base(world.fact(figure))
    return value


@pytest.mark.parametrize("figure", ["fuel.combustion", "emissions.total_location"])
@pytest.mark.parametrize(
    ("wrong", "key", "said"),
    [
        (lambda: fuels(T04=COAL), "rows_left_out", "coke"),
        (lambda: fuels(T04=[*COAL, *COKE, *COKE]), "rows_twice", "coke"),
        (lambda: fuels(T04=[*COAL, *COKE[1:]]), "rows_left_out", "coke 2025-01"),
        (
            lambda: fuels(T04=[*COAL, *COKE[1:], {**COKE[0], "consumption": 900}]),
            "rows_power",
            "coke 2025-01",
        ),
        (lambda: plant(T04=[*COAL, *COKE]), "default_taken", "bituminous"),
    ],
)
def test_mistakes_in_the_rows_are_named(figure: str, wrong: Any, key: str, said: str) -> None:
    """Declared as one would with a fuel or month missing, twice, in another unit, or unmeasured."""
    row = {"figure": figure, "period": "2025", "value": f"{tonnes(wrong(), figure):.2f}"}
    found = declared_figures(fuels(T24=[{**row, "unit": "tCO2"}]))[0]
    assert found.cause is not None
    assert found.cause.key == f"likely.{key}"
    assert said in dict(found.cause.args).values()


def test_another_document_throughout_is_named() -> None:
    other = {**HEADER, "accounting.fuel_table": "gbt32151-22-2024"}
    ledger = {"T04": [*COAL, *COKE]}
    wrong = world_of(case(tables=tables(**ledger), header=other, nil=NIL), whole_book())
    row = {"figure": "fuel.combustion", "period": "2025", "unit": "tCO2"}
    row["value"] = f"{tonnes(wrong):.2f}"
    found = declared_figures(plant(T24=[row], **ledger))[0]
    assert found.cause is not None
    assert found.cause.key == "likely.other_document"


def test_transposed_digits_are_named() -> None:
    text = f"{exact('emissions.total_location'):.2f}"
    wrong = Decimal(text[0] + text[2] + text[1] + text[3:])
    assert declare("emissions.total_location", wrong).cause.key == "likely.transposed"


def test_an_unexplained_difference_has_no_cause() -> None:
    found = declare(POWER, exact(POWER) * Decimal("1.0347"))
    assert (found.agrees, found.cause) == (False, None)


def test_few_digits_prove_nothing() -> None:
    row = {"figure": POWER, "period": "2025", "value": "70", "unit": "tCO2"}
    assert declared_figures(plant(T24=[row]))[0].cause is None


def test_a_month_is_compared_with_that_month() -> None:
    part = plant().facts["fuel.combustion"].parts["2025-03"]
    assert declare("fuel.combustion", part, period="2025-03").agrees is True
    assert declare("fuel.combustion", part, period="2025-04").agrees is False
    assert declare("emissions.scope1", part, period="2025-05").agrees is False


def test_months_rounded_before_adding_are_told() -> None:
    """67.46 t a month: 12 times 67 is 804, where the year gives 809.5."""
    even = [fuel("natural_gas", 31_200, "Nm3", month=month) for month in MONTHS]
    row = {"figure": "fuel.combustion", "period": "2025", "value": "804", "unit": "tCO2"}
    found = declared_figures(plant(T04=even, T24=[row]))[0]
    assert (found.agrees, found.rounding) == (False, "by_part_half_up")


def test_a_sum_of_printed_terms_is_told() -> None:
    names = ("fuel.combustion", "process.co2")
    rows = [
        {"figure": name, "period": "2025", "value": f"{exact(name):.1f}", "unit": "tCO2"}
        for name in names
    ]
    total = sum(Decimal(row["value"]) for row in rows)
    scope = {"figure": "emissions.scope1", "period": "2025", "value": str(total), "unit": "tCO2"}
    found = declared_figures(plant(T24=[*rows, scope]))[2]
    assert found.agrees or found.rounding == "sum_of_printed"


def test_a_figure_of_another_year_is_not_compared() -> None:
    found = declare("fuel.combustion", exact("fuel.combustion"), period="2019")
    assert found.agrees is None
    row = {"figure": "fuel.combustion", "period": "2019", "value": "820.69", "unit": "tCO2"}
    assert state("G13-B13-REPRODUCIBLE", tables=tables(T24=[row]), header=HEADER, nil=NIL) == (
        "NOT_EVALUATED"
    )


def test_a_row_without_a_month_leaves_the_months_open() -> None:
    """The total holds it, no month does: a month must not come out too small and pass."""
    ledger = [fuel("natural_gas", 31_000, "Nm3", month=m) for m in ("2025-03", None)]
    world = plant(T04=ledger)
    assert type(world.facts.of_month("fuel.combustion", "2025-03")) is Unknown
    assert type(world.fact("fuel.combustion")) is not Unknown


def test_accidental_fits_are_not_called_causes() -> None:
    """Four digits and a hundred candidates: something always fits."""
    fuels = ["coke", "bituminous", "anthracite", "lignite", "diesel", "gasoline"]
    ledger = [fuel(code, 100 + number, "t") for number, code in enumerate(fuels)]
    base = world_of(case(tables={"T04": ledger}, header=HEADER, nil=NIL), whole_book())
    right = base.fact("fuel.combustion")
    for step in range(1, 30):
        wrong = round(right * (1 + Decimal(step * 17) / 1000), 0)
        row = {"figure": "fuel.combustion", "period": "2025", "value": str(wrong), "unit": "tCO2"}
        data = case(tables={"T04": ledger, "T24": [row]}, header=HEADER, nil=NIL)
        assert declared_figures(world_of(data, whole_book()))[0].cause is None


# --- printed precision -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("declared", "value", "mode"),
    [
        ("2.5", "2.5", "exact"),
        ("2.5", "2.45", "half_up"),
        ("2.4", "2.45", "half_even"),
        ("2.4", "2.49", "truncated"),
        ("2.5", "2.41", "rounded_up"),
        ("2.7", "2.41", ""),
        ("-0.5", "-0.45", "half_up"),
    ],
)
def test_rounding_is_named(declared: str, value: str, mode: str) -> None:
    assert rounding_of(Decimal(declared), Decimal(value)) == mode


def test_real_report_with_rounded_parts() -> None:
    """Hubei steel works 2023: 782.61 printed, 782.62 from the printed parts (± 0.02)."""
    terms = [(1, Decimal("710.77")), (1, Decimal("72.12")), (-1, Decimal("0.28"))]
    low, high = sum_interval(terms)
    assert low <= Decimal("782.61") <= high
    assert not low <= Decimal("782.64") <= high


def test_printed_helpers() -> None:
    assert rounded_by_part(Decimal("1.0"), [Decimal("0.449"), Decimal("0.449")]) == ""
    assert (
        rounded_by_part(Decimal("0.8"), [Decimal("0.449"), Decimal("0.449")]) == "by_part_half_up"
    )
    assert transposed(Decimal("0.5633"), Decimal("0.5363"))
    assert not transposed(Decimal("0.5366"), Decimal("0.5366"))
    assert significant(Decimal("0.0300")) == 1
    assert within_print(Decimal("0"), Decimal("0.4")) is False
    assert rounding_of(Decimal("0"), Decimal("0.4")) == ""
    assert not transposed(Decimal("132"), Decimal("-123"))
    assert [significant(Decimal(text)) for text in ("1e5", "1E-7", "1500")] == [1, 1, 2]
    assert rounding_of(Decimal("1e15"), Decimal("1000000000000000.00000000000000000001")) != "exact"


# --- declared factors --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("item", "value", "unit", "cause"),
    [
        ("grid_electricity", "0.5827", "kgCO2/kWh", None),
        ("grid_electricity", "0.5872", "kgCO2/kWh", "transposed"),
        ("grid_electricity", "0.5978", "kgCO2/kWh", "other_year"),
        ("grid_electricity", "0.5306", "kgCO2/kWh", "other_key"),
        ("grid_electricity", "5.827", "kgCO2/kWh", "power_of_ten"),
        ("carbon_content", "56.1", "tC/TJ", "carbon_doubled"),
        ("ncv", "389.31", "GJ/万Nm3", None),
        ("ncv", "37.69", "GJ/万Nm3", "other_key"),
    ],
)
def test_declared_factors_are_compared(item: str, value: str, unit: str, cause: str | None) -> None:
    row = {"factor_id": "F", "item": item, "subject": "天然气", "value": value, "unit": unit}
    row |= {"year": "2023", "area": "江苏", "document": "x", "measured": "no"}
    found = declared_factors(plant(T13=[row]))[0]
    assert found.agrees is (cause is None)
    assert (found.cause.key if found.cause else None) == (f"likely.{cause}" if cause else None)


# --- margins and uncertainty -------------------------------------------------------------------
def test_flips_meet_the_limit_exactly() -> None:
    world = plant()
    cone, name = Cone(world.book), "emissions.total_market"
    limit = world.fact(name) * Decimal("0.9")
    found = flips(world, cone, name, limit)
    assert found
    assert [abs(flip.change) for flip in found] == sorted(abs(flip.change) for flip in found)
    gas = next(flip for flip in found if flip.figure == "fuel.combustion")
    expected = -Decimal("0.1") * world.fact(name) / world.fact("fuel.combustion")
    assert abs(gas.change - expected) < Decimal("1e-9")


def widths(*rows: tuple[str, str, Any, str]) -> list[dict[str, Any]]:
    return [
        {"subject": s, "component": c, "uncertainty": u, "shared": g, "basis": "x"}
        for s, c, u, g in rows
    ]


def test_shared_factor_adds_linearly() -> None:
    """Two meters, one grid factor: 5 % on both is 5 % of the sum, not 3.5 %."""
    alone = widths(("fuel.combustion", "emission_factor", 5, ""), ("process.co2", "other", 5, ""))
    shared = widths(
        ("fuel.combustion", "emission_factor", 5, "g"), ("process.co2", "other", 5, "g")
    )
    one = Uncertainty(plant(T34=alone)).of("emissions.scope1")
    other = Uncertainty(plant(T34=shared)).of("emissions.scope1")
    assert one is not None
    assert other is not None
    assert abs(other.relative - Decimal("0.05")) < Decimal("1e-9")
    assert one.relative < other.relative


def test_coverage_counts_the_inputs_under_declared_figures() -> None:
    rows = widths(("emissions.total", "other", 5, ""), ("energy.total", "other", 5, ""))
    facts = {"emissions.total": "1700 tCO2", "energy.total": "1000 tce"}
    world = world_of(case(tables={"T34": rows}, facts=facts), whole_book())
    found = Uncertainty(world).of("intensity.unit_energy")
    assert found is not None
    assert found.covered == 1


def test_an_absurd_width_does_not_soften_a_failure() -> None:
    rows = widths(("share.non_fossil", "other", 5000, ""))
    data: dict[str, Any] = {"tables": {"T34": rows}, "facts": {"share.non_fossil": "1 %"}}
    assert state("NL7-J02-NON-FOSSIL", **data) == "FAIL"
    assert state("CORE-U02-UNCERTAINTY-WIDTH", **data) == "FAIL"


def test_simulation_is_seeded_and_near_the_first_order() -> None:
    rows = widths(("fuel.combustion", "activity_data", 10, ""))
    world = plant(T34=rows)
    uncertainty = Uncertainty(world)
    assert uncertainty.cone is not None
    runs = [
        simulate(world, uncertainty.cone, "emissions.scope1", uncertainty.components)
        for _ in range(2)
    ]
    assert runs[0] == runs[1]
    first = uncertainty.of("emissions.scope1")
    assert runs[0] is not None
    assert first is not None
    width = (runs[0].high - runs[0].low) / 2
    assert abs(width / float(first.half) - 1) < 0.05


@pytest.mark.parametrize(("width", "state"), [(None, "PASS"), (1, "PASS"), (20, "NEEDS_JUDGEMENT")])
def test_an_indicator_within_its_uncertainty_is_for_a_person(width: Any, state: str) -> None:
    """1.7 tCO2/tce under a limit of 1.8: 1 % leaves it below, 20 % reaches across."""
    rows = widths(("emissions.total", "other", width, "")) if width else []
    facts = {"emissions.total": "1700 tCO2", "energy.total": "1000 tce"}
    data = case(tables={"T34": rows} if rows else {}, facts=facts)
    requirement = next(r for r in whole_book().requirements if r.card.id == "NL7-J01-UNIT-ENERGY")
    assert state_of(run_case(data, requirement, whole_book())) == state


def test_a_negative_declared_figure_is_compared() -> None:
    """Carbon in products can exceed what processes emit; no cell of T24 is refused for its sign."""
    assert declare("process.co2", Decimal("-35.17")).agrees is False


@pytest.mark.parametrize(
    ("figure", "wrong", "key"),
    [
        (POWER, lambda part: part / Decimal("0.5827") * Decimal("0.5978"), "other_year"),
        (POWER, lambda part: part * 1000, "power_of_ten"),
        ("fuel.combustion", lambda part: part * Decimal("1.11"), "gross_heat"),
        ("emissions.total_location", lambda part: part * 12 / 44, "carbon_lost"),
    ],
)
def test_mistakes_in_one_month_are_named(figure: str, wrong: Any, key: str) -> None:
    world = plant()
    part = world.book_unit(figure).from_base(world.facts.of_month(figure, "2025-05"))
    found = declare(figure, wrong(part), period="2025-05")
    assert found.agrees is False
    assert found.cause is not None
    assert found.cause.key == f"likely.{key}"


def test_a_fuel_left_out_of_one_month_is_named() -> None:
    world = fuels(T04=COAL)
    part = world.book_unit("fuel.combustion").from_base(
        world.facts.of_month("fuel.combustion", "2025-05")
    )
    row = {"figure": "fuel.combustion", "period": "2025-05", "value": f"{part:.2f}"}
    found = declared_figures(fuels(T24=[{**row, "unit": "tCO2"}]))[0]
    assert found.cause is not None
    assert (found.cause.key, dict(found.cause.args)["rows"]) == ("likely.rows_left_out", "coke")


def test_an_unexplained_month_of_bills_has_no_cause() -> None:
    """Bills have days, not months: the search must not look for a column that is not there."""
    found = declare(POWER, Decimal("541.27"), period="2025-05")
    assert (found.agrees, found.cause) == (False, None)
