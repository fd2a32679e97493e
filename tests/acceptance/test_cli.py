"""The command as a user runs it: exit codes, output, determinism, nothing written elsewhere."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.cli.main import main
from tests.conftest import BATTERY, ROOT, TEA, edit

Copy = Callable[[Path], Path]
DAY = ["--as-of", "2026-11-24"]


def python(*args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **env}
    return subprocess.run(
        [sys.executable, *args],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def run(*args: str | Path, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return python("-m", "checker", *map(str, args), cwd=cwd, **env)


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_default_command_checks_and_writes_two_files(tmp_path: Path) -> None:
    done = run(BATTERY, *DAY, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(tree(tmp_path)) == ["zcf-report/report.html", "zcf-report/result.json"]
    assert done.stdout.startswith("机检未见不符，待人工判断")
    assert done.stderr == ""


def test_exit_1_with_findings_and_the_level_is_chosen(tmp_path: Path) -> None:
    assert run(TEA, *DAY, cwd=tmp_path).returncode == 1
    # No finding at the level, but gates are incomplete: that is not nothing.
    assert run(TEA, *DAY, "--fail-on", "blocker", cwd=tmp_path).returncode == 2
    assert run(BATTERY, *DAY, "--fail-on", "info", cwd=tmp_path).returncode == 0


def test_objections_never_end_with_0(copy_of: Copy, tmp_path: Path) -> None:
    dossier = copy_of(BATTERY)
    file = dossier / "tables" / "T06_计量器具.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("2026-06-09", "2020-01-01"), encoding="utf-8")
    done = run(dossier, *DAY, "--out", tmp_path / "o", cwd=tmp_path)
    assert done.stdout.startswith("机检发现不符")
    assert done.returncode == 1


def test_exit_2_when_it_could_not_be_evaluated(copy_of: Copy, tmp_path: Path) -> None:
    dossier = copy_of(BATTERY)
    next((dossier / "tables").glob("T26_*")).unlink()
    assert run(dossier, *DAY, "--out", tmp_path / "o", cwd=tmp_path).returncode == 2


@pytest.mark.parametrize(
    ("args", "code", "text"),
    [
        (["nowhere"], 3, "找不到“nowhere”"),
        (["nowhere", "--lang", "en"], 3, "does not exist"),
        ([BATTERY, "--as-of", "soon"], 3, "is no date"),
        ([BATTERY, "--format", "odt"], 3, "odt"),
        ([BATTERY, "--pack", "no-such-pack"], 2, "没有名为“no-such-pack”的规则包"),
        ([BATTERY, "--fail-on", "wild"], 3, "wild"),
        (["explain", "x", "--result", "none.json"], 3, "none.json"),
        (["init", "d", "--sector", "tea", "--province", "福建"], 3, "tea"),
    ],
)
def test_wrong_calls(args: list[str], code: int, text: str, tmp_path: Path) -> None:
    done = run(*args, cwd=tmp_path)
    assert done.returncode == code
    assert text in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(tmp_path) == {}


def test_all_header_errors_at_once_in_the_language_asked(copy_of: Copy, tmp_path: Path) -> None:
    dossier = copy_of(BATTERY)
    edit(dossier / "dossier.yaml", "province: 江苏", "province: 江苏省")
    edit(dossier / "dossier.yaml", "sector: lithium-batteries", "sector: batteries")
    edit(dossier / "dossier.yaml", "stage: application", "stage: 申报")
    done = run(dossier, *DAY, "--lang", "en", cwd=tmp_path)
    assert done.returncode == 2
    for name, line in (("province", 9), ("sector", 8), ("stage", 11)):
        assert f"dossier.yaml:{line}" in done.stderr and f"“{name}”" in done.stderr
    assert "choose from: 北京" in done.stderr


def test_output_never_lands_in_the_dossier(copy_of: Copy, tmp_path: Path) -> None:
    dossier = copy_of(BATTERY)
    before = tree(dossier)
    for out in (dossier, dossier / "report", dossier / "tables" / ".." / "x"):
        done = run(dossier, *DAY, "--out", out, cwd=tmp_path)
        assert done.returncode == 3
    assert run(dossier, *DAY, cwd=dossier).returncode == 3  # the default folder would be inside
    assert run(dossier, *DAY, "--out", tmp_path / "o", cwd=tmp_path).returncode == 0
    assert tree(dossier) == before


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = run(BATTERY, *DAY, "--out", tmp_path / "file" / "o", cwd=tmp_path)
    assert done.returncode == 3
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


def test_results_are_the_same_bytes_everywhere(copy_of: Copy, tmp_path: Path) -> None:
    here, there = tmp_path / "a", tmp_path / "other" / "工作"
    here.mkdir()
    there.mkdir(parents=True)
    copied = copy_of(TEA)
    run(TEA, *DAY, "--lang", "both", cwd=here, PYTHONHASHSEED="1", TZ="Asia/Shanghai", LC_ALL="C")
    run(copied, *DAY, "--lang", "both", cwd=there, PYTHONHASHSEED="77", TZ="America/Lima")
    assert tree(here) == tree(there)


def test_explain_a_figure_and_a_requirement(tmp_path: Path) -> None:
    run(TEA, *DAY, cwd=tmp_path)
    done = run("explain", "electricity.location_based", cwd=tmp_path)
    assert "537.685 tCO2" in done.stdout and "0.4211 kgCO2/kWh" in done.stdout
    done = run("explain", "CORE-E44-GREEN-CERTIFICATES", "--lang", "en", cwd=tmp_path)
    assert "FAIL" in done.stdout and "264.000 MWh" in done.stdout
    done = run("explain", "generation.self_used", "--dossier", TEA, *DAY, cwd=tmp_path)
    assert "tables/T08_光伏风电.csv:4:3 (自用)" in done.stdout
    done = run("explain", "emisions.total", cwd=tmp_path)
    assert done.returncode == 3 and "emissions.total" in done.stderr


def test_an_english_summary_has_no_chinese_but_names(tmp_path: Path) -> None:
    done = run(BATTERY, *DAY, "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0
    words = done.stdout.split("Fix first")[0]
    assert not [char for char in words if "\u4e00" <= char <= "\u9fff"]


def test_a_further_pack_by_folder(tmp_path: Path) -> None:
    pack = tmp_path / "my-pack"
    (pack / "requirements").mkdir(parents=True)
    (pack / "pack.yaml").write_text(
        "format: zcf-pack/1\nid: my-pack\nversion: 1.0.0\nkind: local\n"
        "title: {zh: 本地, en: local}\nfrom: 2026-01-01\n"
        'sources: {own: {document: 本地规则, date: "2026", confidence: D}}\n',
        encoding="utf-8",
    )
    (pack / "requirements" / "MY-1.yaml").write_text(
        "id: MY-1\ntitle: {zh: 占比, en: share}\n"
        "clause: {source: own, heading: 一, confidence: D}\nkind: local\ngate: list\n"
        "assert: share.non_fossil >= 90[%]\n",
        encoding="utf-8",
    )
    done = run(BATTERY, *DAY, "--pack", pack, "--out", tmp_path / "o", cwd=tmp_path)
    assert done.returncode == 1
    result = json.loads((tmp_path / "o" / "result.json").read_text(encoding="utf-8"))
    assert [finding["rule"] for finding in result["findings"]] == ["MY-1"]
    edit(pack / "requirements" / "MY-1.yaml", "90[%]", "40[%]")
    assert run(BATTERY, *DAY, "--pack", pack, "--out", tmp_path / "o", cwd=tmp_path).returncode == 0


def test_a_broken_pack_is_exit_2_with_line_column_and_caret(tmp_path: Path) -> None:
    pack = tmp_path / "my-pack"
    (pack / "requirements").mkdir(parents=True)
    (pack / "pack.yaml").write_text("format: zcf-pack/1\nid: my-pack\n", encoding="utf-8")
    done = run(BATTERY, *DAY, "--pack", pack, cwd=tmp_path)
    assert done.returncode == 2
    assert "my-pack/pack.yaml:1:1" in done.stderr and "version" in done.stderr


def test_help_names_every_command_and_imports_nothing_heavy(tmp_path: Path) -> None:
    done = run("--help", cwd=tmp_path)
    assert done.returncode == 0
    for name in ("check", "explain", "init"):
        assert name in done.stdout
    traced = python("-X", "importtime", "-m", "checker", "--help", cwd=tmp_path)
    assert traced.returncode == 0
    imported = {line.rpartition("|")[2].strip() for line in traced.stderr.splitlines()}
    heavy = {
        "yaml",
        "jsonschema",
        "jinja2",
        "durable",
        "openpyxl",
        "xlsxwriter",
        "numpy",
        "decimal",
    }
    assert "click" in imported
    assert not imported & heavy


def test_a_check_pays_for_no_library_of_other_formats(tmp_path: Path) -> None:
    code = (
        "import sys; from checker.cli.main import main\n"
        f"sys.argv = ['zcf-check', {str(BATTERY)!r}, '--as-of', '2026-11-24']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'openpyxl', 'xlsxwriter', 'numpy', 'typst', 'docx'}\n"
        "heavy |= {'cryptography', 'starlette'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = python("-c", code, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "[]"


def test_nothing_opens_a_connection(tmp_path: Path) -> None:
    """The whole check, with sockets forbidden."""
    code = (
        "import socket, sys\n"
        "def refuse(*args, **kwargs): raise AssertionError('network')\n"
        "socket.socket = socket.create_connection = refuse\n"
        "from checker.cli.main import main\n"
        f"sys.argv = ['zcf-check', {str(BATTERY)!r}, '--as-of', '2026-11-24']\n"
        "main()\n"
    )
    done = python("-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_cases_of_a_pack_are_run_by_a_command(tmp_path: Path) -> None:
    done = run(
        "rules", "test", ROOT / "rules" / "sector-light-industry", "--lang", "en", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("missed: 0; cards without cases: 0\n")
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_ours_is_said_and_ends_with_4(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("T99")

    monkeypatch.setattr("checker.check.check", fail)
    monkeypatch.setattr("sys.argv", ["zcf-check", str(BATTERY), "--lang", "en"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 4
    captured = capsys.readouterr()
    assert "Internal error (KeyError: 'T99')" in captured.err
    assert captured.out == ""


def test_a_reader_that_stops_early_is_no_fault(tmp_path: Path) -> None:
    run(BATTERY, *DAY, "--format", "json", cwd=tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "checker", "explain", "emissions.total"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 141
