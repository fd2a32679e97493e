"""Sums over very many rows: rows alike in their words are added first, then computed once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any, TypeAlias

from checker.dossier.table import Table, TableRow
from checker.lang.evaluate import compile_node
from checker.lang.linear import Degrees, NotLinear, Reads
from checker.lang.nodes import Node
from checker.lang.units import CONTEXT, Quantity
from checker.lang.values import Unknown
from checker.lang.world import Env
from checker.packs.book import Quantity as Rule
from checker.places import Anchor

MANY = 300
"""From so many rows on, grouping pays; below it every row is computed by itself."""
SAMPLE = 24
GroupCache: TypeAlias = dict[tuple[Any, ...], list["Group"]]


@dataclass(slots=True)
class Group:
    """Rows alike in all words; satisfies ``Row`` with the sums of their numbers."""

    first: TableRow
    count: int = 0
    sums: dict[str, Any] = field(default_factory=dict)
    members: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Name of the first row, for people."""
        return self.first.key

    def rows(self) -> list[TableRow]:
        """The first rows of the group."""
        return [TableRow(self.first.table, index) for index in self.members]

    def read(self, name: str) -> Any:
        """A word of the group, or the sum of a number."""
        return self.sums[name] if name in self.sums else self.first.read(name)

    def anchor(self, name: str = "") -> Anchor:
        """Place in the first row."""
        return self.first.anchor(name)


@dataclass(frozen=True, eq=False)
class Grouping:
    """Groups a card counts, and how many rows they stand for; None when a condition is unknown."""

    groups: list[Group]
    count: int
    sample: tuple[TableRow, ...]


def groups_of(
    rule: Rule, table: Table, indexes: Sequence[int], known: GroupCache, world: Any
) -> Grouping | None:
    """Groups of a card's rows; None when its formula needs every row by itself."""
    filtered = simple_filter(rule.rows)
    condition = filtered[1] if filtered and not rule.card.process else None
    reads = plan(rule, condition, world.has_measured)
    if reads is None:
        return None
    key = (
        table.spec.code,
        rule.card.process,
        *map(frozenset, (reads.words, reads.numbers, reads.checked)),
    )
    if key not in known:
        known[key] = group(table, indexes, reads)
    kept = []
    for candidate in known[key]:
        if condition is not None:
            holds = compile_node(condition)(Env(world, {_variable(rule): candidate}))
            if type(holds) is Unknown:
                return None
            if not holds:
                continue
        kept.append(candidate)
    members = sorted(index for one in kept for index in one.members)[:SAMPLE]
    sample = tuple(TableRow(table, index) for index in members)
    return Grouping(kept, sum(one.count for one in kept), sample)


def plan(rule: Rule, condition: Node | None, has_measured: Any) -> Reads | None:
    """Columns to group by and to add for a card, or None when every row counts by itself."""
    degrees = Degrees(rule.card.variable, has_measured)
    try:
        if degrees.of(rule.formula) == 0:
            return None
        if rule.by is not None:
            degrees.words([rule.by])
        if condition is not None:
            filtering = Degrees(_variable(rule), has_measured)
            filtering.reads = degrees.reads
            filtering.words([condition])
    except NotLinear:
        return None
    return degrees.reads


def _variable(rule: Rule) -> str:
    assert rule.rows is not None
    return str(rule.rows.data[1])


def simple_filter(rows: Node | None) -> tuple[str, Node | None] | None:
    """Table and condition of ``T04`` or ``T04.filter(r, …)``; None for anything else."""
    if rows is not None and rows.op == "table":
        return rows.data, None
    if rows is not None and rows.op == "list" and rows.data[0] == "filter":
        target, condition = rows.kids
        if target.op == "table":
            return target.data, condition
    return None


def group(table: Table, indexes: Sequence[int], reads: Reads) -> list[Group]:
    """Groups of rows; a row with something unreadable is a group of its own."""
    words = [table.columns[name] for name in sorted(reads.words) if name in table.columns]
    numbers = [(n, table.columns[n]) for n in sorted(reads.numbers) if n in table.columns]
    columns = [*words, *(column for _, column in numbers)]
    marks = [*words, *([_mark(value) for value in column] for _, column in numbers)]
    columns += [table.columns[name] for name in reads.checked if name in table.columns]
    unread = {i for column in columns for i, cell in enumerate(column) if type(cell) is Unknown}
    found: dict[Any, list[int]] = {}
    for index in indexes:
        mark = (*[column[index] for column in marks], index if index in unread else None)
        found.setdefault(mark, []).append(index)
    return [_group(table, members, numbers) for members in found.values()]


def _mark(value: Any) -> Any:
    """What tells numbers apart: their unit, or whether there is one at all."""
    return value.unit.name if type(value) is Quantity else value is None


def _group(table: Table, members: list[int], numbers: list[tuple[str, list[Any]]]) -> Group:
    found = Group(TableRow(table, members[0]), len(members), {}, members[:SAMPLE])
    for name, column in numbers:
        first = column[members[0]]
        if first is None or type(first) is Unknown:
            continue
        with localcontext(CONTEXT):
            if type(first) is Quantity:
                total = sum((column[i].amount for i in members), Decimal(0))
                found.sums[name] = Quantity(total, first.unit)
            else:
                found.sums[name] = sum((column[i] for i in members), Decimal(0))
    return found
