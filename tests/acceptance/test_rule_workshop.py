"""The rule author's commands as an author runs them, and what broken packs get."""

import json
import re
import shutil
import textwrap
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from checker.cli.main import cli
from checker.cli.rules.group import COMMANDS
from checker.cli.rules.watch import watched
from checker.packs.compose import load_with_parents
from checker.resources import rules_dir
from checker.workshop.apart import load_apart
from checker.workshop.lint import lint
from checker.workshop.mutate import scores
from tests.conftest import AS_OF, BATTERY, EXAMPLES, ROOT, edit, whole_book

GUIDES = ("rule-authors.md", "rule-authors.zh-CN.md")
FILES = (
    "pack.yaml",
    "parameters.yaml",
    "requirements/indicators/TEX-DYEING-ENERGY.yaml",
    "cases/TEX-DYEING-ENERGY.yaml",
)
CARD = "requirements/indicators/TEX-DYEING-ENERGY.yaml"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["rules", *map(str, args)])


def blocks(guide: str) -> list[str]:
    page = (ROOT / "docs" / guide).read_text(encoding="utf-8")
    return [textwrap.dedent(b) for b in re.findall(r"^```yaml\n(.*?)^```", page, re.M | re.S)]


def guide_pack(folder: Path, guide: str = GUIDES[0]) -> Path:
    """The pack of the guide, as its reader writes it."""
    pack = folder / "sector-textiles-dyeing"
    for name, text in zip(FILES, blocks(guide), strict=False):
        path = pack / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return pack


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return guide_pack(tmp_path)


# --- the shipped packs ----------------------------------------------------------------------------
def test_shipped_packs_have_no_errors_or_warnings() -> None:
    report = lint((), AS_OF)
    told = [str(p) for p in report.problems if p.severity in ("blocker", "major", "minor")]
    assert told == []
    assert report.broken == ()


@pytest.mark.parametrize("name", sorted(p.parent.name for p in rules_dir().glob("*/pack.yaml")))
def test_cases_notice_every_change_that_is_not_equivalent(name: str) -> None:
    packs = [pack for pack in load_with_parents() if pack.head.id == name]
    left = {
        one.card: [m.key for m in one.survivors] + list(one.stale)
        for one in scores(whole_book(), packs)
        if not one.complete
    }
    assert left == {}


def test_the_coverage_page_is_that_of_the_packs_and_has_no_open_clause() -> None:
    result = run("coverage")
    assert result.exit_code == 0
    page = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert result.stdout.startswith(page)
    assert "**?**" not in page


# --- the guide ------------------------------------------------------------------------------------
@pytest.mark.parametrize("guide", GUIDES)
def test_the_guide_works_as_written(tmp_path: Path, guide: str) -> None:
    pack = guide_pack(tmp_path, guide)
    assert run("lint", pack, "--strict").exit_code == 0
    result = run("test", pack, "--mutate", "--lang", "en")
    assert result.exit_code == 0, result.stdout
    assert "score 100.0 %" in result.stdout


def test_both_guides_hold_the_same_examples() -> None:
    assert blocks(GUIDES[0]) == blocks(GUIDES[1])


@pytest.mark.parametrize("guide", GUIDES)
@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help_and_stands_in_the_guides(guide: str, name: str) -> None:
    assert run(name, "--help").exit_code == 0
    page = (ROOT / "docs" / guide).read_text(encoding="utf-8")
    assert f"zcf-check rules {name}" in page or name == "list"


ON_THE_LINE = """cases:
  - name: on the line
    expect: PASS
    tables:
      T31:
        - {product: 产品名称, line: "1", month: "2025", energy: 4.5, energy_unit: kWh,
           output: 1, output_unit: t}
"""


def test_a_new_pack_loads_and_says_what_is_left_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "sector-trial"
    made = run("new", folder, "--card", "TRI-LIMIT", "--unit", "kWh/t")
    assert made.exit_code == 0, made.output
    result = run("lint", folder, "--lang", "en")
    assert result.exit_code == 1
    found = set(re.findall(r"\[(lint\.[a-z_]+)\]", result.stdout))
    left = {"lint.template", "lint.never_verified", "lint.states", "lint.never_touched"}
    assert found == left
    edit(folder / "parameters.yaml", "value: unknown", "value: 4.5")
    assert run("test", folder).exit_code == 0
    (folder / "cases/TRI-LIMIT.yaml").write_text(ON_THE_LINE, encoding="utf-8")
    assert "missed: 0" in run("test", folder, "--lang", "en").stdout
    assert run("test", folder).exit_code == 0


def test_new_overwrites_nothing_and_refuses_bad_names(tmp_path: Path) -> None:
    folder = tmp_path / "sector-trial"
    assert run("new", folder, "--card", "TRI-LIMIT").exit_code == 0
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    assert run("new", folder, "--card", "TRI-LIMIT").exit_code == 3
    assert {path: path.read_bytes() for path in folder.rglob("*.yaml")} == before
    assert run("new", tmp_path / "Sector Trial").exit_code == 3
    assert run("new", folder, "--card", "tri limit").exit_code == 3


# --- ten mistakes and more ------------------------------------------------------------------------
CASES = "cases/TEX-DYEING-ENERGY.yaml"
VALUES = "parameters.yaml"
LIMIT = "param.tex_dyeing_energy_limit"
MISTAKES = [
    (CARD, "effort: invest", "efort: invest", "pack.unknown_key", ":9:1"),
    (CARD, "title:", " title:", "yaml.colon", ":3:7"),
    (CARD, "kind: guideline", "kind：guideline", "yaml.wide_punctuation", ":5:1"),
    (CARD, "  zh: 先", "\tzh: 先", "yaml.tab", ":20:1"),
    (CARD, "e.energy", "e.enrgy", "expr.unknown_field", ":13:14"),
    (CARD, '"kgce"', '"kgcee"', "expr.unit", ":13:22"),
    (CARD, '"kgce"', '"m3"', "expr.mixed", ":14:14"),
    (CARD, f"<= {LIMIT}", f"<= {LIMIT}s", "expr.unknown_parameter", ":14"),
    (CARD, f"<= {LIMIT}", "<= 950[kgce/t]", "lint.literal", ":14:9"),
    (CARD, "confidence: R", "confidence: I", "lint.weak_clause", ":2:5"),
    (CARD, "modality: must", "modality: may", "lint.modality", ":2:5"),
    (CARD, "uses {value}", "uses {valu}", "pack.placeholder", ":17"),
    (CARD, "en: Energy of dyed cloth", "en: 印染布单位产品", "lint.not_english", ":2:5"),
    (CARD, "kind: guideline", "kind: guidelines", "pack.option", ":5:7"),
    (CARD, "as: e", "as: T05", "pack.shadow", ":11:5"),
    (CARD, '"印染布"', '"印染布" && e.product == "纱"', "lint.never_true", ":2:5"),
    (CARD, "id: TEX-DYEING-ENERGY", "id: TEX-DYEING", "pack.card_file", ":2:5"),
    (CASES, "energy: 950,", "enrgy: 950,", "pack.case_name", ":3"),
    (CASES, "expect: NOT_APPLICABLE", "expect: N/A", "pack.case_value", ":26:13"),
    (CASES, "expect: NOT_APPLICABLE", "expct: NOT_APPLICABLE", "pack.unknown_key", ":26:5"),
    (CASES, "name: no table", "name: output by area", "lint.case_twice", ":35:5"),
    (VALUES, "source: assoc", "source: asoc", "pack.source", ":7"),
    (VALUES, "from: 2026-03-01, ", "", "pack.missing", ":7"),
    (VALUES, "from: 2026-03-01", "from: 2026-02-30", "pack.date", ":7"),
    (VALUES, "value: 950", "until: 2026-06-01, value: 950", "lint.expired", ":3"),
    (VALUES, "verified_on: 2026-11-24", "verified_on: 2025-11-22", "lint.stale", ":3"),
    (VALUES, "verified_on: 2026-11-24", "verified_on: 2027-11-24", "lint.verified_later", ":3"),
    (VALUES, "verified_on: 2026-11-24", "note: x", "lint.never_verified", ":3"),
    (CARD, "title: {zh: 印染布", 'title: {zh: "印染布', "yaml.quote", ":3"),
    (CARD, f"<= {LIMIT}", f"<= {LIMIT} and used > 0[kgce/t]", "expr.word", ":14"),
    (CARD, f"used <= {LIMIT}", f"(used <= {LIMIT}", "expr.not_closed", ":14:9"),
    (CARD, f"used <= {LIMIT}", f"used <= {LIMIT} || used > {LIMIT}", "lint.always_true", ":2:5"),
    (CARD, f"used <= {LIMIT}", f"used <= {LIMIT} && used > {LIMIT}", "lint.never_true", ":2:5"),
    (CARD, "where:\n  used", "where:\n  output", "pack.shadow_part", ":13:"),
    ("pack.yaml", "[core,", "[cor,", "pack.unknown", ":7:11"),
    ("pack.yaml", "en: Dyeing (example)", "en: Dyeing, the example", "pack.comma", ":6"),
]
WARNINGS = ("lint.never_verified", "lint.stale", "lint.not_english", "lint.case_twice")


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "place"), MISTAKES, ids=[mistake[3] for mistake in MISTAKES]
)
def test_a_mistake_is_named_with_its_place(
    pack: Path, file: str, old: str, new: str, key: str, place: str
) -> None:
    edit(pack / file, old, new)
    for lang in ("zh", "en"):
        result = run("lint", pack, "--lang", lang)
        line = next(line for line in result.stdout.splitlines() if f"[{key}]" in line)
        assert f"{file}{place}" in line
        if not key.startswith("lint."):
            assert result.exit_code == 2
        elif key not in WARNINGS:
            assert result.exit_code == 1


def test_a_file_that_would_not_be_read_refuses_the_pack(pack: Path) -> None:
    (pack / "notes.txt").write_text("x", encoding="utf-8")
    result = run("lint", pack)
    assert result.exit_code == 2
    assert "[pack.unknown_file]" in result.stdout


def test_the_nearest_right_name_is_offered(pack: Path) -> None:
    edit(pack / CARD, "e.energy", "e.enrgy")
    assert "energy" in run("lint", pack, "--lang", "en").stdout.split("Did you mean")[1]


# --- broken packs side by side --------------------------------------------------------------------
def broken(folder: Path, name: str, file: str, text: str) -> None:
    """A copy of the guide's pack under another name with one file replaced."""
    source = guide_pack(folder / f"of-{name}")
    target = folder / "packs" / name
    shutil.copytree(source, target)
    for path in target.rglob("*.yaml"):
        path.write_text(
            path.read_text(encoding="utf-8")
            .replace("sector-textiles-dyeing", name)
            .replace("TEX-DYEING", name.upper())
            .replace("tex_dyeing", name.replace("-", "_")),
            encoding="utf-8",
        )
        if "TEX-DYEING" in path.name:
            path.rename(path.with_name(path.name.replace("TEX-DYEING", name.upper())))
    if text:
        (target / file).write_text(text, encoding="utf-8")


def test_broken_packs_do_not_hide_the_good_one(tmp_path: Path) -> None:
    broken(tmp_path, "good", "", "")
    broken(tmp_path, "deep", "parameters.yaml", "parameters: " + "[" * 1_000_000 + "]" * 1_000_000)
    broken(tmp_path, "huge", "parameters.yaml", "parameters: x" + " || true" * 1_400_000)
    broken(tmp_path, "loop-a", "", "")
    broken(tmp_path, "loop-b", "", "")
    for one, other in (("loop-a", "loop-b"), ("loop-b", "loop-a")):
        head = tmp_path / "packs" / one / "pack.yaml"
        edit(head, "extends: [core,", f"extends: [{other}, core,")
    report = lint([tmp_path / "packs"], AS_OF)
    assert report.checked == ("good",)
    assert report.broken == ("deep", "huge", "loop-a", "loop-b")
    keys = {p.anchor.file.split("/")[0]: p.key for p in report.problems if p.severity == "blocker"}
    assert keys == {
        "deep": "yaml.too_deep",
        "huge": "yaml.too_big",
        "loop-a": "pack.cycle",
        "loop-b": "pack.cycle",
    }


def test_an_id_that_a_shipped_pack_has_is_the_new_ones_error(tmp_path: Path) -> None:
    broken(tmp_path, "again", "", "")
    target = tmp_path / "packs" / "again"
    card = target / "requirements/indicators/AGAIN-ENERGY.yaml"
    edit(card, "id: AGAIN-ENERGY", "id: TEX-QUOTA-NAMED")
    card.rename(card.with_name("TEX-QUOTA-NAMED.yaml"))
    apart = load_apart([target], AS_OF)
    assert [p.key for p in apart.problems] == ["pack.id_twice"]
    assert apart.problems[0].anchor.file.startswith("again/")
    assert "sector-textiles" in {pack.head.id for pack in apart.packs}


def test_a_pack_on_a_broken_parent_is_named(tmp_path: Path) -> None:
    broken(tmp_path, "parent", "parameters.yaml", "parameters: [")
    broken(tmp_path, "child", "", "")
    edit(tmp_path / "packs/child/pack.yaml", "extends: [core,", "extends: [parent, core,")
    report = lint([tmp_path / "packs"], AS_OF)
    assert report.broken == ("child", "parent")
    assert "lint.parent_broken" in [problem.key for problem in report.problems]


# --- formats --------------------------------------------------------------------------------------
def test_sarif_has_places_levels_and_fingerprints(pack: Path) -> None:
    edit(pack / CARD, "e.energy", "e.enrgy")
    document: Any = json.loads(run("lint", pack, "--format", "sarif").stdout)
    assert document["version"] == "2.1.0"
    (result,) = document["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith(CARD)
    assert place["region"] == {"startLine": 13, "startColumn": 14}
    assert result["level"] == "error"
    assert result["partialFingerprints"]["zcf/v1"]
    rules = document["runs"][0]["tool"]["driver"]["rules"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_json_names_what_was_reviewed(pack: Path) -> None:
    document: Any = json.loads(run("lint", pack, "--format", "json").stdout)
    assert document == {"problems": [], "broken": [], "checked": ["sector-textiles-dyeing"]}


# --- cases and mutation ---------------------------------------------------------------------------
def test_a_missed_case_shows_the_working(pack: Path) -> None:
    edit(pack / "parameters.yaml", "value: 950", "value: 940")
    result = run("test", pack, "--lang", "en")
    assert result.exit_code == 1
    assert "used <= param.tex_dyeing_energy_limit" in result.stdout
    assert "940 kgce/t" in result.stdout


def test_a_change_no_case_notices_is_named_and_a_case_is_suggested(pack: Path) -> None:
    cases = pack / "cases/TEX-DYEING-ENERGY.yaml"
    text = cases.read_text(encoding="utf-8")
    start, end = text.index("  - name: on the line"), text.index("  - name: just past it")
    cases.write_text(text[:start] + text[end:], encoding="utf-8")
    result = run("test", pack, "--mutate", "--suggest", "--lang", "en")
    assert result.exit_code == 1
    assert "comparison changed" in result.stdout
    suggested = "".join(re.findall(r"^  - name: .*\n(?:    .*\n|      .*\n)+", result.stdout, re.M))
    cases.write_text(cases.read_text(encoding="utf-8") + suggested, encoding="utf-8")
    assert run("test", pack, "--mutate").exit_code == 0


def test_an_equivalent_change_that_is_gone_is_told(pack: Path) -> None:
    cases = pack / "cases/TEX-DYEING-ENERGY.yaml"
    old = cases.read_text(encoding="utf-8")
    entry = '  - {change: "assert: a → b", reason: none}\n'
    cases.write_text(f"{old}equivalent:\n{entry}", encoding="utf-8")
    result = run("test", pack, "--mutate", "--lang", "en")
    assert result.exit_code == 1
    assert "fits no change that went unnoticed" in result.stdout


def test_watch_runs_again_when_a_file_changes(pack: Path) -> None:
    rounds = watched([pack], pause=0.01)
    next(rounds)
    edit(pack / "parameters.yaml", "value: 950", "value: 9401")
    next(rounds)


# --- what changed, and for whom -------------------------------------------------------------------
@pytest.fixture
def tighter(tmp_path: Path) -> Path:
    """The national list with a stricter entry value."""
    folder = tmp_path / "national-list-2026-07"
    shutil.copytree(rules_dir() / folder.name, folder)
    edit(folder / "parameters.yaml", "value: 1.8,", "value: 0.001,")
    return folder


def test_diff_lists_what_changed(tighter: Path) -> None:
    result = run("diff", "shipped", tighter, "--lang", "en")
    assert result.exit_code == 1
    assert "unit_energy_basic values.0.value: 1.8 → 0.001" in result.stdout
    assert "1 changes" in result.stdout
    assert run("diff", "shipped", "shipped").exit_code == 0


def test_impact_names_dossier_card_and_reason(tighter: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    for name in (BATTERY.name, "steel-2025"):
        shutil.copytree(EXAMPLES / name, corpus / name)
    result = run("impact", "shipped", tighter, corpus, "--lang", "en", "--as-of", "2026-11-24")
    assert result.exit_code == 1
    assert "NL7-J01-UNIT-ENERGY: PASS → FAIL" in result.stdout
    assert "intensity.unit_energy <= param.unit_energy_basic" in result.stdout
    assert run("impact", "shipped", "shipped", corpus).exit_code == 0


def test_impact_goes_on_after_a_dossier_that_cannot_be_read(tighter: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(BATTERY, corpus / "a")
    (corpus / "b").mkdir()
    (corpus / "b" / "dossier.yaml").write_text("[", encoding="utf-8")
    result = run("impact", "shipped", tighter, corpus, "--lang", "en", "--as-of", "2026-11-24")
    assert result.exit_code == 2
    assert "come out otherwise: 1, could not be checked: 1" in result.stdout


# --- reading --------------------------------------------------------------------------------------
def test_explain_says_what_every_name_is() -> None:
    text = run("explain", "NL7-J01-UNIT-ENERGY", "--lang", "en", "--as-of", "2026-11-24").stdout
    assert "param.unit_energy_basic: unit-energy carbon, basic requirement = 1.8 tCO2/tce" in text
    assert "[S]" in text


def test_show_and_list_and_graph_find_a_card() -> None:
    assert "CORE-E08" in run("list", "--kind", "integrity").stdout
    assert "emissions.total" in run("list", "--figures").stdout
    assert "PASS" in run("show", "G13-A06-PERIOD").stdout
    above = run("graph", "param.unit_energy_basic", "--lang", "en").stdout
    assert "NL7-J01-UNIT-ENERGY (requirement)" in above
    assert '"T05" -> "electricity.billed"' in run("graph", "electricity.billed", "--dot").stdout


def test_an_unknown_name_gets_the_nearest() -> None:
    for name in ("show", "explain", "graph"):
        result = run(name, "G13-A06-PERIODE", "--lang", "en")
        assert result.exit_code == 3
        assert "G13-A06-PERIOD" in result.stderr


def test_docs_hold_a_page_for_every_card_in_both_languages(pack: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    assert run("docs", pack, "--out", out, "--scores").exit_code == 0
    names = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.html"))
    cards = ["TEX-DYEING-ENERGY.html", "index.html"]
    assert names == [f"{lang}/{name}" for lang in ("en", "zh") for name in cards]
    page = (out / "zh" / "TEX-DYEING-ENERGY.html").read_text(encoding="utf-8")
    assert "印染布单位产品能耗限值 = 950 kgce/t" in page
    assert "http" not in page.replace("http-equiv", "")
    index = (out / "en" / "index.html").read_text(encoding="utf-8")
    assert 'data-words="tex-dyeing-energy' in index


def test_a_pack_cannot_put_markup_into_its_pages(pack: Path, tmp_path: Path) -> None:
    edit(pack / CARD, "en: Energy of dyed cloth", 'en: "<script>alert(1)</script> {{ 7*7 }}"')
    assert run("docs", pack, "--out", tmp_path / "pages").exit_code == 0
    page = (tmp_path / "pages/en/TEX-DYEING-ENERGY.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page
