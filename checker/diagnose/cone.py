"""What a figure rests on, and what it would be if one of these were another."""

from collections.abc import Mapping, Set
from dataclasses import replace
from decimal import Decimal
from typing import Any

from checker.facts.quantities import Facts
from checker.facts.world import Fact, FactWorld
from checker.lang.values import Row
from checker.packs.book import Quantity, RuleBook
from checker.packs.cards import FactorRow

FactorKey = tuple[str, tuple[str, ...]]


class Cone:
    """Which figures and factor families every figure reads, directly or through others."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self.reads: dict[str, frozenset[str]] = {}
        self.families: dict[str, frozenset[str]] = {}
        self.measured: dict[str, frozenset[str]] = {}
        for quantity in book.quantities:
            nodes = [node for node in (quantity.formula, quantity.rows, quantity.by) if node]
            name = quantity.card.id
            self.reads[name] = frozenset().union(*(node.named("fact") for node in nodes))
            used = (family for node in nodes for family, _ in node.named("factor"))
            self.families[name] = frozenset(used)
            read = (name for node in nodes for name, _ in node.named("measured"))
            self.measured[quantity.card.id] = frozenset(read)

    def of(self, figure: str) -> list[str]:
        """The figure and all it rests on, in order of computation, the figure last."""
        wanted = {figure}
        for quantity in reversed(self.book.quantities):
            if quantity.card.id in wanted:
                wanted |= self.reads[quantity.card.id]
        return [q.card.id for q in self.book.quantities if q.card.id in wanted]

    def resting_on(self, figure: str, changed: frozenset[str]) -> set[str]:
        """Members of the cone that read one of ``changed``, directly or through others."""
        found: set[str] = set()
        for name in self.of(figure):
            if self.reads[name] & (changed | found):
                found.add(name)
        return found

    def reading(self, figure: str, family: str) -> frozenset[str]:
        """Members of the cone that read a factor family directly."""
        return frozenset(name for name in self.of(figure) if family in self.families[name])

    def measuring(self, figure: str, parameter: str) -> frozenset[str]:
        """Members of the cone that read a measured parameter directly."""
        return frozenset(name for name in self.of(figure) if parameter in self.measured[name])

    def is_sum(self, quantity: Quantity) -> bool:
        """True when the formula only adds and subtracts other figures."""
        return quantity.rows is None and _only_adds(quantity.formula)


def _only_adds(node: Any) -> bool:
    if node.op in ("fact", "parts"):
        return True
    if node.op == "binary" and node.data in ("+", "-"):
        return all(_only_adds(kid) for kid in node.kids)
    return False


def signed_terms(node: Any, sign: int = 1) -> list[tuple[int, str]]:
    """The figures a sum adds, each with its sign."""
    if node.op == "fact":
        return [(sign, node.data)]
    if node.op == "parts":
        return [(sign, kid.data) for kid in node.kids]
    left, right = node.kids
    turned = -sign if node.data == "-" else sign
    return [*signed_terms(left, sign), *signed_terms(right, turned)]


def with_figures(world: FactWorld, cone: Cone, figure: str, changed: Mapping[str, Decimal]) -> Any:
    """``figure`` as it would be with other figures in place of computed ones."""
    if figure in changed:
        return changed[figure]
    stale = cone.resting_on(figure, frozenset(changed))
    return _branch(world, cone, stale, _facts(changed)).fact(figure)


def with_factors(
    world: FactWorld, cone: Cone, figure: str, swaps: Mapping[FactorKey, FactorRow]
) -> Any:
    """``figure`` as it would be with other factors in place of the right ones."""
    direct = frozenset().union(*(cone.reading(figure, family) for family, _ in swaps))
    other = _branch(world, cone, direct | cone.resting_on(figure, direct), {})
    other.swapped.update(swaps)
    return other.fact(figure)


def without_measured(world: FactWorld, cone: Cone, figure: str, row: Row) -> Any:
    """``figure`` as it would be had a row of table T30 not been submitted."""
    direct = cone.measuring(figure, row.read("parameter"))
    if not direct:
        return world.fact(figure)
    other = _branch(world, cone, direct | cone.resting_on(figure, direct), {})
    other.leave_out_measured(row)
    return other.fact(figure)


def _facts(values: Mapping[str, Decimal]) -> dict[str, Fact]:
    return {name: Fact(name, value) for name, value in values.items()}


def _branch(
    world: FactWorld, cone: Cone, stale: Set[str], changed: Mapping[str, Fact]
) -> FactWorld:
    """A world that keeps what is known and computes what has become stale."""
    other = replace(world, used_factors={}, used_parameters={}, swapped=dict(world.swapped))
    kept = {name: world.facts[name] for name in cone.reads if name not in stale}
    other.facts = Facts(other, {**kept, **changed})
    return other
