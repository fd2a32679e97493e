"""A made-up plant with meters: ninety days of quarter hours that balance; tests spoil them."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from checker.check import read_series
from checker.dossier.load import Dossier, load_dossier
from tests.conftest import whole_book

START = date(2025, 1, 1)
DAYS = 90
STEP = 15
PER_DAY = 1440 // STEP
HEADER = """schema: zcf-dossier/1
name: 示例工厂
credit_code: 91350500MA0000001X
sector: machinery
province: 江苏
period: {start: 2025-01-01, end: 2025-03-31}
stage: application
applies_for: []
ets_member: false
gases: [CO2]
boundary: {covers_whole_plant: true, statement: 全厂区}
accounting: {standard: GB/T 32150, edition: "2015"}
"""
T36 = ("meter_id", "file", "role", "kind", "unit")


def labels(count: int = DAYS * PER_DAY, step: int = STEP) -> list[str]:
    """Interval starts as texts."""
    first = datetime(START.year, START.month, START.day)
    return [f"{first + timedelta(minutes=step * i):%Y-%m-%d %H:%M}" for i in range(count)]


def bill(total: float) -> dict[str, str]:
    """One bill for all days, kWh."""
    return {
        "account": "0001",
        "start": "2025-01-01",
        "end": "2025-03-31",
        "total[kWh]": f"{total:.1f}",
    }


@dataclass
class Plant:
    """Values by meter, rows of T36 and of other tables; ``write`` makes a dossier of it."""

    values: dict[str, Any] = field(default_factory=dict)
    times: list[str] = field(default_factory=labels)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    lines: dict[str, list[list[str]]] = field(default_factory=dict)

    def file_of(self, meter: str) -> list[list[str]]:
        """Lines of the file of a meter, for a test to edit."""
        if meter not in self.lines:
            texts = ["" if np.isnan(v) else f"{v:.3f}" for v in self.values[meter]]
            self.lines[meter] = [[meter, t, v] for t, v in zip(self.times, texts, strict=True)]
        return self.lines[meter]

    def write(self, folder: Path) -> Path:
        """The dossier as files; returns its folder."""
        (folder / "series").mkdir(parents=True)
        (folder / "tables").mkdir()
        (folder / "dossier.yaml").write_text(HEADER, encoding="utf-8")
        for meter in self.rows:
            if meter in self.values:
                path = folder / "series" / f"{meter}.csv"
                self._save(path, [["meter_id", "time", "value"], *self.file_of(meter)])
        columns = dict.fromkeys([*T36, *(name for row in self.rows.values() for name in row)])
        self._table(folder, "T36", [dict(row) for row in self.rows.values()], list(columns))
        for code, rows in self.tables.items():
            self._table(folder, code, rows, list(rows[0]))
        return folder

    @staticmethod
    def _save(path: Path, lines: list[list[str]]) -> None:
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(lines)

    def _table(
        self, folder: Path, code: str, rows: list[dict[str, str]], columns: list[str]
    ) -> None:
        heads = [_UNITS.get((code, name.split("[")[0]), name) for name in columns]
        cells = [[row.get(name, "") for name in columns] for row in rows]
        self._save(folder / "tables" / f"{code}.csv", [heads, *cells])


_UNITS = {("T36", "rated"): "rated[kW]"}


def row(meter: str, role: str, **more: str) -> dict[str, str]:
    """A row of T36."""
    base = {"meter_id": meter, "file": f"series/{meter}.csv", "role": role}
    return {**base, "kind": "energy", "unit": "kWh", **more}


def plant(seed: int = 1) -> Plant:
    """Import, export, PV, load and a battery, kWh a quarter hour, in balance to the last digit."""
    rng = np.random.default_rng(seed)
    count = DAYS * PER_DAY
    hour = (np.arange(count) % PER_DAY) * STEP / 60
    cloud = np.repeat(rng.uniform(0.4, 1.0, DAYS), PER_DAY) * rng.uniform(0.8, 1.0, count)
    sun = np.clip(np.sin((hour - 6.2) / 11.6 * np.pi), 0, None) * (hour > 6.2) * (hour < 17.8)
    pv = np.round(60 * sun * cloud, 3)
    weekend = np.repeat((np.arange(DAYS) % 7 >= 5).astype(float), PER_DAY)
    load = 40 + 20 * np.sin((hour - 8) / 24 * 2 * np.pi) * (1 - 0.5 * weekend)
    load = np.round(load * rng.normal(1, 0.06, count).clip(0.7, 1.4), 3)
    charge = np.round(np.where((hour >= 11) & (hour < 13), 8, 0) * rng.uniform(0.8, 1, count), 3)
    give = np.where((hour >= 18) & (hour < 20), 8 * 0.86, 0) * rng.uniform(0.8, 1, count)
    discharge = np.round(give, 3)
    net = np.round(load + charge - pv - discharge, 3)
    found = Plant()
    found.values = {
        "IMP": np.clip(net, 0, None),
        "EXP": np.clip(-net, 0, None),
        "PV1": pv,
        "LOAD": load,
        "BAT": charge - discharge,
    }
    found.rows = {
        "IMP": row("IMP", "import", account="0001"),
        "EXP": row("EXP", "export"),
        "PV1": row("PV1", "generation", array_id="PV1"),
        "LOAD": row("LOAD", "load"),
        "BAT": row("BAT", "storage", unit_id="B1", sign="charge"),
    }
    return found


def derived(made: Plant, folder: Path) -> Dossier:
    """The dossier with its derived tables."""
    return read_folder(made.write(folder / "d"))


def read_folder(folder: Path) -> Dossier:
    """A dossier on disk with its derived tables."""
    dossier = load_dossier(folder)
    read_series(dossier, whole_book())
    return dossier


def open_kinds(dossier: Dossier) -> set[tuple[str, str]]:
    """Meter and kind of every check that found something nobody declared."""
    table = dossier.tables["S02"]
    return {(r.read("meter_id"), r.read("kind")) for r in table.rows() if r.read("open") > 0}


def keys(dossier: Dossier) -> set[str]:
    """Keys of the problems about series."""
    return {p.key for p in dossier.problems if p.key.startswith("series.")}


Spoil = Callable[[Plant], None]
