"""``zcf-check diff OLD NEW``: what became of every finding between two results."""

import json
from pathlib import Path

import click

from checker.cli.given import LANG, read_result
from checker.cli.outcome import FINDINGS, OK, reported


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@LANG
def command(old: Path, new: Path, form: str, lang: str) -> None:
    """Compare two result.json: new, fixed, unchanged, changed, vanished input, changed rule.

    Exit code 1 when anything is new, vanished or not fixed.
    """
    from checker.engagement.compare import FIXED, compare
    from checker.report.compared import as_json, compared_lines
    from checker.report.messages import printable

    with reported(lang):
        before, after = read_result(old), read_result(new)
        changes = compare(before, after)
        if form == "json":
            click.echo(json.dumps(as_json(before, after), ensure_ascii=False, indent=1))
        else:
            for line in compared_lines(before, after, lang):
                click.echo(printable(line))
    open_ = any(change.state != FIXED for change in changes)
    raise click.exceptions.Exit(FINDINGS if open_ else OK)
