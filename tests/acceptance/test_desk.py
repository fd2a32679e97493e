"""The desk: closed to everyone else, and usable in a real browser."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from bench.served import served
from checker.cli.main import cli
from checker.desk.app import COOKIE, application
from checker.desk.session import Session
from checker.dossier.files import open_dossier
from checker.engagement.chain import read_chain
from tests.conftest import AS_OF, TEA
from tests.engagements import spoiled, spoiled_result

TOKEN = "a-token-of-the-test"
NOW = "2026-11-25T10:00:00+08:00"
BROWSERS = [name for name in ("chromium", "chromium-browser") if shutil.which(name)]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    dossier = spoiled(tmp_path / "dossier")
    return Session(dossier, dossier / "_zcf", spoiled_result(), AS_OF)


def client(session: Session, **cookies: str) -> TestClient:
    app = application(session, TOKEN, lambda: NOW)
    return TestClient(app, base_url="http://127.0.0.1:8765", cookies=cookies)


def test_nobody_without_the_token_or_by_another_name(session: Session) -> None:
    for path in ("/", "/item?key=x", "/place?file=dossier.yaml", "/judgements.jsonl", "/desk.js"):
        assert client(session).get(path).status_code == 403
    known = client(session, **{COOKIE: TOKEN})
    assert known.get("/", headers={"host": "evil.example"}).status_code == 421
    assert client(session).post("/judge", content="{}").status_code == 403
    stale = client(session, **{COOKIE: "of another desk"})
    assert stale.get(f"/?token={TOKEN}").status_code == 200
    assert known.post("/judge", content="{}").status_code == 403  # no header: another site's form


def test_pages_ask_for_nothing_from_outside(session: Session) -> None:
    page = client(session, **{COOKIE: TOKEN}).get("/")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    assert "http://" not in page.text.replace("http://127.0.0.1", "")
    assert "https://" not in page.text


def test_a_judgement_is_recorded_or_told_why_not(session: Session) -> None:
    known = client(session, **{COOKIE: TOKEN})
    finding = next(f for f in spoiled_result()["findings"] if f["severity"] == "major")
    body = {
        "rule": finding["rule"], "subject": finding["subject"], "decision": "accepted",
        "reason_code": "explanation", "reason": "已核对", "who": "王组长", "role": "组长",
        "organisation": "示例",
    }  # fmt: skip
    headers = {"x-zcf-token": TOKEN}
    refused = known.post("/judge", json={**body, "reason": ""}, headers=headers)
    assert refused.status_code == 422 and refused.json()["problems"]
    done = known.post("/judge", json=body, headers=headers)
    assert done.status_code == 200
    records = read_chain(session.folder / "judgements.jsonl")
    assert records[0]["hash"] == done.json()["head"] and records[0]["when"] == NOW
    assert "接受解释" in known.get("/").text
    assert known.post("/judge", content="[" * 70_000, headers=headers).status_code == 400


def test_places_are_shown_and_others_are_not(session: Session) -> None:
    known = client(session, **{COOKIE: TOKEN})
    path = next((session.dossier / "tables").glob("T22_*")).relative_to(session.dossier).as_posix()
    shown = known.get("/place", params={"file": path, "line": "5", "column": "2"}).text
    assert 'class="meant"' in shown and '<td class="cell">49.20</td>' in shown
    page = known.get("/place", params={"file": "evidence/ledger.pdf", "page": "1"}).text
    assert "<pre>" in page and 'src="/picture?file=evidence%2Fledger.pdf&amp;page=1"' in page
    for outside in ("../engagement.yaml", "/etc/passwd", "_zcf/judgements.jsonl"):
        assert "没有这个文件" in known.get("/place", params={"file": outside}).text


def test_a_page_is_shown_as_it_looks(session: Session) -> None:
    known = client(session, **{COOKIE: TOKEN})
    (session.dossier / "evidence" / "photo.png").write_bytes(b"\x89PNG not one of ours")
    session.files = open_dossier(session.dossier)
    page = known.get("/picture", params={"file": "evidence/ledger.pdf", "page": "1"})
    assert page.headers["content-type"] == "image/png" and page.content.startswith(b"\x89PNG")
    photo = known.get("/picture", params={"file": "evidence/photo.png"})
    assert photo.content.startswith(b"\x89PNG not") and photo.headers["x-content-type-options"]
    for file, number in (("evidence/ledger.pdf", "99"), ("dossier.yaml", "1"), ("../x.png", "1")):
        asked = known.get("/picture", params={"file": file, "page": number})
        assert asked.status_code == 404, file
    assert client(session).get("/picture?file=evidence/ledger.pdf").status_code == 403


def test_a_row_leads_to_the_evidence_it_cites(session: Session) -> None:
    known = client(session, **{COOKIE: TOKEN})
    path = next((session.dossier / "tables").glob("T28_*")).relative_to(session.dossier).as_posix()
    shown = known.get("/place", params={"file": path, "line": "4"}).text
    assert 'data-file="evidence/system.pdf"' in shown


def test_what_changed_or_went_away_after_the_check_is_said(session: Session) -> None:
    known = client(session, **{COOKIE: TOKEN})
    path = next((session.dossier / "tables").glob("T22_*"))
    asked = {"file": path.relative_to(session.dossier).as_posix(), "line": "4"}
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert "检查之后被改动" in known.get("/place", params=asked).text
    path.unlink()
    gone = known.get("/place", params=asked)
    assert gone.status_code == 200 and "没有这个文件" in gone.text


def test_the_report_can_be_taken_from_the_desk(session: Session) -> None:
    known = client(session, **{COOKIE: TOKEN})
    for form, start in (("html", b"<!doctype html>"), ("pdf", b"%PDF")):
        file = known.get(f"/report.{form}?lang=en")
        assert file.content.lstrip().startswith(start)
        assert f"attachment; filename=report.{form}" in file.headers["content-disposition"]


def test_a_busy_port_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = CliRunner().invoke(
            cli,
            ["desk", str(TEA), "--port", str(port), "--lang", "en", "--desk-folder", str(tmp_path)],
        )
    assert done.exit_code == 3
    assert str(port) in done.output


@pytest.fixture
def address(session: Session) -> Iterator[str]:
    """The desk on a free port."""
    with served(application(session, TOKEN, lambda: NOW)) as found:
        yield f"{found}/?token={TOKEN}"


@pytest.mark.skipif(not BROWSERS, reason="needs Debian's chromium")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_finding_is_judged_in_chromium(session: Session, address: str, lang: str) -> None:
    from playwright.sync_api import sync_playwright

    problems: list[str] = []
    asked: list[str] = []

    def console(message: Any) -> None:
        if message.type == "error":
            problems.append(message.text)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which(BROWSERS[0]), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.on("console", console)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}&lang={lang}")
        result = spoiled_result()
        count = len(result["judgements"]) + len(result["findings"])
        assert page.locator("#items li").count() == count
        page.locator("#items button[data-key^='finding:']").first.click()
        page.wait_for_selector("#judge")
        page.wait_for_selector("tr.meant")
        page.check("[name=decision][value=confirmed]")
        page.select_option("[name=reason_code]", "seen_on_site")
        for name in ("reason", "who", "role", "organisation"):
            page.fill(f"[name={name}]", "王组长")
        page.click(".save")
        page.wait_for_selector("#items .done")
        page.check("#open-only")
        assert page.locator("#items li:visible").count() == count - 1
        browser.close()
    records = read_chain(session.folder / "judgements.jsonl")
    assert [r["decision"] for r in records] == ["confirmed"]
    assert not problems
    assert {url.split("/")[2].split(":")[0] for url in asked} == {"127.0.0.1"}
