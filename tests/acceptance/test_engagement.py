"""An engagement from check to seal, as its commands are used; and what bad input gets."""

import copy
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from click.testing import Result
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from checker.bundle.redact import redacted, secrets
from checker.bundle.seal import RESULT, stable
from checker.bundle.verify import first_difference
from checker.check import Options, check
from checker.dossier.load import load_dossier
from checker.engagement.compare import compare
from checker.report.writers.findings_book import SHEET
from checker.result.encode import dumps
from tests.conftest import AS_OF, edit
from tests.engagements import (
    MICROGRID,
    PERSON,
    desk_of,
    run,
    spoiled,
    spoiled_result,
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the spoiled dossier, the engagement, and the result of its check."""
    return desk_of(tmp_path, "result.json")


def test_from_check_to_verify(desk: Path) -> None:
    dossier, out = desk / "dossier", desk / "out"
    options = ("--as-of", AS_OF, "--engagement", desk / "engagement.yaml")
    done = run("check", dossier, *options, "--out", out, "--format", "json,xlsx,docx")
    assert done.exit_code == 1, done.output
    result = out / "result.json"
    rule = spoiled_result()["judgements"][0]["rule"]
    judged = run(
        "judge", dossier, "--result", result, "--rule", rule, "--decision", "holds",
        "--reason-code", "seen_on_site", "--reason", "现场核对", *PERSON,
    )  # fmt: skip
    assert judged.exit_code == 0, judged.output
    assert run("round", dossier, "--result", result).exit_code == 0
    assert run("round", dossier, "--result", result).exit_code == 3
    review = ("review", dossier, "--result", result, "--decision", "agreed")
    assert run(*review, "--who", "王组长").exit_code == 3
    assert run(*review, "--who", "赵复核").exit_code == 0
    sealed = run(
        "seal", dossier, "--new-key", desk / "key", "--result", result, "--with-dossier",
        "--out", desk / "bundle.zip", *options,
    )  # fmt: skip
    assert sealed.exit_code == 0, sealed.output
    elsewhere = desk / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(desk / "bundle.zip", elsewhere)
    shutil.rmtree(dossier)
    bundle = elsewhere / "bundle.zip"
    assert run("verify", bundle, "--key", desk / "key.pub").exit_code == 0
    assert run("verify", bundle).exit_code == 2
    again = json.loads(zipfile.ZipFile(bundle).read(RESULT))
    assert stable(again) == stable(spoiled_result())


def changed(bundle: Path, name: str, change: Any) -> Path:
    """A copy of a bundle with one member changed."""
    target = bundle.with_name("changed.zip")
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry == name else content)
    return target


@pytest.fixture
def bundle(desk: Path) -> Path:
    run("seal", desk / "dossier", "--new-key", desk / "key", "--as-of", AS_OF, "--out",
        desk / "bundle.zip")  # fmt: skip
    return desk / "bundle.zip"


def test_a_bundle_that_was_touched_does_not_verify(bundle: Path, desk: Path) -> None:
    key = ("--key", desk / "key.pub", "--lang", "en")
    without = run("verify", bundle, *key)
    assert without.exit_code == 2
    assert "not done again" in without.output
    assert run("verify", bundle, *key, "--dossier", desk / "dossier").exit_code == 0
    other = changed(bundle, RESULT, lambda c: c.replace(b"objections", b"no_objections", 1))
    found = run("verify", other, *key)
    assert found.exit_code == 1
    assert "result.json" in found.output
    other = changed(bundle, "statement.dsse.json", lambda c: c.replace(b'"sig": "', b'"sig": "AA'))
    assert run("verify", other, *key).exit_code == 1
    run("seal", desk / "dossier", "--new-key", desk / "other", "--out", desk / "x.zip")
    assert run("verify", bundle, "--key", desk / "other.pub").exit_code == 1
    (desk / "no.zip").write_bytes(b"PK\x03\x04 nothing")
    assert run("verify", desk / "no.zip").exit_code == 2


def test_a_replay_that_differs_points_to_cause_and_fact(bundle: Path, desk: Path) -> None:
    path = next((desk / "dossier" / "tables").glob("T10_*"))
    edit(path, "690000", "690001")
    found = run("verify", bundle, "--key", desk / "key.pub", "--dossier", desk / "dossier",
                "--lang", "en")  # fmt: skip
    assert found.exit_code == 1
    assert "tables/T10_" in found.output and "facts[" in found.output


def test_a_bundle_writes_nowhere_but_into_its_own_folder(bundle: Path, desk: Path) -> None:
    outside = desk / "pwned.txt"
    target = desk / "evil.zip"
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, old.read(entry))
        new.writestr(f"desk/{outside}", "x")
        new.writestr("packs/./x", "x")
    assert run("verify", target).exit_code == 2
    assert not outside.exists()


def test_the_first_difference_is_named_by_id() -> None:
    old = {"facts": [{"id": "a", "value": "1"}], "env": {"x": 1}}
    new = {"facts": [{"id": "a", "value": "2"}], "env": {"x": 2}}
    assert first_difference(old, new) == 'facts[a].value: "1" → "2"'


def test_seal_refuses_a_result_of_other_data(desk: Path) -> None:
    edit(next((desk / "dossier" / "tables").glob("T10_*")), "690000", "690001")
    done = run("seal", desk / "dossier", "--new-key", desk / "key", "--result",
               desk / "result.json", "--out", desk / "b.zip", "--as-of", AS_OF)  # fmt: skip
    assert done.exit_code == 3
    assert not (desk / "b.zip").exists()


def test_a_redacted_result_holds_none_of_the_companys_texts(desk: Path) -> None:
    dossier = desk / "dossier"
    planted = [f"机密{number}号项目部" for number in range(50)]
    path = next((dossier / "tables").glob("T05_*"))
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, secret in enumerate(planted[:12]):
        lines[3 + number] = lines[3 + number].replace("INV2025", f"{secret}INV2025")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    edit(dossier / "dossier.yaml", "name: 示例机械有限公司", f"name: {planted[20]}")
    edit(dossier / "dossier.yaml", "报告期内未使用抵销信用", planted[21])
    result = check(dossier, Options(AS_OF))
    hidden = dumps(redacted(result, secrets(load_dossier(dossier))))
    assert planted[20] in dumps(result)
    assert not [secret for secret in planted if secret in hidden]
    assert "示例热电" not in hidden
    shown = json.loads(hidden)
    assert [f["rule"] for f in shown["findings"]] == [f["rule"] for f in result["findings"]]
    assert shown["facts"][0]["value"] == result["facts"][0]["value"]


def test_a_redacted_bundle_is_signed(desk: Path) -> None:
    done = run("seal", desk / "dossier", "--new-key", desk / "key", "--redacted", "--out",
               desk / "r.zip", "--as-of", AS_OF)  # fmt: skip
    assert done.exit_code == 0, done.output
    names = zipfile.ZipFile(desk / "r.zip").namelist()
    assert sorted(names) == ["key.pub", "result.json", "statement.dsse.json"]
    text = zipfile.ZipFile(desk / "r.zip").read("result.json").decode()
    assert "示例机械有限公司" not in text
    found = run("verify", desk / "r.zip", "--key", desk / "key.pub", "--lang", "en")
    assert found.exit_code == 2
    assert "redacted" in found.output


def test_numbers_of_accounts_are_secrets_and_years_are_none(tmp_path: Path) -> None:
    found = secrets(load_dossier(spoiled(tmp_path / "d")))
    assert "3201-88" in found
    assert "2025" not in found and "2025-01-31" not in found


# --- corrective rounds ---------------------------------------------------------------------------
def states(old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    return {f"{c.finding['rule']} {c.finding['subject']}": c.state for c in compare(old, new)}


def test_what_became_of_a_finding(tmp_path: Path) -> None:
    old = spoiled_result()
    fixed = check(MICROGRID, Options(AS_OF))
    found = states(old, fixed)
    assert found["NL7-J01-UNIT-ENERGY "] == "fixed"
    assert set(states(old, old).values()) == {"unchanged"}
    assert states(fixed, old)["NL7-J01-UNIT-ENERGY "] == "new"


def test_data_that_went_away_are_not_fixed(tmp_path: Path) -> None:
    dossier = spoiled(tmp_path / "d")
    next((dossier / "tables").glob("T22_*")).unlink()
    found = states(spoiled_result(), check(dossier, Options(AS_OF)))
    gone = {state for name, state in found.items() if "T22[" in name}
    assert gone == {"vanished"}


def test_a_rule_that_changed_is_not_fixed() -> None:
    old = spoiled_result()
    new = json.loads(dumps(old))
    rule = "NL7-J01-UNIT-ENERGY"
    new["findings"] = [f for f in new["findings"] if f["rule"] != rule]
    for entry in new["requirements"]:
        if entry["id"] == rule:
            entry["status"] = entry["outcomes"][0]["state"] = "PASS"
    assert states(old, new)[f"{rule} "] == "fixed"
    for entry in new["parameters"]:
        if entry["id"] == "unit_energy_basic":
            entry["value"] = "2.5"
    assert states(old, new)[f"{rule} "] == "rule_changed"


def test_a_formula_behind_a_rule_that_changed_is_not_fixed() -> None:
    old = spoiled_result()
    new = json.loads(dumps(old))
    rule = "NL7-J01-UNIT-ENERGY"
    new["findings"] = [f for f in new["findings"] if f["rule"] != rule]
    next(r for r in new["requirements"] if r["id"] == rule)["outcomes"][0]["state"] = "PASS"
    next(f for f in new["facts"] if f["id"] == "fuel.tce")["formula"] += " + 0[tce]"
    assert states(old, new)[f"{rule} "] == "rule_changed"


def test_rows_that_were_deleted_do_not_fix_a_finding(tmp_path: Path) -> None:
    dossier = spoiled(tmp_path / "d")
    path = next((dossier / "tables").glob("T05_*"))
    path.write_text(path.read_text(encoding="utf-8").replace("1618400.00", "x"), encoding="utf-8")
    old = check(dossier, Options(AS_OF))
    reading = next(f for f in old["findings"] if f["rule"].startswith("READ-"))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if ",x," not in line), encoding="utf-8")
    found = states(old, check(dossier, Options(AS_OF)))
    assert found[f"{reading['rule']} {reading['subject']}"] == "vanished"


def test_every_question_of_the_letter_is_one_finding(desk: Path) -> None:
    done = run("letter", desk / "result.json", "--format", "md", "--out", desk, "--due",
               "2026-12-31")  # fmt: skip
    assert done.exit_code == 0, done.output
    text = (desk / "letter.md").read_text(encoding="utf-8")
    for finding in spoiled_result()["findings"]:
        lines = [line for line in text.splitlines() if line.startswith(f"| {finding['id']} ")]
        assert len(lines) == (0 if finding["severity"] == "info" else 1)
    assert "2026-12-31" in text


# --- what comes back -----------------------------------------------------------------------------
def sheet(desk: Path) -> tuple[Path, Any, Any]:
    run("report", desk / "result.json", "--format", "xlsx", "--out", desk)
    book = openpyxl.load_workbook(desk / "findings.xlsx")
    return desk / "findings.xlsx", book, book[SHEET]


def readback(desk: Path, path: Path) -> Result:
    return run("readback", path, "--result", desk / "result.json", "--desk-folder",
               desk / "dossier" / "_zcf", "--lang", "en")  # fmt: skip


def test_answers_come_back_and_are_shown_next_time(desk: Path) -> None:
    path, book, cells = sheet(desk)
    cells["K3"], cells["L3"], cells["M3"], cells["N3"] = "张三", "2026-12-15", "done", "已更正"
    book.save(path)
    assert readback(desk, path).exit_code == 0
    kept = json.loads((desk / "dossier/_zcf/responses.json").read_text(encoding="utf-8"))
    assert kept[spoiled_result()["findings"][0]["fingerprint"]]["owner"] == "张三"
    run("report", desk / "result.json", "--dossier", desk / "dossier", "--format", "xlsx",
        "--out", desk)  # fmt: skip
    assert openpyxl.load_workbook(path)[SHEET]["K3"].value == "张三"


@pytest.mark.parametrize(
    ("cell", "value", "told"),
    [
        ("D3", "没有问题", "D3"),
        ("B4", "一般", "B4"),
        ("J3", "0000000000000000", "J3"),
        ("M3", "perhaps", "M3"),
        ("L3", "next week", "L3"),
    ],
)
def test_a_cell_that_must_not_change_is_named(desk: Path, cell: str, value: str, told: str) -> None:
    path, book, cells = sheet(desk)
    cells[cell] = value
    book.save(path)
    done = readback(desk, path)
    assert done.exit_code == 2
    assert told in done.output
    assert not (desk / "dossier/_zcf/responses.json").exists()


def test_a_row_that_was_deleted_or_a_sheet_of_another_run_is_refused(desk: Path) -> None:
    path, book, cells = sheet(desk)
    cells.delete_rows(5)
    book.save(path)
    assert readback(desk, path).exit_code == 2
    other = {**spoiled_result(), "run": {**spoiled_result()["run"], "id": "0" * 16}}
    (desk / "result.json").write_text(dumps(other), encoding="utf-8")
    assert readback(desk, path).exit_code == 2


def test_a_word_report_gives_its_narratives_and_owns_up_to_changes(desk: Path) -> None:
    run("report", desk / "result.json", "--format", "docx", "--out", desk)
    path = desk / "report.docx"
    assert readback(desk, path).exit_code == 0
    document = docx.Document(str(path))
    control = next(document.element.body.iter(qn("w:sdt")))
    next(control.iter(qn("w:t"))).text = "核查组意见：整改后复核。"
    hidden = OxmlElement("w:sdt")
    hidden.append(OxmlElement("w:sdtContent"))
    hidden[0].append(copy.deepcopy(document.paragraphs[0]._p))
    document.element.body.insert(3, hidden)
    document.tables[3].rows[1].cells[2].paragraphs[0].runs[0].text = "1.1 tCO2/tce"
    document.save(str(path))
    done = readback(desk, path)
    assert done.exit_code == 1
    assert "1.1 tCO2/tce" in done.output
    assert done.output.count("differs from the result") >= 2
    path = desk / "dossier/_zcf/narratives.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept[spoiled_result()["run"]["id"]] == {"summary": "核查组意见：整改后复核。"}
    run("report", desk / "result.json", "--dossier", desk / "dossier", "--format", "md", "--out",
        desk)  # fmt: skip
    assert "整改后复核" in (desk / "report.md").read_text(encoding="utf-8")


def test_a_visit_is_compared_with_the_dossier(desk: Path) -> None:
    visit = {
        "format": "zcf-site/1",
        "run": spoiled_result()["run"]["id"],
        "answers": {"who": "李组员", "S001.seen": "ok", "S001.value": "5", "S002.seen": "not_ok"},
    }
    path = desk / "site.json"
    path.write_text(json.dumps(visit), encoding="utf-8")
    done = readback(desk, path)
    assert done.exit_code == 1
    assert "S001" in done.output and "below" in done.output
    assert "S002" in done.output
    path.write_text(json.dumps({**visit, "answers": {"S001.seen": "not_seen"}}), encoding="utf-8")
    assert "S001" in readback(desk, path).output
    for spoil in ({"S999.seen": "ok"}, {"S001.seen": "perhaps"}, {"S001.value": "many"}):
        path.write_text(json.dumps({**visit, "answers": spoil}), encoding="utf-8")
        assert readback(desk, path).exit_code == 2
    path.write_text("[" * 100_000, encoding="utf-8")
    assert readback(desk, path).exit_code == 2


def test_a_sample_is_written_and_projected(desk: Path) -> None:
    given = ("sample", desk / "dossier", "--result", desk / "result.json")
    assert run(*given, "--size", "20", "--out", desk).exit_code == 0
    book = openpyxl.load_workbook(desk / "sample.xlsx")
    rows = book.worksheets[0]
    for row in range(3, rows.max_row + 1):
        rows.cell(row, 8).value = rows.cell(row, 6).value
    whole, rows["H3"] = rows["H3"].value, None
    book.save(desk / "back.xlsx")
    assert run(*given, "--size", "20", "--read-back", desk / "back.xlsx").exit_code == 2
    rows["H3"] = whole
    book.save(desk / "back.xlsx")
    done = run(*given, "--size", "20", "--read-back", desk / "back.xlsx", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "projected 0" in done.output
    rows["H3"] = None  # a blank takes nothing away
    book.save(desk / "back.xlsx")
    assert run(*given, "--size", "20", "--read-back", desk / "back.xlsx").exit_code == 0
    rows["F4"] = "1"
    book.save(desk / "back.xlsx")
    assert run(*given, "--size", "20", "--read-back", desk / "back.xlsx").exit_code == 2


def test_a_broken_ledger_stops_the_report_and_keeps_what_was_there(desk: Path) -> None:
    folder = desk / "dossier" / "_zcf"
    folder.mkdir()
    (folder / "judgements.jsonl").write_text("{}\n", encoding="utf-8")
    (desk / "report.html").write_text("before", encoding="utf-8")
    done = run("report", desk / "result.json", "--dossier", desk / "dossier", "--out", desk)
    assert done.exit_code == 2
    assert (desk / "report.html").read_text(encoding="utf-8") == "before"


def test_a_full_disk_leaves_the_previous_file(desk: Path, monkeypatch: Any) -> None:
    (desk / "report.md").write_text("before", encoding="utf-8")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    done = run("report", desk / "result.json", "--format", "md", "--out", desk, "--lang", "en")
    assert done.exit_code == 3
    assert "No space left" in done.output
    assert (desk / "report.md").read_text(encoding="utf-8") == "before"
    assert not [path for path in desk.iterdir() if path.name.startswith(".report")]


def test_a_result_of_another_schema_is_refused(desk: Path) -> None:
    (desk / "result.json").write_text('{"schema": "zcf-result/0"}', encoding="utf-8")
    assert run("report", desk / "result.json", "--out", desk).exit_code == 2


def test_a_result_of_another_dossier_is_refused(desk: Path) -> None:
    edit(desk / "dossier" / "dossier.yaml", "language: zh", "language: en")
    for command in ("judge", "sample", "round"):
        extra = ("--list",) if command == "judge" else ()
        done = run(command, desk / "dossier", "--result", desk / "result.json", *extra)
        assert done.exit_code == 3, command
