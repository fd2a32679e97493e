"""Run-time side of the list functions: ``rows.sum(r, …)`` and its relatives."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

from checker.lang.linear import Degrees, NotLinear
from checker.lang.nodes import Node
from checker.lang.serials import overlapping
from checker.lang.units import CONTEXT
from checker.lang.values import ABSENT, Reason, RowList, Unknown, join
from checker.lang.world import Env, Evaluate

MANY = 2_000
"""From so many rows on, a condition is decided once for rows alike."""
_CONDITIONS = ("filter", "exists", "count", "all")
Finish: TypeAlias = Callable[[Node, Env, RowList, list[tuple[Any, ...]]], Any]


def each(env: Env, rows: RowList, variable: str, bodies: list[Evaluate]) -> Any:
    """Values of all bodies for every row, or ``Unknown`` when the budget is used up."""
    if spent := env.spend(len(rows)):
        return spent
    outer = env.locals.get(variable)
    values = []
    for row in rows:
        env.locals[variable] = row
        values.append(tuple(body(env) for body in bodies))
    if outer is None:
        env.locals.pop(variable, None)
    else:
        env.locals[variable] = outer
    return values


def each_kind(
    env: Env, rows: RowList, variable: str, body: Evaluate, words: tuple[str, ...]
) -> list[tuple[Any, ...]] | Unknown:
    """Like ``each`` for one body that reads only ``words``: rows with the same words share it."""
    if spent := env.spend(len(rows)):
        return spent
    ids, firsts = rows[0].table.kinds(words)
    known: list[tuple[Any, ...] | None] = [None] * len(firsts)
    outer = env.locals.get(variable)
    values = []
    for row in rows:
        kind = ids[row.index]
        value = known[kind]
        if value is None:
            env.locals[variable] = row
            value = known[kind] = (body(env),)
        values.append(value)
    if outer is None:
        env.locals.pop(variable, None)
    else:
        env.locals[variable] = outer
    return values


def _words(node: Node, variable: str) -> tuple[str, ...] | None:
    """Columns of words that alone decide the body of a condition; None when numbers do."""
    degrees = Degrees(variable, lambda name: True)
    try:
        degrees.words(node.kids[1:])
    except NotLinear:
        return None
    return None if degrees.reads.numbers else tuple(sorted(degrees.reads.words))


def compile_list(node: Node, target: Evaluate, bodies: list[Evaluate]) -> Evaluate:
    """Closure for ``target.name(variable, bodies)``."""
    name, variable = node.data
    finish = _FINISH[name]
    words = _words(node, variable) if name in _CONDITIONS else None

    def run(env: Env) -> Any:
        rows = target(env)
        if type(rows) is Unknown:
            return rows
        values: Any
        if words is not None and len(rows) >= MANY and hasattr(rows[0], "table"):
            values = each_kind(env, rows, variable, bodies[0], words)
        else:
            values = each(env, rows, variable, bodies)
        return values if type(values) is Unknown else finish(node, env, rows, values)

    return run


def _unknowns(values: list[tuple[Any, ...]]) -> Unknown | None:
    found = [value for row in values for value in row if type(value) is Unknown]
    return join(*found) if found else None


def _exists(node: Node, env: Env, rows: RowList, values: list[tuple[Any, ...]]) -> Any:
    if any(value[0] is True for value in values):
        return True
    return _unknowns(values) or False


def _all(node: Node, env: Env, rows: RowList, values: list[tuple[Any, ...]]) -> Any:
    """True for all rows; over no rows it is unknown, because nothing was looked at."""
    if not rows:
        return Unknown(Reason("vacuous", node.kids[0].text))
    if any(value[0] is False for value in values):
        return False
    return _unknowns(values) or True


def _chosen(rows: RowList, values: list[tuple[Any, ...]]) -> RowList:
    picked = (row for row, value in zip(rows, values, strict=True) if value[0] is True)
    return RowList(picked, rows.nil)


def _filter(node: Node, env: Env, rows: RowList, values: list[tuple[Any, ...]]) -> Any:
    return _unknowns(values) or _chosen(rows, values)


def _count(node: Node, env: Env, rows: RowList, values: list[tuple[Any, ...]]) -> Any:
    return _unknowns(values) or Decimal(len(_chosen(rows, values)))


def _sum(node: Node, env: Env, rows: RowList, values: list[tuple[Any, ...]]) -> Any:
    if unknown := _unknowns(values):
        return unknown
    total = Decimal(0)
    for value in values:
        total = CONTEXT.add(total, value[0])
    return total


def _extreme(choose: Callable[[list[Any]], Any]) -> Finish:
    def finish(node: Node, env: Env, rows: RowList, values: list[tuple[Any, ...]]) -> Any:
        if not rows:
            return Unknown(Reason("vacuous", node.kids[0].text))
        return _unknowns(values) or choose([value[0] for value in values])

    return finish


def _only(node: Node, env: Env, rows: RowList, values: list[tuple[Any, ...]]) -> Any:
    """The one row that fits; none is absent, several are ambiguous."""
    fitting = _chosen(rows, values)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        return Unknown(Reason("ambiguous", node.text))
    return _unknowns(values) or Unknown(Reason(ABSENT, node.text))


def _duplicates(node: Node, env: Env, rows: RowList, values: list[tuple[Any, ...]]) -> Any:
    """Rows whose key stands in another row too."""
    if unknown := _unknowns(values):
        return unknown
    seen: dict[tuple[Any, ...], int] = {}
    for value in values:
        seen[value] = seen.get(value, 0) + 1
    return RowList(row for row, value in zip(rows, values, strict=True) if seen[value] > 1)


def _distinct(node: Node, env: Env, rows: RowList, values: list[tuple[Any, ...]]) -> Any:
    """The first row of every key."""
    if unknown := _unknowns(values):
        return unknown
    first: dict[tuple[Any, ...], Any] = {}
    for row, value in zip(rows, values, strict=True):
        first.setdefault(value, row)
    return RowList(first.values(), rows.nil)


def _overlaps(node: Node, env: Env, rows: RowList, values: list[tuple[Any, ...]]) -> Any:
    """Rows whose span from first to second body meets another row's, group by group."""
    if unknown := _unknowns(values):
        return unknown
    found = overlapping((start, end, group) for start, end, *group in values)
    return RowList(rows[index] for index in found)


def _gaps(node: Node, env: Env, rows: RowList, values: list[tuple[Any, ...]]) -> Any:
    """Months of the reporting period that no row names."""
    if unknown := _unknowns(values):
        return unknown
    named = {value[0] for value in values}
    return [month for month in env.world.months if month not in named]


_FINISH: dict[str, Finish] = {
    "exists": _exists,
    "all": _all,
    "filter": _filter,
    "count": _count,
    "sum": _sum,
    "min": _extreme(min),
    "max": _extreme(max),
    "only": _only,
    "duplicates": _duplicates,
    "distinct": _distinct,
    "overlaps": _overlaps,
    "gaps": _gaps,
}
