"""A dossier of many activity rows, checked to the facts: ``python -m bench.activity ROWS``."""

import csv
import shutil
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from checker.dossier.load import load_dossier
from checker.facts.quantities import compute_facts
from checker.facts.world import FactWorld
from checker.packs.bind import bind
from checker.packs.compose import compose

ROOT = Path(__file__).resolve().parent.parent
HEADS = (
    ("月份", "设施编号", "能源品种", "消费量", "单位", "来源"),
    ("month", "facility_id", "energy", "consumption", "unit", "source"),
    ("",) * 6,
)
FUELS = (("natural_gas", "Nm3"), ("diesel", "L"), ("bituminous", "t"), ("electricity", "kWh"))


def make(folder: Path, rows: int) -> Path:
    """The battery example with ``rows`` rows of monthly energy by facility and fuel."""
    dossier = Path(shutil.copytree(ROOT / "examples" / "lithium-battery-2025", folder / "dossier"))
    path = next((dossier / "tables").glob("T04_*.csv"))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows(HEADS)
        for number in range(rows):
            fuel, unit = FUELS[number % len(FUELS)]
            month = f"2025-{number // len(FUELS) % 12 + 1:02d}"
            facility = f"F{number // len(FUELS) // 12:05d}"
            writer.writerow(
                (
                    month,
                    facility,
                    fuel,
                    f"{100 + number * 7919 % 100003}.{number % 10}",
                    unit,
                    "meter",
                )
            )
    return dossier


def main() -> None:
    """Print CPU seconds of reading, of the facts, and of both, without start-up and packs."""
    with tempfile.TemporaryDirectory() as name:
        path = make(Path(name), int(sys.argv[1]))
        begin = time.process_time()
        dossier = load_dossier(path)
        read = time.process_time()
        book = bind(compose(dossier.header, date(2026, 11, 24)))
        start = time.process_time()
        world = FactWorld(dossier, book)
        compute_facts(world)
        end = time.process_time()
    total = read - begin + end - start
    print(f"read {read - begin:.2f} s  facts {end - start:.2f} s  both {total:.2f} s")


if __name__ == "__main__":
    main()
