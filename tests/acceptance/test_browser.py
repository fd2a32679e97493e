"""Pages in a real browser: usable by keyboard and screen reader, filters that work."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.report.formats import Job, render
from tests.acceptance.test_desk import BROWSERS, TOKEN, address, session
from tests.engagements import run, spoiled_result

__all__ = ["address", "session"]  # fixtures

pytestmark = pytest.mark.skipif(not BROWSERS, reason="needs Debian's chromium")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]}


@pytest.fixture
def browser() -> Iterator[Any]:
    """A browser in which a test may look into pages whatever their policy says."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=shutil.which(BROWSERS[0]), args=["--no-sandbox", "--disable-gpu"]
        )
        yield found.new_context(bypass_csp=True)
        found.close()


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A report whose first two findings have owners."""
    first, second, *_ = spoiled_result()["findings"]
    answer = {"due": "", "status": "open", "reply": "", "evidence": ""}
    record = {
        "responses": {
            first["fingerprint"]: {**answer, "owner": "张三"},
            second["fingerprint"]: {**answer, "owner": "李四"},
        }
    }
    job = Job(spoiled_result(), "both", record)
    path = tmp_path / "report.html"
    path.write_bytes(render(job, ["html"])["report.html"])
    return path


def violations(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def test_a_report_can_be_read_by_everyone(browser: Any, report: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    assert not violations(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_a_site_checklist_can_be_read_by_everyone(browser: Any, tmp_path: Path) -> None:
    from checker.result.encode import dumps

    (tmp_path / "result.json").write_text(dumps(spoiled_result()), encoding="utf-8")
    run("site", tmp_path / "result.json", "--out", tmp_path)
    page = browser.new_page()
    page.goto((tmp_path / "site.html").as_uri())
    assert not violations(page)


def test_the_desk_can_be_read_by_everyone(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}&lang=en")
    assert TOKEN not in page.url
    page.locator("#items button[data-key^='finding:']").first.click()
    page.wait_for_selector("tr.meant")
    page.locator("aside button.place").first.click()
    page.wait_for_selector("aside img")
    assert not violations(page)


def test_findings_are_filtered_by_owner_and_severity(browser: Any, report: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    total = len(spoiled_result()["findings"])
    assert page.locator("article.finding:visible").count() == total
    page.select_option("select[data-filter=owner]", "李四")
    assert page.locator("article.finding:visible").count() == 1
    assert page.locator("output[data-count=findings]").inner_text() == f"1 / {total}"
    page.select_option("select[data-filter=severity]", "minor")
    assert page.locator("article.finding:visible").count() == 0
