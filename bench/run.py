"""Whole-process CPU seconds and peak memory, median of five: ``python -m bench.run``.

Figures are for the machine they run on; compare medians and ratios, not single runs.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEA = ROOT / "examples" / "xingxi-tea-2025"
RUNS = 5
_DAY = ("--as-of", "2026-11-24")


def measure(*command: str) -> tuple[float, float]:
    """Median CPU seconds (user and system) and peak MB over ``RUNS`` runs after one warm-up."""
    seconds, peaks = [], []
    for number in range(RUNS + 1):
        with tempfile.TemporaryDirectory() as folder:
            process = subprocess.Popen(
                command, cwd=folder, stdout=subprocess.DEVNULL, env={**os.environ, **_PATH}
            )
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
        if number:
            seconds.append(usage.ru_utime + usage.ru_stime)
            peaks.append(usage.ru_maxrss / 1024)
    return statistics.median(seconds), max(peaks)


_PATH = {"PYTHONPATH": str(ROOT)}


def main() -> None:
    """Print one line a measure, with its target."""
    python = sys.executable
    rows = (
        ("zcf-check --help", 0.06, (python, "-m", "checker", "--help")),
        ("check the tea dossier, HTML", 0.35, (python, "-m", "checker", str(TEA), *_DAY)),
        ("1,000 documents x 50 rules", 0.50, (python, "-m", "bench.documents", "1000")),
        ("load and check all packs", 0.25, (python, "-m", "bench.packs")),
        ("rules lint, all packs", 5.0, (python, "-m", "checker", "rules", "lint")),
        ("rules test, all packs", 5.0, (python, "-m", "checker", "rules", "test")),
        ("rules test --mutate, all", 60.0, (python, "-m", "checker", "rules", "test", "--mutate")),
    )
    for name, target, command in rows:
        seconds, peak = measure(*command)
        print(f"{name:32s} {seconds:6.3f} s CPU (target {target:.2f})  peak {peak:5.1f} MB")


if __name__ == "__main__":
    main()
