"""Packs with factors and process figures: what loads, and what an author is told."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from checker.errors import PackError
from checker.packs.bind import bind
from checker.packs.book import RuleBook
from checker.packs.compose import Composition, load_with_parents
from checker.requirements.case_run import run_cases
from tests.conftest import AS_OF, edit

HEAD = """\
format: zcf-pack/1
id: trial
version: 1.0.0
kind: sector
title: {zh: 试验, en: trial}
extends: [core]
from: 2026-01-01
sources:
  own: {document: 试验, date: "2026", confidence: D}
"""
FAMILY = """\
family: trial_share
title: {zh: 含量, en: share}
unit: "%"
keys: [material]
rows:
  - [白釉, "2006", 12, own, D]
"""
TABLE = FAMILY.split("rows:", maxsplit=1)[0] + "table: trial_share.csv\n"
CSV = "material,vintage,value,source,confidence\n白釉,2006,12,own,D\n"
CARD = """\
quantities:
  - id: process.trial
    title: {zh: 试验过程, en: trial process}
    unit: tCO2
    clause: {source: own, heading: 一, confidence: D}
    process: trial
    adds_to: process.co2
    where:
      mass: to(p.amount, "t")
    formula: mass * factor("trial_share", p.material) * 1[tCO2] / 1[t]
"""
FACTORS, CARDS = "factors/trial_share.yaml", "quantities/trial.yaml"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "trial"
    for name, text in (("pack.yaml", HEAD), (FACTORS, FAMILY), (CARDS, CARD)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def bound(pack: Path) -> RuleBook:
    return bind(Composition(AS_OF, load_with_parents([pack]), []))


def edited(old: str, new: str, name: str = CARDS) -> Callable[[Path], None]:
    return lambda pack: edit(pack / name, old, new)


def written(text: bytes | str, name: str = "factors/trial_share.csv") -> Callable[[Path], None]:
    """A CSV of factors in place of the rows of the family."""

    def spoil(pack: Path) -> None:
        (pack / FACTORS).write_text(TABLE, encoding="utf-8")
        content = text.encode() if isinstance(text, str) else text
        (pack / name).write_bytes(content)

    return spoil


def second_card(old: str, new: str) -> Callable[[Path], None]:
    """The card once more under another id, changed."""

    def spoil(pack: Path) -> None:
        more = CARD.split("quantities:\n")[1].replace("process.trial", "process.second")
        text = CARD + more.replace(old, new)
        (pack / CARDS).write_text(text, encoding="utf-8")

    return spoil


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (edited("    adds_to: process.co2\n", ""), "pack.no_total"),
        (edited("adds_to: process.co2", "adds_to: process.trail"), "pack.adds_to"),
        (edited("adds_to: process.co2", "adds_to: process.nonco2"), "pack.adds_to_unit"),
        (edited("process: trial", "process: carbonate"), "pack.process_twice"),
        (edited("formula: mass *", 'formula: to(p.amount, "t") *'), "pack.where_unused"),
        (edited('"trial_share", p.material', '"trail_share", p.material'), "expr.unknown_factor"),
        (edited("unit:", "mistaken_for: [no_such]\nunit:", FACTORS), "pack.mistaken_for"),
        (edited("unit:", "mistaken_for: [trial_share]\nunit:", FACTORS), "pack.mistaken_for"),
        (edited("12, own", "1e40, own", FACTORS), "pack.factor_row"),
        (edited("12, own", "-12, own", FACTORS), "pack.factor_row"),
        (edited("12, own", "12, owm", FACTORS), "pack.factor_row"),
        (edited('"2006"', '"06"', FACTORS), "pack.factor_row"),
        (edited("rows:", 'rows:\n  - [白釉, "2006", 13, own, D]', FACTORS), "pack.factor_twice"),
        (written(CSV.replace("material,", "name,")), "pack.table_head"),
        (written(CSV + '"白釉,2006,12,own,D\n'), "pack.table_syntax"),
        (written(CSV.encode("gb18030")), "pack.table_text"),
        (written(CSV, "factors/other.csv"), "pack.no_table"),
    ],
)  # fmt: skip
def test_what_does_not_load(pack: Path, spoil: Callable[[Path], None], key: str) -> None:
    spoil(pack)
    with pytest.raises(PackError) as caught:
        bound(pack)
    assert key in {problem.key for problem in caught.value.problems}
    assert all(problem.anchor.file for problem in caught.value.problems)


def test_a_factor_row_in_a_csv_is_named_by_its_line(pack: Path) -> None:
    written(CSV + "青釉,2006,twelve,own,D\n")(pack)
    with pytest.raises(PackError) as caught:
        bound(pack)
    problem = caught.value.problems[0]
    assert (problem.anchor.file, problem.anchor.line) == ("trial/factors/trial_share.csv", 3)
    assert (problem.args["name"], problem.args["found"]) == ("value", "twelve")


@pytest.mark.parametrize(
    "text", [CSV, "\ufeff" + CSV, CSV + "\n\n", CSV.replace("\n", "\r\n")], ids=str.__len__
)
def test_a_csv_as_excel_saves_it(pack: Path, text: str) -> None:
    written(text)(pack)
    rows = bound(pack).families["trial_share"].rows
    assert [row.value for row in rows[("白釉",)]] == [Decimal(12)]


def test_named_parts_cannot_grow_without_limit(pack: Path) -> None:
    """Each part names the one before twice: a few lines would make a formula of millions."""
    parts = ['a0: to(p.amount, "t")', *(f"a{n}: a{n - 1} + a{n - 1}" for n in range(1, 24))]
    lines = "".join(f"      {part}\n" for part in parts)
    edit(pack / CARDS, '      mass: to(p.amount, "t")\n', lines)
    edit(pack / CARDS, "formula: mass", "formula: a23")
    with pytest.raises(PackError) as caught:
        bound(pack)
    assert "pack.where_long" in {problem.key for problem in caught.value.problems}


def test_two_gases_of_one_process_in_one_pack(pack: Path) -> None:
    """Allowed: the amount of one row gives CO2 and another gas."""
    second_card("tCO2", "tCO2e")(pack)
    text = (pack / CARDS).read_text(encoding="utf-8")
    first, second = text.split("  - id: process.second")
    second = second.replace("adds_to: process.co2", "adds_to: process.nonco2")
    (pack / CARDS).write_text(first + "  - id: process.second" + second, encoding="utf-8")
    assert bound(pack).processes["trial"] == "process.trial"


def test_other_files_beside_the_cases_are_an_error(pack: Path) -> None:
    """A misspelt ending must not make cases vanish in silence."""
    (pack / "cases").mkdir()
    (pack / "cases" / "process.trial.yml").write_text("cases: []\n", encoding="utf-8")
    packs = load_with_parents([pack])
    with pytest.raises(PackError) as caught:
        run_cases(bind(Composition(AS_OF, packs, [])), [p for p in packs if p.head.id == "trial"])
    assert "pack.unknown_file" in {problem.key for problem in caught.value.problems}
