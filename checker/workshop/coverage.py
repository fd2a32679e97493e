"""Clauses of the documents, the cards that cover them, and the cases that prove the cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checker.packs.book import RuleBook
from checker.packs.clauses import CoveredClause, read_clauses
from checker.packs.pack import Pack
from checker.requirements.case_files import read_cases


@dataclass(frozen=True, eq=False)
class CardCover:
    """A card with its kind and the number of its cases by expected state."""

    id: str
    pack: str
    kind: str
    mode: str
    cases: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Line:
    """One clause of a pack with the cards that cover it; ``missing`` names ids nobody has."""

    pack: str
    clause: CoveredClause
    cards: tuple[CardCover, ...]
    missing: tuple[str, ...]

    @property
    def covered(self) -> bool:
        """True when some card is there and all named ones are."""
        return bool(self.cards) and not self.missing


@dataclass(frozen=True, eq=False)
class Coverage:
    """All clauses, and cards of the packs that no clause names, by pack."""

    lines: tuple[Line, ...]
    unnamed: Mapping[str, tuple[str, ...]]

    @property
    def uncovered(self) -> tuple[Line, ...]:
        """Clauses without a card; each should give its reason."""
        return tuple(line for line in self.lines if not line.covered)


def coverage(packs: Sequence[Pack], book: RuleBook, loaded: Sequence[Pack] = ()) -> Coverage:
    """Clauses of the packs against the cards of the book.

    ``loaded`` are all packs of the book: a clause may be covered by a card of another pack.
    """
    covers = _covers(loaded or packs, book)
    lines: list[Line] = []
    for pack in packs:
        for clause in read_clauses(pack.head.folder):
            cards = tuple(covers[name] for name in clause.cards if name in covers)
            missing = tuple(name for name in clause.cards if name not in covers)
            lines.append(Line(pack.head.id, clause, cards, missing))
    named = {name for line in lines for name in line.clause.cards}
    unnamed = {}
    for pack in packs:
        left = tuple(card.id for card in pack.requirements if card.id not in named)
        if left:
            unnamed[pack.head.id] = left
    return Coverage(tuple(lines), unnamed)


def case_counts(packs: Sequence[Pack]) -> dict[str, dict[str, int]]:
    """Number of cases by card and expected state; ``figure`` for cases that give a figure."""
    counts: dict[str, dict[str, int]] = {}
    for pack in packs:
        for case in read_cases(pack.head.folder):
            state = case.expect if "expect" in case.data else "figure"
            found = counts.setdefault(case.card, {})
            found[state] = found.get(state, 0) + 1
    return counts


def _covers(packs: Sequence[Pack], book: RuleBook) -> dict[str, CardCover]:
    counts = case_counts(packs)
    covers = {}
    for requirement in book.requirements:
        card = requirement.card
        cases = counts.get(card.id, {})
        covers[card.id] = CardCover(card.id, card.pack, card.kind, card.mode, cases)
    for name, quantity in book.by_id.items():
        cases = counts.get(name, {})
        covers[name] = CardCover(name, quantity.card.pack, "figure", "figure", cases)
    return covers
