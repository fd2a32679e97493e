"""Options and helpers that the commands of rule authors share."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from checker.cli.options import read_day

if TYPE_CHECKING:
    from checker.packs.book import Quantity, Requirement, RuleBook
    from checker.packs.pack import Pack

F = TypeVar("F", bound=Callable[..., Any])
FOLDERS = click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
LANG = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", help="Language of messages."
)
AS_OF = click.option("--as-of", callback=read_day, help="Day of the values; default: today.")
PACK = click.option(
    "--pack", "folders", multiple=True, type=click.Path(path_type=Path), help="A further pack."
)


def bound(folders: Sequence[Path], as_of: date) -> tuple["RuleBook", list["Pack"], list["Pack"]]:
    """The book of the packs with all they extend; all packs; those the caller named."""
    from checker.packs.bind import bind
    from checker.packs.compose import Composition, load_with_parents
    from checker.packs.heads import pack_folders

    shipped = not folders
    if folders:  # what only shows beside the shipped packs: an id twice, a pack not extended
        everything(folders, as_of)
    packs = load_with_parents(folders)
    paths = pack_folders(folders)
    own = [pack for pack in packs if shipped or pack.head.folder in paths]
    return bind(Composition(as_of, packs, [])), packs, own


def everything(folders: Sequence[Path], as_of: date) -> tuple["RuleBook", list["Pack"]]:
    """The book of the shipped packs and those of the folders together."""
    from checker.packs.bind import bind
    from checker.packs.compose import Composition, load_with_parents
    from checker.resources import rules_dir

    packs = load_with_parents([rules_dir(), *folders] if folders else ())
    return bind(Composition(as_of, packs, [])), packs


def find_card(book: "RuleBook", name: str) -> "Quantity | Requirement":
    """A card by id; raises ``UsageError`` with the nearest id."""
    from checker.errors import Problem, UsageError
    from checker.nearest import nearest
    from checker.places import Anchor

    cards: Mapping[str, Any] = {r.card.id: r for r in book.requirements} | book.by_id
    if name not in cards:
        args = {"name": name, "hint": nearest(name, cards, 0.4)}
        raise UsageError(Problem("usage.unknown_id", Anchor("rules"), args))
    found: Quantity | Requirement = cards[name]
    return found


def shown_path(folders: Mapping[str, Path], file: str) -> str:
    """A file of a pack as a path from here, when it lies below; else as the pack names it."""
    pack, _, inner = file.partition("/")
    folder = folders.get(pack)
    if folder is None:
        return file
    path = folder / inner if inner else folder
    near = os.path.relpath(path)
    return path.as_posix() if near.startswith("..") else Path(near).as_posix()


def say(lines: Iterable[str]) -> None:
    """Print lines without control characters."""
    from checker.report.messages import printable

    for line in lines:
        click.echo(printable(line))
