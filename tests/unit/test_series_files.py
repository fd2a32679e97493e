"""Series files in all the shapes people export: each gives the energies of the plain one."""

import csv
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from checker.dossier.load import Dossier
from tests.meters import DAYS, PER_DAY, Plant, derived, keys, open_kinds, plant, read_folder, row


def _energy(dossier: Dossier, meter: str = "LOAD") -> float:
    rows = dossier.tables["S01"].rows()
    return float(next(r.read("energy") for r in rows if r.read("meter_id") == meter)) / 3.6


def _save(path: Path, lines: list[list[str]], encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(lines)


def _file(folder: Path) -> tuple[Path, list[list[str]]]:
    path = folder / "series" / "LOAD.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return path, list(csv.reader(stream))


def _newest_first(folder: Path) -> None:
    path, lines = _file(folder)
    _save(path, [lines[0], *reversed(lines[1:])])


def _gb18030(folder: Path) -> None:
    path, lines = _file(folder)
    lines[0] = ["表号", "数据时间", "电量（千瓦时）"]
    _save(path, [["车间用电曲线导出"], [], *lines], "gb18030")


def _with_mark(folder: Path) -> None:
    path, lines = _file(folder)
    _save(path, lines, "utf-8-sig")


def _two_columns(folder: Path) -> None:
    path, lines = _file(folder)
    body = [[m, *t.split(" "), v] for m, t, v in lines[1:]]
    _save(path, [["meter_id", "日期", "时刻", "value"], *body])


def _ends_of_intervals(folder: Path) -> None:
    path, lines = _file(folder)
    body = []
    for meter, text, value in lines[1:]:
        end = datetime.fromisoformat(text) + timedelta(minutes=15)
        label = f"{end:%Y-%m-%d %H:%M}"
        if label.endswith("00:00"):
            label = f"{end - timedelta(days=1):%Y-%m-%d} 24:00"
        body.append([meter, label, value])
    _save(path, [lines[0], *body])


def _ends_next_midnight(folder: Path) -> None:
    path, lines = _file(folder)
    step = timedelta(minutes=15)
    body = [[m, f"{datetime.fromisoformat(t) + step:%Y/%m/%d %H:%M}", v] for m, t, v in lines[1:]]
    _save(path, [lines[0], *body])


def _thousands(folder: Path) -> None:
    path, lines = _file(folder)
    body = [[m, t, f"{float(v) * 1000:,.0f}"] for m, t, v in lines[1:]]
    _save(path, [lines[0], *body])
    _t36(folder, "series/LOAD.csv,load,energy,kWh", "series/LOAD.csv,load,energy,Wh")


def _utc(folder: Path) -> None:
    path, lines = _file(folder)
    eight = timedelta(hours=8)
    body = [
        [m, f"{datetime.fromisoformat(t) - eight:%Y-%m-%dT%H:%M:%SZ}", v] for m, t, v in lines[1:]
    ]
    _save(path, [lines[0], *body])


def _wide(folder: Path) -> None:
    path, lines = _file(folder)
    body = [[t, "7", v] for _, t, v in lines[1:]]
    _save(path, [["time", "other", "LOAD"], *body])


def _parquet(folder: Path) -> None:
    path, lines = _file(folder)
    frame = pl.DataFrame(lines[1:], schema=lines[0], orient="row")
    frame = frame.with_columns(pl.col("time").str.to_datetime(), pl.col("value").cast(float))
    frame.write_parquet(path.with_suffix(".parquet"))
    path.unlink()
    _t36(folder, "series/LOAD.csv", "series/LOAD.parquet")


def _by_month(folder: Path) -> None:
    path, lines = _file(folder)
    for month in ("2025-01", "2025-02", "2025-03"):
        part = [line for line in lines[1:] if line[1].startswith(month)]
        _save(folder / "series" / f"LOAD-{month}.csv", [lines[0], *part])
    path.unlink()
    _t36(folder, "series/LOAD.csv", "series/LOAD-*.csv")


def _power(folder: Path) -> None:
    path, lines = _file(folder)
    _save(path, [lines[0], *([m, t, f"{float(v) * 4:.3f}"] for m, t, v in lines[1:])])
    _t36(folder, "series/LOAD.csv,load,energy,kWh", "series/LOAD.csv,load,power,kW")


def _t36(folder: Path, old: str, new: str) -> None:
    path = folder / "tables" / "T36.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


SHAPES: dict[str, Callable[[Path], None]] = {
    "newest first": _newest_first,
    "GB18030 with a title": _gb18030,
    "mark of byte order": _with_mark,
    "day and clock apart": _two_columns,
    "ends of intervals, 24:00": _ends_of_intervals,
    "ends of intervals, next midnight": _ends_next_midnight,
    "separators of thousands, Wh": _thousands,
    "UTC": _utc,
    "wide": _wide,
    "Parquet": _parquet,
    "a file a month": _by_month,
    "power in kW": _power,
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plant().write(tmp_path_factory.mktemp("plain") / "d")


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same(shape: str, plain: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(plain, tmp_path / "d"))
    SHAPES[shape](folder)
    dossier = read_folder(folder)
    assert keys(dossier) == set()
    assert open_kinds(dossier) == set()
    assert _energy(dossier) == pytest.approx(_energy(read_folder(plain)), rel=1e-9)
    assert all(abs(r.read("residual_abs")) < 1 for r in dossier.tables["S04"].rows())


def test_all_meters_in_one_file_by_time_or_by_meter(plain: Path, tmp_path: Path) -> None:
    """Rows sorted by time need a second pass; the result is the same."""
    results = []
    for order in ("meter", "time"):
        folder = Path(shutil.copytree(plain, tmp_path / order))
        lines: list[list[str]] = []
        for path in sorted((folder / "series").iterdir()):
            with path.open(encoding="utf-8", newline="") as stream:
                lines += list(csv.reader(stream))[1:]
            path.unlink()
        if order == "time":
            lines.sort(key=lambda line: line[1])
        _save(folder / "series" / "all.csv", [["meter_id", "time", "value"], *lines])
        text = (folder / "tables" / "T36.csv").read_text(encoding="utf-8")
        for meter in ("IMP", "EXP", "PV1", "LOAD", "BAT"):
            text = text.replace(f"series/{meter}.csv", "series/all.csv")
        (folder / "tables" / "T36.csv").write_text(text, encoding="utf-8")
        dossier = read_folder(folder)
        assert (keys(dossier), open_kinds(dossier)) == (set(), set())
        results.append([r.read("energy") for r in dossier.tables["S03"].rows()])
    assert results[0] == results[1]


def test_a_zip_reads_the_same(plain: Path, tmp_path: Path) -> None:
    archive = tmp_path / "d.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(plain.rglob("*")):
            packed.write(path, path.relative_to(plain).as_posix())
    assert _energy(read_folder(archive)) == _energy(read_folder(plain))


def test_a_register_that_rolls_over(tmp_path: Path) -> None:
    made = plant()
    register = 99_000 + np.concatenate([[0.0], np.cumsum(made.values["LOAD"])])
    made.values["LOAD"] = np.round(register % 100_000, 3)
    made.times = [*made.times, "2025-04-01 00:00"]
    made.values = {n: (v if n == "LOAD" else np.append(v, 0)) for n, v in made.values.items()}
    for meter in ("IMP", "EXP", "PV1", "BAT"):
        made.file_of(meter).pop()
    made.rows["LOAD"] |= {"kind": "register", "rollover": "100000"}
    dossier = derived(made, tmp_path)
    assert open_kinds(dossier) == set()
    rows = dossier.tables["S01"].rows()
    load = next(r for r in rows if r.read("meter_id") == "LOAD")
    assert load.read("rollovers") == int(register[-1] // 100_000)
    assert _energy(dossier) == pytest.approx(float(register[-1] - register[0]), rel=1e-6)


def test_summer_time_of_another_zone(tmp_path: Path) -> None:
    """Local labels of a zone that puts its clock forward on 30 March: no hour is lost or double."""
    made = Plant()
    zone = pl.datetime_range(
        datetime(2024, 12, 31, 16),
        datetime(2025, 3, 31, 16),
        "15m",
        time_zone="UTC",
        closed="left",
        eager=True,
    )
    made.times = zone.dt.convert_time_zone("Europe/London").dt.strftime("%Y-%m-%d %H:%M").to_list()
    made.values = {"M": plant().values["LOAD"]}
    made.rows = {"M": row("M", "load", zone="Europe/London")}
    dossier = derived(made, tmp_path)
    assert (keys(dossier), open_kinds(dossier)) == (set(), set())
    assert dossier.tables["S01"].rows()[0].read("present") == DAYS * PER_DAY


BAD = {
    "a file that is not there": ("series/LOAD.csv", "series/NONE.csv", "series.file_missing"),
    "a path outside the dossier": ("series/LOAD.csv", "../../etc/passwd", "series.file_missing"),
    "a unit of another kind": ("load,energy,kWh", "load,energy,t", "series.unit"),
    "kWh said to be power": ("load,energy,kWh", "load,power,kWh", "series.unit"),
    "another meter's file": ("series/LOAD.csv", "series/PV1.csv", "series.no_rows"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_named_and_the_rest_goes_on(
    name: str, plain: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(plain, tmp_path / "d"))
    old, new, key = BAD[name]
    _t36(folder, old, new)
    dossier = read_folder(folder)
    assert key in keys(dossier)
    assert _energy(dossier, "PV1") == pytest.approx(_energy(read_folder(plain), "PV1"))


def test_one_bad_line_among_many(plain: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(plain, tmp_path / "d"))
    path, lines = _file(folder)
    lines[1234][2] = "13.5kWh"
    lines[2345] = [*lines[2345], "9.9"]
    lines[3456][1] = "2025-02-30 10:00"
    _save(path, lines)
    dossier = read_folder(folder)
    bad = [p for p in dossier.problems if p.key == "series.bad_cell"]
    assert sorted((p.anchor.line, p.args["text"]) for p in bad) == [
        (1235, "13.5kWh"),
        (2346, "9.9"),
        (3457, "2025-02-30 10:00"),
    ]
    assert ("LOAD", "gap") in open_kinds(dossier)
    assert _energy(dossier, "PV1") == pytest.approx(_energy(read_folder(plain), "PV1"))


def test_files_without_a_register_are_named_and_nothing_is_evaluated(
    plain: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(plain, tmp_path / "d"))
    (folder / "tables" / "T36.csv").unlink()
    dossier = read_folder(folder)
    assert [p.key for p in dossier.problems].count("series.unlisted") == 5
    assert {"S01", "S04"} <= set(dossier.unreadable)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"\x00\x01\x02", b"a,b\n1,2\n", b"PAR1junkPAR1"])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_rubbish_is_refused_by_name(content: bytes, ending: str, tmp_path: Path) -> None:
    made = plant()
    made.rows["LOAD"]["file"] = f"series/X.{ending}"
    folder = made.write(tmp_path / "d")
    (folder / "series" / f"X.{ending}").write_bytes(content)
    dossier = read_folder(folder)
    found = [p for p in dossier.problems if p.anchor.file == f"series/X.{ending}"]
    assert {p.key for p in found} & {"series.broken", "series.no_times", "series.encoding"}
    assert _energy(dossier, "PV1") > 0
