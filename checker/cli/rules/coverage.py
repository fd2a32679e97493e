"""``zcf-check rules coverage``."""

from datetime import date
from pathlib import Path

import click

from checker.cli.outcome import FINDINGS, OK, reported
from checker.cli.rules.common import AS_OF, FOLDERS, LANG, bound
from checker.report.messages import label


@click.command("coverage")
@FOLDERS
@click.option("--out", type=click.Path(path_type=Path), help="Write the page to this file.")
@LANG
@AS_OF
def command(folders: tuple[Path, ...], out: Path | None, lang: str, as_of: date) -> None:
    """Clauses of the packs (clauses.yaml), the cards that cover them, and their cases.

    Exit code 1 when a clause has no card and no reason, or names a card that is not there.
    """
    from checker.engagement.whole import write_whole
    from checker.report.coverage_page import coverage_page
    from checker.workshop.coverage import coverage

    with reported(lang):
        book, packs, own = bound(folders, as_of)
        found = coverage(own, book, packs)
        page = coverage_page(found)
        if out is not None:
            write_whole(out, page.encode())
            click.echo(f"→ {out}")
        else:
            click.echo(page, nl=False)
    open_ = [line for line in found.uncovered if line.clause.reason is None]
    args = {"count": len(found.lines), "uncovered": len(found.uncovered), "open": len(open_)}
    click.echo(label("coverage.done", lang, **args), err=True)
    raise click.exceptions.Exit(FINDINGS if open_ else OK)
