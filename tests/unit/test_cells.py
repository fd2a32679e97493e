"""Reading cells: nothing is guessed in silence."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from checker.dossier.cells import CellError, Token, read_cell
from checker.dossier.schema import Column, table_specs


def column(table: str, code: str) -> Column:
    return table_specs()[table].columns[code]


NUMBER = column("T05", "total")


@pytest.mark.parametrize(
    ("raw", "value", "remarks"),
    [
        ("12", "12", ()),
        (12, "12", ()),
        (12.5, "12.5", ()),
        (0.1 + 0.2, "0.3", ()),
        ("１２３", "123", ("cell.wide_digits",)),
        ("45.6 ", "45.6", ("cell.spaces",)),
        ("1,234.5", "1234.5", ("cell.thousands",)),
        ("4.02", "4.02", ()),
    ],
)
def test_numbers(raw: Any, value: str, remarks: tuple[str, ...]) -> None:
    read = read_cell(raw, NUMBER)
    assert (read.value, read.remarks) == (Decimal(value), remarks)


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("12 MWh", "cell.unit_inside"),
        ("12kWh", "cell.unit_inside"),
        ("1234,5", "cell.not_number"),
        ("1.234.5", "cell.not_number"),
        ("-", "cell.sentinel"),
        ("N/A", "cell.sentinel"),
        ("#DIV/0!", "cell.formula_error"),
        ("NaN", "cell.not_number"),
        ("约100", "cell.not_number"),
        (True, "cell.not_number"),
    ],
)
def test_what_is_no_number(raw: Any, key: str) -> None:
    with pytest.raises(CellError) as caught:
        read_cell(raw, NUMBER)
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("raw", "code", "zero"),
    [
        ("NO", "NO", True),
        ("不发生 NO", "NO", True),
        ("IE", "IE", True),
        ("NE", "NE", False),
        ("保密", "C", False),
    ],
)
def test_tokens(raw: str, code: str, zero: bool) -> None:
    token = read_cell(raw, NUMBER).value
    assert token == Token(code)
    assert token.is_zero is zero


@pytest.mark.parametrize(
    "raw", ["2025-01-31", "2025/1/31", "2025年1月31日", date(2025, 1, 31), datetime(2025, 1, 31)]
)
def test_dates(raw: Any) -> None:
    assert read_cell(raw, column("T05", "start")).value == date(2025, 1, 31)


@pytest.mark.parametrize(
    ("raw", "key"),
    [("2025-02-30", "cell.no_such_day"), ("45688", "cell.serial_date"), ("soon", "cell.not_date")],
)
def test_what_is_no_date(raw: str, key: str) -> None:
    with pytest.raises(CellError) as caught:
        read_cell(raw, column("T05", "start"))
    assert caught.value.key == key


def test_a_serial_date_names_the_day_it_may_mean() -> None:
    with pytest.raises(CellError) as caught:
        read_cell("45688", column("T05", "start"))
    assert caught.value.args_["day"] == "2025-01-31"


def test_months_and_periods() -> None:
    assert read_cell("2025年3月", column("T04", "month")).value == "2025-03"
    assert read_cell("2025", column("T15", "month")).value == "2025"
    with pytest.raises(CellError):
        read_cell("2025", column("T04", "month"))
    with pytest.raises(CellError):
        read_cell("2025-13", column("T04", "month"))


def test_options_by_code_or_name() -> None:
    energy = column("T04", "energy")
    for raw in ("natural_gas", "天然气", "natural gas"):
        assert read_cell(raw, energy).value == "natural_gas"
    with pytest.raises(CellError) as caught:
        read_cell("煤气", energy)
    assert "天然气" in caught.value.args_["options"]


def test_control_characters_are_refused() -> None:
    with pytest.raises(CellError):
        read_cell("a\x1b[31mb", column("T05", "account"))


def test_percent_signs_only_in_percent_columns() -> None:
    assert read_cell("2.5%", column("T03", "estimated_share")).value == Decimal("2.5")
    with pytest.raises(CellError):
        read_cell("2.5%", NUMBER)


CODE = column("T11", "first")


@pytest.mark.parametrize("raw", [1.2345678901234567e31, 10**31, "1.23457E+31", "1E+31", 10**15])
def test_a_long_code_that_became_a_number_is_lost(raw: Any) -> None:
    with pytest.raises(CellError) as caught:
        read_cell(raw, CODE)
    assert caught.value.key == "cell.digits_lost"


@pytest.mark.parametrize(
    ("raw", "text"), [("10" * 16, "10" * 16), (20250188, "20250188"), ("E12", "E12")]
)
def test_codes_that_are_whole(raw: Any, text: str) -> None:
    assert read_cell(raw, CODE).value == text
