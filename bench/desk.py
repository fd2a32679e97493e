"""How the desk feels with 1,000 findings, in a browser: ``python -m bench.desk`` (needs chromium).

Wall-clock seconds from the outside: opening, going to an item, filtering, recording a judgement.
"""

import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import sync_playwright

from bench.reports import DAY, EXAMPLE, many_findings
from checker.desk.app import application
from checker.desk.session import Session

COUNT = 1_000
TOKEN = "bench"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The desk on a free port; its address with the token."""
    result = many_findings(COUNT)
    for number, finding in enumerate(result["findings"]):
        finding["subject"] += f"#{number}"
    session = Session(EXAMPLE, folder, result, DAY)
    app = application(session, TOKEN, lambda: f"{DAY}T10:00:00+08:00")
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/?token={TOKEN}"
    server.should_exit = True
    thread.join()


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
        served(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        walk(browser.new_page(), address)
        browser.close()


if __name__ == "__main__":
    main()
