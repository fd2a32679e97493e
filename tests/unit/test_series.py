"""Meter series: clean curves give nothing, each fault gives its check, files of all shapes read."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.meters import DAYS, PER_DAY, Plant, derived, keys, open_kinds, plant

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
