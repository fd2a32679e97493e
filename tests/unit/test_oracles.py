"""Formulas against worked examples; each names where its expected value comes from."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from checker.facts.quantities import Facts, compute_facts
from checker.facts.world import Fact, FactStore, FactWorld
from checker.lang.units import Quantity, find_unit
from checker.lang.values import Unknown
from checker.places import Anchor
from checker.requirements.case_files import Case
from checker.requirements.cases import dossier_of
from tests.conftest import whole_book


def facts_from(
    tables: dict[str, list[dict[str, Any]]],
    header: dict[str, Any] | None = None,
    nil: tuple[str, ...] = (),
    as_of: str = "2026-11-24",
) -> FactStore:
    data = {"tables": tables, "header": header or {}, "nil": list(nil)}
    book = replace(whole_book(), as_of=date.fromisoformat(as_of))
    world = FactWorld(dossier_of(Case("-", "-", "PASS", data, Anchor("case"))), book)
    compute_facts(world)
    return world.facts


def shown(facts: FactStore, name: str) -> Decimal:
    unit = next(q.card.unit for q in whole_book().quantities if q.card.id == name)
    value = facts[name].value
    assert type(value) is not Unknown, value
    return round(unit.from_base(value), 20)  # derived units have no exact factor


NIL = ("process_emissions", "purchased_heat", "offsets", "removals", "storage", "certificates")
BILL = {"account": "1", "start": "2025-01-01", "end": "2025-12-31", "amount": 1}


def bills(mwh: str) -> list[dict[str, Any]]:
    return [{**BILL, "total": Decimal(mwh) * 1000}]


# --- grid factors: the ministry's own checksum ---------------------------------------------------
FAMILY = whole_book().families["grid_electricity"]
REGIONS = ("华北", "东北", "华东", "华中", "西北", "南方", "西南")


def grid(area: str, year: str, variant: str = "average") -> Decimal:
    return next(row.value for row in FAMILY.rows[(area, variant)] if row.vintage == year)


@pytest.mark.parametrize(
    ("area", "variant", "percent", "tolerance"),
    [
        ("全国", "average", "-1.1", "0.06"),
        ("全国", "residual", "4.1", "0.06"),
        ("华北", "average", "-6.1", "0.06"),
        ("东北", "average", "-8.0", "0.1"),
        ("华东", "average", "-2.1", "0.06"),
        ("华中", "average", "-2.3", "0.06"),
        ("西北", "average", "-5.4", "0.06"),
        ("南方", "average", "4.5", "0.06"),
        ("西南", "average", "9.0", "0.06"),
    ],
)
def test_published_changes_2022_to_2023(
    area: str, variant: str, percent: str, tolerance: str
) -> None:
    """MEE and NBS printed these changes with the 2023 factors (31 Dec 2025)."""
    change = (grid(area, "2023", variant) / grid(area, "2022", variant) - 1) * 100
    assert abs(change - Decimal(percent)) <= Decimal(tolerance)


def test_twenty_provinces_fell_and_ten_rose() -> None:
    areas = [key[0] for key in FAMILY.rows if key[1] == "average"]
    provinces = [area for area in areas if area not in (*REGIONS, "全国")]
    changes = [grid(area, "2023") - grid(area, "2022") for area in provinces]
    assert len(provinces) == 30
    assert sum(change < 0 for change in changes) == 20
    assert sum(change > 0 for change in changes) == 10


@pytest.mark.parametrize("year", ["2021", "2022", "2023"])
def test_forty_values_a_year(year: str) -> None:
    found = [row for rows in FAMILY.rows.values() for row in rows if row.vintage == year]
    assert len(found) == 40


def test_no_factor_for_tibet_is_no_default() -> None:
    facts = facts_from(
        {"T05": bills("1")}, {"province": "西藏", "accounting.grid_factor_area": "province"}
    )
    assert type(facts["electricity.location_based"].value) is Unknown


@pytest.mark.parametrize(("as_of", "expected"), [("2025-12-30", "409.2"), ("2025-12-31", "421.1")])
def test_a_factor_counts_from_the_day_it_was_published(as_of: str, expected: str) -> None:
    header = {"accounting.grid_factor_area": "province"}
    facts = facts_from({"T05": bills("1000")}, header, as_of=as_of)
    assert shown(facts, "electricity.location_based") == Decimal(expected)


# --- electricity ---------------------------------------------------------------------------------
def test_location_and_market_based() -> None:
    """Constructed: 10,000 MWh bought, 3,000 direct, 1,000 certificates, 800 MWh own PV."""
    facts = facts_from(
        {
            "T05": bills("10000"),
            "T10": [{"contract_no": "C", "kind": "direct", "month": "2025-01", "settled": 3_000_000}],
            "T11": [
                {
                    "first": "1", "last": "1000", "quantity": 1000, "produced": "2025-01",
                    "kind": "separate", "holder": "示例工厂", "status": "cancelled", "use_year": "2025",
                    "cancelled_on": "2026-02-10",
                }
            ],
            "T08": [
                {
                    "array_id": "P", "capacity": 1, "ownership": "own", "month": "2025-01",
                    "generation": 800_000, "self_use": 800_000, "exported": 0,
                }
            ],
        },
        {"accounting.grid_factor_area": "national"},
    )  # fmt: skip
    assert shown(facts, "electricity.location_based") == 5306
    assert shown(facts, "electricity.market_based") == Decimal("3657.6")
    covered = shown(facts, "electricity.covered") + shown(facts, "generation.self_used")
    assert round(covered / shown(facts, "electricity.consumed"), 6) == Decimal("0.444444")


def test_held_or_foreign_year_certificates_do_not_count() -> None:
    row = {
        "first": "1",
        "last": "10",
        "quantity": 10,
        "produced": "2025-01",
        "kind": "separate",
        "holder": "x",
    }
    rows = [
        {**row, "status": "held", "use_year": "2025"},
        {**row, "status": "cancelled", "use_year": "2024", "cancelled_on": "2026-02-10"},
    ]
    assert shown(facts_from({"T11": rows}), "certificates.counted") == 0


def test_exports_are_deducted_or_shown_apart_as_declared() -> None:
    """Constructed: (5,000 - 1,200) MWh × 0.5306 = 2,016.28 t when deducted."""
    for rule, expected in (("deducted", "2016.28"), ("shown_apart", "2653")):
        header = {"accounting.grid_factor_area": "national", "accounting.exported_energy": rule}
        bill = [{**bills("5000")[0], "exported": 1_200_000}]
        own = {"month": "2025-01", "facility_id": "F", "energy": "electricity", "unit": "MWh"}
        ledger = [{**own, "source": "ledger", "consumption": 5000}]
        facts = facts_from({"T05": bill, "T04": ledger}, header, NIL)
        assert shown(facts, "emissions.scope2_location") == Decimal(expected)


def test_the_lowest_evidence_submitted_counts() -> None:
    ledger = {
        "month": "2025-01",
        "facility_id": "F",
        "energy": "electricity",
        "unit": "MWh",
        "source": "ledger",
    }
    both = facts_from(
        {"T05": bills("90"), "T04": [{**ledger, "purchased": 95, "consumption": 100}]}
    )
    assert shown(both, "electricity.purchased") == 90
    only = facts_from({"T04": [{**ledger, "purchased": 95, "consumption": 100}]})
    assert shown(only, "electricity.purchased") == 95
    least = facts_from({"T04": [{**ledger, "consumption": 100}]}, nil=("own_generation",))
    assert shown(least, "electricity.purchased") == 100


# --- heat and fuel -------------------------------------------------------------------------------
def test_heat_by_default_and_by_the_suppliers_factor() -> None:
    rows = [
        {"supplier": "甲", "month": "2025-01", "heat": 20000},
        {"supplier": "乙", "month": "2025-01", "heat": 100, "factor": "0.05"},
    ]
    facts = facts_from({"T12": rows})
    assert shown(facts, "heat.emissions") == Decimal(20000) * Decimal("0.11") + 5


def test_steam_by_enthalpy() -> None:
    """10 t of saturated steam at 2,756.7 kJ/kg against feed water at 83.74 kJ/kg."""
    rows = [{"supplier": "甲", "month": "2025-01", "steam": 10, "enthalpy": "2756.7"}]
    assert shown(facts_from({"T12": rows}), "heat.used") == Decimal("26.7296")


@pytest.mark.parametrize(
    ("fuel", "amount", "unit", "expected"),
    [
        ("natural_gas", "1", "万Nm3", "21.6219"),
        ("diesel", "1", "t", "3.0959"),
        ("gasoline", "1", "t", "2.9251"),
    ],
)
def test_composite_factors_of_gbt_32151_22(
    fuel: str, amount: str, unit: str, expected: str
) -> None:
    """NCV × CC × OF × 44/12 from GB/T 32151.22-2024 Table C.1."""
    row = {
        "month": "2025-01",
        "facility_id": "F",
        "energy": fuel,
        "consumption": amount,
        "unit": unit,
        "source": "bill",
    }
    facts = facts_from({"T04": [row]}, {"accounting.fuel_table": "gbt32151-22-2024"})
    assert abs(shown(facts, "fuel.combustion") - Decimal(expected)) <= Decimal("0.00006")


def test_gas_at_20_degrees_and_litres_of_diesel() -> None:
    row = {"month": "2025-01", "facility_id": "F", "source": "bill"}
    header = {"accounting.fuel_table": "gbt32151-22-2024"}
    trade = facts_from(
        {"T04": [{**row, "energy": "natural_gas", "consumption": 10000, "unit": "m3@20C"}]}, header
    )
    assert abs(
        shown(trade, "fuel.combustion") * Decimal("293.15") / Decimal("273.15") - Decimal("21.6219")
    ) < Decimal("0.0001")
    litres = facts_from(
        {"T04": [{**row, "energy": "diesel", "consumption": 1000, "unit": "L"}]}, header
    )
    assert abs(shown(litres, "fuel.combustion") - Decimal("0.845") * Decimal("3.095910")) < Decimal(
        "0.00001"
    )


@pytest.mark.parametrize("unit", ["m3", "GWh/年"])
def test_gas_without_a_reference_state_is_unknown(unit: str) -> None:
    row = {
        "month": "2025-01",
        "facility_id": "F",
        "energy": "natural_gas",
        "consumption": 1,
        "unit": unit,
        "source": "bill",
    }
    facts = facts_from({"T04": [row]}, {"accounting.fuel_table": "gbt32151-22-2024"})
    assert type(facts["fuel.combustion"].value) is Unknown


def test_a_fuel_that_is_not_in_the_document_is_not_guessed() -> None:
    row = {
        "month": "2025-01",
        "facility_id": "F",
        "energy": "lignite",
        "consumption": 1,
        "unit": "t",
        "source": "bill",
    }
    facts = facts_from({"T04": [row]}, {"accounting.fuel_table": "gbt32151-22-2024"})
    assert type(facts["fuel.combustion"].value) is Unknown
    other = facts_from({"T04": [row]}, {"accounting.fuel_table": "ndrc-2013-2015"})
    assert abs(shown(other, "fuel.combustion") - Decimal("1.42409")) < Decimal("0.00001")


@pytest.mark.parametrize(
    ("fuel", "kcal"),
    [
        ("raw_coal", 5000),
        ("gasoline", 10300),
        ("diesel", 10200),
        ("fuel_oil", 10000),
        ("lpg", 12000),
    ],
)
def test_standard_coal_coefficients_from_kilocalories(fuel: str, kcal: int) -> None:
    """GB/T 2589: NCV in kcal over 7,000 kcal, printed with four digits."""
    row = whole_book().families["tce_mass"].rows[(fuel,)][0]
    assert row.value == round(Decimal(kcal) / 7000, 4)


# --- energy and intensities ----------------------------------------------------------------------
def test_unit_energy_carbon_flips_with_the_conversion() -> None:
    """Constructed: 10,000 MWh and 1,000,000 Nm3; 2.9184 calorific, 1.7841 with 0.2856 kgce/kWh."""
    gas = {
        "month": "2025-01",
        "facility_id": "F",
        "energy": "natural_gas",
        "consumption": 100,
        "unit": "万Nm3",
        "source": "bill",
    }
    header = {
        "accounting.grid_factor_area": "national",
        "accounting.fuel_table": "gbt32151-22-2024",
        "accounting.electricity_basis": "location",
        "accounting.electricity_equal_value": "0.2856 kgce/kWh",
        "accounting.exported_energy": "shown_apart",
    }
    nil = (*NIL, "own_generation", "green_power", "exported_electricity")
    facts = facts_from({"T05": bills("10000"), "T04": [gas]}, header, nil)
    assert abs(shown(facts, "emissions.total") - Decimal("7468.189")) < Decimal("0.001")
    assert shown(facts, "energy.total_calorific") == 2559
    assert shown(facts, "energy.total_equal") == 4186
    assert round(shown(facts, "intensity.unit_energy_calorific"), 4) == Decimal("2.9184")
    assert round(shown(facts, "intensity.unit_energy_equal"), 4) == Decimal("1.7841")


def test_removals_stand_apart_and_offsets_after_them() -> None:
    credit = {
        "registry": "R",
        "project": "P",
        "kind": "ccer",
        "first": "1",
        "last": "30",
        "quantity": 30,
        "vintage": "2024",
    }
    tables = {
        "T05": bills("1000"),
        "T29": [
            {"removal_id": "1", "kind": "ccus", "period": "2025", "amount": 100, "measured": "yes"}
        ],
        "T20": [
            {**credit, "retired_on": "2026-01-05", "beneficiary": "示例工厂"},
            {**credit, "first": "31", "last": "60"},
        ],
    }
    header = {
        "accounting.grid_factor_area": "national",
        "accounting.electricity_basis": "location",
        "accounting.exported_energy": "shown_apart",
    }
    facts = facts_from(tables, header, ("fuel_combustion", "process_emissions", "purchased_heat"))
    assert shown(facts, "emissions.total") == Decimal("530.6")
    assert shown(facts, "emissions.residual") == Decimal("430.6")
    assert shown(facts, "emissions.after_offsets") == Decimal("400.6")


# --- comparing declared figures ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("recomputed", "declared", "agrees"),
    [
        ("537.6849", "537.685", True),
        ("537.6849", "537.68", True),
        ("537.6849", "537.7", True),
        ("537.6849", "538", True),
        ("537.6849", "537", False),
        ("537.6849", "537.684", False),
        ("12.5", "12", True),  # half-even (GB/T 8170)
        ("12.5", "13", True),  # half-up, as ministry forms say
        ("1.35", "1.3", True),
        ("1.35", "1.4", True),
        ("0.4", "0", False),  # rounding away what there is
        ("537.6849", "0.5376849", False),
        ("430.768", "430.7", False),  # the sum of rounded months
    ],
)
def test_declared_figures_agree_at_their_printed_precision(
    recomputed: str, declared: str, agrees: bool
) -> None:
    unit = find_unit("tCO2")
    assert unit is not None
    world = FactWorld(dossier_of(Case("-", "-", "PASS", {}, Anchor("case"))), whole_book())
    world.facts = Facts(world, {"emissions.total": Fact("emissions.total", Decimal(recomputed))})
    assert world.agrees(Quantity(Decimal(declared), unit), "emissions.total") is agrees


def test_all_quantity_cards_name_a_source_of_their_pack() -> None:
    book = whole_book()
    for quantity in book.quantities:
        assert book.reference(quantity.card.pack, quantity.card.clause.source) is not None
