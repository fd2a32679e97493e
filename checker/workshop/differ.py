"""What changed between two states of rule packs: cards, values, factors, tables, heads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from checker.lang.source import Source
from checker.lang.units import Unit
from checker.packs.cards import Bilingual
from checker.packs.library import compare
from checker.packs.pack import Pack

_SKIPPED = ("anchor", "pack", "folder")
NEUTRAL = ("title", "message", "remedy", "question", "guidance", "note", "show")
"""Keys that are only words: a change cannot alter a state."""


@dataclass(frozen=True, eq=False)
class Change:
    """One key of one thing: ``before`` or ``after`` is None when it was added or removed."""

    kind: str
    id: str
    key: str
    before: str | None
    after: str | None

    @property
    def wording(self) -> bool:
        """True for a change of words only."""
        return self.key.split(".")[0] in NEUTRAL


def differences(old: Sequence[Pack], new: Sequence[Pack]) -> list[Change]:
    """All changes, in the order pack heads, parameters, tables, figures, requirements, factors."""
    found = list(_compared("pack", _heads(old), _heads(new)))
    for kind, name in (
        ("parameter", "parameters"),
        ("decision", "decisions"),
        ("lever", "levers"),
        ("figure", "quantities"),
        ("requirement", "requirements"),
        ("amendment", "amendments"),
    ):
        found += _compared(kind, _by_id(old, name), _by_id(new, name))
    for change in compare(old, new):
        entry = change.new or change.old
        assert entry is not None
        values = [None if e is None else f"{e.row.value:f}" for e in (change.old, change.new)]
        found.append(Change("factor", "/".join(entry.key), "value", values[0], values[1]))
    found += [] if any(c.kind == "factor" for c in found) else _unseen(old, new, found)
    return found


def _unseen(old: Sequence[Pack], new: Sequence[Pack], found: Sequence[Change]) -> Iterator[Change]:
    """Packs whose files differ in something that is compared nowhere else: verdict, clauses."""
    before = {pack.head.id: pack for pack in old}
    owners = {card.id: card.pack for pack in (*old, *new) for card in pack.requirements}
    owners |= {card.id: card.pack for pack in (*old, *new) for card in pack.quantities}
    owners |= {one.id: one.pack for pack in (*old, *new) for one in pack.parameters}
    told = {owners.get(change.id, change.id) for change in found}
    for pack in new:
        other = before.get(pack.head.id)
        if other is not None and other.sha256 != pack.sha256 and pack.head.id not in told:
            hashes = (other.sha256[:12], pack.sha256[:12])
            yield Change("pack", pack.head.id, "sha256", *hashes)


def _heads(packs: Iterable[Pack]) -> dict[str, Any]:
    return {pack.head.id: pack.head for pack in packs}


def _by_id(packs: Iterable[Pack], name: str) -> dict[str, Any]:
    if name == "amendments":
        return {one.owner: one for pack in packs for one in pack.amendments}
    return {card.id: card for pack in packs for card in getattr(pack, name)}


def _compared(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        if name not in new:
            yield Change(kind, name, "", "", None)
        elif name not in old:
            yield Change(kind, name, "", None, "")
        else:
            before, after = dict(_flat(old[name])), dict(_flat(new[name]))
            for key in sorted({*before, *after}):
                if before.get(key) != after.get(key):
                    yield Change(kind, name, key, before.get(key), after.get(key))


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """A card as texts by key."""
    if isinstance(value, Source):
        yield key, " ".join(value.text.split())
    elif isinstance(value, Unit):
        yield key, value.name
    elif isinstance(value, Bilingual):
        yield f"{key}.zh", value.zh
        yield f"{key}.en", value.en
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in _SKIPPED:
                inner = f"{key}.{field.name}" if key else field.name
                yield from _flat(getattr(value, field.name), inner)
    elif isinstance(value, Mapping):
        for name in value:
            yield from _flat(value[name], f"{key}.{name}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _flat(item, f"{key}.{index}")
    elif isinstance(value, frozenset):
        yield key, ", ".join(sorted(map(str, value)))
    elif value is not None and value not in ("", ()):
        yield key, str(value)
