"""Loads packs one by one: what is wrong with one is said, and the others still load."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from checker.errors import PackError, Problem
from checker.packs.bind import bind
from checker.packs.book import RuleBook
from checker.packs.compose import Composition, order_of
from checker.packs.heads import pack_folders, shipped_folders
from checker.packs.pack import Pack, PackHead, load_pack, read_head
from checker.places import Anchor


@dataclass(slots=True)
class Apart:
    """Packs that load, bound together; problems of the others; which ones the caller named."""

    packs: list[Pack] = field(default_factory=list)
    book: RuleBook | None = None
    problems: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    folders: dict[str, Path] = field(default_factory=dict)

    @property
    def own(self) -> list[Pack]:
        """The packs the caller named, as far as they load."""
        return [pack for pack in self.packs if pack.head.id in self.named]


def load_apart(folders: Sequence[Path], as_of: date) -> Apart:
    """Load shipped packs and those of the folders; without folders all shipped ones are named."""
    found = Apart()
    given = _given(folders, found)
    heads = _heads(list(dict.fromkeys([*shipped_folders(), *given])), found)
    wanted, everything = set(given), not folders
    found.named |= {head.id for head in heads.values() if everything or head.folder in wanted}
    found.named |= {name for name in found.broken if everything or found.folders[name] in wanted}
    loaded = _load(heads, found)
    _bind(loaded, as_of, found)
    found.problems = [problem for problem in found.problems if _is_own(problem, found)]
    return found


def _given(folders: Sequence[Path], found: Apart) -> list[Path]:
    """Pack folders of the caller; a folder without any is said so, the others go on."""
    paths: list[Path] = []
    for folder in folders:
        try:
            paths += pack_folders([folder])
        except PackError as error:
            found.problems.extend(error.problems)
            found.folders[folder.name] = folder.resolve()
            found.broken.add(folder.name)
            found.named.add(folder.name)
    return paths


def _heads(paths: Iterable[Path], found: Apart) -> dict[str, PackHead]:
    heads: dict[str, PackHead] = {}
    for path in paths:
        found.folders.setdefault(path.name, path)
        try:
            head = read_head(path)
        except PackError as error:
            found.problems.extend(error.problems)
            found.broken.add(path.name)
            continue
        if head.id in heads:
            args = {"id": head.id, "other": str(heads[head.id].folder.name)}
            found.problems.append(
                Problem("pack.twice", Anchor(f"{path}/pack.yaml"), args, "blocker")
            )
            continue
        heads[head.id] = head
    return heads


def _load(heads: dict[str, PackHead], found: Apart) -> list[Pack]:
    """All packs whose parents load too, parents first."""
    loaded: dict[str, Pack] = {}
    for name in heads:
        try:
            order = order_of([name], heads)
        except PackError as error:
            found.problems.extend(error.problems)
            found.broken.add(name)
            continue
        for one in order:
            if one in loaded or one in found.broken:
                continue
            try:
                loaded[one] = load_pack(heads[one])
            except PackError as error:
                found.problems.extend(error.problems)
                found.broken.add(one)
    return _without_broken(list(loaded.values()), found)


def _without_broken(packs: list[Pack], found: Apart) -> list[Pack]:
    """Packs that do not rest on a broken one; those that do are named."""
    kept: list[Pack] = []
    for pack in packs:
        below = [name for name in pack.head.extends if name in found.broken]
        if below:
            args = {"name": pack.head.id, "parent": below[0]}
            anchor = Anchor(f"{pack.head.id}/pack.yaml")
            found.problems.append(Problem("lint.parent_broken", anchor, args, "blocker"))
            found.broken.add(pack.head.id)
        elif pack.head.id not in found.broken:
            kept.append(pack)
    return kept


def _bind(packs: list[Pack], as_of: date, found: Apart) -> None:
    """Bind what can be bound: without packs whose cards do not hold the rest is tried again."""
    while packs:
        try:
            found.book = bind(Composition(as_of, packs, []))
        except PackError as error:
            found.problems.extend(error.problems)
            wrong = {problem.anchor.file.split("/")[0] for problem in error.problems}
            known = {pack.head.id for pack in packs}
            if not wrong & known:
                return
            found.broken |= wrong & known
            packs = _without_broken(packs, found)
            continue
        found.packs = packs
        return


def _is_own(problem: Problem, found: Apart) -> bool:
    """True for a problem of a pack the caller named, or of no pack we know."""
    name = problem.anchor.file.split("/")[0]
    return name in found.named or name not in found.folders
