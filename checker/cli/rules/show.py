"""``zcf-check rules show ID``."""

from datetime import date
from pathlib import Path

import click

from checker.cli.outcome import reported
from checker.cli.rules.common import AS_OF, LANG, PACK, everything, find_card, say


@click.command("show")
@click.argument("name")
@PACK
@LANG
@AS_OF
def command(name: str, folders: tuple[Path, ...], lang: str, as_of: date) -> None:
    """The card NAME with its clause, words, expressions and how many cases prove it."""
    from checker.report.card_text import show_card
    from checker.workshop.coverage import case_counts

    with reported(lang):
        book, packs = everything(folders, as_of)
        card = find_card(book, name)
        counts = case_counts(packs).get(card.card.id, {})
    say(show_card(card, book, counts, lang))
