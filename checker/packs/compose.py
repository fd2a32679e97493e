"""Which packs judge a dossier, resolved at one as-of date, with the reason for each choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from checker.dossier.header import Header
from checker.errors import Arg, PackError, Problem
from checker.lang.values import Unknown
from checker.nearest import nearest
from checker.packs.editions import RULED, Transition, rulings, wrong
from checker.packs.heads import find_heads, pack_folders, shipped_folders
from checker.packs.pack import Pack, PackHead, load_pack
from checker.packs.tailoring import Tailoring
from checker.places import Anchor

_ALWAYS = ("core", "guideline")


@dataclass(frozen=True, eq=False)
class Choice:
    """A pack that was looked at: taken or not, and the message key that says why."""

    pack: str
    taken: bool
    reason: str
    detail: str = ""


@dataclass(slots=True)
class Composition:
    """The packs in order of authority, and how they were chosen."""

    as_of: date
    packs: list[Pack]
    choices: list[Choice]
    tailoring: Tailoring | None = None


def load_with_parents(folders: Sequence[Path] = (), *, instead: bool = False) -> list[Pack]:
    """The packs of the folders (all shipped ones when none is given) and all they extend."""
    heads = {head.id: head for head in find_heads(folders, instead=instead)}
    wanted = pack_folders(folders)
    names = [
        head.id
        for head in heads.values()
        if not wanted or head.folder in wanted or head.kind == "core"  # core judges in every check
    ]
    return _load(order_of(names, heads), heads)


def _unknown(name: str, heads: Mapping[str, PackHead], anchor: Anchor) -> Problem:
    args: dict[str, Arg] = {"name": name, "known": ", ".join(heads), "hint": nearest(name, heads)}
    return Problem("pack.unknown", anchor, args, "blocker")


def _choose(head: PackHead, header: Header, as_of: date) -> Choice:
    if not head.in_force(as_of):
        return Choice(head.id, False, "pack.not_in_force", head.start.isoformat())
    for name, allowed in head.applies_when.items():
        value: Any = header.read(name)
        values = [] if type(value) is Unknown else value if isinstance(value, list) else [value]
        if not set(map(str, values)) & set(allowed):
            return Choice(head.id, False, f"pack.other_{name}", ", ".join(allowed))
    if not head.applies_when and head.kind not in _ALWAYS:
        return Choice(head.id, False, "pack.on_request")
    return Choice(head.id, True, "pack.applies", ", ".join(head.applies_when) or head.kind)


def compose(
    header: Header,
    as_of: date,
    *,
    folders: Sequence[Path] = (),
    extra: Sequence[str] = (),
    tailoring: Tailoring | None = None,
    instead: bool = False,
    alone: bool = False,
) -> Composition:
    """Choose and load the packs for a dossier.

    ``folders`` add packs of the user's own, ``extra`` names packs to take in any case. A list the
    dossier applies for that no pack knows is an error: it would be passed over in silence.
    """
    heads = {head.id: head for head in find_heads(folders, instead=instead, alone=alone)}
    problems: list[Problem] = []
    for name in extra:
        if name not in heads:
            problems.append(_unknown(name, heads, Anchor("--pack")))
    applied: Any = header.read("applies_for")
    for name in applied if isinstance(applied, list) else []:
        if name not in heads:
            problems.append(_unknown(str(name), heads, header.anchor("applies_for")))
    if problems:
        raise PackError(problems)
    own = set() if alone else _requested(heads, folders, instead)
    choices = _choices(header, as_of, heads, {*extra, *own})
    _refuse_passed_over(header, heads, choices, extra, own)
    ruled = {c.pack: c.detail for c in choices if c.reason in RULED}
    taken = order_of([c.pack for c in choices if c.taken], heads, ruled)
    return Composition(as_of, _load(taken, heads), choices, tailoring)


def choices_on(
    header: Header,
    day: date,
    *,
    folders: Sequence[Path] = (),
    extra: Sequence[str] = (),
    instead: bool = False,
) -> list[Choice]:
    """Which packs would judge a dossier on another day, and why; none is loaded."""
    heads = {head.id: head for head in find_heads(folders, instead=instead)}
    return _choices(header, day, heads, {*extra, *_requested(heads, folders, instead)})


def _requested(heads: dict[str, PackHead], folders: Sequence[Path], instead: bool) -> set[str]:
    """Packs of the caller's folders; of whole sets that are compared each is chosen as it says."""
    paths = pack_folders(folders)
    own = {head.id for head in heads.values() if head.folder in paths}
    if not instead:
        return own
    shipped = {path.name for path in shipped_folders()}
    return {name for name in own - shipped if not heads[name].applies_when}


def _choices(
    header: Header, day: date, heads: dict[str, PackHead], requested: set[str]
) -> list[Choice]:
    choices: list[Choice] = []
    for head in heads.values():
        choice = _choose(head, header, day)
        if not choice.taken and head.in_force(day) and head.id in requested:
            choice = Choice(head.id, True, "pack.requested")
        choices.append(choice)
    return _editions(header, heads, choices, requested, day)


def _editions(
    header: Header,
    heads: dict[str, PackHead],
    choices: list[Choice],
    requested: set[str],
    as_of: date,
) -> list[Choice]:
    """Of two editions that both apply, one is left out, with the reason."""
    moves = {head.id: head.transition for head in heads.values() if head.transition is not None}
    if not moves:
        return choices
    _refuse_transitions(moves, heads)
    applied: Any = header.read("applies_for")
    asked = {*requested, *(map(str, applied) if isinstance(applied, list) else ())}
    start: Any = header.read("period_start")
    begins = start if isinstance(start, date) else None
    taken = [choice.pack for choice in choices if choice.taken]
    left = {ruling.left: ruling for ruling in rulings(moves, taken, asked, begins, as_of)}
    return [
        Choice(c.pack, False, left[c.pack].reason, left[c.pack].other) if c.pack in left else c
        for c in choices
    ]


def _load(names: Sequence[str], heads: dict[str, PackHead]) -> list[Pack]:
    """Load packs; raises ``PackError`` with the problems of all of them."""
    packs: list[Pack] = []
    problems: list[Problem] = []
    for name in names:
        try:
            packs.append(load_pack(heads[name]))
        except PackError as error:
            problems.extend(error.problems)
    if problems:
        raise PackError(problems)
    return packs


def _refuse_passed_over(
    header: Header,
    heads: dict[str, PackHead],
    choices: list[Choice],
    extra: Sequence[str],
    own: set[str],
) -> None:
    """A pack that was asked for but not taken, or no guideline at all, is an error."""
    left = {choice.pack: choice for choice in choices if not choice.taken}
    ruled = {
        c.pack for c in choices if c.reason in ("pack.edition_before", "pack.edition_replaced")
    }
    applied: Any = header.read("applies_for")
    asked = [(name, Anchor("--pack")) for name in sorted({*extra, *(own - ruled)})]
    if isinstance(applied, list):
        asked += [(str(name), header.anchor("applies_for")) for name in applied]
    problems: list[Problem] = []
    for name, anchor in asked:
        if name in left:
            args: dict[str, Arg] = {"name": name, "detail": left[name].detail}
            problems.append(Problem("pack.passed_over", anchor, args, "blocker"))
    if not problems and all(heads[c.pack].kind != "guideline" for c in choices if c.taken):
        problems.append(Problem("pack.no_guideline", Anchor("--as-of"), {}, "blocker"))
    if problems:
        raise PackError(problems)


def _refuse_transitions(moves: Mapping[str, Transition], heads: Mapping[str, PackHead]) -> None:
    """A transition has to name another pack of the same kind."""
    kinds = {head.id: head.kind for head in heads.values()}
    problems = []
    for name, hint in wrong(moves, kinds, heads):
        anchor = Anchor(f"{name}/pack.yaml", label="transition")
        args: dict[str, Arg] = {"name": moves[name].replaces, "hint": hint}
        problems.append(Problem("pack.edition_kind", anchor, args, "blocker"))
    if problems:
        raise PackError(problems)


def order_of(
    taken: Sequence[str],
    heads: Mapping[str, PackHead],
    instead: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """Packs with all they extend, parents first; a missing or circular parent is an error.

    ``instead`` maps an edition that does not judge to the one that does, for packs that extend it.
    """
    ordered: list[str] = []
    path: list[str] = []

    def visit(name: str, anchor: Anchor) -> None:
        if name in ordered:
            return
        if name not in heads:
            raise PackError(_unknown(name, heads, anchor))
        if name in path:
            cycle = " → ".join([*path, name])
            raise PackError(Problem("pack.cycle", anchor, {"cycle": cycle}, "blocker"))
        path.append(name)
        head = heads[name]
        for parent, place in zip(head.extends, head.extends_at, strict=True):
            visit(instead.get(parent, parent), place)
        path.pop()
        ordered.append(name)

    for name in taken:
        visit(name, Anchor(f"{name}/pack.yaml"))
    return ordered
