"""Serial grammars and ranges: real serials of each registry, overlaps as intervals."""

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.lang.values import Unknown
from checker.registry.grammar import find_registry, read_block, registries
from checker.registry.intervals import shared
from checker.requirements.cases import dossier_of
from checker.resources import schemas_dir
from checker.yamltext import read_yaml
from tests.published import case

VERRA = "19385-941467007-941467431-VCS-VCU-1507-VER-ET-14-1340-01012020-31122020-1"
CDM = ("RW-5-1463953-2-2-0-7014", "RW-5-1467609-2-2-0-7014")
REAL = [
    ("Verra", VERRA, VERRA, 425),
    ("黄金标准", *["GS1-1-KE-GS11603-16-2025-30256-110-5463"] * 2, 5354),
    ("Gold Standard", *CDM, 3657),
    ("ACR", *["ACR-FR-1129-2025-2917-30932 to 35143"] * 2, 4212),
    ("ART", *["FCPF-CI-130-2023-20-1 to 46404"] * 2, 46404),
    ("CAR", *["CAR-ROC-US-1316-105-276-CA-2025-9388-2 to 25412"] * 2, 25411),
    ("Cercarbono", "CDC_1_1_1_321_14_1_2009 4426", "CDC_1_1_1_321_14_1_2009 4971", 546),
]
"""Serials with their quantities as exported by the registries (CarbonPlan, OffsetsDB)."""


@pytest.mark.parametrize(("registry", "first", "last", "quantity"), REAL)
def test_a_real_serial_has_the_length_of_its_quantity(
    registry: str, first: str, last: str, quantity: int
) -> None:
    block = read_block(registry, first, last)
    assert block is not None
    assert (block.form, block.count) == ("registry", quantity)


@pytest.mark.parametrize(("registry", "first", "last", "quantity"), REAL)
def test_a_changed_serial_is_noticed(registry: str, first: str, last: str, quantity: int) -> None:
    """A letter in place of a digit of the project, or the ends exchanged."""
    spoilt = re.sub(r"\d(?=\D*$)", "x", first)
    block = read_block(registry, spoilt, spoilt)
    assert block is None or block.form == "other"
    turned = read_block(registry, last, first)
    assert first == last or (turned is not None and turned.count == 0)


def test_a_registry_without_known_serials_says_so() -> None:
    for name in ("CCER", "Puro", "未知登记簿"):
        block = read_block(name, "ABC0001", "ABC0100")
        assert block is not None
        assert (block.form, block.count) == ("general", 100)
    assert find_registry("Isometric").unnumbered  # type: ignore[union-attr]


def test_every_registry_says_what_was_read() -> None:
    path = schemas_dir() / "registries.yaml"
    entries = read_yaml(path.read_bytes(), path.name, pack=True).data["registries"]
    assert all(entry["read"] for entry in entries)
    assert len(entries) == len(registries()) == len({entry["id"] for entry in entries})


def test_patterns_take_time_in_proportion() -> None:
    """Long rubbish is refused at once: no pattern can go back and forth over it."""
    for registry in registries():
        for text in ("1-" * 99, "9" * 200, "A" * 200, "CDC_" + "1_" * 90, "1-1-1-VCS" * 22):
            read_block(registry.names[0], text, text)


spans = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 60), st.integers(0, 12)), max_size=25
)


@given(spans)
def test_overlaps_are_those_of_sets(drawn: list[tuple[str, int, int]]) -> None:
    ranges = [(block, low, low + length) for block, low, length in drawn]
    found = shared(ranges)
    units = [{(b, n) for n in range(low, high + 1)} for b, low, high in ranges]
    for index, own in enumerate(units):
        others = [other for place, other in enumerate(units) if place != index]
        assert (index in found) == any(own & other for other in others)
    repeated = sum(len(own) for own in units) - len(set().union(*units))
    assert sum(count for _, count in found.values()) == repeated


def _credits(*rows: dict[str, Any]) -> list[Any]:
    base = {"registry": "Verra", "kind": "international", "vintage": "2020"}
    return list(
        dossier_of(case(tables={"T20": [{**base, **row} for row in rows]})).tables["C01"].rows()
    )


def test_verra_counts_through_all_batches() -> None:
    """The same units under another batch number are still the same units."""
    other = VERRA.replace("19385-", "20001-")
    rows = _credits(
        {"first": VERRA, "last": VERRA, "quantity": 425},
        {"first": other, "last": other, "quantity": 425},
    )
    assert [row.read("shared") for row in rows] == [0, 425]
    assert rows[1].read("shared_with") == rows[0].key


def test_batches_of_other_registries_count_apart() -> None:
    one, two = "ACR-US-1-2024-5-1 to 100", "ACR-US-1-2024-6-1 to 100"
    rows = _credits(
        {"registry": "ACR", "first": one, "last": one, "quantity": 100, "vintage": "2024"},
        {"registry": "ACR", "first": two, "last": two, "quantity": 100, "vintage": "2024"},
    )
    assert [row.read("shared") for row in rows] == [0, 0]


def test_units_without_numbers_are_unknown_not_fine() -> None:
    (row,) = _credits(
        {"registry": "ARB", "first": "CAFR5003-A", "last": "CAFR5003-A", "quantity": 9}
    )
    assert type(row.read("units")) is Unknown
    assert type(row.read("shared")) is Unknown


def test_a_removal_inside_a_range_is_found() -> None:
    serial = "ACR-US-1-2024-5-40 to 60"
    tables = {
        "T20": [
            {
                "registry": "ACR",
                "kind": "other",
                "first": "ACR-US-1-2024-5-1 to 100",
                "last": "ACR-US-1-2024-5-1 to 100",
                "quantity": 100,
                "vintage": "2024",
            }
        ],
        "T29": [
            {
                "removal_id": "R1",
                "kind": "ccus",
                "amount": 5,
                "measured": "true",
                "credit_serial": serial,
            }
        ],
    }
    (row,) = dossier_of(case(tables=tables)).tables["C01"].rows()
    assert row.read("removal") == "R1"


def test_many_removals_and_many_credits_are_looked_up_not_compared() -> None:
    """Each removal is found in its own range among hundreds of others."""
    count = 400
    serial = "ACR-US-1-2024-{}-{} to {}"
    tables = {
        "T20": [
            {
                "registry": "ACR",
                "kind": "other",
                "first": serial.format(n, 1, 100),
                "last": serial.format(n, 1, 100),
                "quantity": 100,
                "vintage": "2024",
            }
            for n in range(count)
        ],
        "T29": [
            {
                "removal_id": f"R{n}",
                "kind": "ccus",
                "amount": 5,
                "measured": "true",
                "credit_serial": serial.format(n, 40, 60),
            }
            for n in range(count)
        ],
    }
    rows = dossier_of(case(tables=tables)).tables["C01"].rows()
    assert [row.read("removal") for row in rows] == [f"R{n}" for n in range(count)]


def test_a_misspelt_registry_is_not_known() -> None:
    rows = _credits({"registry": "Vera", "first": VERRA, "last": VERRA, "quantity": 425})
    assert rows[0].read("known") is False


def test_very_many_certificates_stand_together_and_keep_their_faults() -> None:
    rows = [
        {
            "first": f"A{n:09d}",
            "last": f"A{n:09d}",
            "quantity": 1,
            "produced": "2025-03",
            "kind": "separate",
            "holder": "示例工厂",
            "status": "cancelled",
            "cancelled_on": "2026-01-05",
            "use_year": "2025",
        }
        for n in range(2_500)
    ]
    rows[7]["quantity"] = 2
    rows[9] = dict(rows[8])
    table = dossier_of(case(tables={"T11": rows})).tables["C02"]
    (row,) = table.rows()
    assert row.read("rows") == 2_500
    assert row.read("codes") == 2_500
    assert row.read("wrong_ranges") == 1
    assert row.read("shared") == Decimal(1)
