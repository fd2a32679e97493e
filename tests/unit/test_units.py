"""Units: exact conversion, products, names that must not be confused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.lang.units import combine, describe, display_unit, find_unit, unit_names


@pytest.mark.parametrize(
    ("amount", "unit", "target", "expected"),
    [
        ("1", "万kWh", "MWh", "10"),
        ("1", "MWh", "GJ", "3.6"),
        ("1", "kWh", "MJ", "3.6"),
        ("12.5", "万t", "t", "125000"),
        ("1", "万Nm3", "Nm3", "10000"),
        ("0.4211", "kgCO2/kWh", "tCO2/MWh", "0.4211"),
        ("0.4211", "tCO2/MWh", "tCO2/万kWh", "4.211"),
        ("1.229", "tce/万kWh", "kgce/kWh", "0.1229"),
        ("15.3", "tC/TJ", "tC/GJ", "0.0153"),
        ("1", "万元", "元", "10000"),
        ("30", "%", "1", "0.3"),
    ],
)
def test_conversions(amount: str, unit: str, target: str, expected: str) -> None:
    source, wanted = find_unit(unit), find_unit(target)
    assert source is not None and wanted is not None
    assert source.dimension == wanted.dimension
    found = wanted.from_base(source.to_base(Decimal(amount)))
    assert abs(found - Decimal(expected)) <= Decimal("1e-30") * Decimal(expected)


def test_trade_gas_at_20_degrees_is_7_percent_less() -> None:
    trade, normal = find_unit("m3@20C"), find_unit("Nm3")
    assert trade is not None and normal is not None
    ratio = trade.factor / normal.factor
    assert round(1 / ratio, 5) == Decimal("1.07322")


def test_plain_cubic_metres_are_no_gas_volume() -> None:
    plain, normal = find_unit("m3"), find_unit("Nm3")
    assert plain is not None and normal is not None
    assert plain.dimension != normal.dimension


@pytest.mark.parametrize("text", ["Nm³", "度", "吨", "KWH", "％", "张", "tCO₂"])
def test_names_people_write(text: str) -> None:
    assert find_unit(text) is not None


@pytest.mark.parametrize("text", ["", "kVA", "kwhh", "t/", "/t", "kWh*"])
def test_unknown_units_are_unknown(text: str) -> None:
    assert find_unit(text) is None


def test_co2_and_co2e_and_carbon_do_not_mix() -> None:
    dimensions = {find_unit(name).dimension for name in ("tCO2", "tCO2e", "tC", "t")}  # type: ignore[union-attr]
    assert len(dimensions) == 4


@given(st.sampled_from(unit_names()), st.decimals(min_value=0, max_value=10**9, places=6))
def test_round_trip(name: str, amount: Decimal) -> None:
    unit = find_unit(name)
    assert unit is not None
    back = unit.from_base(unit.to_base(amount))
    assert abs(back - amount) <= Decimal("1e-20") * max(1, amount)


def test_dimensions_in_words() -> None:
    unit = find_unit("tCO2/MWh")
    assert unit is not None
    assert describe(unit.dimension) == "co2/energy"
    assert describe(combine(unit.dimension, unit.dimension, -1)) == "number"
    shown = display_unit(unit.dimension)
    assert shown is not None and shown.name == "kgCO2/kWh"
