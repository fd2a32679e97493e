"""``zcf-check rules test``: the cases beside the cards, and mutation of the cards."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.outcome import FINDINGS, OK, reported
from checker.cli.rules.common import AS_OF, FOLDERS, LANG, bound, find_card, say, shown_path
from checker.report.messages import label, problem_text

if TYPE_CHECKING:
    from checker.requirements.case_run import Miss


@click.command("test")
@FOLDERS
@click.option("--card", "cards", multiple=True, help="Only cases of this card.")
@click.option("--mutate", is_flag=True, help="Change the cards a little: does a case notice?")
@click.option("--suggest", is_flag=True, help="With --mutate: print cases that would notice.")
@click.option("--watch", is_flag=True, help="Run again whenever a file of the packs changes.")
@LANG
@AS_OF
def command(
    folders: tuple[Path, ...],
    cards: tuple[str, ...],
    mutate: bool,
    suggest: bool,
    watch: bool,
    lang: str,
    as_of: date,
) -> None:
    """Run the cases of the packs in FOLDERS; without any, of the shipped packs.

    Exit code 1 when a case gives something else than it expects, a card has no cases, or (with
    --mutate) a change goes unnoticed that is not listed as equivalent.
    """
    if watch:
        from checker.cli.rules.watch import watched

        with reported(lang):
            for _ in watched(folders):
                try:
                    _run(folders, cards, mutate, suggest, lang, as_of)
                except click.exceptions.Exit:
                    continue
        return
    raise click.exceptions.Exit(_run(folders, cards, mutate, suggest, lang, as_of))


def _run(
    folders: tuple[Path, ...],
    cards: tuple[str, ...],
    mutate: bool,
    suggest: bool,
    lang: str,
    as_of: date,
) -> int:
    """One run; returns the exit code."""
    from checker.requirements.case_run import run_cases

    with reported(lang):
        book, _, own = bound(folders, as_of)
        for name in cards:
            find_card(book, name)
        done = run_cases(book, own, cards)
        paths = {pack.head.id: pack.head.folder for pack in own}
        for miss in done.misses:
            _print_miss(miss, paths, lang)
        for card, states in done.uncovered.items():
            click.echo(label("rules.uncovered", lang, card=card, states=", ".join(states)))
        for card in done.without:
            click.echo(label("rules.without", lang, card=card))
        count = {"cases": done.count, "misses": len(done.misses), "without": len(done.without)}
        click.echo(label("rules.done", lang, **count))
        bad = bool(done.misses or done.without)
        if mutate and not done.misses:
            from checker.cli.rules.mutation import print_scores

            bad = not print_scores(book, own, cards, suggest, lang) or bad
    return FINDINGS if bad else OK


def _print_miss(miss: "Miss", paths: Mapping[str, Path], lang: str) -> None:
    from checker.report.steps import step_lines

    args = {"expected": miss.case.expect, "found": miss.found, "name": miss.case.name}
    anchor = miss.case.anchor
    place = f"{shown_path(paths, anchor.file)}:{anchor.line}:{anchor.column}"
    say([f"{place}: {miss.case.card}: {label('rules.miss', lang, **args)}"])
    for reason in miss.reasons:
        say([f"    {label('reason.' + reason.kind, lang)}: {reason.what}"])
    for problem in miss.problems:
        say([f"    {problem_text(problem.key, problem.args, lang)}"])
    say(f"    {line}" for line in step_lines(miss.working, lang))
