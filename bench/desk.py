"""How the desk feels with 1,000 findings, in a browser: ``python -m bench.desk`` (needs chromium).

Wall-clock seconds from the outside: opening, going to an item, filtering, recording a judgement.
"""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from starlette.applications import Starlette

from bench.reports import DAY, EXAMPLE, many_findings
from bench.served import served
from checker.desk.app import application
from checker.desk.session import Session

COUNT = 1_000
TOKEN = "bench"


def desk(folder: Path) -> Starlette:
    """The desk of a result with many findings."""
    result = many_findings(COUNT)
    for number, finding in enumerate(result["findings"]):
        finding["subject"] += f"#{number}"
    session = Session(EXAMPLE, folder, result, DAY)
    return application(session, TOKEN, lambda: f"{DAY}T10:00:00+08:00")


def timed(name: str, act: Callable[[], None]) -> None:
    """One line: seconds until the page shows what was asked for."""
    start = time.perf_counter()
    act()
    print(f"{name:34s} {time.perf_counter() - start:6.3f} s")


def walk(page: Any, address: str) -> None:
    """What an auditor does, one thing after the other."""

    def opened() -> None:
        page.goto(address)
        page.wait_for_selector("#items li")

    def chosen() -> None:
        page.locator("#items button").nth(COUNT - 10).click()
        page.wait_for_selector("#judge")

    def judged() -> None:
        page.click(".save")
        page.wait_for_selector("#items .done")

    timed(f"open, {COUNT:,} findings (target 1)", opened)
    timed("go to an item", chosen)
    page.check("[name=decision][value=confirmed]")
    page.select_option("[name=reason_code]", "seen_on_site")
    for name in ("reason", "who", "role", "organisation"):
        page.fill(f"[name={name}]", "bench")
    timed("record a judgement", judged)
    timed("filter by text", lambda: page.fill("#search", "F9"))


def main() -> None:
    """Serve, walk, print."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served(desk(Path(folder))) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        walk(browser.new_page(), f"{address}/?token={TOKEN}")
        browser.close()


if __name__ == "__main__":
    main()
