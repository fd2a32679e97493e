"""``zcf-check rules docs``."""

from datetime import date
from pathlib import Path

import click

from checker.cli.outcome import reported
from checker.cli.rules.common import AS_OF, FOLDERS, LANG, bound


@click.command("docs")
@FOLDERS
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("zcf-rules"),
    show_default=True,
    help="Folder to write to.",
)
@click.option("--scores", is_flag=True, help="Also the score of mutation on every page.")
@LANG
@AS_OF
def command(folders: tuple[Path, ...], out: Path, scores: bool, lang: str, as_of: date) -> None:
    """Write one page a card in Chinese and English, and an index to search."""
    from checker.engagement.whole import write_whole
    from checker.report.card_pages import Library, pages
    from checker.workshop import mutate

    with reported(lang):
        book, _, own = bound(folders, as_of)
        cases = mutate.cases_of(own)
        found = {one.card: one for one in mutate.scores(book, own)} if scores else {}
        count = 0
        for name, text in pages(Library(book, own, cases, found)):
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text.encode())
            count += 1
    click.echo(f"→ {out} ({count})")
