"""``zcf-check rules explain ID``."""

from datetime import date
from pathlib import Path

import click

from checker.cli.outcome import reported
from checker.cli.rules.common import AS_OF, LANG, PACK, everything, find_card, say


@click.command("explain")
@click.argument("name")
@PACK
@LANG
@AS_OF
def command(name: str, folders: tuple[Path, ...], lang: str, as_of: date) -> None:
    """How the card NAME is judged: every name it reads in words, and when it gives which state.

    NAME may also be a table, such as T31: then its columns are listed.
    """
    from checker.report.card_text import explain_card, table_lines

    with reported(lang):
        if (lines := table_lines(name, lang)) is not None:
            say(lines)
            return
        book, _ = everything(folders, as_of)
        card = find_card(book, name)
    say(explain_card(card, book, lang))
