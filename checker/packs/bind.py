"""The rule book: the cards of a composition, checked as a whole and ready to evaluate.

Here every name, unit, option, topic and parameter is resolved; what does not resolve is reported
for all cards at once and nothing is evaluated.
"""

import re
from collections.abc import Iterable

from checker.dossier.header import nil_topics
from checker.errors import Arg, ExprError, PackError, Problem
from checker.lang.check import check_expression
from checker.lang.functions import FUNCTIONS
from checker.lang.lookups import LOOKUPS
from checker.lang.nodes import Node
from checker.lang.source import Source
from checker.lang.types import (
    Bool,
    Date,
    Num,
    RowOf,
    RowsOf,
    Scope,
    Text,
    words_of,
)
from checker.packs.across import beyond, mistaken, processes, totals, unique
from checker.packs.amendments import TAILORED, amend
from checker.packs.book import Quantity, Requirement, RuleBook
from checker.packs.cards import QuantityCard, RequirementCard
from checker.packs.compose import Composition
from checker.packs.levers import mistaken_levers
from checker.packs.scope import collect, scope_of
from checker.places import Anchor

MAX_NODES = 2_000
"""Size of a formula with its named parts written out."""


class _Abandoned(Exception):
    """A named part that does not hold: what uses it is not checked."""


class _Binder:
    """Checks the expressions of all cards against one scope, collecting problems."""

    def __init__(self, scope: Scope, problems: list[Problem]) -> None:
        self.scope = scope
        self.problems = problems
        self.taken = {"param", "true", "false", *scope.tables, *scope.facts}
        self.taken |= {name.split(".")[0] for name in scope.facts}

    def check(
        self, source: Source | None, scope: Scope, *kinds: type, literal: bool = False
    ) -> Node | None:
        if source is None:
            return None
        try:
            node = check_expression(source, scope, literal=literal)
            if kinds and not isinstance(node.type, kinds):
                wanted = words_of(kinds)
                raise source.error("expr.type", 0, wanted=wanted, found=str(node.type))
        except ExprError as error:
            self.problems.extend(error.problems)
            return None
        return node

    def row_scope(self, rows: Node | None, variable: str) -> Scope:
        if rows is None or not isinstance(rows.type, RowsOf):
            return self.scope
        return self.scope.bind(variable, RowOf(rows.type.table))

    def variable(self, card: QuantityCard | RequirementCard) -> None:
        """A row name that hides a table, a fact or a word of the language; raises then."""
        if card.variable in self.taken:
            args: dict[str, Arg] = {"name": card.variable, "what": self.owner(card.variable)}
            anchor = _row_name_at(card)
            self.problems.append(Problem("pack.shadow", anchor, args, "blocker"))
            raise _Abandoned

    def owner(self, name: str) -> str:
        """Whose name it is already: a figure's id, a table, or a word of the language."""
        figures = sorted(one for one in self.scope.facts if one.split(".")[0] == name)
        return figures[0] if figures else name

    def named(self, card: QuantityCard | RequirementCard, scope: Scope) -> Scope:
        """The scope with the named parts of a card, each able to use those before it."""
        for name, source in card.where:
            reserved = self.taken | {card.variable, *FUNCTIONS, *LOOKUPS}
            if name in reserved or not name.isidentifier():
                args = {"name": name, "what": self.owner(name)}
                error = source.error("pack.shadow_part", 0, **args)
                self.problems.extend(error.problems)
                raise _Abandoned
            node = self.check(source, scope, Num, Text, Bool, Date, literal=True)
            if node is None:
                raise _Abandoned
            if node.size() > MAX_NODES:
                self.problems.extend(source.error("pack.where_long", 0, name=name).problems)
                raise _Abandoned
            scope = scope.define(name, node)
        return scope

    def quantity(self, card: QuantityCard) -> Quantity | None:
        if card.nil and card.nil not in nil_topics():
            args: dict[str, Arg] = {"topic": card.nil, "known": ", ".join(nil_topics())}
            self.problems.append(Problem("pack.topic", card.anchor, args, "blocker"))
        rows = self.check(card.rows, self.scope, RowsOf)
        if card.rows is not None and rows is None:
            return None
        try:
            self.variable(card)
            scope = self.named(card, self.row_scope(rows, card.variable))
        except _Abandoned:
            return None
        formula = self.check(card.formula, scope, Num, literal=rows is not None)
        by = self.check(card.by, scope, Text)
        if formula is None:
            return None
        self.unused(card, (formula, by))
        if formula.type != Num(card.unit.dimension):
            wanted = str(Num(card.unit.dimension))
            error = card.formula.error(
                "expr.unit_of_card", 0, wanted=wanted, found=str(formula.type)
            )
            self.problems.extend(error.problems)
            return None
        return Quantity(card, formula, rows, by)

    def unused(self, card: QuantityCard | RequirementCard, nodes: Iterable[Node | None]) -> None:
        """Named parts that nothing uses: a slip, or a rest of an older formula."""
        if not card.where:
            return
        used = set().union(*(node.named("named") for node in nodes if node is not None))
        for name, source in card.where:
            if name not in used:
                self.problems.extend(source.error("pack.where_unused", 0, name=name).problems)

    def requirement(self, card: RequirementCard) -> Requirement | None:
        rows = self.check(card.rows, self.scope, RowsOf)
        if card.rows is not None and rows is None:
            return None
        try:
            self.variable(card)
            scope = self.named(card, self.row_scope(rows, card.variable))
        except _Abandoned:
            return None
        needs = [self.check(source, scope) for source in card.needs]
        shown = {
            name: self.check(source, scope, literal=True) for name, source in card.show.items()
        }
        indicator = None
        if card.indicator is not None:
            value = self.check(card.indicator.value, scope, Num)
            limit = self.check(card.indicator.limit, scope, Num, literal=True)
            indicator = (value, limit) if value and limit else None
            if value and limit and value.is_percent != limit.is_percent:
                error = card.indicator.limit.error(
                    "expr.percent", 0, number=card.indicator.limit.text
                )
                self.problems.extend(error.problems)
        assertion = self.check(card.assertion, scope, Bool)
        applies = self.check(card.applies_when, scope, Bool)
        self.unused(card, (assertion, applies, *shown.values(), *needs))
        return Requirement(
            card,
            assertion,
            applies,
            self.check(card.exempt, scope, Bool),
            rows,
            {name: node for name, node in shown.items() if node is not None},
            tuple(node for node in needs if node is not None),
            indicator,
        )


def _row_name_at(card: QuantityCard | RequirementCard) -> Anchor:
    """Where the row name of a card is written."""
    rows = card.rows
    if rows is None:
        return card.anchor
    for number, line in enumerate(rows.content.split("\n"), start=1):
        match = re.match(rf"\s*as\s*:\s*[\"']?({re.escape(card.variable)})\b", line)
        if match is not None and number >= rows.line - 3:
            return Anchor(rows.file, line=number, column=match.start(1) + 1)
    return Anchor(rows.file, line=rows.line)


def _ordered(quantities: list[Quantity]) -> list[Quantity]:
    """Quantities after all they read; a circle is an error that names its members."""
    by_id = {quantity.card.id: quantity for quantity in quantities}
    needed = {
        quantity.card.id: set().union(
            *(n.named("fact") for n in (quantity.formula, quantity.rows, quantity.by) if n)
        )
        for quantity in quantities
    }
    ordered: list[Quantity] = []
    done: set[str] = set()
    while len(done) < len(by_id):
        ready = [name for name in by_id if name not in done and needed[name] <= done]
        if not ready:
            left = sorted(set(by_id) - done)
            args = {"names": ", ".join(left)}
            raise PackError(Problem("pack.circle", by_id[left[0]].card.anchor, args, "blocker"))
        ordered.extend(by_id[name] for name in ready)
        done.update(ready)
    return ordered


def _parameters_read(node: Node) -> set[str]:
    return {name for name, _ in node.named("measured")}


def _above(composition: Composition) -> dict[str, frozenset[str]]:
    """All packs each pack extends, near and far; parents stand first in a composition."""
    found: dict[str, frozenset[str]] = {}
    for pack in composition.packs:
        parents = [name for name in pack.head.extends if name in found]
        found[pack.head.id] = frozenset(parents).union(*(found[name] for name in parents))
    return found


def bind(composition: Composition) -> RuleBook:
    """Check all cards of a composition; raises ``PackError`` with every problem found."""
    book = RuleBook(composition.as_of)
    problems: list[Problem] = []
    quantity_cards = [card for pack in composition.packs for card in pack.quantities]
    requirement_cards = [card for pack in composition.packs for card in pack.requirements]
    collect(composition.packs, book, problems)
    unique(quantity_cards, problems)
    unique(requirement_cards, problems)
    binder = _Binder(scope_of(quantity_cards, book), problems)
    quantities = [binder.quantity(card) for card in quantity_cards]
    requirements = [binder.requirement(card) for card in requirement_cards]
    problems.extend(totals(quantities))
    problems.extend(mistaken(book.families))
    cards = {card.id: card for card in quantity_cards}
    problems.extend(mistaken_levers(book.levers.values(), cards))
    book.processes = processes(quantity_cards, problems)
    book.quantities = [item for item in quantities if item is not None]
    book.requirements = [item for item in requirements if item is not None]
    always = frozenset(pack.head.id for pack in composition.packs if pack.head.kind == "core")
    problems.extend(beyond(book, _above(composition), always))
    if problems:
        raise PackError(
            {(p.anchor.file, p.key, str(p.args.get("name"))): p for p in problems}.values()
        )
    book.quantities = _ordered(book.quantities)
    book.measured = frozenset().union(*map(_parameters_read, book.nodes()))
    listed = [one for pack in composition.packs for one in pack.amendments]
    problems = amend(book, listed, _above(composition)) if listed else []
    if composition.tailoring is not None:
        book.references |= {
            (TAILORED, TAILORED): composition.tailoring.reference(),
        }
        problems += amend(book, [composition.tailoring.changes(book)], {})
    if problems:
        raise PackError(problems)
    return book
