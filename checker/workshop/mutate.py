"""Mutation of cards: is every small mistake in a card noticed by one of its cases?"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from checker.facts.quantities import compute
from checker.facts.world import FactWorld
from checker.lang.nodes import Node
from checker.packs.book import Quantity, Requirement, RuleBook
from checker.packs.pack import Pack
from checker.requirements import cases
from checker.requirements.case_files import Case, by_card, read_cases
from checker.requirements.evaluate import evaluate
from checker.workshop.mutants import Change, changed, changes, named_parts

PARTS = ("applies_when", "exempt", "rows", "assertion")
_KEYS = {"rows": "for", "assertion": "assert"}


@dataclass(frozen=True, eq=False)
class Mutant:
    """A wrong version of a card: ``part`` is the key that was changed."""

    card: str
    part: str
    kind: str
    name: str
    version: Requirement | Quantity

    @property
    def key(self) -> str:
        """How a mutant is named in a list of equivalent ones."""
        return f"{self.part}: {self.name}"


@dataclass(frozen=True, eq=False)
class Score:
    """Mutants of one card: all, those no case noticed, those explained as equivalent."""

    card: str
    count: int
    survivors: tuple[Mutant, ...]
    equivalent: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """True when every mutant that is not equivalent was noticed."""
        return not self.survivors and not self.stale


def mutants_of(card: Requirement | Quantity, book: RuleBook) -> Iterator[Mutant]:
    """Wrong versions of a card."""
    if isinstance(card, Requirement):
        return _of_requirement(card, book)
    return _of_quantity(card, book)


def _of_requirement(card: Requirement, book: RuleBook) -> Iterator[Mutant]:
    yield from _of_parts(card, PARTS, book)
    if card.applies_when is not None:
        node = card.applies_when
        negated = Node("not", node.type, f"!({node.text})", (node,))
        for kind, other in (("negated", negated), ("dropped", None)):
            version = replace(card, applies_when=other)
            yield Mutant(card.card.id, "applies_when", "applies", kind, version)
    for index, need in enumerate(card.needs):
        kept = tuple(n for i, n in enumerate(card.needs) if i != index)
        name = f"{need.text} → —"
        yield Mutant(card.card.id, "needs", "conjunct", name, replace(card, needs=kept))


def _of_quantity(card: Quantity, book: RuleBook) -> Iterator[Mutant]:
    """Wrong versions of a figure; the rows of a process are ours and are left alone."""
    return _of_parts(card, ("formula",) if card.card.process else ("rows", "formula"), book)


def _of_parts(
    card: Requirement | Quantity, parts: Sequence[str], book: RuleBook
) -> Iterator[Mutant]:
    """Every change of an expression; one inside a named part is made wherever the part is used."""
    nodes = {part: node for part in parts if (node := getattr(card, part)) is not None}
    seen: Counter[tuple[str, str]] = Counter()
    for part, node in nodes.items():
        for change in changes(node, book):
            yield _mutant(card, _KEYS.get(part, part), change, {part: node}, seen)
    for body in named_parts(nodes.values()):
        for change in changes(body, book):
            yield _mutant(card, "where", change, nodes, seen)


def _mutant(
    card: Any, key: str, change: Change, nodes: Mapping[str, Node], seen: "Counter[tuple[str, str]]"
) -> Mutant:
    """``seen`` numbers changes that read alike: ``1 t → 2 t (2)``."""
    seen[(key, change.name)] += 1
    times = seen[(key, change.name)]
    name = change.name if times == 1 else f"{change.name} ({times})"
    version = replace(card, **{part: changed(node, change) for part, node in nodes.items()})
    return Mutant(card.card.id, key, change.kind, name, version)


class Worlds:
    """The worlds of the cases of one card, built once."""

    def __init__(self, own: Sequence[Case], book: RuleBook) -> None:
        self.pairs = [(case, cases.world_of(case, book)) for case in own]

    def notice(self, mutant: Mutant) -> bool:
        """True when a case gives something else than it expects."""
        return any(not as_expected(mutant.version, case, world) for case, world in self.pairs)


def as_expected(version: Requirement | Quantity, case: Case, world: FactWorld) -> bool:
    """True when a version of a card gives what the case expects."""
    if isinstance(version, Requirement):
        return cases.as_expected(case, evaluate(version, world))
    return cases.fits(case, version, compute(version, world).value)


def score(card: Requirement | Quantity, own: Sequence[Case], book: RuleBook) -> Score:
    """Mutants of one card against its cases."""
    explained = {_bare(key): why for key, why in own[0].notes.equivalent.items()} if own else {}
    worlds, count, survivors, used = Worlds(own, book), 0, [], []
    for mutant in mutants_of(card, book):
        count += 1
        if worlds.notice(mutant):
            continue
        if mutant.key in explained:
            used.append(mutant.key)
        else:
            survivors.append(mutant)
    stale = tuple(sorted(set(explained) - set(used)))
    return Score(card.card.id, count, tuple(survivors), tuple(used), stale)


def _bare(key: str) -> str:
    """A change as it is named; the line the report prints has its kind in words before it."""
    return key.rpartition(" — ")[2] if " — " in key and not key.endswith(" — ") else key


def cases_of(packs: Sequence[Pack]) -> dict[str, list[Case]]:
    """Cases of some packs by card."""
    return by_card(case for pack in packs for case in read_cases(pack.head.folder))


def scores(book: RuleBook, packs: Sequence[Pack], only: Collection[str] = ()) -> Iterator[Score]:
    """Scores of the cards of the packs, in the order of the book; ``only`` narrows them."""
    listed = cases_of(packs)
    own = {pack.head.id for pack in packs}
    cards: list[Requirement | Quantity] = [*book.quantities, *book.requirements]
    for card in cards:
        if card.card.pack in own and (not only or card.card.id in only):
            yield score(card, listed.get(card.card.id, []), book)
