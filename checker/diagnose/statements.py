"""The same quantity stated in several places: tables, disclosures, and the text of documents.

A statement is found by meaning, not by place: rows of tables T24, T22 and T28 name the figure they
give, texts by its name (``text_statements``). Two statements contradict each other when they differ
by more than the last digit of the coarser one allows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checker.diagnose.declared import Declared
from checker.diagnose.text_statements import Said, said_in_texts
from checker.facts.printed import within_print
from checker.facts.world import FactWorld
from checker.lang.units import Quantity
from checker.places import Anchor


@dataclass(frozen=True, eq=False)
class Statement:
    """One place that states a figure; ``source`` is a table code, ``document`` or ``web``."""

    figure: str
    value: Quantity
    source: str
    anchor: Anchor


@dataclass(frozen=True, eq=False)
class Contradiction:
    """Statements of one figure that do not go together; ``exact`` in base units when known."""

    figure: str
    statements: tuple[Statement, ...]


def contradictions(world: FactWorld, declared: Sequence[Declared]) -> list[Contradiction]:
    """Figures stated at least twice with values that differ, in the order of the book."""
    stated: dict[str, list[Statement]] = {}
    for one in _from_tables(declared):
        stated.setdefault(one.figure, []).append(one)
    tables = {figure: tuple(listed) for figure, listed in stated.items()}
    for said in said_in_texts(world):
        if figure := _meant(said, tables):
            one = Statement(figure, said.value, said.source, said.anchor)
            stated.setdefault(figure, []).append(one)
    found = []
    for figure in world.book.by_id:
        listed = stated.get(figure, [])
        different = {(one.value.amount, one.value.unit.name): one for one in listed}.values()
        if any(_differ(one, other) for one in different for other in different):
            found.append(Contradiction(figure, tuple(listed)))
    return found


def _meant(said: Said, tables: Mapping[str, Sequence[Statement]]) -> str:
    """Which figure a text means; empty when that cannot be told.

    A name that several figures share (total emissions, by market or by location) is taken for the
    one whose table says the same, else for the first that a table states at all.
    """
    if len(said.figures) == 1:
        return said.figures[0]
    stated = [figure for figure in said.figures if figure in tables]
    text = Statement("", said.value, said.source, said.anchor)
    same = (f for f in stated if not any(_differ(text, other) for other in tables[f]))
    return next(same, stated[0] if stated else "")


def _differ(one: Statement, other: Statement) -> bool:
    """True when neither reads as the other, rounded."""
    if one.value.unit.dimension != other.value.unit.dimension:
        return False
    return not (_reads_as(one, other) or _reads_as(other, one))


def _reads_as(coarse: Statement, fine: Statement) -> bool:
    exact = coarse.value.unit.from_base(fine.value.base())
    return bool(within_print(coarse.value.amount, exact))


def _from_tables(declared: Sequence[Declared]) -> Iterator[Statement]:
    for item in declared:
        if not item.period:
            anchor = item.row.anchor(item.column)
            yield Statement(item.figure, item.value, item.row.key.partition("[")[0], anchor)
