"""Strictness of the series: each case was once a crash, a wrong number or a false question."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from checker.series.stamps import NEVER, form_of, read_texts
from checker.series.values import read_numbers
from tests.meters import (
    DAYS,
    PER_DAY,
    Plant,
    bill,
    derived,
    keys,
    labels,
    open_kinds,
    plant,
    read_folder,
    row,
)


def _one(values: np.ndarray, role: str = "load", step: int = 15, **more: str) -> Plant:
    made = Plant(times=labels(DAYS * 1440 // step, step))
    made.values = {"M": values}
    made.rows = {"M": row("M", role, **more)}
    return made


def _load() -> np.ndarray:
    values: np.ndarray = plant().values["LOAD"]
    return values


def _header_again(lines: list[list[str]]) -> None:
    lines.insert(3000, ["meter_id", "time", "value"])


def _year_10000(lines: list[list[str]]) -> None:
    lines.append(["M", "9999-12-31 23:59", "1.0"])


def _year_0(lines: list[list[str]]) -> None:
    lines.append(["M", "0000-01-01 00:00", "1.0"])


def _late(lines: list[list[str]]) -> None:
    lines[5000][1] = "2025-02-22 24:15"


def _no_time(lines: list[list[str]]) -> None:
    lines[5000][1] = ""


def _huge(lines: list[list[str]]) -> None:
    lines[5000][2] = "1e308"


def _two_numbers(lines: list[list[str]]) -> None:
    lines[5000][2] = "12 13"


@pytest.mark.parametrize(
    "spoil", [_header_again, _year_10000, _year_0, _late, _no_time, _huge, _two_numbers]
)
def test_an_impossible_cell_is_named_and_costs_one_reading_at_most(
    spoil: Callable[[list[list[str]]], None], tmp_path: Path
) -> None:
    made = _one(_load())
    spoil(made.file_of("M"))
    dossier = derived(made, tmp_path)
    assert keys(dossier) & {"series.bad_cell", "series.strangers"}
    assert dossier.tables["S01"].rows()[0].read("present") >= DAYS * PER_DAY - 1


def test_a_bad_time_is_reported_for_every_meter(tmp_path: Path) -> None:
    made = plant()
    for meter in ("IMP", "LOAD"):
        made.file_of(meter)[77][1] = "bad"
    problems = [p for p in derived(made, tmp_path).problems if p.key == "series.bad_cell"]
    assert sorted(p.anchor.file for p in problems) == ["series/IMP.csv", "series/LOAD.csv"]


@pytest.mark.parametrize("text", ["2025-01-01 24:15", "202501012415", "2025-01-01 24:00:30"])
def test_only_24_00_is_the_next_midnight(text: str) -> None:
    assert read_texts(pl.Series([text]), form_of(text))[0] == NEVER


def test_a_blank_is_not_a_second_value(tmp_path: Path) -> None:
    made = _one(_load())
    lines = made.file_of("M")
    lines.insert(100, [*lines[100][:2], ""])
    lines.insert(201, [*lines[200][:2], "-"])
    assert open_kinds(derived(made, tmp_path)) == set()


def test_files_of_a_pattern_may_differ_in_their_columns(tmp_path: Path) -> None:
    made = plant()
    made.rows = {m: {**made.rows[m], "file": "series/p*.csv"} for m in ("LOAD", "PV1")}
    made.values = {m: made.values[m] for m in made.rows}
    folder = made.write(tmp_path / "d")
    half = len(made.times) // 2
    for path in (folder / "series").iterdir():
        path.unlink()
    for name, part, columns in (
        ("p1", slice(None, half), ("LOAD", "PV1")),
        ("p2", slice(half, None), ("PV1", "LOAD")),
    ):
        frame = {"time": made.times[part], **{c: made.values[c][part] for c in columns}}
        pl.DataFrame(frame).write_csv(folder / "series" / f"{name}.csv")
    dossier = read_folder(folder)
    found = {
        r.read("meter_id"): float(r.read("energy")) / 3.6 for r in dossier.tables["S01"].rows()
    }
    for meter in ("LOAD", "PV1"):
        assert found[meter] == pytest.approx(made.values[meter].sum())


def _moments() -> list[datetime]:
    return [datetime.fromisoformat(text) for text in labels()]


TYPES: dict[str, Callable[[], dict[str, pl.Series]]] = {
    "integer ids": lambda: {"meter_id": pl.Series([7] * 8640), "time": pl.Series(_moments())},
    "categories": lambda: {
        "meter_id": pl.Series(["7"] * 8640).cast(pl.Categorical),
        "time": pl.Series(labels()).cast(pl.Categorical),
    },
    "day and clock": lambda: {
        "meter_id": pl.Series(["7"] * 8640),
        "day": pl.Series([moment.date() for moment in _moments()]),
        "clock": pl.Series([moment.time() for moment in _moments()]),
    },
    "compact integers": lambda: {
        "meter_id": pl.Series(["7"] * 8640),
        "time": pl.Series([int(f"{moment:%Y%m%d%H%M}") for moment in _moments()]),
    },
    "times with a zone": lambda: {
        "meter_id": pl.Series(["7"] * 8640),
        "time": pl.Series(_moments()).dt.replace_time_zone("Asia/Shanghai"),
    },
}


@pytest.mark.parametrize("name", TYPES)
def test_parquet_of_any_types(name: str, tmp_path: Path) -> None:
    made = _one(_load(), label="start")
    made.rows["M"] |= {"file": "series/a.parquet", "key": "7"}
    folder = made.write(tmp_path / "d")
    frame = pl.DataFrame({**TYPES[name](), "kwh": _load()})
    frame.write_parquet(folder / "series" / "a.parquet")
    (folder / "series" / "M.csv").unlink()
    dossier = read_folder(folder)
    assert keys(dossier) == set()
    (found,) = dossier.tables["S01"].rows()
    assert float(found.read("energy")) / 3.6 == pytest.approx(_load().sum())


def test_intervals_that_do_not_divide_each_other_meet_on_a_common_one(tmp_path: Path) -> None:
    made = plant()
    ten = np.round(np.repeat(made.values["PV1"], 3) / 3, 6)  # five minutes, then ten
    made.values["PV1"] = ten.reshape(-1, 2).sum(axis=1)
    made.lines["PV1"] = [
        ["PV1", t, f"{v:.6f}"]
        for t, v in zip(labels(DAYS * 144, 10), made.values["PV1"], strict=True)
    ]
    dossier = derived(made, tmp_path)
    assert all(r.read("valid") == r.read("expected") for r in dossier.tables["S04"].rows())
    assert dossier.tables["S04"].rows()[0].read("expected") == 31 * 48


@pytest.mark.parametrize("change", [{"file": "series/none.csv"}, {"unit": "t"}])
def test_a_flow_that_was_not_read_is_unknown_not_zero(
    change: dict[str, str], tmp_path: Path
) -> None:
    made = plant()
    made.rows["PV1"] |= change
    dossier = derived(made, tmp_path)
    assert "series.left_out" in keys(dossier)
    for balance in dossier.tables["S04"].rows():
        assert balance.read("valid") == 0
        assert balance.table.columns["generation"][balance.index] is None


@pytest.mark.parametrize("sign", ["negative", ""])
def test_a_register_that_counts_down(sign: str, tmp_path: Path) -> None:
    register = -np.concatenate([[0.0], np.cumsum(_load())])[:-1]
    made = _one(register, kind="register", sign=sign)
    (found,) = derived(made, tmp_path).tables["S01"].rows()
    wanted = _load()[:-1].sum() if sign else 0.0
    assert float(found.read("energy")) / 3.6 == pytest.approx(wanted)


@pytest.mark.parametrize("seed", range(6))
def test_a_level_tells_the_sign_of_a_restless_battery(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    flow = np.round(rng.normal(0, 5, DAYS * PER_DAY), 3)
    level = 1_000 + np.concatenate([[0.0], np.cumsum(flow)])[:-1]
    made = Plant()
    made.values = {"L": _load(), "B": flow, "S": level}
    made.rows = {
        "L": row("L", "load"),
        "B": row("B", "storage", unit_id="U"),
        "S": row("S", "soc", unit_id="U", kind="level"),
    }
    (found,) = derived(made, tmp_path).tables["S05"].rows()
    assert (found.read("decided"), found.read("ground")) == ("charge", "level")


def test_meters_of_one_account_are_added_up(tmp_path: Path) -> None:
    made = plant()
    made.values["IMP2"] = np.round(made.values["IMP"] * 0.25 + 1, 3)
    made.rows["IMP2"] = {**made.rows["IMP"], "meter_id": "IMP2", "file": "series/IMP2.csv"}
    total = made.values["IMP"].sum() + made.values["IMP2"].sum()
    made.tables["T05"] = [bill(total)]
    rows = derived(made, tmp_path).tables["S06"].rows()
    assert [(r.read("against"), r.read("slip")) for r in rows] == [("T05", "none")]


WRONG = [
    ({"multiplier": "0"}, "series.number"),
    ({"interval": "7.5"}, "series.number"),
    ({"kind": "level", "unit": "kWh"}, "series.kind"),
    ({"column": "other"}, "series.column"),
]


@pytest.mark.parametrize(("change", "key"), WRONG)
def test_a_row_of_t36_that_says_something_impossible(
    change: dict[str, str], key: str, tmp_path: Path
) -> None:
    made = plant()
    made.rows["LOAD"] |= change
    assert key in keys(derived(made, tmp_path))


def test_two_meters_do_not_share_a_column(tmp_path: Path) -> None:
    made = plant()
    made.rows["LOAD2"] = {**made.rows["LOAD"], "meter_id": "LOAD2", "key": "LOAD"}
    assert "series.column" in keys(derived(made, tmp_path))


@pytest.mark.parametrize("low", [(10, 30), (32, 64)])
def test_whole_numbers_are_not_taken_for_copies(low: tuple[int, int], tmp_path: Path) -> None:
    found = set()
    for seed in range(12):
        values = np.random.default_rng(seed).integers(*low, DAYS * 24).astype(float)
        folder = tmp_path / str(seed)
        folder.mkdir()
        found |= open_kinds(derived(_one(values, step=60), folder))
    assert found == set()


def test_a_steady_base_load_in_whole_numbers_is_not_frozen(tmp_path: Path) -> None:
    hour = (np.arange(DAYS * PER_DAY) % PER_DAY) * 0.25
    rng = np.random.default_rng(3)
    values = np.where((hour < 7) | (hour > 21), 3.0, rng.integers(20, 60, len(hour)))
    assert ("M", "frozen") not in open_kinds(derived(_one(values), tmp_path))


def test_wind_may_blow_at_night(tmp_path: Path) -> None:
    made = _one(np.round(np.random.default_rng(1).gamma(2, 20, DAYS * PER_DAY), 3), "generation")
    made.rows["M"]["array_id"] = "W1"
    made.tables["T08"] = [
        {
            "array_id": "W1",
            "capacity[kWp]": "900",
            "month": "2025-01",
            "generation[kWh]": "1",
            "self_use[kWh]": "1",
            "exported[kWh]": "0",
            "technology": "风电",
        }
    ]
    assert open_kinds(derived(made, tmp_path)) <= {("M", "over_rated")}


def test_daily_generation_is_not_night_generation(tmp_path: Path) -> None:
    daily = plant().values["PV1"].reshape(-1, PER_DAY).sum(axis=1)
    made = Plant(times=labels(DAYS, 1440))
    made.values, made.rows = {"M": daily}, {"M": row("M", "generation")}
    assert open_kinds(derived(made, tmp_path)) == set()


def test_hourly_sums_of_the_sun_are_not_interpolated(tmp_path: Path) -> None:
    hourly = plant().values["PV1"].reshape(-1, 4).sum(axis=1)
    assert open_kinds(derived(_one(hourly, "generation", 60), tmp_path)) == set()


def test_a_flat_interpolation_is_seen_in_a_restless_load(tmp_path: Path) -> None:
    values = _load().copy()
    values[2000:2048] = np.round(np.linspace(40.0, 40.4, 48), 3)
    assert open_kinds(derived(_one(values), tmp_path)) == {("M", "straight")}


def test_t21_does_not_explain_a_second_value(tmp_path: Path) -> None:
    made = _one(_load())
    lines = made.file_of("M")
    lines.insert(700, [*lines[700][:2], "1.000"])
    made.tables["T21"] = [
        {
            "object": "M",
            "start": "2025-01-01",
            "end": "2025-03-31",
            "reason": "x",
            "method": "y",
            "conservative": "z",
        }
    ]
    assert open_kinds(derived(made, tmp_path)) == {("M", "conflict")}


def test_a_second_off_is_still_the_interval(tmp_path: Path) -> None:
    made = _one(_load())
    for line in made.file_of("M"):
        line[1] += ":07"
    assert open_kinds(derived(made, tmp_path)) == set()


def test_numbers_beyond_any_meter_are_unreadable() -> None:
    values, bad = read_numbers(pl.Series(["1", "1e308", "-2e16", "3"]))
    assert bad.tolist() == [1, 2]
    assert np.isnan(values[1])


@pytest.mark.parametrize("limit", ["MAX_ROWS", "MAX_COLUMNS"])
def test_a_parquet_file_that_would_grow_too_long_is_refused(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few bytes can stand for very many equal rows."""
    made = plant()
    made.rows["LOAD"]["file"] = "series/bomb.parquet"
    folder = made.write(tmp_path / "d")
    pl.DataFrame({"time": ["2025-01-01 00:00"] * 50_000, "v": [0.0] * 50_000}).write_parquet(
        folder / "series" / "bomb.parquet"
    )
    monkeypatch.setattr(f"checker.series.source.{limit}", 1)
    dossier = read_folder(folder)
    assert {p.key for p in dossier.problems if p.anchor.file.endswith("bomb.parquet")} == {
        "series.too_long"
    }
    if limit == "MAX_ROWS":
        assert dossier.tables["S01"].rows()[2].read("present") == DAYS * PER_DAY
