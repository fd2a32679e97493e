"""The factor library: look-up by full key, search, what changed, and how much there is."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from checker.cli.main import cli
from checker.packs.compose import load_with_parents
from checker.packs.library import entries
from checker.resources import rules_dir


def invoke(*args: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["factors", *map(str, args), "--lang", "en"])
    return done.exit_code, done.output


def test_search_finds_by_every_word() -> None:
    code, text = invoke("search", "江苏", "2023")
    assert code == 0
    assert text.splitlines()[0].startswith("grid_electricity / 江苏 / average / 2023 = 0.5827")
    assert "生态环境部、国家统计局公告2025年第47号" in text
    assert invoke("search", "no such factor")[1].strip() == "0 factors"


def test_show_narrows_by_key_and_year() -> None:
    assert "1923.5 tCO2e/t" in invoke("show", "gwp", "R-410A", "AR5")[1]
    assert invoke("show", "gwp", "R-410A")[1].strip().endswith("3 factors")


def test_an_unknown_family_is_named_with_the_nearest() -> None:
    code, text = invoke("show", "grid_electricty")
    assert code == 3
    assert "grid_electricity" in text


def test_diff_tells_what_changed(tmp_path: Path) -> None:
    old, new = rules_dir() / "sector-steel", tmp_path / "sector-steel"
    shutil.copytree(old, new)
    path = new / "factors" / "steel_input.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("0.476", "0.471"), encoding="utf-8")
    code, text = invoke("diff", old, new)
    assert code == 1
    assert "steel_input / 白云石 / 2015: 0.476 (mee-steel-list) → 0.471 (mee-steel-list)" in text
    assert invoke("diff", old, old)[0] == 0


@pytest.mark.parametrize(
    ("family", "count"),
    [("grid_electricity", 120), ("gwp", 450), ("fgas", 70), ("ipcc_ch4", 163), ("epa_co2", 60)],
)
def test_the_library_is_as_large_as_its_sources(family: str, count: int) -> None:
    found = [entry for entry in entries(load_with_parents()) if entry.family.id == family]
    assert len(found) >= count


def test_every_factor_has_a_document_and_a_confidence() -> None:
    for entry in entries(load_with_parents()):
        assert entry.reference.document
        assert entry.row.confidence in "RSIUHMLGD"
