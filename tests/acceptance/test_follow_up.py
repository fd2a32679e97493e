"""After the first check: rounds, late answers, visits, samples, countersigning, what is sealed."""

import copy
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from checker.check import Options, check
from checker.dossier.load import load_dossier
from checker.engagement.desk_folder import record
from checker.engagement.sampling import DRAWN, UNREADABLE, Plan, Unit, extrapolate, plan
from checker.report.formats import Job, render
from checker.report.links import base_of, href
from checker.report.site import site_items
from checker.report.writers.findings_book import SHEET
from checker.report.writers.sample_book import SHEET as SAMPLE
from checker.result.encode import dumps
from tests.conftest import AS_OF
from tests.engagements import (
    ENGAGEMENT,
    MICROGRID,
    PERSON,
    desk_of,
    run,
    spoiled,
    spoiled_result,
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The spoiled dossier, its engagement, its result kept as the first round."""
    desk_of(tmp_path, "first.json")
    run("round", tmp_path / "dossier", "--result", tmp_path / "first.json")
    return tmp_path


@pytest.fixture
def second(desk: Path) -> Path:
    """More months of green power: one finding is gone, others stay under another number."""
    source = next((MICROGRID / "tables").glob("T10_*"))
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    target = desk / "dossier" / "tables" / source.name
    target.write_text("".join(lines[:12]), encoding="utf-8")
    result = check(desk / "dossier", Options(AS_OF, engagement=desk / "engagement.yaml"))
    (desk / "second.json").write_text(dumps(result), encoding="utf-8")
    return desk / "second.json"


def marks(result: dict[str, Any]) -> dict[str, str]:
    return {finding["fingerprint"]: finding["id"] for finding in result["findings"]}


def answered(desk: Path, result: Path, name: str, reply: dict[str, str]) -> Path:
    """A findings workbook of a result with replies, by mark."""
    run("report", result, "--format", "xlsx", "--out", desk)
    path = (desk / "findings.xlsx").rename(desk / name)
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    for row in range(3, sheet.max_row + 1):
        text = reply.get(str(sheet.cell(row, 10).value))
        if text:
            sheet.cell(row, 11).value = "张三"
            sheet.cell(row, 13).value = "处理中"
            sheet.cell(row, 14).value = text
    book.save(path)
    return path


def readback(desk: Path, path: Path, result: Path) -> Any:
    return run("readback", path, "--result", result, "--desk-folder", desk / "dossier/_zcf",
               "--lang", "en")  # fmt: skip


def kept(desk: Path) -> dict[str, Any]:
    path = desk / "dossier/_zcf/responses.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_late_answers_count_where_the_finding_is_still_there(desk: Path, second: Path) -> None:
    old, new = marks(spoiled_result()), marks(json.loads(second.read_text(encoding="utf-8")))
    still, gone = sorted(set(old) & set(new)), sorted(set(old) - set(new))
    assert len(still) > 2 and gone
    late = answered(desk, desk / "first.json", "late.xlsx",
                    {still[0]: "迟到的", still[1]: "迟到的", gone[0]: "不再需要"})  # fmt: skip
    fresh = answered(desk, second, "fresh.xlsx", {still[1]: "新的"})
    assert readback(desk, fresh, second).exit_code == 0
    done = readback(desk, late, second)
    assert done.exit_code == 1
    assert f"1 answers ({old[gone[0]]}) are to findings that this check no longer" in done.output
    assert f"{new[still[1]]}: there is a newer answer “新的”" in done.output
    assert kept(desk)[still[0]]["reply"] == "迟到的"
    assert kept(desk)[still[0]]["status"] == "in_work"
    assert kept(desk)[still[1]]["reply"] == "新的"
    assert gone[0] not in kept(desk)


def test_a_list_of_a_check_nobody_kept_is_refused(desk: Path, second: Path) -> None:
    shutil.rmtree(desk / "dossier/_zcf")
    late = answered(desk, desk / "first.json", "late.xlsx", {})
    assert readback(desk, late, second).exit_code == 2


def test_evidence_that_is_not_in_the_index_is_told(desk: Path) -> None:
    result = desk / "first.json"
    path = answered(desk, result, "a.xlsx", {next(iter(marks(spoiled_result()))): "x"})
    book = openpyxl.load_workbook(path)
    book[SHEET]["O3"] = "E-NOPE"
    book.save(path)
    done = readback(desk, path, result)
    assert done.exit_code == 1 and "E-NOPE" in done.output


def test_reports_show_answers_and_the_number_of_the_round_before(desk: Path, second: Path) -> None:
    result = json.loads(second.read_text(encoding="utf-8"))
    old, new = marks(spoiled_result()), marks(result)
    mark = next(m for m in new if m in old and old[m] != new[m])
    fresh = answered(desk, second, "fresh.xlsx", {mark: "已联系电网核对"})
    assert readback(desk, fresh, second).exit_code == 0
    for form in ("html", "md"):
        run("report", second, "--dossier", desk / "dossier", "--format", form, "--out", desk)
        text = (desk / f"report.{form}").read_text(encoding="utf-8")
        assert "已联系电网核对" in text and "处理中" in text
        assert f"第 1 轮编号 {old[mark]}" in text
    page = (desk / "report.html").read_text(encoding="utf-8")
    assert 'data-filter="owner"' in page and 'data-owner="张三"' in page


@pytest.mark.parametrize("file", ["rounds.jsonl", "001-*"])
def test_rounds_changed_by_hand_are_refused(desk: Path, second: Path, file: str) -> None:
    path = next((desk / "dossier/_zcf/runs").glob(file))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("objections", "no_objections", 1), encoding="utf-8")
    done = run("report", second, "--dossier", desk / "dossier", "--out", desk, "--lang", "en")
    assert done.exit_code == 2, done.output
    assert path.name.split("-")[0] in done.output
    assert run("round", desk / "dossier", "--result", second).exit_code == 2


def test_answers_made_by_hand_are_refused(desk: Path) -> None:
    path = desk / "dossier/_zcf/responses.json"
    path.write_text('{"0123": {"owner": 1}}', encoding="utf-8")
    done = run("report", desk / "first.json", "--dossier", desk / "dossier", "--out", desk)
    assert done.exit_code == 2
    assert "responses.json" in done.output


def test_a_visit_stands_in_the_report_of_its_result(desk: Path, second: Path) -> None:
    items = site_items(spoiled_result())
    answers = {f"{items[0]['id']}.seen": "not_ok", f"{items[0]['id']}.note": "铭牌缺失"}
    visit = {"format": "zcf-site/1", "run": spoiled_result()["run"]["id"],
             "answers": {"who": "李组员", "date": "2026-11-25", **answers}}  # fmt: skip
    (desk / "site.json").write_text(json.dumps(visit), encoding="utf-8")
    readback(desk, desk / "site.json", desk / "first.json")
    shown = {}
    for name in ("first.json", "second.json"):
        run("report", desk / name, "--dossier", desk / "dossier", "--format", "md", "--out", desk)
        shown[name] = (desk / "report.md").read_text(encoding="utf-8")
    assert "铭牌缺失" in shown["first.json"] and "李组员" in shown["first.json"]
    assert "铭牌缺失" not in shown["second.json"]


def test_places_link_into_the_dossier_only_when_asked(tmp_path: Path) -> None:
    result = spoiled_result()
    plain = render(Job(result, "zh"), ["html"])["report.html"].decode()
    assert 'class="file"' not in plain
    dossier, out = tmp_path / "客户 1", tmp_path / "out"
    dossier.mkdir()
    base = base_of(dossier, out)
    linked = render(Job(result, "zh", base=base), ["html"])["report.html"].decode()
    assert '<a class="file" href="./../%E5%AE%A2%E6%88%B7%201/tables/' in linked
    known = frozenset(["javascript:alert(1)", "a/../../b", "c d?.pdf"])
    assert href(base, {"file": "javascript:alert(1)"}, known).startswith("./../")
    assert href(base, {"file": "a/../../b"}, known) == ""
    assert href(base, {"file": "c d?.pdf", "page": 3}, known).endswith("/c%20d%3F.pdf#page=3")
    assert href(base, {"file": "not read.pdf"}, known) == ""
    assert base_of(tmp_path / "a.zip", out) == ""


def test_a_severity_that_needs_two_is_not_lowered_by_one(desk: Path) -> None:
    path = desk / "engagement.yaml"
    path.write_text(ENGAGEMENT + "countersign: [major]\n", encoding="utf-8")
    result = check(desk / "dossier", Options(AS_OF, engagement=path))
    (desk / "two.json").write_text(dumps(result), encoding="utf-8")
    finding = next(f for f in result["findings"] if f["severity"] == "major" and f["waivable"])
    given = ("judge", desk / "dossier", "--result", desk / "two.json", "--finding", finding["id"],
             "--decision", "accepted", "--reason-code", "explanation", "--reason", "已说明",
             *PERSON, "--lang", "en")  # fmt: skip
    assert "asks for a countersigner" in run(*given).output
    assert run(*given, "--countersigner", "路人").exit_code == 3
    done = run(*given, "--countersigner", "李组员")
    assert done.exit_code == 0, done.output
    path.write_text(ENGAGEMENT + "countersign: [grave]\n", encoding="utf-8")
    told = run("check", desk / "dossier", "--engagement", path, "--out", desk / "x")
    assert told.exit_code == 2 and "engagement.yaml:8" in told.output


def test_the_letter_asks_at_the_severity_that_counts(desk: Path) -> None:
    minor = next(f for f in spoiled_result()["findings"] if f["severity"] == "minor")
    given = ("judge", desk / "dossier", "--result", desk / "first.json", "--finding", minor["id"])
    said = ("--reason-code", "explanation", "--reason", "已说明", *PERSON)
    letter = ("letter", desk / "first.json", "--dossier", desk / "dossier", "--format", "md",
              "--out", desk, "--lang", "en")  # fmt: skip
    assert run(*given, "--decision", "lowered", "--severity", "observation", *said).exit_code == 0
    run(*letter)
    text = (desk / "letter.md").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith(f"| {minor['id']} "))
    assert "observation" in row and "minor" not in row
    assert run(*given, "--decision", "lowered", "--severity", "info", *said).exit_code == 0
    run(*letter)
    assert f"| {minor['id']} " not in (desk / "letter.md").read_text(encoding="utf-8")


def test_a_finding_there_is_not_cannot_be_judged(desk: Path) -> None:
    said = ("--decision", "accepted", "--reason-code", "other", "--reason", "x")
    given = ("judge", desk / "dossier", "--result", desk / "first.json", *said, *PERSON)
    done = run(*given, "--finding", "F999")
    assert done.exit_code == 3 and "F999" in done.output


def test_a_second_workbook_takes_no_answer_away(desk: Path) -> None:
    first, other, *_ = marks(spoiled_result())
    result = desk / "first.json"
    one = answered(desk, result, "one.xlsx", {first: "甲的答复"})
    two = answered(desk, result, "two.xlsx", {other: "乙的答复"})
    assert readback(desk, one, result).exit_code == 0
    done = readback(desk, two, result)
    assert "cells are blank" in done.output
    assert kept(desk)[first]["reply"] == "甲的答复" and kept(desk)[other]["reply"] == "乙的答复"


def test_two_visits_are_one_and_a_spoiled_file_takes_nothing_away(desk: Path) -> None:
    items = site_items(spoiled_result())
    result = desk / "first.json"
    for number, answers in enumerate(
        (
            {"who": "甲", f"{items[0]['id']}.seen": "ok", f"{items[1]['id']}.seen": "ok"},
            {"who": "乙", f"{items[1]['id']}.seen": "not_ok", f"{items[2]['id']}.note": None},
        )
    ):
        visit = {"format": "zcf-site/1", "run": spoiled_result()["run"]["id"], "answers": answers}
        path = desk / f"site{number}.json"
        path.write_text(json.dumps(visit), encoding="utf-8")
        done = readback(desk, path, result)
    assert "“ok” was replaced by “not_ok”" in done.output
    path = desk / "dossier/_zcf/visit.json"
    visit = json.loads(path.read_text(encoding="utf-8"))[spoiled_result()["run"]["id"]]
    assert visit["who"] == "甲; 乙"
    assert visit["answers"][items[0]["id"]] == {"seen": "ok"}
    assert visit["answers"][items[1]["id"]] == {"seen": "not_ok"}
    before = path.read_bytes()
    for answers in (None, [], {f"{items[0]['id']}.note": "x" * 3_000}):
        bad = {"format": "zcf-site/1", "run": spoiled_result()["run"]["id"], "answers": answers}
        (desk / "bad.json").write_text(json.dumps(bad), encoding="utf-8")
        assert readback(desk, desk / "bad.json", result).exit_code == 2
    assert path.read_bytes() == before


def test_what_was_recorded_since_is_no_change_of_a_word_report(desk: Path, second: Path) -> None:
    """Answers, rounds, judgements, a visit and a review come after the report was printed."""
    result, given = desk / "first.json", ("--dossier", desk / "dossier", "--out", desk)
    mark = next(iter(marks(spoiled_result())))
    readback(desk, answered(desk, result, "a.xlsx", {mark: "先前的答复"}), result)
    run("report", result, *given, "--format", "docx")
    readback(desk, answered(desk, result, "b.xlsx", {mark: "改过的答复"}), result)
    finding = next(f for f in spoiled_result()["findings"] if f["waivable"])
    run("judge", desk / "dossier", "--result", result, "--finding", finding["id"], "--decision",
        "confirmed", "--reason-code", "explanation", "--reason", "x", *PERSON)  # fmt: skip
    run("review", desk / "dossier", "--result", result, "--decision", "agreed", "--who", "赵复核")
    run("round", desk / "dossier", "--result", second)
    done = readback(desk, desk / "report.docx", result)
    assert done.exit_code == 0, done.output


def test_words_of_one_round_do_not_stand_in_the_report_of_another(desk: Path, second: Path) -> None:
    path = desk / "dossier/_zcf/narratives.json"
    words = {spoiled_result()["run"]["id"]: {"summary": "绿电结算单漏报九个月"}}
    path.write_text(json.dumps(words), encoding="utf-8")
    for name, there in (("first.json", True), ("second.json", False)):
        for form in ("md", "html"):
            run("report", desk / name, "--dossier", desk / "dossier", "--format", form, "--out",
                desk)  # fmt: skip
            text = (desk / f"report.{form}").read_text(encoding="utf-8")
            assert ("漏报九个月" in text) == there


def test_every_form_of_report_names_the_engagement_and_the_review(desk: Path) -> None:
    result = desk / "first.json"
    run("review", desk / "dossier", "--result", result, "--decision", "returned", "--who",
        "赵复核", "--comment", "补充边界说明")  # fmt: skip
    run("review", desk / "dossier", "--result", result, "--decision", "agreed", "--who", "赵复核")
    for form in ("md", "html"):
        run("report", result, "--dossier", desk / "dossier", "--format", form, "--out", desk)
        text = (desk / f"report.{form}").read_text(encoding="utf-8")
        for said in ("示例核查有限公司", "有限保证", "补充边界说明", "同意", "退回"):
            assert said in text, (form, said)


def test_a_report_that_was_told_of_no_folder_claims_nothing_of_the_ledger(desk: Path) -> None:
    run("report", desk / "first.json", "--format", "md", "--out", desk, "--lang", "en")
    text = (desk / "report.md").read_text(encoding="utf-8")
    assert "ledger not looked at" in text and "no ledger" not in text


def changed_docx(desk: Path, change: Any) -> Any:
    """A report printed, changed by a function of its opened file, and read back."""
    run("report", desk / "first.json", "--dossier", desk / "dossier", "--format", "docx", "--out",
        desk)  # fmt: skip
    document = docx.Document(str(desk / "report.docx"))
    change(document)
    document.save(str(desk / "changed.docx"))
    return readback(desk, desk / "changed.docx", desk / "first.json")


def _runs(document: Any) -> Any:
    return next(
        r for t in document.tables for row in t.rows for c in row.cells for p in c.paragraphs
        for r in p.runs if "tCO2" in r.text
    )  # fmt: skip


def _hide(document: Any) -> None:
    _runs(document).font.hidden = True


def _minus(document: Any) -> None:
    _runs(document)._r.insert(0, OxmlElement("w:noBreakHyphen"))


def _sentence(document: Any) -> None:
    control, tag, properties = (OxmlElement(f"w:{n}") for n in ("sdt", "tag", "sdtPr"))
    tag.set(qn("w:val"), "zcf.x")
    properties.append(tag)
    content = OxmlElement("w:sdtContent")
    content.append(copy.deepcopy(document.paragraphs[0]._p))
    control.append(properties)
    control.append(content)
    document.element.body.insert(2, control)


def _header(document: Any) -> None:
    document.sections[0].different_first_page_header_footer = True
    document.sections[0].first_page_header.paragraphs[0].text = "零碳认证"


def _record(document: Any) -> None:
    """A judgement and a review nobody made, in the hidden part."""
    parts = [r.target_part for r in document.part.rels.values() if not r.is_external]
    part = next(p for p in parts if b"urn:zcf-check:record" in p.blob[:200])
    told = json.loads(ElementTree.fromstring(part.blob).text)
    told["record"]["reviews"] = [{"who": "赵复核", "when": "", "decision": "agreed"}]
    told["record"]["ledger"] = {"head": "x", "count": 1, "entries": []}
    root = ElementTree.Element("{urn:zcf-check:record:1}record")
    root.text = json.dumps(told)
    part._blob = ElementTree.tostring(root)
    document.paragraphs[3].add_run("赵复核 同意")


@pytest.mark.parametrize("change", [_hide, _minus, _sentence, _header, _record])
def test_no_change_of_a_word_report_goes_unseen(desk: Path, change: Any) -> None:
    done = changed_docx(desk, change)
    assert done.exit_code == 1, done.output
    assert "differs from the result" in done.output


def test_a_letter_carries_no_working_papers(desk: Path) -> None:
    words = {spoiled_result()["run"]["id"]: {"summary": "内部意见"}}
    path = desk / "dossier/_zcf/narratives.json"
    path.write_text(json.dumps(words), encoding="utf-8")
    run("letter", desk / "first.json", "--dossier", desk / "dossier", "--out", desk)
    archive = zipfile.ZipFile(desk / "letter.docx")
    inside = b"".join(archive.read(name) for name in archive.namelist())
    assert "内部意见".encode() not in inside and b"\\u5185\\u90e8" not in inside


def test_a_report_of_another_run_is_not_read_back(desk: Path, second: Path) -> None:
    run("report", desk / "first.json", "--dossier", desk / "dossier", "--format", "docx", "--out",
        desk)  # fmt: skip
    done = readback(desk, desk / "report.docx", second)
    assert done.exit_code == 2 and "another check" in done.output
    assert not (desk / "dossier/_zcf/narratives.json").exists()


def test_papers_of_one_run_stay_when_another_is_read_back(desk: Path, second: Path) -> None:
    path = desk / "dossier/_zcf/narratives.json"
    words = {spoiled_result()["run"]["id"]: {"summary": "第一轮意见"}}
    path.write_text(json.dumps(words), encoding="utf-8")
    run("report", second, "--dossier", desk / "dossier", "--format", "docx", "--out", desk)
    assert readback(desk, desk / "report.docx", second).exit_code == 0
    assert json.loads(path.read_text(encoding="utf-8")).items() >= words.items()


def test_a_duplicate_that_was_removed_is_fixed(tmp_path: Path) -> None:
    from checker.engagement.compare import compare

    dossier = spoiled(tmp_path / "d")
    path = next((dossier / "tables").glob("T04_*"))
    clean = path.read_text(encoding="utf-8")
    lines = clean.splitlines(keepends=True)
    path.write_text("".join([*lines[:4], lines[3], *lines[4:]]), encoding="utf-8")
    twice = check(dossier, Options(AS_OF))
    path.write_text(clean, encoding="utf-8")
    states = {c.finding["rule"]: c.state for c in compare(twice, check(dossier, Options(AS_OF)))}
    gone = {rule: state for rule, state in states.items() if state in ("fixed", "vanished")}
    assert gone and set(gone.values()) == {"fixed"}


def test_a_comment_nobody_could_read_again_is_refused(desk: Path) -> None:
    given = ("review", desk / "dossier", "--result", desk / "first.json", "--who", "赵复核")
    assert run(*given, "--decision", "agreed", "--comment", "x" * 101_000).exit_code == 3
    assert run(*given, "--decision", "agreed").exit_code == 0


def test_evidence_behind_a_row_and_lines_that_moved(desk: Path) -> None:
    question = next(q for q in spoiled_result()["judgements"] if q["rule"] == "G13-A12-PLAN")
    said = ("--decision", "holds", "--reason-code", "seen_on_site", "--reason", "x", *PERSON)
    given = ("judge", desk / "dossier", "--result", desk / "first.json")
    run(*given, "--rule", question["rule"], *said)
    folder, day = desk / "dossier/_zcf", AS_OF

    def state() -> str:
        options = Options(AS_OF, engagement=desk / "engagement.yaml")
        found = record(folder, check(desk / "dossier", options), day)
        return str(found["ledger"]["entries"][0]["state"])

    header = desk / "dossier" / "dossier.yaml"
    header.write_text("# 说明\n" + header.read_text(encoding="utf-8"), encoding="utf-8")
    assert state() == "in_force"
    paper = desk / "dossier/evidence/system.pdf"
    paper.write_bytes(paper.read_bytes() + b"\n% changed\n")
    assert state() == "stale"


# --- samples -------------------------------------------------------------------------------------


def unit(key: str, amount: int, why: str) -> Unit:
    from decimal import Decimal

    return Unit("T05 a [kWh]", key, Decimal(amount), "kWh", {"file": "f"}, "", why)


def test_a_credit_note_is_projected_with_its_sign() -> None:
    from decimal import Decimal

    taken = (unit("a", 100, DRAWN), unit("b", -100, DRAWN))
    drawn = Plan("s", taken, {"T05 a [kWh]": (4, Decimal(400))})
    right = extrapolate(drawn, {"a": Decimal(100), "b": Decimal(-100)})[0]
    assert right.found == right.projected == 0
    wrong = extrapolate(drawn, {"a": Decimal(100), "b": Decimal(-90)})[0]
    assert (wrong.found, wrong.projected) == (10, 20)  # half of the hits, a tenth of the amount


def test_rows_without_an_amount_are_listed_and_in_no_stratum(tmp_path: Path) -> None:
    dossier = spoiled(tmp_path / "d")
    path = next((dossier / "tables").glob("T05_*"))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    codes = lines[1].strip().split(",")
    cells = lines[3].split(",")
    cells[codes.index("total")] = "约一万"
    path.write_text("".join([*lines[:3], ",".join(cells), *lines[4:]]), encoding="utf-8")
    result = check(dossier, Options(AS_OF))
    drawn = plan(load_dossier(dossier), result, 20)
    assert [u.why for u in drawn.unreadable] == [UNREADABLE]
    counted = sum(count for name, (count, _) in drawn.strata.items() if name.startswith("T05"))
    assert counted == len(lines) - 4
    (tmp_path / "r.json").write_text(dumps(result), encoding="utf-8")
    given = ("sample", dossier, "--result", tmp_path / "r.json", "--size", "20", "--out", tmp_path)
    assert "1 rows have no readable amount" in run(*given, "--lang", "en").output
    book = openpyxl.load_workbook(tmp_path / "sample.xlsx")
    sheet = book[SAMPLE]
    assert sheet.cell(sheet.max_row, 6).value == "?"
    sheet["C3"] = "随便"
    book.save(tmp_path / "back.xlsx")
    done = run(*given, "--read-back", tmp_path / "back.xlsx")
    assert done.exit_code == 2 and "C3" in done.output


def test_a_sample_that_came_back_stands_in_the_report(desk: Path, second: Path) -> None:
    given = ("sample", desk / "dossier", "--result", second, "--size", "20")
    run(*given, "--out", desk)
    book = openpyxl.load_workbook(desk / "sample.xlsx")
    sheet = book[SAMPLE]
    for row in range(3, sheet.max_row):  # the last one nobody looked at
        amount = sheet.cell(row, 6).value
        bill = str(sheet.cell(row, 1).value).startswith("T05")
        sheet.cell(row, 8).value = float(amount) * 1.5 if bill else amount
    book.save(desk / "back.xlsx")
    done = run(*given, "--read-back", desk / "back.xlsx")
    assert done.exit_code == 2 and "sample.json" in done.output
    shown = {}
    for name in ("first.json", "second.json"):
        run("report", desk / name, "--dossier", desk / "dossier", "--format", "md", "--out", desk)
        shown[name] = (desk / "report.md").read_text(encoding="utf-8")
    assert "不适用于本结果" in shown["first.json"]
    lines = shown["second.json"].splitlines()
    bills = next(line for line in lines if "T05 3201-88" in line and "/" in line)
    assert "重要错报" in bills and "50.00 %" in bills
    assert "样本中 1 行未核对" in shown["second.json"]


# --- what is sealed ------------------------------------------------------------------------------


def sealed(desk: Path, *more: Any) -> Any:
    return run("seal", desk / "dossier", "--new-key", desk / f"key{len(more)}", "--as-of", AS_OF,
               "--with-dossier", "--out", desk / "b.zip", "--lang", "en", *more)  # fmt: skip


def test_given_files_of_one_name_stay_apart_and_rounds_are_sealed(desk: Path) -> None:
    other = desk / "w"
    other.mkdir()
    waivers = other / "engagement.yaml"
    waivers.write_text("format: zcf-waivers/1\nwaivers: []\n", encoding="utf-8")
    done = sealed(desk, "--engagement", desk / "engagement.yaml", "--waivers", waivers)
    if done.exit_code:  # an empty list of waivers is none
        pytest.fail(done.output)
    shutil.rmtree(desk / "dossier")
    told = run("verify", desk / "b.zip", "--key", desk / "key4.pub", "--lang", "en")
    assert told.exit_code == 0, told.output


@pytest.mark.parametrize("name", ["a:b.txt", "a\\b.txt"])
def test_names_other_systems_cannot_keep_are_refused(desk: Path, name: str) -> None:
    (desk / "dossier" / name).write_text("x", encoding="utf-8")
    done = sealed(desk)
    assert done.exit_code == 3
    assert name in done.output and not (desk / "b.zip").exists()


def test_a_link_cannot_be_sealed_with_the_dossier(desk: Path) -> None:
    (desk / "dossier" / "link.csv").symlink_to(desk / "first.json")
    done = sealed(desk)
    assert done.exit_code == 3 and "link.csv" in done.output
    without = run("seal", desk / "dossier", "--new-key", desk / "k", "--as-of", AS_OF,
                  "--out", desk / "b.zip")  # fmt: skip
    assert without.exit_code == 0, without.output


@pytest.mark.parametrize("name", ["con.txt", "a?.pdf", "trailing. ", "AUX"])
def test_names_windows_cannot_keep_are_refused(desk: Path, name: str) -> None:
    (desk / "dossier" / name).write_text("x", encoding="utf-8")
    assert sealed(desk).exit_code == 3


def test_names_that_differ_in_the_size_of_letters_are_refused(desk: Path) -> None:
    for name in ("A.txt", "a.TXT"):
        (desk / "dossier" / name).write_text("x", encoding="utf-8")
    assert sealed(desk).exit_code == 3


def test_a_bundle_is_not_overwritten_and_a_missing_review_is_said(desk: Path) -> None:
    done = sealed(desk)
    assert done.exit_code == 0 and "no review" in done.output
    before = (desk / "b.zip").read_bytes()
    again = run("seal", desk / "dossier", "--key", desk / "key0", "--out", desk / "b.zip")
    assert again.exit_code == 3
    assert (desk / "b.zip").read_bytes() == before


def test_links_beside_the_dossier_are_not_followed_into_a_bundle(desk: Path) -> None:
    (desk / "secret.json").write_text("{}", encoding="utf-8")
    (desk / "dossier/_zcf/narratives.json").symlink_to(desk / "secret.json")
    assert sealed(desk).exit_code == 2
    assert not (desk / "b.zip").exists()


def test_a_round_that_was_changed_is_not_sealed(desk: Path) -> None:
    path = next((desk / "dossier/_zcf/runs").glob("001-*"))
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert sealed(desk).exit_code == 2


def resealed(desk: Path, **members: bytes | None) -> Any:
    """A bundle with other members (None: left out), signed again by its own key."""
    from checker.bundle.seal import ENVELOPE, archive, statement
    from checker.bundle.signing import envelope, read_private

    sealed(desk)
    with zipfile.ZipFile(desk / "b.zip") as old:
        files = {name: old.read(name) for name in old.namelist() if name != ENVELOPE}
    for name, content in members.items():
        files.pop(name, None)
        if content is not None:
            files[name] = content
    told = statement(files, spoiled_result())
    files[ENVELOPE] = envelope(told, read_private(desk / "key0"))
    (desk / "c.zip").write_bytes(archive(files))
    return run("verify", desk / "c.zip", "--key", desk / "key0.pub", "--lang", "en")


@pytest.mark.parametrize(
    "members",
    [
        {"result.json": b"[]"},
        {"result.json": b"{" * 3_000},
        {"options.json": b"[" * 100_000},
        {"options.json": b'{"as_of": 5}'},
        {"desk/judgements.jsonl.head": b'{"count": Infinity, "head": ""}'},
        {"desk/runs/rounds.jsonl": b"\xff"},
    ],
)
def test_a_signed_bundle_of_odd_content_fails_and_is_no_fault_of_ours(
    desk: Path, members: dict[str, bytes]
) -> None:
    done = resealed(desk, **members)
    assert done.exit_code == 1, done.output


def test_a_bundle_cut_in_the_middle_is_none(desk: Path) -> None:
    sealed(desk)
    content = bytearray((desk / "b.zip").read_bytes())
    content[300:340] = bytes(40)
    (desk / "b.zip").write_bytes(content)
    assert run("verify", desk / "b.zip").exit_code in (1, 2)


def test_a_dossier_that_is_not_there_is_a_wrong_call(desk: Path) -> None:
    sealed(desk)
    done = run("verify", desk / "b.zip", "--dossier", desk / "nowhere", "--lang", "en")
    assert done.exit_code == 3 and "nowhere" in done.output


def test_a_difference_of_another_size_is_a_changed_value(desk: Path, second: Path) -> None:
    from checker.engagement.compare import compare

    new = json.loads(second.read_text(encoding="utf-8"))
    states = {c.finding["rule"] + c.finding["subject"]: c.state for c in
              compare(spoiled_result(), new)}  # fmt: skip
    assert states["G13-B13-REPRODUCIBLET24[emissions.total/2025]"] == "changed"
    still = compare(spoiled_result(), spoiled_result())
    assert {change.state for change in still} == {"unchanged"}


def test_other_formats_are_written_where_there_is_no_workbook(desk: Path) -> None:
    given = ("check", desk / "dossier", "--as-of", AS_OF, "--out", desk / "o", "--lang", "en")
    done = run(*given, "--format", "json,annotated")
    assert done.exit_code == 1 and "no workbook" in done.output
    assert (desk / "o" / "result.json").exists()
    assert run(*given, "--format", "annotated").exit_code == 3


def test_a_letter_names_what_the_team_judged_not_to_hold(desk: Path) -> None:
    question = spoiled_result()["judgements"][0]
    run("judge", desk / "dossier", "--result", desk / "first.json", "--rule", question["rule"],
        "--decision", "holds_not", "--reason-code", "seen_on_site", "--reason", "有一处未纳入",
        *PERSON)  # fmt: skip
    run("letter", desk / "first.json", "--dossier", desk / "dossier", "--format", "md", "--out",
        desk)  # fmt: skip
    assert "有一处未纳入" in (desk / "letter.md").read_text(encoding="utf-8")


def test_a_stratum_nobody_looked_at_is_unknown() -> None:
    from decimal import Decimal

    sure = (unit("a", 300, "certain"), unit("b", 200, "certain"))
    drawn = Plan("s", sure, {"T05 a [kWh]": (12, Decimal(1_000))})
    found = {"a": Decimal(270), "b": Decimal(180)}
    assert extrapolate(drawn, found)[0].projected is None  # half of the amount was never drawn
    whole = Plan("s", sure, {"T05 a [kWh]": (2, Decimal(500))})
    assert extrapolate(whole, found)[0].projected == -50
    assert extrapolate(whole, {"a": Decimal(270)})[0].projected is None
    assert extrapolate(whole, {})[0].projected is None


def test_a_seal_goes_by_the_day_of_its_result_and_leaves_no_key_behind(desk: Path) -> None:
    given = ("seal", desk / "dossier", "--new-key", desk / "k", "--result", desk / "first.json",
             "--lang", "en")  # fmt: skip
    refused = run(*given, "--out", desk / "d.zip")
    assert refused.exit_code == 3 and "--engagement" in refused.output
    assert not (desk / "k").exists() and not (desk / "k.pub").exists()
    done = run(*given, "--engagement", desk / "engagement.yaml", "--out", desk / "d.zip")
    assert done.exit_code == 0, done.output
    assert (desk / "k.pub").exists()
