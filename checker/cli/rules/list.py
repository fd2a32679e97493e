"""``zcf-check rules list``."""

from datetime import date
from pathlib import Path

import click

from checker.cli.outcome import reported
from checker.cli.rules.common import AS_OF, FOLDERS, LANG, bound, say
from checker.packs.cards import CARD_KINDS, GATES


@click.command("list")
@FOLDERS
@click.option("--kind", type=click.Choice(CARD_KINDS))
@click.option("--gate", type=click.Choice(GATES))
@click.option("--figures", is_flag=True, help="List the figures instead of the requirements.")
@LANG
@AS_OF
def command(
    folders: tuple[Path, ...],
    kind: str | None,
    gate: str | None,
    figures: bool,
    lang: str,
    as_of: date,
) -> None:
    """Cards of the packs in FOLDERS, one a line."""
    with reported(lang):
        book, _, own = bound(folders, as_of)
    names = {pack.head.id for pack in own}
    if figures:
        for quantity in book.quantities:
            card = quantity.card
            if card.pack in names:
                title = card.title.en if lang == "en" else card.title.zh
                say([f"{card.id:<34} {card.unit.name:<12} {title}  ({card.pack})"])
        return
    for requirement in book.requirements:
        found = requirement.card
        wanted = kind in (None, found.kind) and gate in (None, found.gate)
        if found.pack in names and wanted:
            title = found.title.en if lang == "en" else found.title.zh
            say([f"{found.id:<34} {found.kind:<14} {found.severity:<11} {title}  ({found.pack})"])
