"""The rule book: all cards of a composition with their checked expressions."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from checker.lang.nodes import Node
from checker.packs.cards import (
    FactorFamily,
    Parameter,
    QuantityCard,
    Reference,
    RequirementCard,
)
from checker.packs.decisions import Decision
from checker.packs.levers import Lever

if TYPE_CHECKING:
    from checker.packs.amendments import Applied


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity card with its checked expressions."""

    card: QuantityCard
    formula: Node
    rows: Node | None
    by: Node | None

    def nodes(self) -> list[Node]:
        """Its expressions in reading order."""
        return [node for node in (self.rows, self.formula, self.by) if node is not None]


@dataclass(frozen=True, eq=False)
class Requirement:
    """A requirement card with its checked expressions."""

    card: RequirementCard
    assertion: Node | None
    applies_when: Node | None
    exempt: Node | None
    rows: Node | None
    show: Mapping[str, Node]
    needs: tuple[Node, ...]
    indicator: tuple[Node, Node] | None

    def nodes(self) -> list[Node]:
        """The expressions that judge, in reading order; ``show`` only prints."""
        parts = (self.rows, self.applies_when, self.exempt, *self.needs, self.assertion)
        return [node for node in parts if node is not None]


@dataclass
class RuleBook:
    """Everything a check needs from the packs; ``quantities`` stand in order of computation.

    ``processes`` maps the codes of table T14 to the figure that computes them, ``measured`` holds
    the parameters of table T30 that some card reads. ``left_out`` gives the reason for cards a
    tailoring leaves out, ``amended`` lists all changes that packs and tailoring made;
    ``originals`` are parameters before any change, ``assumed`` unknown ones a tailoring has set.
    """

    as_of: date
    parameters: dict[str, Parameter] = field(default_factory=dict)
    families: dict[str, FactorFamily] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    levers: dict[str, Lever] = field(default_factory=dict)
    quantities: list[Quantity] = field(default_factory=list)
    requirements: list[Requirement] = field(default_factory=list)
    references: dict[tuple[str, str], Reference] = field(default_factory=dict)
    processes: dict[str, str] = field(default_factory=dict)
    measured: frozenset[str] = frozenset()
    left_out: dict[str, str] = field(default_factory=dict)
    amended: list["Applied"] = field(default_factory=list)
    originals: dict[str, Parameter] = field(default_factory=dict)
    assumed: set[str] = field(default_factory=set)

    @functools.cached_property
    def by_id(self) -> dict[str, Quantity]:
        """Quantities by the id of their cards."""
        return {quantity.card.id: quantity for quantity in self.quantities}

    @functools.cached_property
    def named(self) -> dict[str, str]:
        """Ids of figures by id and by title, for people who name a figure in a table."""
        found: dict[str, str] = {}
        for quantity in self.quantities:
            card = quantity.card
            found |= {card.title.zh: card.id, card.title.en: card.id, card.id: card.id}
        return found

    def reference(self, pack: str, source: str) -> Reference | None:
        """The document behind a clause."""
        return self.references.get((pack, source))

    def nodes(self) -> Iterator[Node]:
        """All checked expressions."""
        for quantity in self.quantities:
            yield from quantity.nodes()
        for requirement in self.requirements:
            yield from requirement.nodes()
            yield from requirement.show.values()
