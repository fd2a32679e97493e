"""What the documents promise is there: commands, functions, the ten-minute guide."""

import re
import runpy
import textwrap
from decimal import Decimal
from pathlib import Path

import pytest

from checker.check import Options, check
from checker.cli.main import COMMANDS, cli
from checker.lang.functions import FUNCTIONS, LIST_FUNCTIONS
from checker.lang.lookups import LOOKUPS
from checker.packs.bind import bind
from checker.packs.compose import Composition, load_with_parents
from checker.packs.pack import load_pack, read_head
from checker.places import Anchor
from checker.requirements.case_files import Case, read_cases
from checker.requirements.case_run import run_cases
from checker.requirements.cases import run_case, state_of, world_of
from checker.resources import rules_dir
from tests.conftest import AS_OF, BATTERY, ROOT


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*FUNCTIONS, *LIST_FUNCTIONS, *LOOKUPS])
def test_every_function_is_documented(name: str) -> None:
    assert re.search(rf"`{name}[(`]|{name}\(", read("docs/expressions.md"))


@pytest.mark.parametrize(
    "operator", ["? :", "&&", "==", "!=", "<=", ">=", "in", "+", "*", "/", "!"]
)
def test_every_operator_is_documented(operator: str) -> None:
    assert f"`{operator}`" in read("docs/expressions.md")


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_is_in_both_readmes_and_has_help(name: str) -> None:
    assert cli.get_command(None, name).help  # type: ignore[arg-type, union-attr]
    for readme in ("README.md", "README.zh-CN.md"):
        assert f"zcf-check {name}" in read(readme) or name == "check"


def test_every_option_of_check_is_in_the_readme() -> None:
    command = cli.get_command(None, "check")  # type: ignore[arg-type]
    assert command is not None
    for parameter in command.params:
        for option in parameter.opts:
            assert not option.startswith("--") or option in read("README.md"), option


def test_both_readme_commands_are_targets_of_the_makefile() -> None:
    for target in ("demo", "test"):
        for readme in ("README.md", "README.zh-CN.md"):
            assert f"make {target}" in read(readme)
        assert re.search(rf"^{target}:", read("Makefile"), re.MULTILINE)


def test_the_guide_works_as_written(tmp_path: Path) -> None:
    """The pack of CONTRIBUTING.md, taken from the page, loads and passes its own cases."""
    page = read("CONTRIBUTING.md")
    blocks = re.findall(r"   ```yaml\n(.*?)   ```", page, re.DOTALL)
    head, parameters, card, cases = (textwrap.dedent(block) for block in blocks[:4])
    folder = tmp_path / "local-example"
    for name, text in (
        ("pack.yaml", head),
        ("parameters.yaml", parameters),
        ("requirements/indicators/EX-SHARE.yaml", card),
        ("cases/EX-SHARE.yaml", cases),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    names = [rules_dir() / "core", rules_dir() / "guideline-2026-13", folder]
    book = bind(Composition(AS_OF, [load_pack(read_head(path)) for path in names], []))
    rule = next(r for r in book.requirements if r.card.id == "EX-SHARE")
    found = [
        (case.name, state_of(run_case(case, rule, book)), case.expect)
        for case in read_cases(folder)
    ]
    assert len(found) == 5
    assert all(got == expected for _, got, expected in found), found
    result = check(BATTERY, Options(AS_OF.replace(year=2027), folders=[folder]))
    assert "EX-SHARE" in {requirement["id"] for requirement in result["requirements"]}


def test_process_guide_makes_a_source_that_adds_to_the_total(tmp_path: Path) -> None:
    """The process source of CONTRIBUTING.md: one card and its cases, no Python."""
    page = read("CONTRIBUTING.md")
    blocks = re.findall(r"   ```yaml\n(.*?)   ```", page, re.DOTALL)
    head, card, cases = (textwrap.dedent(block) for block in blocks[4:7])
    folder = tmp_path / "sector-brick"
    for name, text in (
        ("pack.yaml", head),
        ("quantities/brick.yaml", card),
        ("cases/process.brick_clay.yaml", cases),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    packs = load_with_parents([folder])
    book = bind(Composition(AS_OF, packs, []))
    done = run_cases(book, [pack for pack in packs if pack.head.id == "sector-brick"])
    assert (done.count, done.misses, done.without) == (3, (), ())
    row = {"source_id": "S1", "process": "brick_clay", "month": "2025-03", "material": "黏土"}
    data = {"tables": {"T14": [{**row, "gas": "CO2", "amount": 1000, "unit": "t"}]}}
    world = world_of(Case("-", "-", "", data, Anchor("case")), book)
    assert world.fact("process.co2") == world.fact("process.brick_clay") > 0


def test_process_guide_goes_on_to_factors_gases_deductions_and_levels(tmp_path: Path) -> None:
    page = read("CONTRIBUTING.md")
    blocks = [textwrap.dedent(b) for b in re.findall(r"   ```yaml\n(.*?)   ```", page, re.DOTALL)]
    folder = tmp_path / "sector-brick"
    names = ("factors/brick_share.yaml", "quantities/more.yaml")
    names += ("requirements/energy/BRK-LEVEL-LIMIT.yaml", "factors/brick_level.yaml")
    for name, text in zip(("pack.yaml", *names), (blocks[4], *blocks[7:11]), strict=True):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    book = bind(Composition(AS_OF, load_with_parents([folder]), []))

    def listed(code: str, material: str, gas: str = "CO2") -> dict[str, object]:
        row = {"source_id": "S1", "process": code, "month": "2025-03", "material": material}
        return {**row, "gas": gas, "amount": 100, "unit": "t"}

    glaze, returned = listed("brick_glaze", "白釉"), listed("brick_returned", "青釉")
    methane = listed("brick_methane", "CH4", "CH4")
    brick = {"product": "烧结砖", "line": "1", "month": "2025", "energy": 46, "output": 1}
    level = {**brick, "energy_unit": "kgce", "output_unit": "t"}
    data = {"T14": [glaze, returned, methane], "T31": [level]}
    header = {"accounting.gwp_edition": "AR5"}
    case = Case("-", "-", "", {"tables": data, "header": header}, Anchor("case"))
    world = world_of(case, book)
    assert world.fact("process.co2") == (12 - Decimal("8.5")) * Decimal("0.43971")
    assert world.fact("process.nonco2") == 2800
    rule = next(r for r in book.requirements if r.card.id == "BRK-LEVEL-LIMIT")
    assert state_of(run_case(case, rule, book)) == "FAIL"


def test_no_module_is_too_long_and_no_function_either() -> None:
    import ast

    for path in (ROOT / "checker").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 300, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 62, (path, node.name)


def test_imports_point_upstream() -> None:
    order = ["lang", "dossier", "packs", "series", "registry", "evidence", "facts", "diagnose"]
    order += ["requirements", "verdict", "waivers", "engagement", "result", "report", "bundle"]
    for room in order:
        for path in (ROOT / "checker" / room).rglob("*.py"):
            for found in re.findall(r"from checker\.(\w+)", path.read_text(encoding="utf-8")):
                if found in order:
                    assert order.index(found) <= order.index(room), (path, found)
                assert found != "cli", path
                if room not in ("report",):
                    assert "jinja2" not in path.read_text(encoding="utf-8")
                assert "import click" not in path.read_text(encoding="utf-8")


def test_reference_pages_are_those_of_the_packs() -> None:
    """``make reference`` writes them anew after a change of a pack."""
    tool = runpy.run_path(str(ROOT / "tools" / "reference.py"))
    folder = ROOT / "docs" / "reference"
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    assert written == tool["pages"]()
