"""A dossier with findings, its result, and an engagement: what the desk's tests start from."""

import functools
import shutil
import tempfile
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from checker.check import Options, check
from checker.cli.main import cli
from checker.dossier.csvfile import read_csv
from checker.dossier.schema import table_specs
from checker.result.encode import dumps
from checker.skeleton.workbook import write_workbook
from tests.conftest import AS_OF, EXAMPLES

MICROGRID = EXAMPLES / "microgrid-2025"
PERSON = ("--who", "王组长", "--role", "组长", "--organisation", "示例核查")
ENGAGEMENT = """format: zcf-engagement/1
client: 示例机械有限公司
body: 示例核查有限公司
level: limited
materiality: {percent: 5, basis: 委托合同第4条}
team: [王组长, 李组员]
reviewers: [赵复核]
"""


def run(*args: Any) -> Result:
    """The command line with these arguments."""
    return CliRunner().invoke(cli, [str(arg) for arg in args])


def spoiled(target: Path) -> Path:
    """The microgrid example with only three months of green power: shares and totals are wrong."""
    dossier = Path(shutil.copytree(MICROGRID, target))
    path = next((dossier / "tables").glob("T10_*"))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:6]), encoding="utf-8")
    return dossier


def with_workbook(dossier: Path) -> Path:
    """The same dossier with its tables in one workbook."""
    workbook_of(dossier, dossier / "zcf_data.xlsx")
    shutil.rmtree(dossier / "tables")
    return dossier


def workbook_of(example: Path, target: Path) -> None:
    """The tables of an example as the clerk's workbook."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((example / "tables").glob("*.csv")):
        raw = read_csv(path.read_bytes(), path.name, [])
        assert raw is not None
        codes = raw.rows[1]
        rows[path.name[:3]] = [dict(zip(codes, cells, strict=True)) for cells in raw.rows[3:]]
    for code, spec in table_specs().items():
        for row in rows.get(code, []):
            for name, value in row.items():
                if spec.columns[name].kind in ("number", "quantity") and value not in ("", "NO"):
                    row[name] = float(value)
    write_workbook(target, rows)


def desk_of(folder: Path, name: str) -> Path:
    """A folder with the spoiled dossier, the engagement, and the result of its check."""
    spoiled(folder / "dossier")
    engagement_file(folder)
    (folder / name).write_text(dumps(spoiled_result()), encoding="utf-8")
    return folder


def engagement_file(folder: Path) -> Path:
    path = folder / "engagement.yaml"
    path.write_text(ENGAGEMENT, encoding="utf-8")
    return path


@functools.cache
def spoiled_result() -> dict[str, Any]:
    """Result of the spoiled dossier under the engagement; shared, not to be changed."""
    with tempfile.TemporaryDirectory() as folder:
        dossier = spoiled(Path(folder) / "dossier")
        options = Options(AS_OF, engagement=engagement_file(Path(folder)))
        found: dict[str, Any] = check(dossier, options)
        return found
