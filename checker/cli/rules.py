"""``zcf-check rules test [FOLDER]``: the cases beside the cards of a pack."""

from datetime import date
from pathlib import Path

import click

from checker.cli.check import read_day
from checker.cli.outcome import FINDINGS, reported
from checker.report.messages import label, problem_text


@click.group("rules")
def command() -> None:
    """Work on rule packs."""


@command.command("test")
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="Language of messages.")
@click.option(
    "--as-of", callback=read_day, help="Day for cases that name none; default: today in Shanghai."
)
def test(folders: tuple[Path, ...], lang: str, as_of: date) -> None:
    """Run the cases of the packs in FOLDERS; without any, of the shipped packs.

    Exit code 1 when a case gives another state than it expects, or a card has no cases.
    """
    from checker.packs.bind import bind
    from checker.packs.compose import Composition, load_with_parents, pack_folders
    from checker.requirements.case_run import run_cases

    with reported(lang):
        packs = load_with_parents(folders)
        wanted = pack_folders(folders)
        own = [pack for pack in packs if not wanted or pack.head.folder in wanted]
        done = run_cases(bind(Composition(as_of, packs, [])), own)
    for miss in done.misses:
        args = {"expected": miss.case.expect, "found": miss.found, "name": miss.case.name}
        click.echo(f"{miss.case.anchor}: {label('rules.miss', lang, **args)}")
        for reason in miss.reasons:
            click.echo(f"    {label('reason.' + reason.kind, lang)}: {reason.what}")
        for problem in miss.problems:
            click.echo(f"    {problem_text(problem.key, problem.args, lang)}")
    for card, states in done.uncovered.items():
        click.echo(label("rules.uncovered", lang, card=card, states=", ".join(states)))
    for card in done.without:
        click.echo(label("rules.without", lang, card=card))
    count = {"cases": done.count, "misses": len(done.misses), "without": len(done.without)}
    click.echo(label("rules.done", lang, **count))
    raise click.exceptions.Exit(FINDINGS if done.misses or done.without else 0)
