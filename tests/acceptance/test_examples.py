"""The real tea plant and the synthetic battery plant, against independent arithmetic."""

from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pytest

from checker.dossier.header import header_fields
from checker.lang.types import Text
from tests.conftest import BATTERY, EXAMPLES, TEA, checked, facts_of, rules_found, statuses

# The tea plant's published months: electricity, green purchase, own use of PV, in kWh.
ELECTRICITY = (
    106850,
    93200,
    128700,
    138500,
    135600,
    112300,
    115800,
    120500,
    156200,
    152800,
    109600,
    94600,
)
GREEN = (18500, 16100, 22300, 24000, 23500, 19500, 20100, 20900, 27100, 26500, 19000, 16400)
OWN = (12257, 8881, 17217, 19908, 6910, 11032, 22984, 25499, 20302, 17412, 13244, 12146)
FUJIAN_2023 = Decimal("0.4211")


def printed(value: str, digits: str) -> str:
    return str(Decimal(value).quantize(Decimal(digits), rounding=ROUND_HALF_EVEN))


@pytest.mark.parametrize(
    ("fact", "expected", "digits"),
    [
        ("electricity.location_based", "537.685", "0.001"),
        ("electricity.location_less_green", "430.768", "0.001"),
        ("energy.electricity_calorific", "180.005", "0.001"),
        ("share.clean_electricity", "30.16", "0.01"),
    ],
)
def test_tea_plant_to_the_last_printed_digit(fact: str, expected: str, digits: str) -> None:
    assert printed(facts_of(checked(TEA))[fact]["value"], digits) == expected


def test_tea_plant_exactly() -> None:
    facts = facts_of(checked(TEA))
    bought = Decimal(sum(ELECTRICITY) - sum(OWN)) / 1000
    covered = Decimal(sum(GREEN)) / 1000
    assert Decimal(facts["electricity.purchased"]["value"]) == bought
    assert Decimal(facts["electricity.location_based"]["value"]) == bought * FUJIAN_2023
    market = (bought - covered) * Decimal("0.6096")
    assert Decimal(facts["electricity.market_based"]["value"]) == market
    tce = Decimal(sum(ELECTRICITY)) * Decimal("0.0001229")
    assert Decimal(facts["energy.electricity_calorific"]["value"]) == tce


def test_tea_plant_certificates_do_not_match_the_green_power_bought() -> None:
    findings = checked(TEA)["findings"]
    found = next(f for f in findings if f["rule"] == "CORE-E44-GREEN-CERTIFICATES")
    args = found["message"]["args"]
    assert args["claimed"]["value"] == "264"
    assert args["green"]["value"] == "253.9"
    assert args["gap"]["value"] == "10.1"
    files = {place["file"] for place in found["places"]}
    assert files == {"tables/T10_绿电直连与交易.csv", "tables/T11_绿证.csv"}


def test_what_the_tea_plant_does_not_hold_is_never_a_pass() -> None:
    found = statuses(checked(TEA))
    for name in ("G13-B05-FUEL-COVERED", "G13-B08-HEAT-COVERED", "NL7-J01-UNIT-ENERGY"):
        assert found[name] == "NOT_EVALUATED"
    assert not facts_of(checked(TEA))["emissions.total"]["known"]
    assert checked(TEA)["conclusion"]["requirements"]["PASS"] < 30


def test_tea_plant_findings_are_only_what_is_wrong_or_missing() -> None:
    ours = [rule for rule in rules_found(checked(TEA)) if not rule.startswith("READ-")]
    assert ours == ["CORE-E44-GREEN-CERTIFICATES", "G13-C14-DIRECT-LINE"]


def test_battery_plant_against_independent_arithmetic() -> None:
    """Gas, diesel, heat, CO2 and market-based power added up by hand; see the fixture's tables."""
    facts = facts_of(checked(BATTERY))
    gas = Decimal("34.79") * Decimal("389.31") * Decimal("0.0153") * Decimal("0.99") * 44 / 12
    litres = Decimal("5.016") * Decimal("0.845")
    diesel = litres * Decimal("42.652") * Decimal("0.0202") * Decimal("0.98") * 44 / 12
    heat = Decimal(11550) * Decimal("0.11")
    power = (Decimal(29260) - 14420) * Decimal("0.6096")
    total = gas + diesel + heat + power + Decimal("1.8")
    assert abs(Decimal(facts["emissions.total"]["value"]) - total) < Decimal("1e-9")
    tce = Decimal(32140) * Decimal("0.2856") + Decimal(11550) * Decimal("0.03412")
    tce += Decimal("347.9") * Decimal("1.33") + litres * Decimal("1.4571")
    assert abs(Decimal(facts["energy.total_equal"]["value"]) - tce) < Decimal("1e-9")
    ratio = total / tce
    assert abs(Decimal(facts["intensity.unit_energy"]["value"]) - ratio) < Decimal("1e-12")


def test_states_add_up_to_rules_and_every_rule_stands_once() -> None:
    for example in (TEA, BATTERY):
        result = checked(example)
        ids = [requirement["id"] for requirement in result["requirements"]]
        assert len(ids) == len(set(ids))
        assert sum(result["conclusion"]["requirements"].values()) == len(ids)
        outcomes = sum(len(requirement["outcomes"]) for requirement in result["requirements"])
        assert sum(result["conclusion"]["outcomes"].values()) == outcomes


def test_every_finding_leads_to_a_cell_or_line_of_a_table_or_header() -> None:
    for finding in checked(TEA)["findings"]:
        for place in finding["places"]:
            assert place.get("line") or place.get("cell"), (finding["rule"], place)


D = Decimal


# --- a clean example for every sector ------------------------------------------------------------
SECTORS = sorted(path for path in EXAMPLES.iterdir() if path not in (TEA, BATTERY))


def test_every_sector_has_an_example() -> None:
    known = header_fields()["sector"].type
    assert isinstance(known, Text)
    shown = {str(checked(path)["dossier"]["sector"]["value"]) for path in (*SECTORS, BATTERY)}
    assert shown == set(known.options) - {"other"}


@pytest.mark.parametrize("path", SECTORS, ids=lambda path: path.name)
def test_sector_example_is_complete_and_consistent(path: Path) -> None:
    result = checked(path)
    assert result["findings"] == []
    assert result["conclusion"]["state"] == "judgement"
    left = {name for name, state in statuses(result).items() if state == "NOT_EVALUATED"}
    assert left <= {"NL7-J05-PHYSICAL-SHARE"}
    packs = [pack["id"] for pack in result["composition"]["packs"]]
    assert any(name.startswith("sector-") for name in packs)


def test_steel_example_by_independent_arithmetic() -> None:
    facts = facts_of(checked(EXAMPLES / "steel-2025"))
    stone = 500 * D("0.440") + 320 * D("0.476") + 12 * D("3.663")
    metal = 1500 * D("0.037") + 20 * D("0.007")
    assert D(facts["process.steel_input"]["value"]) == 12 * (stone + metal)
    assert D(facts["process.steel_product"]["value"]) == -12 * 8000 * D("0.037")
    coke = 12 * 1800 * D("28.435") * D("29.42") / 1000 * 44 / 12
    coal = 12 * 600 * D("23.9") * D("26.18") / 1000 * 44 / 12
    gas = 12 * 60 * D("173.854") * D("12.1") / 1000 * 44 / 12
    piped = D(347_900) / 10000 * D("389.31") * D("15.32") / 1000 * 44 / 12
    diesel = D(5016) / 1000 * D("0.845") * D("42.652") * D("20.2") / 1000 * 44 / 12
    parts = facts["fuel.combustion"]["parts"]
    burnt = D(facts["fuel.combustion"]["value"])
    assert abs(sum(map(D, parts.values())) - burnt) < D("1e-8")
    assert abs(burnt - (coke + coal + gas + piped + diesel)) < D("1e-8")


def test_steel_total_leads_to_every_cell() -> None:
    """From the total through the process figure to each of the sixty rows of T14."""
    result = checked(EXAMPLES / "steel-2025")
    facts = facts_of(result)
    refs = [step.get("ref") for step in facts["process.co2"]["working"]["steps"]]
    assert "fact:process.steel_input" in refs
    working = facts["process.steel_input"]["working"]
    rows = {step["place"]["line"] for step in working["steps"] if "place" in step}
    assert len(rows) == 60
    assert working["omitted"] == 0
