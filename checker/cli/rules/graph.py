"""``zcf-check rules graph NAME``."""

from datetime import date
from pathlib import Path

import click

from checker.cli.outcome import reported
from checker.cli.rules.common import AS_OF, LANG, PACK, everything, say
from checker.report.messages import label


@click.command("graph")
@click.argument("name")
@PACK
@click.option("--dot", "as_dot", is_flag=True, help="Print it in the DOT language.")
@LANG
@AS_OF
def command(name: str, folders: tuple[Path, ...], as_dot: bool, lang: str, as_of: date) -> None:
    """What depends on NAME, and what it rests on: a figure, requirement, param.x, factor family,
    table (T05) or column (T05.total).
    """
    from checker.errors import Problem, UsageError
    from checker.nearest import nearest
    from checker.places import Anchor
    from checker.workshop.graph import dot, graph_of

    with reported(lang):
        book, _ = everything(folders, as_of)
        graph = graph_of(book)
        found = graph.find(name)
        if not found:
            known = sorted({str(thing) for thing in (*graph.reads, *graph.readers)})
            args = {"name": name, "hint": nearest(name, known, 0.4)}
            raise UsageError(Problem("usage.unknown_id", Anchor("rules graph"), args))
    for thing in found:
        if as_dot:
            say(dot(graph, thing))
            continue
        click.echo(f"{thing} ({label('thing.' + thing.kind, lang)})")
        for key, listed in (
            ("graph.above", graph.above(thing)),
            ("graph.below", graph.below(thing)),
        ):
            click.echo(f"  {label(key, lang)}: {len(listed)}")
            for depth, other in listed:
                kind = label("thing." + other.kind, lang)
                click.echo(f"  {'  ' * min(depth, 6)}{other} ({kind})")
