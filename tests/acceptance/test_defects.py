"""Seeded defects: a clean dossier with one thing wrong gives that finding and nothing else."""

import functools
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from checker.check import Options, check
from checker.yamltext import read_yaml
from tests.conftest import AS_OF, BATTERY, checked, edit, rules_found, statuses

FIXTURES = Path(__file__).parent.parent / "fixtures"
DEFECTS = sorted((FIXTURES / "defects").iterdir())
BASES = FIXTURES / "bases"


def test_the_clean_dossier_has_no_finding() -> None:
    result = checked(BATTERY)
    assert result["findings"] == []
    assert result["conclusion"]["state"] == "judgement"


def test_the_only_thing_not_evaluated_is_the_unpublished_threshold() -> None:
    found = statuses(checked(BATTERY))
    open_rules = [name for name, state in found.items() if state == "NOT_EVALUATED"]
    assert open_rules == ["NL7-J05-PHYSICAL-SHARE"]


def _spoil(dossier: Path, changes: dict[str, Any]) -> None:
    for change in changes.get("edits") or []:
        edit(dossier / change["file"], change["old"], change["new"], change["times"])
    for path, text in (changes.get("files") or {}).items():
        (dossier / path).write_text(text, encoding="utf-8")


@functools.cache
def _clean(base: str) -> Path:
    """The battery plant, or a base made of it."""
    if not base:
        return BATTERY
    folder = BASES / base
    made = Path(shutil.copytree(BATTERY, Path(tempfile.mkdtemp()) / base))
    _spoil(made, read_yaml((folder / "base.yaml").read_bytes(), base).data)
    return made


@pytest.mark.parametrize("base", sorted(path.name for path in BASES.iterdir()))
def test_a_base_is_clean(base: str) -> None:
    assert checked(_clean(base))["findings"] == []


@pytest.mark.parametrize("folder", DEFECTS, ids=lambda folder: folder.name)
def test_defect(folder: Path, tmp_path: Path) -> None:
    defect = read_yaml((folder / "defect.yaml").read_bytes(), folder.name).data
    clean = _clean(defect.get("base", ""))
    dossier = Path(shutil.copytree(clean, tmp_path / "dossier"))
    _spoil(dossier, defect)
    result = check(dossier, Options(AS_OF))
    assert rules_found(result) == sorted(defect["findings"])
    before, after = statuses(checked(clean)), statuses(result)
    lost = [n for n, s in after.items() if s == "NOT_EVALUATED" != before[n]]
    assert lost == defect["not_evaluated"]
    assert all(finding["places"] for finding in result["findings"])


def test_there_are_at_least_fifteen_defects() -> None:
    assert len(DEFECTS) >= 15
