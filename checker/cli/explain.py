"""``zcf-check explain ID``: how a figure or a requirement came out."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from checker.cli.options import read_day, split_packs
from checker.cli.outcome import reported
from checker.errors import Problem, UsageError
from checker.places import Anchor


def read_result(path: Path) -> dict[str, Any]:
    """A result written earlier; raises ``UsageError`` when the file is no such thing."""
    try:
        result: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        result = None
    if not isinstance(result, dict) or result.get("schema") != "zcf-result/1":
        raise UsageError(Problem("usage.bad_result", Anchor(str(path)), {"path": str(path)}))
    return result


@click.command("explain")
@click.argument("name")
@click.option("--dossier", type=click.Path(path_type=Path), help="Check this dossier anew.")
@click.option(
    "--result",
    "result_file",
    type=click.Path(path_type=Path),
    default=Path("zcf-report/result.json"),
    show_default=True,
    help="Explain from this result.",
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--as-of", callback=read_day, help="Day of judgement, with --dossier.")
@click.option("--pack", "packs", multiple=True, help="A further pack, with --dossier.")
def command(
    name: str,
    dossier: Path | None,
    result_file: Path,
    lang: str,
    as_of: date,
    packs: tuple[str, ...],
) -> None:
    """Print the working of a figure (emissions.total) or requirement (G13-B13-REPRODUCIBLE)."""
    from checker.report.explain import explain

    with reported(lang):
        if dossier is not None:
            from checker.check import Options, check

            names, folders = split_packs(packs)
            result = check(dossier, Options(as_of, names, folders))
        else:
            result = read_result(result_file)
        for line in explain(result, name, lang):
            click.echo(line)
