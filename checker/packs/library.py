"""The factors of all packs as one library: search, and what changed between two of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from checker.packs.cards import FactorFamily, FactorRow, Reference
from checker.packs.pack import Pack


@dataclass(frozen=True, eq=False)
class Entry:
    """One factor with the family it belongs to and the document behind it."""

    family: FactorFamily
    row: FactorRow
    reference: Reference

    @property
    def key(self) -> tuple[str, ...]:
        """Family, keys and vintage: the full key of a factor."""
        return self.family.id, *self.row.keys, self.row.vintage

    def words(self) -> str:
        """Everything a person may search for, in lower case."""
        texts = [*self.key, self.family.title.zh, self.family.title.en, self.row.note]
        texts += [self.reference.id, self.reference.document, self.reference.number]
        return " ".join(texts).lower()


@dataclass(frozen=True, eq=False)
class Change:
    """A factor that was added (``old`` None), removed (``new`` None) or altered."""

    old: Entry | None
    new: Entry | None


def entries(packs: Iterable[Pack]) -> Iterator[Entry]:
    """All factors, in the order of packs, families and keys; the newest vintage first."""
    for pack in packs:
        for family in pack.families:
            for rows in family.rows.values():
                for row in rows:
                    yield Entry(family, row, pack.head.sources[row.source])


def search(packs: Iterable[Pack], words: Iterable[str]) -> list[Entry]:
    """Factors in which every word occurs."""
    wanted = [word.lower() for word in words]
    return [entry for entry in entries(packs) if all(word in entry.words() for word in wanted)]


def family_rows(packs: Iterable[Pack], family: str, keys: tuple[str, ...]) -> list[Entry]:
    """Factors of one family, narrowed by any of its keys or vintages."""
    return [
        entry
        for entry in entries(packs)
        if entry.family.id == family and set(keys) <= set(entry.key[1:])
    ]


def compare(old: Iterable[Pack], new: Iterable[Pack]) -> list[Change]:
    """Factors that differ in value, unit, source or confidence, or stand on one side only."""
    before = {entry.key: entry for entry in entries(old)}
    after = {entry.key: entry for entry in entries(new)}
    changes = []
    for key in sorted({*before, *after}):
        one, other = before.get(key), after.get(key)
        if one is None or other is None or _stand(one) != _stand(other):
            changes.append(Change(one, other))
    return changes


def _stand(entry: Entry) -> tuple[Decimal, str, str, str]:
    row = entry.row
    return row.value.normalize(), entry.family.unit.name, row.source, row.confidence
