"""The group ``zcf-check rules``; each command is imported when it is called."""

import click

from checker.cli.lazy import LazyGroup

COMMANDS = {
    "list": ("checker.cli.rules.list", "Cards of the packs: kind, severity, clause."),
    "show": ("checker.cli.rules.show", "One card with its clause, words and cases."),
    "explain": ("checker.cli.rules.explain", "How a card reads: every name in words."),
    "new": ("checker.cli.rules.new", "A new pack or card with its cases, to fill in."),
    "lint": ("checker.cli.rules.lint", "What is wrong or unwise in packs, with line and column."),
    "test": ("checker.cli.rules.test", "Run the cases beside the cards; --mutate, --watch."),
    "coverage": ("checker.cli.rules.coverage", "Clauses, the cards for them, and their cases."),
    "diff": ("checker.cli.rules.diff", "What changed between two states of packs."),
    "impact": ("checker.cli.rules.impact", "Which dossiers come out otherwise, and why."),
    "docs": ("checker.cli.rules.docs", "One page a card in zh and en, with an index."),
    "graph": ("checker.cli.rules.graph", "What depends on a figure, parameter or table."),
}


class Commands(LazyGroup):
    """The rule author's commands."""

    commands_at = COMMANDS


@click.group("rules", cls=Commands)
def command() -> None:
    """Write, review and prove rule packs. FOLDERS are packs, or hold packs; without any, the
    shipped ones are meant.
    """
