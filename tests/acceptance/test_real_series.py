"""Real public data read by the tool: batteries, a microgrid, certificates, registry exports.

The data stand beside the project on the authors' machines and are not part of it; without them
these tests are skipped. Sources: see the doc strings.
"""

import csv
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from checker.check import read_series
from checker.dossier.content_id import hash_of_cid, is_cid
from checker.dossier.header import parse_quantity
from checker.dossier.load import Dossier, load_dossier
from checker.lang.units import Quantity, find_unit
from checker.registry.grammar import read_block
from checker.registry.intervals import shared
from tests.conftest import ROOT, whole_book
from tests.meters import HEADER
from tests.published import state

DATA = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="public data not beside the project")


def _dossier(folder: Path, start: str, end: str, rows: list[list[str]]) -> Dossier:
    (folder / "tables").mkdir()
    head = HEADER.replace("{start: 2025-01-01, end: 2025-03-31}", f"{{start: {start}, end: {end}}}")
    (folder / "dossier.yaml").write_text(head, encoding="utf-8")
    with (folder / "tables" / "T36.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    dossier = load_dossier(folder)
    read_series(dossier, whole_book())
    return dossier


BATTERIES = {  # round trip of the month, from the same bytes by a group-by
    "E_DOLLB-1": 0.8435,
    "2__BFSEN005": 0.8323,
    "T_COVNB-1": 0.8744,
    "T_WISHB-1": 0.8724,
    "E_PILLB-2": 0.8345,
}


def test_five_batteries_of_great_britain(tmp_path: Path) -> None:
    """GB Balancing Mechanism, September 2024 (Elexon/NESO; copy in gc_registry, Apache-2.0).

    The sign is not declared: less comes out than goes in, so positive is discharge.
    """
    source = DATA / "bess_gb" / "bess_plant_activity_sep_2024.csv"
    (tmp_path / "series").mkdir()
    (tmp_path / "series" / "bess.csv").write_bytes(source.read_bytes())
    column = "Actual Output (settlement metered, delayed)"
    names = ["meter_id", "file", "role", "kind", "unit", "column", "interval", "label"]
    rows = [names]
    rows += [
        [m, "series/bess.csv", "storage", "power", "MW", column, "30", "start"] for m in BATTERIES
    ]
    dossier = _dossier(tmp_path, "2024-09-01", "2024-09-30", rows)
    found = {row.read("meter_id"): row for row in dossier.tables["S05"].rows()}
    assert set(found) == set(BATTERIES)
    for meter, ratio in BATTERIES.items():
        row = found[meter]
        assert (row.read("decided"), row.read("ground")) == ("discharge", "losses")
        assert float(row.read("discharged") / row.read("charged")) == pytest.approx(ratio, abs=1e-4)
    assert all(row.read("coverage") == 1 for row in dossier.tables["S01"].rows())


def test_a_home_with_photovoltaics(tmp_path: Path) -> None:
    """CityLearn 2022 building 1 (MIT; measured homes in Fontana, 2016-08 to 2017-07), 4 kW.

    Self-consumption by hour is far below what the sums of the year would allow.
    """
    table = pl.read_csv(DATA / "microgrid_citylearn" / "Building_1.csv")
    load = table["non_shiftable_load"].to_numpy()
    generation = table["solar_generation"].to_numpy() * 4 / 1000
    first = datetime(2016, 8, 1)
    stamps = [f"{first + timedelta(hours=i):%Y-%m-%d %H:%M}" for i in range(len(load))]
    (tmp_path / "series").mkdir()
    wide = pl.DataFrame({"time": stamps, "load": load, "pv": generation})
    wide.write_csv(tmp_path / "series" / "home.csv")
    names = ["meter_id", "file", "role", "kind", "unit", "column", "label", "zone"]
    common = ["energy", "kWh"]
    rows = [
        names,
        ["L", "series/home.csv", "load", *common, "load", "start", ""],
        ["P", "series/home.csv", "generation", *common, "pv", "start", ""],
    ]
    dossier = _dossier(tmp_path, "2016-08-01", "2017-07-31", rows)
    balance = dossier.tables["S04"].rows()

    def total(name: str) -> float:
        return float(sum(row.read(name) for row in balance)) / 3.6

    matched = np.minimum(load, generation).sum()
    assert total("matched") == pytest.approx(matched, rel=1e-6)
    assert total("generation") == pytest.approx(generation.sum(), rel=1e-6)
    assert matched / load.sum() < 0.7 * min(generation.sum(), load.sum()) / load.sum()
    kinds = {r.read("kind") for r in dossier.tables["S02"].rows() if r.read("open") > 0}
    assert kinds <= {"spike", "frozen"}


REGISTRIES = [
    ("Verra", "verra/transactions.csv", "Serial Number", "Quantity Issued", 200),
    ("Gold Standard", "gold-standard/issuances.csv", "Serial Number", "Quantity", 100),
    ("Gold Standard", "gold-standard/retirements.csv", "Serial Number", "Quantity", 100),
    (
        "ACR",
        "american-carbon-registry/retirements.csv",
        "Credit Serial Numbers",
        "Quantity of Credits",
        100,
    ),
    (
        "ACR",
        "american-carbon-registry/cancellations.csv",
        "Credit Serial Numbers",
        "Quantity of Credits",
        50,
    ),
    ("ART", "art-trees/retirements.csv", "Credit Serial Numbers", "Quantity of Credits", 8),
    ("ART", "art-trees/cancellations.csv", "Credit Serial Numbers", "Quantity of Credits", 3),
    (
        "CAR",
        "climate-action-reserve/retirements.csv",
        "Offset Credit Serial Numbers",
        "Quantity of Offset Credits",
        100,
    ),
    (
        "CAR",
        "climate-action-reserve/cancellations.csv",
        "Offset Credit Serial Numbers",
        "Quantity of Offset Credits",
        50,
    ),
]


@pytest.mark.parametrize(("registry", "path", "serial", "quantity", "count"), REGISTRIES)
def test_range_length_is_quantity_in_every_row(
    registry: str, path: str, serial: str, quantity: str, count: int
) -> None:
    """Raw exports of registries (CarbonPlan, OffsetsDB, 2026-04/05)."""
    with (DATA / "credits" / "offsets-db" / path).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == count
    blocks = []
    for row in rows:
        first, _, last = row[serial].partition(" - ")
        block = read_block(registry, first, last or first)
        assert block is not None
        assert block.form == "registry"
        assert block.count == float(row[quantity].replace(",", ""))
        blocks.append((block.block, block.low or 0, block.high or 0))
    assert shared(blocks) == {}


def test_cercarbono_keeps_the_range_apart() -> None:
    path = DATA / "credits" / "offsets-db" / "cercarbono" / "retirements.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        first, last = (f"{row['serial']} {row[name]}" for name in ("from", "to"))
        block = read_block("Cercarbono", first, last)
        assert block is not None
        assert (block.form, block.count) == ("registry", int(float(row["quantity"])))


def _rows(pattern: str) -> list[dict[str, str]]:
    path = next((DATA / "green_certs").glob(pattern))
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_order_allocation_delivery_and_certificate() -> None:
    """One purchase of certificates (filecoin-renewables-purchases, MIT): Wh against MWh.

    712 MWh were ordered and allocated, 31 of them defaulted, 681 were delivered; no certificate
    delivers more than the generation it stands for.
    """
    allocated = _rows("*/*step3_match.csv")
    delivered = _rows("*/*certificate_to_contract.csv")
    generated = _rows("*/*generationRecords.csv")
    ordered = sum(int(row["volume_MWh"]) for row in _rows("*/*orderSupply.csv"))
    defaulted = sum(int(row["volume_MWh"]) for row in allocated if row["defaulted"] == "1")
    assert sum(int(row["volume_MWh"]) for row in allocated) == ordered == 712
    assert sum(int(row["volume_MWh"]) for row in delivered) == ordered - defaulted == 681
    for record in generated:
        used = sum(
            int(r["volume_MWh"]) for r in delivered if r["certificate"] == record["certificate"]
        )
        quantity = parse_quantity(f"{record['volume_Wh']} Wh")
        assert quantity is not None
        assert used <= parse_mwh(quantity)


def parse_mwh(quantity: Quantity) -> Decimal:
    unit = find_unit("MWh")
    assert unit is not None
    return unit.from_base(quantity.base())


def test_only_the_chinese_certificate_of_2021_counts_at_home() -> None:
    """Seven certificates of three schemes: I-REC of China before 2025 passes, others do not."""
    states: dict[tuple[str, str], list[str]] = {}
    for record in _rows("*/*generationRecords.csv"):
        scheme = "irec" if record["productType"] == "IREC" else "other"
        month = record["generationStart"][:7]
        row = {
            "first": "C1",
            "last": "C1",
            "quantity": 1,
            "produced": month,
            "kind": "separate",
            "holder": "示例工厂",
            "status": "cancelled",
            "use_year": "2025",
            "scheme": scheme,
        }
        found = state("CORE-E51-OTHER-LABEL", tables={"T11": [row]})
        states.setdefault((record["country"], found), []).append(record["certificate"])
    assert {key: len(names) for key, names in states.items()} == {
        ("US", "FAIL"): 1,
        ("NO", "FAIL"): 5,
        ("CN", "PASS"): 1,
    }


def test_content_identifiers_of_the_purchase() -> None:
    """CIDs of attestations are raw blocks and can be checked; those of records cannot."""
    rows = _rows("*/*generationRecords.csv")
    assert all(hash_of_cid(row["attestation_cid"]) for row in rows)
    assert all(is_cid(row["certificate_cid"]) for row in rows)
    assert not any(hash_of_cid(row["certificate_cid"]) for row in rows)
