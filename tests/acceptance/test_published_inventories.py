"""Real inventories of many plants, read from the folder beside the project when it is there."""

import csv
from contextlib import closing
from decimal import Decimal
from typing import Any

import pytest

from checker.facts.quantities import Facts
from checker.facts.world import FactWorld
from checker.lang.evaluate import compile_node
from checker.lang.values import Unknown
from checker.lang.world import Env
from checker.requirements.cases import dossier_of
from tests.conftest import ROOT, whole_book
from tests.published import case

FOLDER = ROOT.parent / "shared" / "data" / "facility_ghg"
ENERGY = FOLDER / "ghgrp2017_energy"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the data folder is not there")


def world_of(rows: list[dict[str, Any]], **header: str) -> FactWorld:
    world = FactWorld(dossier_of(case(tables={"T14": rows}, header=header)), whole_book())
    world.facts = Facts(world)
    return world


def test_tier_1_units_of_2017_to_the_ninth_digit() -> None:
    """Every unit whose fuel stands in 40 CFR 98 table C-1; without a fuel name, or with one of a
    company's own, it is not evaluated, never zero."""
    polars = pytest.importorskip("polars")
    table = polars.read_parquet(next(ENERGY.glob("*.parquet")))
    units = table.filter(polars.col("TIER1_CO2_COMBUSTION_EMISSIONS").is_not_null())
    rows, published = [], []
    for number, unit in enumerate(units.iter_rows(named=True)):
        rows.append(
            {
                "source_id": f"U{number}",
                "process": "us_tier1",
                "month": "2025-01",
                "material": unit["FUEL_TYPE"],
                "gas": "CO2",
                "amount": f"{Decimal(repr(unit['MMBtu_TOTAL'])):f}",
                "unit": "mmBtu",
            }
        )
        published.append(Decimal(repr(unit["TIER1_CO2_COMBUSTION_EMISSIONS"])))
    world = world_of(rows)
    quantity = world.book.by_id["comparison.us_tier1"]
    value_of = compile_node(quantity.formula)
    known = {keys[0] for keys in world.book.families["epa_co2"].rows}
    named = unnamed = other = 0
    for row, wanted in zip(world.table("T14"), published, strict=True):
        value = value_of(Env(world, {"p": row}))
        if type(row.read("material")) is Unknown:
            assert type(value) is Unknown
            unnamed += 1
            continue
        if row.read("material") not in known:
            assert type(value) is Unknown
            other += 1
            continue
        assert abs(value - wanted) <= Decimal("1e-9") * max(1, abs(wanted)), row.key
        named += 1
    assert named == 4855
    assert (unnamed, other) == (3, 5)
    assert type(world.fact("comparison.us_tier1")) is Unknown


def test_national_totals_of_2020_from_facility_rows() -> None:
    """28,461 rows of facilities and subparts add up to the published national totals."""
    from openpyxl import load_workbook

    path = FOLDER / "ghgrp2020" / "2020_GHGRP_subpart_facilities.xlsx"
    with closing(load_workbook(path, read_only=True)) as book:
        listed = iter(list(book.worksheets[0].iter_rows(values_only=True)))
    head = next(listed)
    codes = {"Carbon Dioxide": "CO2", "Methane": "CH4", "Nitrous Oxide": "N2O"}
    rows = []
    for number, cells in enumerate(listed):
        entry = dict(zip(head, cells, strict=True))
        if entry["ghg_quantity"] is not None:
            gas = codes[entry["gas_name"]]
            amount = f"{Decimal(repr(float(entry['ghg_quantity']))):f}"
            row = {"source_id": f"R{number}", "month": "2025-01", "material": gas, "gas": gas}
            rows.append({**row, "amount": amount, "unit": "t"})
    totals = dict.fromkeys(codes, Decimal(0))
    with (FOLDER / "epa_national_totals" / "GHGRP_2020_NationalTotals.csv").open() as file:
        for line in csv.DictReader(file):
            if line["FlowName"] in totals:
                totals[line["FlowName"]] += Decimal(line["FlowAmount"]) / 1000
    world = world_of(rows, **{"accounting.gwp_edition": "AR4"})
    near = Decimal("1e-9")
    assert abs(world.fact("process.co2") / totals["Carbon Dioxide"] - 1) < near
    others = totals["Methane"] * 25 + totals["Nitrous Oxide"] * 298
    assert abs(world.fact("process.nonco2") / others - 1) < near
