"""Traps of the workshop that authors and readers fell into once, each kept shut by a test."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checker.check import Options, check
from checker.cli.main import cli
from checker.cli.rules.diff import folders_of
from checker.errors import PackError, UsageError
from checker.lang.source import Source
from checker.packs.bind import bind
from checker.packs.compose import Composition, load_with_parents
from checker.packs.strictness import stricter_way
from checker.resources import rules_dir
from checker.workshop.coverage import coverage
from checker.workshop.impact import dossiers_in
from tests.conftest import AS_OF, BATTERY, edit, whole_book


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["rules", *map(str, args)])


# --- places inside an expression ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "line", "column", "text", "at", "place"),
    [
        ("a: x + y", 1, 4, "x + y", 4, (1, 8)),
        ('a: "x + y"', 1, 4, "x + y", 4, (1, 9)),
        ("a: x +\n   y", 1, 4, "x + y", 4, (2, 4)),
        ("a: >-\n  x +\n    y", 2, 0, "x + y", 4, (3, 5)),
    ],
    ids=["plain", "quoted", "over two lines", "folded"],
)
def test_an_error_points_at_its_character(
    content: str, line: int, column: int, text: str, at: int, place: tuple[int, int]
) -> None:
    anchor = Source(text, "f.yaml", line, column, content).error("expr.end", at).problems[0].anchor
    assert (anchor.line, anchor.column) == place


# --- the scaffold ---------------------------------------------------------------------------------
def test_a_second_card_of_a_pack_gets_its_own_limit(tmp_path: Path) -> None:
    folder = tmp_path / "sector-trial"
    assert run("new", folder, "--card", "TRI-ONE", "--unit", "kWh/t").exit_code == 0
    assert run("new", folder, "--card", "TRI-TWO", "--unit", "kgce/t").exit_code == 0
    (pack,) = [p for p in load_with_parents([folder]) if p.head.id == "sector-trial"]
    assert [parameter.id for parameter in pack.parameters] == ["tri_one_limit", "tri_two_limit"]
    assert run("test", folder).exit_code == 0


@pytest.mark.parametrize("topic", ["../away", "/abs", "a/b", ""])
def test_a_topic_stays_inside_the_pack(tmp_path: Path, topic: str) -> None:
    folder = tmp_path / "sector-trial"
    assert run("new", folder, "--card", "TRI-ONE", "--topic", topic).exit_code == 3
    assert not (tmp_path / "away").exists()


def test_a_folder_that_holds_no_pack_is_an_error_and_not_nothing_to_report(tmp_path: Path) -> None:
    (tmp_path / "parameters.yaml").write_text("parameters: []\n", encoding="utf-8")
    assert run("lint", tmp_path).exit_code != 0


# --- dossiers below a folder ----------------------------------------------------------------------
def test_impact_without_a_dossier_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        dossiers_in(tmp_path)
    assert run("impact", "shipped", "shipped", tmp_path).exit_code == 3


def test_dossiers_are_found_at_any_depth(tmp_path: Path) -> None:
    target = tmp_path / "2025" / "hunan" / "one"
    shutil.copytree(BATTERY, target)
    assert dossiers_in(tmp_path) == [target]


# --- coverage -------------------------------------------------------------------------------------
def test_cases_of_another_packs_card_count_for_a_clause() -> None:
    packs = load_with_parents()
    one = [pack for pack in packs if pack.head.id == "guideline-2026-13"]
    lines = coverage(one, whole_book(), packs).lines
    foreign = [c for line in lines for c in line.cards if c.pack != "guideline-2026-13"]
    assert foreign
    assert all(card.cases for card in foreign)


# --- what a card shows ----------------------------------------------------------------------------
def test_show_prints_what_a_card_needs() -> None:
    card = next(r for r in whole_book().requirements if r.card.needs)
    shown = run("show", card.card.id, "--lang", "en").stdout
    assert f"needs: {' '.join(card.card.needs[0].text.split())}" in shown


# --- tightening -----------------------------------------------------------------------------------
def tightening(tmp_path: Path, name: str, value: int) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    head = (
        f"format: zcf-pack/1\nid: {name}\nversion: 1.0.0\nkind: local\n"
        "title: {zh: 试验, en: trial}\nextends: [core, guideline-2026-13]\nfrom: 2026-01-01\n"
        "sources:\n  own: {document: 试验, date: '2026', confidence: R}\n"
    )
    (folder / "pack.yaml").write_text(head, encoding="utf-8")
    line = (
        f"{{id: round_trip_low, value: {value}, unit: '%', source: own, clause: x, confidence: R}}"
    )
    (folder / "amendments.yaml").write_text(f"parameters:\n  - {line}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("values", [(80, 75), (75, 80)])
def test_of_two_packs_that_tighten_the_stricter_one_counts(
    tmp_path: Path, values: tuple[int, int]
) -> None:
    folders = [
        tightening(tmp_path, f"local-{name}", v) for name, v in zip("ab", values, strict=True)
    ]
    book = bind(Composition(AS_OF, load_with_parents([rules_dir(), *folders]), []))
    value = book.parameters["round_trip_low"].at(AS_OF)
    assert value is not None
    assert value.value == Decimal(80)


def test_a_changed_amendment_is_a_difference(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder, value in ((before, 75), (after, 80)):
        folder.mkdir()
        tightening(folder, "local-trial", value)
    result = run("diff", before, after, "--lang", "en")
    assert result.exit_code == 1
    assert "75" in result.stdout
    assert "80" in result.stdout


def test_an_author_cannot_turn_which_way_is_stricter(tmp_path: Path) -> None:
    """A card of the pack that tightens does not count: it could be written to allow anything."""
    folder = tightening(tmp_path, "local-trial", 80)
    book = bind(Composition(AS_OF, load_with_parents([rules_dir(), folder]), []))
    assert stricter_way(book, "round_trip_low") == stricter_way(whole_book(), "round_trip_low")


# --- selections -----------------------------------------------------------------------------------
def test_a_selected_pack_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "tailoring.yaml"
    head = "format: zcf-tailoring/1\ntitle: x\nauthor: y\nmade_on: 2026-11-24\n"
    path.write_text(head + "select: {packs: [cor], reason: z}\n", encoding="utf-8")
    with pytest.raises(PackError) as caught:
        check(BATTERY, Options(AS_OF, tailoring=path))
    (problem,) = caught.value.problems
    assert (problem.key, problem.args["hint"]) == ("tailoring.pack", "core")


# --- editions -------------------------------------------------------------------------------------
def test_an_edition_takes_over_only_from_a_pack_of_its_kind(tmp_path: Path) -> None:
    folder = tightening(tmp_path, "local-trial", 80)
    entry = "transition: {replaces: guideline-2026-13, periods_from: 2027-01-01}\n"
    edit(folder / "pack.yaml", "extends: [core, guideline-2026-13]", "extends: [core]")
    head = folder / "pack.yaml"
    head.write_text(head.read_text(encoding="utf-8") + entry, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        check(BATTERY, Options(AS_OF, folders=(folder,)))
    assert [p.key for p in caught.value.problems] == ["pack.edition_kind"]


# --- what would differ today ----------------------------------------------------------------------
def test_a_value_that_ends_before_the_later_day_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "national-list-2026-07"
    shutil.copytree(rules_dir() / folder.name, folder)
    edit(folder / "parameters.yaml", "value: 1.8,", "until: 2026-12-01, value: 1.8,")
    day = AS_OF.replace(year=2027)
    found = check(BATTERY, Options(AS_OF, folders=folders_of(str(folder)), instead=True, today=day))
    ids = {d["id"]: d for d in found["env"]["today"]["differences"] if d["kind"] == "parameter"}
    assert ids["unit_energy_basic"]["now"] == "—"
