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
        self.known: dict[str, list[str]] = {}
        self.reads: dict[str, frozenset[str]] = {}
        self.families: dict[str, frozenset[str]] = {}
        self.measured: dict[str, frozenset[str]] = {}
        for quantity in book.quantities:
            nodes = [node for node in (quantity.formula, quantity.rows, quantity.by) if node]
            name = quantity.card.id
            self.reads[name] = frozenset().union(*(node.named("fact") for node in nodes))
            used = (family for node in nodes for family, _ in node.named("factor"))
            self.families[name] = frozenset(used)
            read = (parameter for node in nodes for parameter, _ in node.named("measured"))
            self.measured[name] = frozenset(read)

    def of(self, figure: str) -> list[str]:
        """The figure and all it rests on, in order of computation, the figure last."""
        if figure not in self.known:
            wanted = {figure}
            for name in reversed(self.reads):
                if name in wanted:
                    wanted |= self.reads[name]
            self.known[figure] = [name for name in self.reads if name in wanted]
        return self.known[figure]

    def above(self, changed: frozenset[str]) -> set[str]:
        """Figures that read one of ``changed``, directly or through others."""
        found: set[str] = set()
        for name, read in self.reads.items():
            if not read.isdisjoint(changed) or not read.isdisjoint(found):
                found.add(name)
        return found

    def reading(self, figure: str, family: str) -> frozenset[str]:
        """Members of the cone that read a factor family directly."""
        return frozenset(name for name in self.of(figure) if family in self.families[name])

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
    return changed[figure] if figure in changed else with_changed(world, cone, changed).fact(figure)


def with_changed(world: FactWorld, cone: Cone, changed: Mapping[str, Decimal]) -> FactWorld:
    """A world with other figures in place of computed ones; what rests on them is made anew."""
    stale = cone.above(frozenset(changed)) - set(changed)
    return _branch(world, cone, stale, _facts(changed))


MAX_VISITS = 60_000
"""Rows computed anew in search of causes, over one dossier."""


class Variants:
    """Worlds that differ from the right one in a factor or a measured value; each made once.

    What does not rest on the difference is kept, the rest is computed when it is asked for.
    ``left`` counts down the rows that may still be computed anew.
    """

    def __init__(self, world: FactWorld, cone: Cone) -> None:
        self.world = world
        self.cone = cone
        self.made: dict[tuple[Any, ...], FactWorld] = {}
        self.left = MAX_VISITS

    def with_factors(self, swaps: Mapping[FactorKey, FactorRow]) -> FactWorld:
        """With other factors in place of the right ones."""
        name = tuple((key, row.value) for key, row in sorted(swaps.items()))
        if name not in self.made:
            families = {family for family, _ in swaps}
            direct = {name for name, used in self.cone.families.items() if used & families}
            self.made[name] = self.branch(frozenset(direct))
            self.made[name].swapped.update(swaps)
        return self.made[name]

    def without_measured(self, row: Row) -> FactWorld:
        """As if a row of table T30 had not been submitted."""
        name, parameter = ("T30", row.anchor()), row.read("parameter")
        if name not in self.made:
            direct = {name for name, read in self.cone.measured.items() if parameter in read}
            self.made[name] = self.branch(frozenset(direct))
            self.made[name].leave_out_measured(row)
        return self.made[name]

    def branch(self, direct: frozenset[str]) -> FactWorld:
        """A world in which ``direct`` and all that rests on them is computed anew."""
        return _branch(self.world, self.cone, direct | self.cone.above(direct), {})


def _facts(values: Mapping[str, Decimal]) -> dict[str, Fact]:
    return {name: Fact(name, value) for name, value in values.items()}


def _branch(
    world: FactWorld, cone: Cone, stale: Set[str], changed: Mapping[str, Fact]
) -> FactWorld:
    """A world that keeps what is known and computes what has become stale."""
    other = replace(
        world, used_factors={}, used_parameters={}, used_rules={}, swapped=dict(world.swapped)
    )
    kept = {name: world.facts[name] for name in cone.reads if name not in stale}
    other.facts = Facts(other, {**kept, **changed})
    return other
