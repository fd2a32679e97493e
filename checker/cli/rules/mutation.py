"""Scores of mutation on the terminal, and suggested cases as YAML."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from checker.cli.rules.common import say
from checker.report.messages import label, problem_text

if TYPE_CHECKING:
    from checker.packs.book import RuleBook
    from checker.packs.pack import Pack
    from checker.workshop.mutate import Score


def print_scores(
    book: "RuleBook", own: Sequence["Pack"], cards: Sequence[str], suggest: bool, lang: str
) -> bool:
    """Print the score of every card that is not complete and a total; true when all are."""
    from checker.workshop.mutate import scores

    found = list(scores(book, own, cards))
    reached = _print_reached(book, own, cards, lang)
    for one in found:
        if not one.complete:
            _print_card(one, lang)
            if suggest:
                _print_suggestions(one, book, own)
    count = sum(one.count for one in found)
    equivalent = sum(len(one.equivalent) for one in found)
    survivors = sum(len(one.survivors) for one in found)
    noticed = count - equivalent - survivors
    share = f"{100 * noticed / (count - equivalent):.1f}" if count > equivalent else "100"
    args = {"count": count, "noticed": noticed, "equivalent": equivalent, "share": share}
    click.echo(label("mutation.done", lang, **args))
    return not reached and all(one.complete for one in found)


def _print_reached(
    book: "RuleBook", own: Sequence["Pack"], cards: Sequence[str], lang: str
) -> bool:
    """Print states that a case file calls unreachable and that some data reach; true if any."""
    from checker.workshop.case_text import case_text
    from checker.workshop.mutate import cases_of
    from checker.workshop.suggest import reached

    found = False
    listed = cases_of(own)
    for requirement in book.requirements:
        name = requirement.card.id
        cases = listed.get(name, [])
        if not cases or not cases[0].notes.unreachable or (cards and name not in cards):
            continue
        for state, data in reached(requirement, cases, book).items():
            args = {"card": name, "states": state, "case": case_text(data)}
            click.echo(problem_text("lint.reachable", args, lang))
            found = True
    return found


def _print_card(one: "Score", lang: str) -> None:
    left = one.count - len(one.equivalent)
    args = {"card": one.card, "noticed": left - len(one.survivors), "count": left}
    click.echo(label("mutation.card", lang, **args))
    for mutant in one.survivors:
        kind = label("mutation." + mutant.kind, lang)
        say([f"    {kind} — {mutant.key}"])
    if one.survivors:
        say([f"    {label('mutation.paste', lang, file=f'cases/{one.card}.yaml')}"])
        say(
            f"      - {{change: {json.dumps(m.key, ensure_ascii=False)}, reason: …}}"
            for m in one.survivors
        )
    for key in one.stale:
        say([f"    {label('mutation.stale', lang)} — {key}"])


def _print_suggestions(one: "Score", book: "RuleBook", own: Sequence["Pack"]) -> None:
    """Cases an author may take over after reading them; the expected state is the card's own."""
    from checker.workshop.case_text import case_text
    from checker.workshop.mutate import cases_of
    from checker.workshop.suggest import suggestions

    cases = cases_of(own).get(one.card, [])
    if not cases:
        return
    cards = {r.card.id: r for r in book.requirements} | book.by_id
    for suggestion in suggestions(cards[one.card], cases, one.survivors, book):
        click.echo(case_text(suggestion.data), nl=False)
