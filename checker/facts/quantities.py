"""Evaluates quantity cards in order: formula cards, and row cards summed and grouped."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from checker.dossier.schema import all_specs, table_specs
from checker.dossier.table import Table
from checker.errors import Arg, Problem
from checker.facts.grouped import MANY, Group, groups_of, simple_filter
from checker.facts.world import Fact, FactWorld
from checker.lang.evaluate import compile_node
from checker.lang.nodes import Node
from checker.lang.units import CONTEXT
from checker.lang.values import ABSENT, Reason, Unknown, join
from checker.lang.world import Budget, Env, Evaluate
from checker.packs.book import Quantity

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])\Z")


class Facts(dict[str, Fact]):
    """Facts computed when they are first asked for; ``given`` ones replace computed ones."""

    def __init__(self, world: FactWorld, given: Mapping[str, Fact] | None = None) -> None:
        super().__init__(given or {})
        self.world = world
        self.months: dict[str, FactWorld] = {}

    def __missing__(self, name: str) -> Fact:
        fact = self[name] = compute(self.world.book.by_id[name], self.world)
        return fact

    def of_month(self, name: str, month: str) -> Any:
        """A figure in one month, in base units; unknown when it cannot be split by months."""
        return self.world_of(month).fact(name)

    def world_of(self, month: str) -> FactWorld:
        """The world in which every figure is that of one month."""
        if month not in self.months:
            other = replace(self.world, used_factors={}, used_parameters={}, used_rules={})
            parts = (month_part(q, self[q.card.id], month) for q in self.world.book.quantities)
            other.facts = Facts(other, {part.id: part for part in parts if part is not None})
            self.months[month] = other
        return self.months[month]


def compute_facts(world: FactWorld) -> None:
    """Fill ``world.facts``; the book holds the cards in an order that needs no second pass."""
    world.facts = Facts(world)
    for quantity in world.book.quantities:
        world.facts[quantity.card.id]


def rows_of(quantity: Quantity, world: FactWorld) -> Any:
    """The rows of a row-wise card: ``RowList`` or ``Unknown``."""
    assert quantity.rows is not None
    if quantity.card.process:
        return world.process_rows(quantity.card.process)
    return compile_node(quantity.rows)(Env(world))


def compute(quantity: Quantity, world: FactWorld) -> Fact:
    """One fact. Units: the formula yields base units of the card's dimension."""
    if quantity.rows is None:
        value = compile_node(quantity.formula)(Env(world))
        idle = type(value) is Unknown and _rests_on_nothing(quantity.formula, world)
        return Fact(quantity.card.id, value, idle=idle)
    long = _many_rows(quantity, world)
    if long is not None:
        return long
    rows = rows_of(quantity, world)
    process = bool(quantity.card.process)
    nil = world.source.nil.get(quantity.card.nil)
    if type(rows) is Unknown:
        value = Decimal(0) if nil and rows.absent else rows
        return Fact(quantity.card.id, value, idle=process and rows.absent)
    if not rows:
        if nil or rows.nil or quantity.card.empty_is_zero:
            return Fact(quantity.card.id, Decimal(0), idle=process or _refines(quantity))
        missing = f"nil:{quantity.card.nil}" if quantity.card.nil else quantity.rows.text
        reason = Reason(ABSENT, missing, _table_place(quantity, world))
        return Fact(quantity.card.id, Unknown(reason))
    return _sum_rows(quantity, rows, world)


def _many_rows(quantity: Quantity, world: FactWorld) -> Fact | None:
    """Sum over a long table by groups of rows; None for few rows or a formula that needs each."""
    if quantity.card.process:
        listed = world.process_rows(quantity.card.process)
        if type(listed) is Unknown or len(listed) < MANY:
            return None
        table: Table = listed[0].table
        indexes: Sequence[int] = [row.index for row in listed]
    else:
        filtered = simple_filter(quantity.rows)
        found = world.source.tables.get(filtered[0]) if filtered else None
        if found is None or len(found) < MANY or found.spec.code in world.source.unreadable:
            return None
        table, indexes = found, range(len(found))
    grouping = groups_of(quantity, table, indexes, world.groups, world)
    if grouping is None or not grouping.groups:
        return None
    fact = _sum_rows(quantity, grouping.groups, world)
    return replace(fact, count=grouping.count, sample=grouping.sample)


def _refines(quantity: Quantity) -> bool:
    """True for a card over an optional table."""
    node = quantity.rows
    tables = node.named("table") if node is not None else set()
    return all(all_specs()[code].optional for code in tables)


def _rests_on_nothing(formula: Node, world: FactWorld) -> bool:
    """True when a formula reads only optional tables without a row, and figures of such."""
    tables, figures = formula.named("table"), formula.named("fact")
    empty = all(all_specs()[code].optional and world.table(code) == [] for code in tables)
    idle = all(not world.occurs(name) for name in figures)
    return bool(tables or figures) and empty and idle


def _table_place(quantity: Quantity, world: FactWorld) -> Any:
    node = quantity.rows
    while node is not None and node.op != "table":
        node = node.kids[0] if node.kids else None
    return world.source.expected_place(node.data) if node is not None else None


def _sum_rows(quantity: Quantity, rows: Any, world: FactWorld) -> Fact:
    value_of = compile_node(quantity.formula)
    group_of = compile_node(quantity.by) if quantity.by else None
    total, unknown, budget = Decimal(0), [], Budget()
    parts: dict[str, Decimal] = {}
    for row in rows:
        env = Env(world, {quantity.card.variable: row}, budget)
        value = value_of(env)
        if type(value) is Unknown:
            unknown += _each_reason(row, value, value_of, env, quantity.card.variable)
            continue
        total = CONTEXT.add(total, value)
        group = group_of(env) if group_of else None
        if isinstance(group, str):
            parts[group] = CONTEXT.add(parts.get(group, Decimal(0)), value)
    if unknown:
        return Fact(quantity.card.id, join(*unknown), parts)
    return Fact(quantity.card.id, total, dict(sorted(parts.items())))


def _each_reason(
    row: Any, value: Unknown, value_of: Evaluate, env: Env, variable: str
) -> list[Unknown]:
    """Why a row is unknown; of a group the reasons of its first rows, each with its place."""
    if not isinstance(row, Group) or row.count == 1:
        return [value]
    inner = (value_of(Env(env.world, {variable: one}, env.budget)) for one in row.rows())
    return [value, *(reason for reason in inner if type(reason) is Unknown)]


def month_part(quantity: Quantity, fact: Fact, month: str) -> Fact | None:
    """The month's part of a row-wise figure; None for a formula over other figures."""
    if quantity.rows is None and not _reads_rows(quantity.formula):
        return None
    known = type(fact.value) is not Unknown
    if quantity.rows is not None and (not known or (fact.value == 0 and not fact.parts)):
        return fact
    whole = known and _near(sum(fact.parts.values(), Decimal(0)), fact.value)
    if not whole or not fact.parts or not all(_MONTH.match(key) for key in fact.parts):
        return Fact(fact.id, Unknown(Reason("undefined", f"{fact.id} {month}")))
    return Fact(fact.id, fact.parts.get(month, Decimal(0)))


def _near(one: Decimal, other: Decimal) -> bool:
    """Equal but for the last digits: a row without a month is in the total and in no part."""
    return abs(one - other) <= abs(other).scaleb(-20)


def _reads_rows(node: Node) -> bool:
    return node.op in ("table", "list") or any(_reads_rows(kid) for kid in node.kids)


def contradictions(world: FactWorld) -> list[Problem]:
    """Topics declared not to occur for which rows were submitted all the same."""
    submitted: dict[str, Any] = {}
    for code, spec in table_specs().items():
        table = world.source.tables.get(code)
        if spec.nil_topic and table is not None and len(table):
            submitted[spec.nil_topic] = table.rows()
    for quantity in world.book.quantities:
        topic = quantity.card.nil
        if topic in world.source.nil and topic not in submitted and quantity.rows is not None:
            rows = rows_of(quantity, world)
            if type(rows) is not Unknown and rows and world.facts[quantity.card.id].value != 0:
                submitted[topic] = rows
    found: list[Problem] = []
    for topic, nil in sorted(world.source.nil.items()):
        if topic in submitted:
            rows = submitted[topic]
            args: dict[str, Arg] = {"topic": topic, "rows": len(rows)}
            args["place"] = str(rows[0].anchor())
            found.append(Problem("nil.contradicted", nil.anchor, args, "major"))
    return found
