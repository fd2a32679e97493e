"""``zcf-check rules diff OLD NEW``."""

from pathlib import Path

import click

from checker.cli.outcome import FINDINGS, OK, reported
from checker.cli.rules.common import LANG, say
from checker.report.messages import label

SHIPPED = "shipped"


def folders_of(name: str) -> list[Path]:
    """A folder of packs; the word ``shipped`` for the packs of this version."""
    return [] if name == SHIPPED else [Path(name)]


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--words", is_flag=True, help="Changes of titles and messages as well.")
@LANG
def command(old: str, new: str, words: bool, lang: str) -> None:
    """What changed from OLD to NEW: folders of packs, or the word `shipped`.

    A pack of a folder stands in place of the shipped one of its id. Exit code 1 with changes.
    """
    from checker.packs.compose import load_with_parents
    from checker.workshop.differ import differences

    with reported(lang):
        sides = [load_with_parents(folders_of(one), instead=True) for one in (old, new)]
        shared = {pack.head.id for pack in sides[0]} | {pack.head.id for pack in sides[1]}
        if SHIPPED in (old, new):
            named = sides[1] if old == SHIPPED else sides[0]
            shared = {pack.head.id for pack in named}
        before, after = ([p for p in side if p.head.id in shared] for side in sides)
        changes = [one for one in differences(before, after) if words or not one.wording]
    for change in changes:
        kind = label("thing." + change.kind, lang)
        if change.before is None and not change.key:
            say([f"+ {kind} {change.id}"])
        elif change.after is None and not change.key:
            say([f"- {kind} {change.id}"])
        else:
            values = f"{change.before or '—'} → {change.after or '—'}"
            say([f"~ {kind} {change.id} {change.key}: {values}"])
    click.echo(label("diff.done", lang, count=len(changes)))
    raise click.exceptions.Exit(FINDINGS if changes else OK)
