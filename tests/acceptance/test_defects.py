"""Seeded defects: a clean dossier with one thing wrong gives that finding and nothing else."""

import shutil
from pathlib import Path

import pytest

from checker.check import Options, check
from checker.yamltext import read_yaml
from tests.conftest import AS_OF, BATTERY, checked, edit, rules_found, statuses

DEFECTS = sorted((Path(__file__).parent.parent / "fixtures" / "defects").iterdir())


def test_the_clean_dossier_has_no_finding() -> None:
    result = checked(BATTERY)
    assert result["findings"] == []
    assert result["conclusion"]["state"] == "judgement"


def test_the_only_thing_not_evaluated_is_the_unpublished_threshold() -> None:
    found = statuses(checked(BATTERY))
    open_rules = [name for name, state in found.items() if state == "NOT_EVALUATED"]
    assert open_rules == ["NL7-J05-PHYSICAL-SHARE"]


@pytest.mark.parametrize("folder", DEFECTS, ids=lambda folder: folder.name)
def test_defect(folder: Path, tmp_path: Path) -> None:
    defect = read_yaml((folder / "defect.yaml").read_bytes(), folder.name).data
    dossier = Path(shutil.copytree(BATTERY, tmp_path / "dossier"))
    for change in defect["edits"]:
        edit(dossier / change["file"], change["old"], change["new"], change["times"])
    result = check(dossier, Options(AS_OF))
    assert rules_found(result) == sorted(defect["findings"])
    before, after = statuses(checked(BATTERY)), statuses(result)
    lost = [n for n, s in after.items() if s == "NOT_EVALUATED" != before[n]]
    assert lost == defect["not_evaluated"]
    assert all(finding["places"] for finding in result["findings"])


def test_there_are_at_least_fifteen_defects() -> None:
    assert len(DEFECTS) >= 15
