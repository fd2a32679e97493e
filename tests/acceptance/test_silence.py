"""The traps in which other checkers stay silent: each must be noticed here."""

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from checker.check import Options, check
from checker.errors import DossierError, PackError, UsageError
from tests.conftest import AS_OF, BATTERY, EXAMPLES, checked, edit, rules_found, statuses

Copy = Callable[[Path], Path]
CASE = "rules-under-test"

PACK = """\
format: zcf-pack/1
id: {id}
version: 0.0.1
kind: local
title: {{zh: 试验, en: trial}}
from: 2026-01-01
sources:
  own: {{document: 试验, date: "2026", confidence: D}}
"""
CARD = """\
id: TRIAL-1
title: {zh: 试验, en: trial}
clause: {source: own, heading: 试验, confidence: D}
kind: local
gate: list
assert: share.non_fossil >= 30[%]
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / CASE
    (folder / "requirements" / "trial").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK.format(id=CASE), encoding="utf-8")
    (folder / "requirements" / "trial" / "TRIAL-1.yaml").write_text(CARD, encoding="utf-8")
    return folder


def run_with(pack: Path) -> dict[str, object]:
    return check(BATTERY, Options(AS_OF, folders=[pack]))


def card_of(pack: Path) -> Path:
    return pack / "requirements" / "trial" / "TRIAL-1.yaml"


def test_the_trial_pack_works_as_it_is(pack: Path) -> None:
    assert statuses(run_with(pack))["TRIAL-1"] == "PASS"


@pytest.mark.parametrize("code", ["T05", "T04", "T08", "T10", "T11", "T12", "T14", "T24", "T26"])
def test_missing_section(copy_of: Copy, code: str) -> None:
    dossier = copy_of(BATTERY)
    next((dossier / "tables").glob(f"{code}_*.csv")).unlink()
    result = check(dossier, Options(AS_OF))
    before, after = statuses(checked(BATTERY)), statuses(result)
    changed = {name for name in after if after[name] != before[name]}
    assert changed, "a table was taken away and nothing changed"
    assert {after[name] for name in changed} == {"NOT_EVALUATED"}
    assert rules_found(result) == []
    assert result["conclusion"]["state"] in ("incomplete", "judgement")
    gaps = [gap for gap in result["gaps"] if gap["table"] == code]
    assert gaps and all(gap["blocked"] for gap in gaps)


def test_wrong_kind_of_document(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    edit(dossier / "dossier.yaml", "schema: zcf-dossier/1", "schema: other/1")
    with pytest.raises(DossierError) as caught:
        check(dossier, Options(AS_OF))
    assert caught.value.problems[0].key == "header.wrong_kind"


def test_number_as_text_in_the_header(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    edit(dossier / "dossier.yaml", "0.2856 kgce/kWh", "0.2856")
    result = check(dossier, Options(AS_OF))
    assert "READ-header.type_string" in rules_found(result)
    assert statuses(result)["NL7-J01-UNIT-ENERGY"] == "NOT_EVALUATED"


def test_not_a_number(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    edit(dossier / "dossier.yaml", "0.2856 kgce/kWh", ".nan")
    with pytest.raises(DossierError) as caught:
        check(dossier, Options(AS_OF))
    assert caught.value.problems[0].key == "yaml.not_finite"
    assert caught.value.problems[0].anchor.line == 28


@pytest.mark.parametrize("text", ["NaN", "inf", "1e999999", "0x10"])
def test_not_a_number_in_a_table(copy_of: Copy, text: str) -> None:
    dossier = copy_of(BATTERY)
    edit(next((dossier / "tables").glob("T12_*")), "2025-01,1100,", f"2025-01,{text},")
    result = check(dossier, Options(AS_OF))
    assert rules_found(result) == ["READ-cell.not_number"]
    assert statuses(result)["G13-B08-HEAT-COVERED"] == "NOT_EVALUATED"


def test_key_given_twice(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    edit(dossier / "dossier.yaml", "province: 江苏", "province: 江苏\nprovince: 福建")
    with pytest.raises(DossierError) as caught:
        check(dossier, Options(AS_OF))
    problem = caught.value.problems[0]
    assert (problem.key, problem.args["first"], problem.anchor.line) == (
        "yaml.duplicate_key",
        9,
        10,
    )


def test_empty_dossier(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DossierError) as caught:
        check(tmp_path / "empty", Options(AS_OF))
    assert caught.value.problems[0].key == "dossier.empty"
    with pytest.raises(UsageError):
        check(tmp_path / "nowhere", Options(AS_OF))


def test_header_alone_is_no_pass(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    for path in (dossier / "tables").iterdir():
        path.unlink()
    result = check(dossier, Options(AS_OF))
    assert result["conclusion"]["state"] == "incomplete"
    assert result["conclusion"]["requirements"]["NOT_EVALUATED"] > 100


def test_typo_in_a_keyword(pack: Path) -> None:
    edit(card_of(pack), "assert:", "asert:")
    with pytest.raises(PackError) as caught:
        run_with(pack)
    problem = next(p for p in caught.value.problems if p.key == "pack.unknown_key")
    assert problem.args["hint"] == "assert"
    assert problem.anchor.line == 6


def test_typo_in_a_path(pack: Path) -> None:
    edit(card_of(pack), "share.non_fossil", "share.nonfossil")
    with pytest.raises(PackError) as caught:
        run_with(pack)
    problem = caught.value.problems[0]
    assert (problem.key, problem.args["hint"]) == ("expr.unknown_fact", "share.non_fossil")


def test_typo_in_a_column_and_in_an_option(pack: Path) -> None:
    edit(card_of(pack), "share.non_fossil >= 30[%]", "T11.all(c, c.statsu == 'cancelled')")
    with pytest.raises(PackError) as caught:
        run_with(pack)
    assert caught.value.problems[0].args["hint"] == "status"
    edit(card_of(pack), "c.statsu == 'cancelled'", "c.status == 'canceled'")
    with pytest.raises(PackError) as caught:
        run_with(pack)
    assert caught.value.problems[0].args["hint"] == "cancelled"


def test_mis_indented_pack(pack: Path) -> None:
    edit(card_of(pack), "gate: list", "  gate: list")
    with pytest.raises(PackError) as caught:
        run_with(pack)
    assert caught.value.problems[0].key.startswith("yaml.")


def test_a_file_in_the_wrong_place_is_no_silence(pack: Path) -> None:
    card_of(pack).rename(pack / "TRIAL-1.yaml")
    with pytest.raises(PackError) as caught:
        run_with(pack)
    assert caught.value.problems[0].key == "pack.unknown_file"


def test_a_rule_that_reads_nothing(pack: Path) -> None:
    edit(card_of(pack), "share.non_fossil >= 30[%]", "1 < 2")
    with pytest.raises(PackError) as caught:
        run_with(pack)
    assert caught.value.problems[0].key == "expr.reads_nothing"


def test_all_of_nothing_is_no_pass(pack: Path) -> None:
    nothing = "T10.filter(g, g.kind == 'centralised').all(g, g.settled > 0[kWh])"
    edit(card_of(pack), "share.non_fossil >= 30[%]", nothing)
    assert statuses(run_with(pack))["TRIAL-1"] == "NOT_EVALUATED"


def test_units_that_do_not_fit(pack: Path) -> None:
    edit(card_of(pack), "share.non_fossil >= 30[%]", "electricity.purchased >= 30[t]")
    with pytest.raises(PackError) as caught:
        run_with(pack)
    assert caught.value.problems[0].key == "expr.mixed"


def test_huge_file(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    target = next((dossier / "tables").glob("T12_*"))
    lines = target.read_text(encoding="utf-8").splitlines(keepends=True)
    target.write_text(
        "".join(lines) + "示例热电,2025-01,1,缺省值,E-HEAT\n" * 210_000, encoding="utf-8"
    )
    result = check(dossier, Options(AS_OF))
    assert rules_found(result) == ["READ-csv.too_many_rows"]
    assert statuses(result)["G13-B08-HEAT-COVERED"] == "NOT_EVALUATED"


def test_a_header_of_nine_megabytes_is_refused(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    with (dossier / "dossier.yaml").open("a", encoding="utf-8") as stream:
        stream.write("#" * 9_000_000)
    with pytest.raises(DossierError) as caught:
        check(dossier, Options(AS_OF))
    assert caught.value.problems[0].key == "yaml.too_big"


@pytest.mark.parametrize("amount", ["4.02", "1.11", "19.99"])
def test_decimals_stay_decimals(copy_of: Copy, amount: str) -> None:
    """4.02 is a multiple of 0.01; a binary float is not."""
    dossier = copy_of(BATTERY)
    edit(next((dossier / "tables").glob("T12_*")), "2025-01,1100,", f"2025-01,{amount},")
    facts = {fact["id"]: fact for fact in check(dossier, Options(AS_OF))["facts"]}
    used = Decimal(facts["heat.used"]["value"])
    assert used == Decimal(11550) - 1100 + Decimal(amount)
    assert used % Decimal("0.01") == 0


def test_unquoted_dates_are_dates_by_the_schema_only(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    edit(dossier / "dossier.yaml", "start: 2025-01-01", 'start: "2025-01-01"')
    result = check(dossier, Options(AS_OF))
    assert statuses(result) == statuses(checked(BATTERY))
    assert result["dossier"]["period_start"]["value"] == "2025-01-01"
    assert result["findings"] == []


@pytest.mark.parametrize("day", ["2025-02-30", "01/02/2025", "2025"])
def test_an_impossible_day_in_the_header(copy_of: Copy, day: str) -> None:
    dossier = copy_of(BATTERY)
    edit(dossier / "dossier.yaml", "start: 2025-01-01", f"start: {day}")
    with pytest.raises(DossierError) as caught:
        check(dossier, Options(AS_OF))
    assert caught.value.problems[0].key in ("header.format_date", "header.type_string")


T12 = "tables/T12_外购热力.csv"
HEAT_NIL = "nil:\n  - {topic: purchased_heat, reason: 厂区无外购热力}\n"


def test_an_unreadable_table_is_never_taken_as_nil(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    edit(dossier / "dossier.yaml", "nil:\n", HEAT_NIL)
    (dossier / T12).write_bytes("供方,月份,热量\n甲,2025-01,".encode("gb18030") + b"\xff\xff\n")
    result = check(dossier, Options(AS_OF))
    fact = next(fact for fact in result["facts"] if fact["id"] == "heat.used")
    assert not fact["known"]
    assert fact["reasons"][0]["kind"] == "invalid"
    assert result["conclusion"]["state"] == "incomplete"


def test_a_required_column_left_out_is_missing_data(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    lines = (dossier / "tables/T09_储能.csv").read_text(encoding="utf-8").split("\n")
    cut = [",".join(c for i, c in enumerate(line.split(",")) if i != 4) for line in lines]
    (dossier / "tables/T09_储能.csv").write_text("\n".join(cut), encoding="utf-8")
    result = check(dossier, Options(AS_OF))
    assert statuses(result)["CORE-E38-STORAGE"] == "NOT_EVALUATED"
    assert "READ-column.missing" in rules_found(result)


def test_what_could_not_be_read_leaves_the_check_incomplete(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    twice = (dossier / "tables/T27_目标与里程碑.csv").read_bytes()
    (dossier / "tables/T27.csv").write_bytes(twice)
    result = check(dossier, Options(AS_OF))
    assert "READ-table.twice" in rules_found(result)
    assert result["conclusion"]["state"] == "incomplete"
    assert result["conclusion"]["gates"][0]["id"] == "reading"


def test_a_row_given_twice_leaves_the_check_incomplete(copy_of: Copy) -> None:
    """It is counted twice in every total: no conclusion may stand on it."""
    dossier = copy_of(EXAMPLES / "steel-2025")
    assert check(dossier, Options(AS_OF))["conclusion"]["state"] == "judgement"
    register = next((dossier / "tables").glob("T14*"))
    lines = register.read_text(encoding="utf-8").splitlines(keepends=True)
    register.write_text("".join([*lines, lines[-1]]), encoding="utf-8")
    result = check(dossier, Options(AS_OF))
    assert "READ-row.twice" in rules_found(result)
    assert result["conclusion"]["state"] == "incomplete"


def test_a_finding_on_a_row_leads_to_that_row_first(copy_of: Copy) -> None:
    """CORE-P03 compares a row of T30 with T14, T04 and T31: the place to mend is in T30."""
    dossier = copy_of(EXAMPLES / "steel-2025")
    measured = next((dossier / "tables").glob("T30*"))
    lines = measured.read_text(encoding="utf-8").splitlines(keepends=True)
    subject = lines[3].split(",")[0]
    changed = lines[3].replace(subject, "nobody", 1)
    measured.write_text("".join([*lines[:3], changed, *lines[4:]]), encoding="utf-8")
    result = check(dossier, Options(AS_OF))
    found = next(f for f in result["findings"] if f["rule"] == "CORE-P03-PARAMETER-SUBJECT")
    assert (Path(found["places"][0]["file"]).name, found["places"][0]["line"]) == (measured.name, 4)


def test_a_declared_figure_in_a_unit_of_another_kind_is_shown_with_its_place(copy_of: Copy) -> None:
    dossier = copy_of(EXAMPLES / "steel-2025")
    declared = next((dossier / "tables").glob("T24*"))
    edit(declared, "89101.70,tCO2", "89101.70,tce")
    result = check(dossier, Options(AS_OF))
    assert statuses(result)["G13-B13-REPRODUCIBLE"] == "NOT_EVALUATED"
    gap = next(g for g in result["gaps"] if "G13-B13-REPRODUCIBLE" in g["blocked"])
    assert [(Path(p["file"]).name, p["line"]) for p in gap["places"]] == [(declared.name, 6)]


def test_the_submitted_data_is_no_evidence_of_itself(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    edit(dossier / "tables/T19_证据索引.csv", "evidence/heat-2025.pdf", T12)
    result = check(dossier, Options(AS_OF))
    assert "READ-evidence.circular" in rules_found(result)
    assert statuses(result)["CORE-E78E-EVIDENCE-T12"] == "FAIL"


def test_a_stated_exemption_is_a_question_not_a_pass(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    edit(dossier / "tables/T26_事项说明.csv", "碳排放核算体系,是", "碳排放核算体系,不适用")
    result = check(dossier, Options(AS_OF))
    assert statuses(result)["G13-B01-ACCOUNTING-SYSTEM"] == "NEEDS_JUDGEMENT"
    question = next(j for j in result["judgements"] if j["rule"] == "G13-B01-ACCOUNTING-SYSTEM")
    assert question["about"] == "exemption"


@pytest.mark.parametrize("end", ["2031-12-31", "9999-12-31"])
def test_a_period_of_many_years_is_refused(copy_of: Copy, end: str) -> None:
    dossier = copy_of(BATTERY)
    edit(dossier / "dossier.yaml", "end: 2025-12-31", f"end: {end}")
    with pytest.raises(DossierError) as caught:
        check(dossier, Options(AS_OF))
    assert "header.period_range" in {problem.key for problem in caught.value.problems}


def test_a_pipe_in_the_dossier_is_named_and_left(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    os.mkfifo(dossier / "tables" / "T21.csv")
    (dossier / "evidence" / os.fsdecode(b"\xff.pdf")).write_bytes(b"%PDF-1.7")
    found = rules_found(check(dossier, Options(AS_OF)))
    assert {"READ-file.not_regular", "READ-file.name_not_text"} <= set(found)


def test_a_list_with_one_wrong_entry_is_not_used(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    edit(dossier / "dossier.yaml", "applies_for: [", "applies_for: [7, ")
    result = check(dossier, Options(AS_OF))
    assert "applies_for" not in result["dossier"]
