"""Packs: composition at a date, dated parameters, and what a pack's author is told."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from checker.check import Options, check
from checker.dossier.load import load_dossier
from checker.errors import PackError
from checker.packs.bind import bind
from checker.packs.cards import PACK_KINDS
from checker.packs.compose import Composition, compose, load_with_parents
from checker.packs.heads import find_heads
from checker.requirements.case_run import CaseRun, run_cases
from checker.resources import rules_dir
from tests.conftest import AS_OF, BATTERY, TEA, checked, edit, statuses

Copy = Callable[[Path], Path]
HEAD = """\
format: zcf-pack/1
id: trial
version: 1.0.0
kind: local
title: {zh: 试验, en: trial}
from: 2026-01-01
sources:
  own: {document: 试验, date: "2026", confidence: D}
"""
CARD = """\
id: T-1
title: {zh: 试验, en: trial}
clause: {source: own, heading: 一, confidence: D}
kind: local
gate: list
assert: share.non_fossil >= param.floor
"""
PARAMETERS = """\
parameters:
  - id: floor
    title: {zh: 下限, en: floor}
    unit: "%"
    values:
      - {from: 2026-01-01, until: 2026-07-01, value: 30, source: own, clause: 一, confidence: D}
      - {from: 2026-07-01, value: 60, source: own, clause: 一, confidence: D}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "trial"
    (folder / "requirements" / "x").mkdir(parents=True)
    (folder / "pack.yaml").write_text(HEAD, encoding="utf-8")
    (folder / "parameters.yaml").write_text(PARAMETERS, encoding="utf-8")
    (folder / "requirements" / "x" / "T-1.yaml").write_text(CARD, encoding="utf-8")
    return folder


def run(pack: Path, day: date = AS_OF) -> dict[str, Any]:
    return check(BATTERY, Options(day, folders=[pack]))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 6, 30), "PASS"),
        (date(2026, 7, 1), "FAIL"),
        (date(2026, 2, 1), "PASS"),
    ],
)
def test_a_parameter_changes_on_its_day(pack: Path, day: date, state: str) -> None:
    assert statuses(run(pack, day))["T-1"] == state


def test_a_threshold_changed_in_yaml_changes_the_verdict(pack: Path) -> None:
    assert run(pack)["conclusion"]["state"] == "objections"
    edit(pack / "parameters.yaml", "value: 60", "value: 40")
    assert run(pack)["conclusion"]["state"] == "judgement"


def test_an_unknown_threshold_is_not_evaluated_and_visible(pack: Path) -> None:
    edit(pack / "parameters.yaml", "value: 60", "value: unknown")
    result = run(pack)
    assert statuses(result)["T-1"] == "NOT_EVALUATED"
    assert result["conclusion"]["state"] == "incomplete"
    assert {p["id"]: p["value"] for p in result["parameters"]}["floor"] is None


def edited(old: str, new: str, name: str = "requirements/x/T-1.yaml") -> Callable[[Path], None]:
    return lambda pack: edit(pack / name, old, new)


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (edited("kind: local", "kind: lokal"), "pack.option"),
        (edited("source: own", "source: owm"), "pack.source"),
        (edited("heading: 一, ", ""), "pack.missing"),
        (edited("confidence: D", "confidence: Z"), "pack.option"),
        (edited("{zh: 试验, en: trial}", "{zh: 试验}"), "pack.no_language"),
        (edited("{zh: 试验, en: trial}", "试验"), "pack.type"),
        (edited("assert: share.non_fossil >= param.floor\n", ""), "pack.no_assertion"),
        (edited("id: T-1", "id: T-2"), "pack.card_file"),
        (edited("gate: list", "gate: list\nhow: judged"), "pack.no_question"),
        (edited("gate: list", "gate: list\nfor: T11"), "pack.missing"),
        (edited("param.floor", "param.flor"), "expr.unknown_parameter"),
        (edited('unit: "%"', "unit: percent", "parameters.yaml"), "pack.unit"),
        (edited("value: 30", "value: about 30", "parameters.yaml"), "pack.value"),
        (edited("until: 2026-07-01", "until: 2026-08-01", "parameters.yaml"), "pack.dates_overlap"),
        (edited("from: 2026-07-01", "from: July", "parameters.yaml"), "pack.date"),
        (edited("id: trial", "id: other", "pack.yaml"), "pack.id"),
        (edited("format: zcf-pack/1", "format: zcf-pack/9", "pack.yaml"), "pack.format"),
        (edited("gate: list", "gate: lists"), "pack.option"),
        (edited("gate: list", "gate: list\nseverity:"), "pack.blank"),
        (edited("gate: list", "gate: list\nstatement: zero_carbon_plan"), "pack.exclusive"),
        (edited("gate: list", "gate: list\nas: r"), "pack.as_without_for"),
        (edited("gate: list", "gate: list\nseverity: info"), "pack.severity"),
        (edited("gate: list", "gate: list\nmessage: {zh: '{x}', en: '{x}'}"), "pack.placeholder"),
        (
            edited(
                "gate: list",
                "gate: list\njudgement:\n  question: {zh: 问, en: q}\n  guidance: {zh: 引, en: g}",
            ),
            "pack.judgement_unused",
        ),
        (edited("assert: share.non_fossil >= param.floor", "statement: no_topic"), "pack.option"),
        (
            edited(
                "assert: share.non_fossil >= param.floor",
                "for: T05\nas: share\nassert: share.total > 0[kWh]",
            ),
            "pack.shadow",
        ),
        (edited("share.non_fossil >= param.floor", "share.non_fossil >= 30"), "expr.percent"),
        (edited("share.non_fossil >= param.floor", "param.floor > 0[%]"), "expr.reads_nothing"),
        (edited("from:", "applies_when: {}\nfrom:", "pack.yaml"), "pack.applies_empty"),
        (
            edited("from:", "applies_when: {sector: [light]}\nfrom:", "pack.yaml"),
            "pack.option",
        ),
        (edited("from: 2026-01-01", "from: 2026-W01-4", "pack.yaml"), "pack.date"),
        (
            edited("from: 2026-01-01", "from: 2026-01-01\nuntil: 2025-01-01", "pack.yaml"),
            "pack.until",
        ),
        (edited('date: "2026"', "date: spring", "pack.yaml"), "pack.date"),
        (lambda pack: (pack / "parameter.yml").write_text("x: 1"), "pack.unknown_file"),
        (lambda pack: (pack / "rules.yaml").symlink_to("nowhere"), "pack.unknown_file"),
        (lambda pack: (pack / "verdict.yaml").write_text("rules: []"), "pack.verdict_core"),
        (edited("title:", "extends: [no-such]\ntitle:", "pack.yaml"), "pack.unknown"),
        (edited("title:", "extends: [trial]\ntitle:", "pack.yaml"), "pack.cycle"),
    ],
)
def test_what_does_not_load(pack: Path, spoil: Callable[[Path], None], key: str) -> None:
    spoil(pack)
    with pytest.raises(PackError) as caught:
        run(pack)
    assert key in {problem.key for problem in caught.value.problems}
    assert all(problem.anchor.file for problem in caught.value.problems)


def test_all_problems_of_a_pack_at_once(pack: Path) -> None:
    edit(pack / "requirements" / "x" / "T-1.yaml", "kind: local", "kind: lokal")
    edit(pack / "parameters.yaml", "value: 30", "value: x")
    with pytest.raises(PackError) as caught:
        run(pack)
    assert {problem.key for problem in caught.value.problems} == {"pack.option", "pack.value"}


def test_one_id_in_two_packs_is_an_error(pack: Path) -> None:
    card = pack / "requirements" / "x" / "T-1.yaml"
    edit(card, "id: T-1", "id: CORE-E01-PRICE")
    card.rename(card.with_name("CORE-E01-PRICE.yaml"))
    with pytest.raises(PackError) as caught:
        run(pack)
    assert caught.value.problems[0].key == "pack.id_twice"


def test_quantities_in_a_circle(pack: Path) -> None:
    (pack / "quantities").mkdir()
    card = (
        "  - id: {0}\n    title: {{zh: 甲, en: a}}\n    unit: MWh\n"
        "    clause: {{source: own, heading: 一, confidence: D}}\n    formula: {1}\n"
    )
    text = "quantities:\n" + card.format("loop.a", "loop.b") + card.format("loop.b", "loop.a")
    (pack / "quantities" / "q.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        run(pack)
    assert caught.value.problems[0].args["names"] == "loop.a, loop.b"


def test_a_new_quantity_needs_no_python(pack: Path) -> None:
    (pack / "quantities").mkdir()
    (pack / "quantities" / "q.yaml").write_text(
        "quantities:\n  - id: trial.per_piece\n    title: {zh: 单耗, en: energy per piece}\n"
        "    unit: kWh/件\n    clause: {source: own, heading: 一, confidence: D}\n"
        '    formula: electricity.consumed / T15.sum(o, to(o.amount, "件"))\n',
        encoding="utf-8",
    )
    facts = {fact["id"]: fact for fact in run(pack)["facts"]}
    # 32,140 MWh over 120 + … + 131 = 1,506 万件
    expected = Decimal(32_140_000) / Decimal(15_060_000)
    assert abs(Decimal(facts["trial.per_piece"]["value"]) - expected) < Decimal("1e-12")


def test_composition_is_printed_with_its_reasons() -> None:
    taken = {c["pack"]: (c["taken"], c["reason"]) for c in checked(TEA)["composition"]["choices"]}
    assert taken["sector-light-industry"] == (True, "pack.applies")
    other = {
        c["pack"]: (c["taken"], c["reason"]) for c in checked(BATTERY)["composition"]["choices"]
    }
    assert other["sector-light-industry"] == (False, "pack.other_sector")
    assert [p["id"] for p in checked(TEA)["composition"]["packs"]] == [
        "core",
        "guideline-2026-13",
        "offset-eligibility",
        "national-list-2026-07",
        "sector-light-industry",
    ]


def test_before_the_guideline_its_pack_is_not_in_force() -> None:
    header = load_dossier(TEA).header
    with pytest.raises(PackError) as caught:
        compose(header, date(2026, 1, 13))
    assert {problem.key for problem in caught.value.problems} == {"pack.passed_over"}
    assert caught.value.problems[0].anchor.file == "dossier.yaml"


def test_a_day_without_any_guideline_judges_nothing(copy_of: Copy) -> None:
    dossier = copy_of(TEA)
    edit(dossier / "dossier.yaml", "applies_for: [national-list-2026-07]", "applies_for: []")
    with pytest.raises(PackError) as caught:
        check(dossier, Options(date(2025, 12, 31)))
    assert [problem.key for problem in caught.value.problems] == ["pack.no_guideline"]


def test_a_list_nobody_knows_is_an_error(copy_of: Copy) -> None:
    dossier = copy_of(TEA)
    edit(dossier / "dossier.yaml", "[national-list-2026-07]", "[national-list-2031]")
    with pytest.raises(PackError) as caught:
        check(dossier, Options(AS_OF))
    assert caught.value.problems[0].anchor.file == "dossier.yaml"


def test_a_hash_covers_what_can_change_a_verdict(pack: Path) -> None:
    def digest() -> str:
        return next(p["sha256"] for p in run(pack)["composition"]["packs"] if p["id"] == "trial")

    first = digest()
    (pack / "cases").mkdir()
    (pack / "cases" / "T-1.yaml").write_text("cases: []\n", encoding="utf-8")
    assert digest() == first
    edit(pack / "parameters.yaml", "value: 60", "value: 61")
    assert digest() != first


def test_shipped_heads_are_found_in_order_of_authority() -> None:
    kinds = [head.kind for head in find_heads()]
    assert kinds == sorted(kinds, key=PACK_KINDS.index)


def test_a_pack_asked_for_by_its_own_folder_or_the_one_above(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pack)
    for folder in (Path(), pack.parent, pack):
        result = check(BATTERY, Options(AS_OF, folders=[folder]))
        assert "T-1" in statuses(result)


def test_a_shipped_pack_given_by_folder_is_not_there_twice() -> None:
    sector = rules_dir() / "sector-light-industry"
    result = check(TEA, Options(AS_OF, folders=[sector]))
    assert statuses(result) == statuses(checked(TEA))


def test_a_pack_asked_for_but_not_in_force_is_an_error(pack: Path) -> None:
    edit(pack / "pack.yaml", "from: 2026-01-01", "from: 2027-01-01")
    with pytest.raises(PackError) as caught:
        run(pack)
    assert [problem.key for problem in caught.value.problems] == ["pack.passed_over"]


CASES = """\
cases:
  - {name: meets, expect: PASS, facts: {share.non_fossil: 60 %}}
  - {name: misses, expect: PASS, facts: {share.non_fossil: 59 %}}
"""


def run_own(pack: Path) -> CaseRun:
    packs = load_with_parents([pack])
    own = [item for item in packs if item.head.id == "trial"]
    return run_cases(bind(Composition(AS_OF, packs, [])), own)


def test_cases_of_a_pack_of_ones_own(pack: Path) -> None:
    edit(pack / "pack.yaml", "from:", "extends: [core]\nfrom:")
    assert run_own(pack).without == ("T-1",)
    (pack / "cases").mkdir()
    (pack / "cases" / "T-1.yaml").write_text(CASES, encoding="utf-8")
    done = run_own(pack)
    assert (done.count, done.without) == (2, ())
    assert [(miss.case.name, miss.found) for miss in done.misses] == [("misses", "FAIL")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("facts: {share.non_fossil: 59 %}", "facts: {share.nonfossil: 59 %}"),
        ("facts: {share.non_fossil: 59 %}", "facts: {share.non_fossil: 59 kWh}"),
        ("facts: {share.non_fossil: 59 %}", "tables: {T77: []}"),
        ("facts: {share.non_fossil: 59 %}", "tables: {T05: [{acount: 1}]}"),
        ("facts: {share.non_fossil: 59 %}", "nil: [heating]"),
        ("facts: {share.non_fossil: 59 %}", "header: {accounting.std: x}"),
    ],
)
def test_a_case_that_names_what_does_not_exist(pack: Path, old: str, new: str) -> None:
    edit(pack / "pack.yaml", "from:", "extends: [core]\nfrom:")
    (pack / "cases").mkdir()
    (pack / "cases" / "T-1.yaml").write_text(CASES.replace(old, new), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        run_own(pack)
    assert caught.value.problems[0].key in ("pack.case_name", "pack.case_unit")
    assert caught.value.problems[0].anchor.line == 3


@pytest.mark.parametrize(
    "change",
    [
        "as_of: 2026-05-32",
        "as_of: 2026-5-31",
        "as_of: ",
        "header: 江苏",
        "header: {period.start: 2025-13-01}",
        "header: {period: 2025}",
        "header: {province: 江苏省}",
        "tables: [T05]",
        "tables: {T05: [x]}",
        "tables: {T05: }",
        "evidence: E1",
        "nil: storage",
        "expct: PASS",
        "facts: 3",
    ],
)
def test_a_case_of_the_wrong_shape_is_named(pack: Path, change: str) -> None:
    edit(pack / "pack.yaml", "from:", "extends: [core]\nfrom:")
    (pack / "cases").mkdir()
    text = f"cases:\n  - name: a\n    expect: NOT_EVALUATED\n    {change}\n"
    (pack / "cases" / "T-1.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        run_own(pack)
    assert caught.value.problems[0].anchor.file == "trial/cases/T-1.yaml"
    assert caught.value.problems[0].anchor.line
