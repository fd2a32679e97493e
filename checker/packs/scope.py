"""All names that the cards of a composition may use, with their types and units."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from checker.dossier.header import header_fields
from checker.dossier.schema import all_specs
from checker.errors import Problem
from checker.lang.types import DecisionType, FactorType, FieldType, Num, Scope
from checker.lang.units import Unit
from checker.packs.across import Named, unique
from checker.packs.book import RuleBook
from checker.packs.cards import NOWHERE, FactorFamily, QuantityCard
from checker.packs.decisions import Decision
from checker.packs.pack import Pack


def collect(packs: Iterable[Pack], book: RuleBook, problems: list[Problem]) -> None:
    """Put parameters, factors, decision tables and documents into the book; each id once."""
    for pack in packs:
        _once(pack.parameters, book.parameters, problems)
        _once(pack.families, book.families, problems)
        _once(pack.decisions, book.decisions, problems)
        _once(pack.levers, book.levers, problems)
        book.references |= {(pack.head.id, key): ref for key, ref in pack.head.sources.items()}


_N = TypeVar("_N", bound=Named)


def _once(items: Sequence[_N], known: dict[str, _N], problems: list[Problem]) -> None:
    unique(items, problems, known)
    known |= {item.id: item for item in items}


def scope_of(cards: Sequence[QuantityCard], book: RuleBook) -> Scope:
    """Tables, header, figures, parameters, factor families and decision tables."""
    tables: dict[str, Mapping[str, FieldType]] = {"dossier": header_fields()}
    tables |= {code: spec.fields() for code, spec in all_specs().items()}

    def numeric(unit: Unit) -> FieldType:
        return FieldType(Num(unit.dimension), unit)

    return Scope(
        tables,
        {card.id: numeric(card.unit) for card in cards},
        {key: numeric(parameter.unit) for key, parameter in book.parameters.items()},
        {key: _factor_type(family) for key, family in book.families.items()},
        {key: _decision_type(table) for key, table in book.decisions.items()},
        parts=_parts(cards),
    )


def _parts(cards: Sequence[QuantityCard]) -> dict[str, tuple[str, ...]]:
    """Figures by the total their cards add to."""
    found: dict[str, tuple[str, ...]] = {}
    for card in cards:
        if card.adds_to and card.adds_to != NOWHERE:
            found[card.adds_to] = (*found.get(card.adds_to, ()), card.id)
    return found


def _factor_type(family: FactorFamily) -> FactorType:
    """Unit and keys of a family, with the values each key has in its rows."""
    known = tuple(frozenset(column) for column in zip(*family.rows, strict=True))
    return FactorType(family.unit, family.keys, known)


def _decision_type(table: Decision) -> DecisionType:
    return DecisionType(table.unit, {given.name: given.type for given in table.inputs})
