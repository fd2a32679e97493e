"""What reports cost beyond the check: ``python -m bench.reports`` prints CPU and memory.

The result is a real one with its findings repeated; the workbook has 20,000 rows.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from checker.check import Options, check
from checker.desk.pages import Pages
from checker.desk.session import Session
from checker.report.formats import Job, render
from checker.skeleton.workbook import write_workbook

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "xingxi-tea-2025"
DAY = date(2026, 11, 24)
ROWS = 20_000


def many_findings(count: int) -> dict[str, Any]:
    """The example's result with its findings repeated up to ``count``, each with its own mark."""
    result: dict[str, Any] = check(EXAMPLE, Options(DAY))
    known = result["findings"]
    result["findings"] = [
        {**known[i % len(known)], "id": f"F{i + 1:03d}", "fingerprint": f"{i:016x}"}
        for i in range(count)
    ]
    return result


def workbook(folder: Path) -> tuple[Path, dict[str, Any]]:
    """A dossier whose bills fill ``ROWS`` rows, one in twenty of them wrong, and its result."""
    dossier = folder / "dossier"
    dossier.mkdir()
    (dossier / "dossier.yaml").write_bytes((EXAMPLE / "dossier.yaml").read_bytes())
    rows = [
        {
            "account": f"A{number:05d}", "start": "2025-01-01", "end": "2025-01-31",
            "total": "x" if number % 20 == 0 else 1000, "amount": 600, "invoice": f"I{number}",
        }
        for number in range(ROWS)
    ]  # fmt: skip
    write_workbook(dossier / "zcf_data.xlsx", {"T05": rows})
    return dossier, check(dossier, Options(DAY))


def timed(name: str, target: float, make: Callable[[], bytes]) -> None:
    """One line: CPU seconds, size and peak memory of this process so far."""
    start = time.process_time()
    content = make()
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = len(content) / 1e6
    print(f"{name:34s} {seconds:6.3f} s CPU (target {target})  {size:.1f} MB  peak {peak:.0f} MB")


def one(form: str, result: dict[str, Any], dossier: Path | None = None) -> bytes:
    """The only file of a format."""
    return next(iter(render(Job(result, "zh", {}, dossier), [form]).values()))


def desk(result: dict[str, Any]) -> bytes:
    """The desk's first page."""
    with tempfile.TemporaryDirectory() as folder:
        session = Session(EXAMPLE, Path(folder), result, DAY)
        return Pages(session).whole("zh", "token").encode()


def main() -> None:
    """The measures named, or all of them."""
    wanted = sys.argv[1:] or ["html", "pdf", "annotated", "desk"]
    if "html" in wanted:
        listed = many_findings(1_000)
        timed("HTML, 1,000 findings", 0.5, lambda: one("html", listed))
    if "pdf" in wanted:
        result = many_findings(40)
        timed("PDF of about 60 pages", 1.5, lambda: one("pdf", result))
    if "desk" in wanted:
        result = many_findings(1_000)
        timed("desk, 1,000 findings", 1.0, lambda: desk(result))
    if "annotated" in wanted:
        with tempfile.TemporaryDirectory() as folder:
            dossier, result = workbook(Path(folder))
            timed("annotated workbook, 20,000 rows", 5.0, lambda: one("annotated", result, dossier))


if __name__ == "__main__":
    main()
