"""``zcf-check factors show|search|diff``: the factor library of the packs."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.outcome import FINDINGS, reported
from checker.report.messages import label

if TYPE_CHECKING:
    from checker.packs.library import Entry
    from checker.packs.pack import Pack

_LANG = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
_PACK = click.option(
    "--pack", "folders", multiple=True, type=click.Path(path_type=Path), help="A further pack."
)


@click.group("factors")
def command() -> None:
    """Look up emission factors, heating values, GWPs and limits with their sources."""


@command.command("search")
@click.argument("words", nargs=-1, required=True)
@_PACK
@_LANG
def search(words: tuple[str, ...], folders: tuple[Path, ...], lang: str) -> None:
    """Factors in which all WORDS occur: names, keys, documents, notes."""
    from checker.packs import library

    with reported(lang):
        found = library.search(_packs(folders), words)
    _show(found, lang)


@command.command("show")
@click.argument("family")
@click.argument("keys", nargs=-1)
@_PACK
@_LANG
def show(family: str, keys: tuple[str, ...], folders: tuple[Path, ...], lang: str) -> None:
    """All factors of FAMILY, narrowed by keys or a year: show grid_electricity 江苏 2023."""
    from checker.packs import library

    with reported(lang):
        packs = _packs(folders)
        found = library.family_rows(packs, family, keys)
        if not found:
            _unknown(family, {f.id for pack in packs for f in pack.families}, keys)
    _show(found, lang, notes=True)


@command.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@_LANG
def diff(old: Path, new: Path, lang: str) -> None:
    """Factors that changed between two pack folders; exit code 1 when any did."""
    from checker.packs import library
    from checker.packs.heads import pack_folders
    from checker.packs.pack import load_pack, read_head

    with reported(lang):
        before, after = (
            [load_pack(read_head(path)) for path in pack_folders([side])] for side in (old, new)
        )
        changes = library.compare(before, after)
    for change in changes:
        entry = change.new or change.old
        assert entry is not None
        one, other = _value(change.old), _value(change.new)
        click.echo(f"{' / '.join(entry.key)}: {one} → {other} {entry.family.unit.name}")
    click.echo(label("factors.changed", lang, count=len(changes)))
    raise click.exceptions.Exit(FINDINGS if changes else 0)


def _value(entry: "Entry | None") -> str:
    return f"{entry.row.value:f} ({entry.reference.id})" if entry else "—"


def _packs(folders: tuple[Path, ...]) -> list["Pack"]:
    from checker.packs.heads import find_heads
    from checker.packs.pack import load_pack

    return [load_pack(head) for head in find_heads(folders)]


def _unknown(family: str, known: set[str], keys: tuple[str, ...]) -> None:
    """Raise for a family or key that does not exist, with the nearest known name."""
    from checker.errors import Problem, UsageError
    from checker.nearest import nearest
    from checker.places import Anchor

    name = family if family not in known else " / ".join([family, *keys])
    args = {"name": name, "hint": nearest(family, sorted(known))}
    raise UsageError(Problem("usage.no_factor", Anchor(name), args, "blocker"))


def _show(found: Iterable["Entry"], lang: str, notes: bool = False) -> None:
    listed = list(found)
    for entry in listed:
        document = " ".join(filter(None, (entry.reference.document, entry.reference.number)))
        value = f"{entry.row.value:f} {entry.family.unit.name}"
        click.echo(f"{' / '.join(entry.key)} = {value}  [{entry.row.confidence}] {document}")
        if notes and entry.row.note:
            click.echo(f"    {entry.row.note}")
    click.echo(label("factors.found", lang, count=len(listed)))
