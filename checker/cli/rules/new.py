"""``zcf-check rules new FOLDER``."""

from datetime import date
from pathlib import Path

import click

from checker.cli.outcome import reported
from checker.cli.rules.common import AS_OF, LANG
from checker.report.messages import label


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--card", default="", help="Also a requirement with its cases: TEX-DYEING-ENERGY.")
@click.option("--topic", default="indicators", show_default=True, help="Folder of the requirement.")
@click.option("--unit", default="kgce/t", show_default=True, help="Unit of its limit.")
@click.option("--kind", type=click.Choice(["sector", "local", "list", "guide"]), default="sector")
@LANG
@AS_OF
def command(
    folder: Path, card: str, topic: str, unit: str, kind: str, lang: str, as_of: date
) -> None:
    """Write a pack into FOLDER (its name is the id of the pack), or a card into a pack there.

    Nothing that exists is overwritten. The limit starts as unknown: give it a value with its
    source, then a case at the line and one just past it.
    """
    from checker.engagement.whole import write_whole
    from checker.workshop.scaffold import Wanted, further, scaffold

    with reported(lang):
        wanted = Wanted(folder, kind, card, topic, unit, as_of)
        made, added = scaffold(wanted), further(wanted)
        for path, text in made.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text.encode())
            click.echo(f"→ {path}")
        for path, text in added.items():
            write_whole(path, text.encode())
            click.echo(f"+ {path}")
    click.echo(label("new.next", lang, folder=str(folder)))
