"""``zcf-check rules impact OLD NEW CORPUS``."""

from datetime import date
from pathlib import Path

import click

from checker.cli.outcome import FINDINGS, NOT_EVALUATED, OK, reported
from checker.cli.rules.common import AS_OF, LANG, say
from checker.cli.rules.diff import folders_of
from checker.report.messages import label, problem_text


@click.command("impact")
@click.argument("old")
@click.argument("new")
@click.argument("corpus", type=click.Path(path_type=Path, exists=True))
@LANG
@AS_OF
def command(old: str, new: str, corpus: Path, lang: str, as_of: date) -> None:
    """Which dossiers below CORPUS come out otherwise with the packs of NEW than of OLD, and why.

    OLD and NEW are folders of packs that stand in place of the shipped ones, or `shipped`.
    Exit code 1 when any dossier changes, 2 when one could not be checked.
    """
    from checker.check import Options
    from checker.workshop.impact import dossiers_in, impact

    moved = failed = 0
    with reported(lang):
        sides = [Options(as_of, folders=folders_of(one), instead=True) for one in (old, new)]
        dossiers = dossiers_in(corpus)
        for effect in impact(dossiers, *sides):
            if effect.error:
                failed += 1
                text = problem_text(effect.error.key, effect.error.args, lang)
                say([f"{effect.dossier}: {effect.error.anchor}: {text}"])
                continue
            if not effect.moved and effect.before == effect.after:
                continue
            moved += 1
            states = [label("conclusion." + one, lang) for one in (effect.before, effect.after)]
            say([f"{effect.dossier}: {states[0]} → {states[1]}"])
            for one in effect.moved:
                why = f"  ({'; '.join(one.reasons)})" if one.reasons else ""
                say([f"    {one.id}: {one.before} → {one.after}{why}"])
    args = {"count": len(dossiers), "moved": moved, "failed": failed}
    click.echo(label("impact.done", lang, **args))
    raise click.exceptions.Exit(NOT_EVALUATED if failed else FINDINGS if moved else OK)
