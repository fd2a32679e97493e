"""Meter series: clean curves give nothing, each fault gives its check, files of all shapes read."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from checker.check import Options, check
from checker.facts.quantities import Facts
from checker.facts.world import FactWorld
from checker.result.encode import dumps
from tests.conftest import AS_OF, ROOT, TEA, whole_book
from tests.meters import DAYS, PER_DAY, Plant, bill, derived, keys, labels, open_kinds, plant

DAY = PER_DAY


@pytest.mark.parametrize("seed", range(1, 9))
def test_clean_series_give_no_finding(seed: int, tmp_path: Path) -> None:
    dossier = derived(plant(seed), tmp_path)
    assert open_kinds(dossier) == set()
    assert keys(dossier) == set()
    assert all(row.read("coverage") == 1 for row in dossier.tables["S01"].rows())
    assert all(abs(row.read("residual")) < 1 for row in dossier.tables["S04"].rows())


def _gap(p: Plant) -> None:
    del p.file_of("LOAD")[500:540]


def _blank(p: Plant) -> None:
    for line in p.file_of("LOAD")[500:510]:
        line[2] = "-"


def _twice(p: Plant) -> None:
    lines = p.file_of("LOAD")
    lines.insert(700, list(lines[700]))


def _two_values(p: Plant) -> None:
    lines = p.file_of("LOAD")
    lines.insert(700, [*lines[700][:2], "1.000"])


def _overlap(p: Plant) -> None:
    lines = p.file_of("LOAD")
    p.lines["LOAD"] = lines[:3000] + [list(line) for line in lines[2900:]]


def _off_grid(p: Plant) -> None:
    lines = p.file_of("LOAD")
    extra = [["LOAD", line[1].replace(":15", ":17"), line[2]] for line in lines[1:40:4]]
    p.lines["LOAD"] = lines + extra


def _outside(p: Plant) -> None:
    p.file_of("LOAD").append(["LOAD", "2025-04-01 00:00", "30.0"])


def _unreadable(p: Plant) -> None:
    p.file_of("LOAD")[800][2] = "12,3x"


def _frozen(p: Plant) -> None:
    p.values["LOAD"][1000:1040] = 41.5


def _negative(p: Plant) -> None:
    p.values["IMP"][1000:1004] = -5.0


def _spike(p: Plant) -> None:
    p.values["LOAD"][1234] = 900.0


def _rated(p: Plant) -> None:
    p.rows["PV1"]["rated"] = "150"


def _night(p: Plant) -> None:
    p.values["PV1"][4 : DAYS * PER_DAY : DAY] = 12.0


def _straight(p: Plant) -> None:
    p.values["LOAD"][2000:2024] = np.linspace(40, 63.0, 24)


def _copied_day(p: Plant) -> None:
    p.values["LOAD"][40 * DAY : 41 * DAY] = p.values["LOAD"][33 * DAY : 34 * DAY]


def _copied_month(p: Plant) -> None:
    p.values["LOAD"][31 * DAY : 59 * DAY] = p.values["LOAD"][0 : 28 * DAY]


def _copied_curve(p: Plant) -> None:
    p.values["PV2"] = np.round(p.values["PV1"] * 1.25, 3)
    p.rows["PV2"] = {**p.rows["PV1"], "meter_id": "PV2", "file": "series/PV2.csv"}


def _shifted_curve(p: Plant) -> None:
    p.values["PV2"] = np.roll(p.values["PV1"], 3 * DAY)
    p.rows["PV2"] = {**p.rows["PV1"], "meter_id": "PV2", "file": "series/PV2.csv"}


def _utc(p: Plant) -> None:
    p.values["PV1"] = np.roll(p.values["PV1"], -8 * 4)


def _backwards(p: Plant) -> None:
    register = np.round(1000 + np.cumsum(p.values["LOAD"]), 3)
    register[2000:] -= 60_000.0
    p.values["LOAD"] = np.concatenate([[1000.0], register])[:-1]
    p.rows["LOAD"]["kind"] = "register"


DEFECTS: dict[str, tuple[Callable[[Plant], None], set[tuple[str, str]]]] = {
    "gap": (_gap, {("LOAD", "gap")}),
    "blank marks": (_blank, {("LOAD", "gap")}),
    "a time twice": (_twice, {("LOAD", "duplicate")}),
    "two values for a time": (_two_values, {("LOAD", "conflict")}),
    "overlapping blocks": (_overlap, {("LOAD", "overlap")}),
    "times off the grid": (_off_grid, {("LOAD", "off_grid")}),
    "outside the period": (_outside, {("LOAD", "outside")}),
    "unreadable": (_unreadable, {("LOAD", "unreadable"), ("LOAD", "gap")}),
    "frozen": (_frozen, {("LOAD", "frozen")}),
    "negative": (_negative, {("IMP", "negative")}),
    "spike": (_spike, {("LOAD", "spike")}),
    "above rated power": (_rated, {("PV1", "over_rated")}),
    "night": (_night, {("PV1", "night")}),
    "straight": (_straight, {("LOAD", "straight")}),
    "copied day": (_copied_day, {("LOAD", "copied_day")}),
    "copied month": (_copied_month, {("LOAD", "copied_month")}),
    "scaled copy of a meter": (_copied_curve, {("PV2", "copied_curve")}),
    "shifted copy of a meter": (_shifted_curve, {("PV2", "copied_curve")}),
    "clock in UTC": (_utc, {("PV1", "clock"), ("PV1", "night")}),
    "register backwards": (_backwards, {("LOAD", "backwards"), ("LOAD", "gap")}),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_each_fault_gives_its_check_and_no_other(name: str, tmp_path: Path) -> None:
    spoil, wanted = DEFECTS[name]
    made = plant()
    spoil(made)
    assert open_kinds(derived(made, tmp_path)) == wanted


def test_a_fault_leads_to_its_line(tmp_path: Path) -> None:
    made = plant()
    _spike(made)
    table = derived(made, tmp_path).tables["S02"]
    row = next(r for r in table.rows() if r.read("kind") == "spike" and r.read("stretches") == 1)
    anchor = row.anchor()
    text = (tmp_path / "d" / anchor.file).read_text().splitlines()[anchor.line - 1]
    assert text.endswith(",900.000")
    assert row.read("start") in text


PARK_A_LOAD = [
    *[275, 275, 277, 310, 310, 293, 293, 380, 375, 281, 447, 447],
    *[447, 405, 404, 403, 268, 313, 287, 288, 284, 287, 277, 275],
]
PARK_A_SUN = [
    *[0, 0, 0, 0, 0, 0, 0, 4.35, 226.95, 451.5, 578.325, 641.625],
    *[639.825, 588.15, 482.775, 318.15, 46.425, 0, 0, 0, 0, 0, 0, 0],
]
PARK_B_LOAD = [
    *[241, 253, 329, 315, 290, 270, 307, 354, 264, 315, 313, 291],
    *[360, 369, 389, 419, 412, 291, 379, 303, 331, 306, 285, 324],
]
PARK_B_WIND = [
    *[230.1, 382.8, 296.8, 444.4, 502.9, 360.9, 240.2, 47.3, 153.8, 106.8, 51.8, 216.9],
    *[354.6, 219.4, 111.0, 218.6, 377.9, 342.1, 500.8, 464.6, 219.7, 178.3, 153.5, 0],
]
ORACLES = {
    "four hours": ([100, 120, 80, 60], [50, 150, 100, 0], 0.833333, 0.694444, 0.833333),
    "park A": (PARK_A_LOAD, PARK_A_SUN, 0.760889, 0.383101, 0.503490),
    "park B": (PARK_B_LOAD, PARK_B_WIND, 0.854661, 0.684527, 0.800934),
}
"""Load and generation by hour; self-consumption, self-sufficiency, and what a day's sums would
(wrongly) give. Parks: problem A of the 2024 competition (电工杯), results of one participant."""


@pytest.mark.parametrize("name", ORACLES)
def test_self_consumption_by_interval(name: str, tmp_path: Path) -> None:
    load, generation, consumed, sufficient, by_sums = ORACLES[name]
    made = Plant(times=labels(24 * DAYS, 60))
    day = 24 - len(load)
    made.values = {
        "L": np.array(([*load, *[0] * day]) * DAYS, dtype=float),
        "G": np.array(([*generation, *[0] * day]) * DAYS, dtype=float),
    }
    made.rows = {
        "L": {**plant().rows["LOAD"], "meter_id": "L", "file": "series/L.csv", "kind": "power"},
        "G": {**plant().rows["PV1"], "meter_id": "G", "file": "series/G.csv", "kind": "power"},
    }
    for row in made.rows.values():
        row["unit"] = "kW"
    world = FactWorld(derived(made, tmp_path), whole_book())
    world.facts = Facts(world)
    assert float(world.fact("series.self_consumption")) == pytest.approx(consumed, abs=2e-6)
    assert float(world.fact("series.self_sufficiency")) == pytest.approx(sufficient, abs=2e-6)
    assert float(world.fact("series.annual_sufficiency")) == pytest.approx(by_sums, abs=2e-6)


CONVENTIONS = {
    "kW taken as kWh": ({"kind": "energy", "unit": "kWh"}, 4.0, "power_as_energy"),
    "kWh taken as kW": ({"kind": "power", "unit": "kW"}, 1.0, "energy_as_power"),
    "MWh for kWh": ({"kind": "energy", "unit": "MWh"}, 1.0, "thousand"),
    "multiplier applied twice": ({"multiplier": "80"}, 1.0, "multiplier"),
    "opposite sign": ({"sign": "negative"}, 1.0, "sign"),
}


@pytest.mark.parametrize("name", CONVENTIONS)
def test_a_series_that_disagrees_with_the_bill_names_the_likely_convention(
    name: str, tmp_path: Path
) -> None:
    change, scale, slip = CONVENTIONS[name]
    made = plant()
    total = made.values["IMP"].sum()
    made.values["IMP"] = made.values["IMP"] * scale
    made.rows["IMP"] |= change
    made.tables["T05"] = [bill(total)]
    rows = derived(made, tmp_path).tables["S06"].rows()
    assert [row.read("slip") for row in rows] == [slip]


@pytest.mark.parametrize("level", [True, False])
@pytest.mark.parametrize("sign", ["charge", "discharge", ""])
def test_the_sign_of_storage_is_decided_from_the_data(
    sign: str, level: bool, tmp_path: Path
) -> None:
    """By the stored energy when there is a curve of it, else by what closes the balance."""
    made = plant()
    made.rows["BAT"]["sign"] = sign
    if level:
        made.values["SOC"] = 50 + np.cumsum(
            np.where(made.values["BAT"] > 0, 0.93, 1 / 0.93) * made.values["BAT"]
        )
        made.rows["SOC"] = {**made.rows["BAT"], "meter_id": "SOC", "file": "series/SOC.csv"}
        made.rows["SOC"] |= {"role": "soc", "kind": "level", "sign": ""}
    dossier = derived(made, tmp_path)
    (found,) = dossier.tables["S05"].rows()
    assert found.read("decided") == "charge"
    assert found.read("ground") == ("level" if level else "residual")
    assert found.read("declared") == (sign or "none")
    closes = all(row.read("residual_abs") < 1 for row in dossier.tables["S04"].rows())
    assert closes == (sign != "discharge")


FILLS = {"as usual": (1.0, False), "half": (0.5, True), "double": (2.0, False)}


@pytest.mark.parametrize("name", FILLS)
def test_declared_filling_is_compared_with_nearby_weeks(name: str, tmp_path: Path) -> None:
    scale, low = FILLS[name]
    made = plant()
    days = slice(40 * DAY, 42 * DAY)
    usual = (
        made.values["LOAD"][33 * DAY : 35 * DAY] + made.values["LOAD"][47 * DAY : 49 * DAY]
    ) / 2
    made.values["LOAD"][days] = np.round(usual * scale, 3)
    made.tables["T21"] = [
        {
            "object": "LOAD",
            "start": "2025-02-10",
            "end": "2025-02-11",
            "reason": "通信中断",
            "method": "相邻周",
            "conservative": "见说明",
        }
    ]
    (row,) = derived(made, tmp_path).tables["S07"].rows()
    assert (row.read("filled") < row.read("typical") * 9 / 10) == low


def test_a_declared_gap_is_not_open(tmp_path: Path) -> None:
    made = plant()
    _gap(made)
    made.tables["T21"] = [
        {
            "object": "LOAD",
            "start": "2025-01-06",
            "end": "2025-01-06",
            "reason": "通信中断",
            "method": "不填补",
            "conservative": "不计",
        }
    ]
    table = derived(made, tmp_path).tables["S02"]
    row = next(r for r in table.rows() if (r.read("meter_id"), r.read("kind")) == ("LOAD", "gap"))
    assert (row.read("stretches"), row.read("open")) == (1, 0)


def test_the_result_is_the_same_bytes_twice(tmp_path: Path) -> None:
    made = plant()
    _spike(made)
    folder = made.write(tmp_path / "d")
    texts = [dumps({**check(folder, Options(AS_OF)), "env": {}}) for _ in range(2)]
    assert texts[0] == texts[1]


def test_without_series_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from datetime import date; from pathlib import Path;"
        "from checker.check import Options, check;"
        f"check(Path({str(TEA)!r}), Options(date(2026, 11, 24)));"
        "print(sorted({'polars', 'numpy', 'pypdfium2'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
