"""The packs there are: shipped ones and those of folders, by their heads."""

from collections.abc import Sequence
from pathlib import Path

from checker.errors import Arg, PackError, Problem, UsageError
from checker.packs.cards import PACK_KINDS
from checker.packs.pack import PackHead, read_head
from checker.places import Anchor
from checker.resources import rules_dir


def find_heads(
    folders: Sequence[Path] = (), *, instead: bool = False, alone: bool = False
) -> list[PackHead]:
    """Heads of the shipped packs and of packs given by folder, by id.

    A folder may be a pack or hold packs. Two packs of one id are an error; with ``instead`` a pack
    of the folders takes the place of the shipped one, with ``alone`` there are no shipped ones.
    """
    shipped = [] if alone else shipped_folders()
    given = pack_folders(folders)
    if instead:
        names = {path.name for path in given}
        shipped = [path for path in shipped if path.name not in names]
    paths = list(dict.fromkeys([*shipped, *given]))
    heads: dict[str, PackHead] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            head = read_head(path)
        except PackError as error:
            problems.extend(error.problems)
            continue
        if head.id in heads:
            args = {"id": head.id, "other": str(heads[head.id].folder.name)}
            problems.append(Problem("pack.twice", Anchor(path.name), args, "blocker"))
        heads[head.id] = head
    if problems:
        raise PackError(problems)
    return [heads[key] for key in sorted(heads, key=lambda k: _rank(heads[k]))]


def shipped_folders() -> list[Path]:
    """The packs that come with the checker."""
    return [path.resolve() for path in sorted(rules_dir().iterdir()) if path.is_dir()]


def pack_folders(folders: Sequence[Path]) -> list[Path]:
    """The packs at or directly below the folders given; none at all is an error."""
    found: list[Path] = []
    for folder in folders:
        here = folder.resolve()
        if not here.is_dir():
            args: dict[str, Arg] = {"path": str(folder)}
            raise UsageError(Problem("usage.no_folder", Anchor(str(folder)), args, "blocker"))
        if (here / "pack.yaml").is_file():
            found.append(here)
            continue
        inner = [path.parent for path in sorted(here.glob("*/pack.yaml"))]
        if not inner:
            raise PackError(Problem("pack.no_head", Anchor(str(folder)), {}, "blocker"))
        found.extend(inner)
    return found


def _rank(head: PackHead) -> tuple[int, str]:
    return PACK_KINDS.index(head.kind), head.id
