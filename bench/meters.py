"""A year of quarter hours from many meters: the tool against the bare library on the same bytes.

    python -m bench.meters                    1, 10, 100 and 1,000 meters, Parquet and CSV
    python -m bench.meters tool DOSSIER       one measurement: CPU seconds and peak MB
    python -m bench.meters bare FILE          the library alone: read every value and add it up

The tool reads, puts every value on the grid, makes all checks, adds up the balance and writes the
derived tables. CPU seconds do not include importing libraries and loading packs; peaks do.
The readings are made up, with gaps, repeated rows, negative values and spikes in them.
"""

import csv
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from checker.dossier.load import load_dossier
from checker.packs.bind import bind
from checker.packs.compose import compose
from checker.series.derive import derive
from checker.series.limits import limits_of

ROOT = Path(__file__).resolve().parent.parent
INTERVALS = 35_040
RUNS = 3


def curves(meters: int) -> Iterator[pl.DataFrame]:
    """One frame a meter: every tenth generates, the first of the others is the import."""
    rng = np.random.default_rng(35_040)
    times = np.arange("2025-01-01", "2026-01-01", np.timedelta64(15, "m"), dtype="datetime64[m]")
    hour = (np.arange(INTERVALS) % 96).astype(np.float64) / 4
    stamps = pl.Series(times.astype("datetime64[ms]"))
    for number in range(meters):
        if number % 10 == 0 and meters > 1:
            sun = np.clip(np.sin((hour - 6) / 12 * np.pi), 0, None) * ((hour > 6) & (hour < 18))
            values = sun * rng.beta(5, 1.5, INTERVALS) * rng.uniform(50, 200)
        else:
            shape = 1 + 0.5 * np.sin((hour - 9) / 24 * 2 * np.pi)
            values = shape * rng.normal(1, 0.08, INTERVALS) * rng.uniform(5, 60)
        values = np.asarray(np.round(np.abs(values), 2), dtype=np.float64)
        keep = np.ones(INTERVALS, dtype=bool)
        if number % 10 == 3:
            start = int(rng.integers(0, INTERVALS - 100))
            keep[start : start + 30] = False
            values[rng.integers(0, INTERVALS, 28)] *= 20
            values[int(rng.integers(0, INTERVALS))] *= -1
        frame = pl.DataFrame({"meter_id": f"M{number:04d}", "time": stamps, "kwh": values})
        frame = frame.filter(pl.Series(keep))
        yield pl.concat([frame, frame[-1:]]) if number % 25 == 7 else frame


def make(folder: Path, meters: int, ending: str) -> Path:
    """A dossier with all meters in one file, sorted by meter; returns the folder."""
    dossier = Path(shutil.copytree(ROOT / "examples" / "machinery-2025", folder / "dossier"))
    path = dossier / "series" / f"all.{ending}"
    path.parent.mkdir()
    if ending == "csv":
        with path.open("wb") as stream:
            for number, frame in enumerate(curves(meters)):
                frame.write_csv(
                    stream, include_header=number == 0, datetime_format="%Y-%m-%d %H:%M"
                )
    else:
        pl.concat(curves(meters)).write_parquet(path, compression="zstd")
    with (dossier / "tables" / "T36.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("meter_id", "file", "role", "kind", "unit"))
        for number in range(meters):
            role = "import" if number == 1 else "generation" if number % 10 == 0 else "load"
            writer.writerow((f"M{number:04d}", f"series/all.{ending}", role, "energy", "kWh"))
    return dossier


def tool(folder: Path) -> None:
    """Print CPU seconds of the series alone, and the peak of the process."""
    dossier = load_dossier(folder)
    limits = limits_of(bind(compose(dossier.header, date(2026, 11, 24))))
    begin = time.process_time()
    derive(dossier, limits)
    _print(begin)


def bare(path: Path) -> None:
    """Print CPU seconds of reading the same bytes and adding them up with polars."""
    begin = time.process_time()
    scan = pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path)
    total = 0.0
    for batch in scan.collect_batches(chunk_size=400_000):
        total += float(batch["kwh"].sum())
    _print(begin)


def _print(begin: float) -> None:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024  # of this program, not of its parent
    print(f"{time.process_time() - begin:.3f} {peak:.0f}")


def _measure(*arguments: str) -> tuple[float, float]:
    """Median CPU seconds and highest peak of some runs, each in a process of its own."""
    found = []
    for _ in range(RUNS):
        command = [sys.executable, "-m", "bench.meters", *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        found.append(tuple(float(part) for part in done.stdout.split()))
    seconds = sorted(one[0] for one in found)
    return seconds[RUNS // 2], max(one[1] for one in found)


def main() -> None:
    """Print the table."""
    print("meters  file      MB     tool s   peak MB   library s   ratio   s per meter")
    for meters in (1, 10, 100, 1_000):
        for ending in ("parquet", "csv"):
            with tempfile.TemporaryDirectory() as folder:
                dossier = make(Path(folder), meters, ending)
                path = dossier / "series" / f"all.{ending}"
                size = path.stat().st_size / 1e6
                ours, peak = _measure("tool", str(dossier))
                library, _ = _measure("bare", str(path))
            print(
                f"{meters:6d}  {ending:8s} {size:7.1f}  {ours:7.3f}  {peak:7.0f}"
                f"  {library:9.3f}  {ours / library:6.1f}   {ours / meters:.4f}",
                flush=True,
            )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        {"tool": tool, "bare": bare}[sys.argv[1]](Path(sys.argv[2]))
    else:
        main()
