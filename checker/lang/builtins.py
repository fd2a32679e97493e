"""Run-time side of the functions listed in ``checker.lang.functions``."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from checker.lang.nodes import Node
from checker.lang.serials import add_months, serial_count
from checker.lang.types import RowOf
from checker.lang.units import CONTEXT
from checker.lang.values import ABSENT, Reason, Unknown, join
from checker.lang.world import Env, Evaluate
from checker.places import Anchor

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])\Z")
Maker: TypeAlias = Callable[[Node, list[Evaluate]], Evaluate]


def _strict(function: Callable[..., Any]) -> Maker:
    """A function that is unknown as soon as one argument is."""

    def make(node: Node, arguments: list[Evaluate]) -> Evaluate:
        def call(env: Env) -> Any:
            values = [argument(env) for argument in arguments]
            if any(type(value) is Unknown for value in values):
                return join(*values)
            return function(env, *values)

        return call

    return make


def _has(node: Node, arguments: list[Evaluate]) -> Evaluate:
    """False when nothing was given; what could not be read is unknown, not missing."""
    argument = arguments[0]

    def given(env: Env) -> Any:
        value = argument(env)
        if type(value) is not Unknown:
            return True
        return False if value.missing else value

    return given


def _first(node: Node, arguments: list[Evaluate]) -> Evaluate:
    """The first value that was submitted; something unreadable is not skipped."""

    def pick(env: Env) -> Any:
        missing = []
        for argument in arguments:
            value = argument(env)
            if type(value) is not Unknown or not value.absent:
                return value
            missing.append(value)
        return join(*missing)

    return pick


def _to(node: Node, arguments: list[Evaluate]) -> Evaluate:
    """A quantity in the unit named; absent when its own unit measures something else."""
    unit = node.unit
    assert unit is not None
    quantity, named = arguments[0], _column_name(node.kids[0])

    def convert(env: Env) -> Any:
        value = quantity(env)
        if type(value) is Unknown:
            return value
        if value.unit.dimension != unit.dimension:
            place = _place(node.kids[0], env)
            return Unknown(Reason(ABSENT, f"{named} [{unit.name}]", place))
        return value.base()

    return convert


def _column_name(node: Node) -> str:
    """``T04.consumption`` for a column of a row bound by a name."""
    if node.op == "field" and isinstance(node.kids[0].type, RowOf):
        return f"{node.kids[0].type.table}.{node.data}"
    return node.text


def _place(node: Node, env: Env) -> Anchor | None:
    """Place of a column of a row bound by a name."""
    if node.op == "field" and node.kids[0].op == "local":
        anchor: Anchor = env.locals[node.kids[0].data].anchor(node.data)
        return anchor
    return None


def _whole(number: Decimal) -> int | None:
    """An integer, or None for a number with decimals or out of reason."""
    return int(number) if number == number.to_integral_value() and abs(number) < 10_000 else None


def _year(env: Env, shift: Decimal) -> Any:
    count = _whole(shift)
    if count is None or not env.world.months:
        return Unknown(Reason("undefined", f"year({shift})"))
    return f"{int(env.world.months[-1][:4]) + count:04d}"


def _day(env: Env, text: str) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return Unknown(Reason("invalid", text))


def _later(env: Env, month: str, count: Decimal) -> Any:
    moved = _whole(count)
    if not _MONTH.match(month) or moved is None:
        return Unknown(Reason("invalid", month))
    return add_months(month, moved)


def _serials(env: Env, first: str, last: str) -> Any:
    count = serial_count(first, last)
    return Unknown(Reason("invalid", f"{first} … {last}")) if count is None else count


def _size(env: Env, rows: Sequence[Any]) -> Decimal:
    return Decimal(len(rows))


CALLS: dict[str, Maker] = {
    "has": _has,
    "first": _first,
    "to": _to,
    "abs": _strict(lambda env, value: CONTEXT.abs(value)),
    "least": _strict(lambda env, *values: min(values)),
    "greatest": _strict(lambda env, *values: max(values)),
    "size": _strict(_size),
    "agrees": _strict(lambda env, *given: env.world.agrees(*given)),
    "recomputed": _strict(lambda env, *given: env.world.recomputed(*given)),
    "evidence": _strict(lambda env, evidence_id: env.world.evidence(evidence_id)),
    "is_process": _strict(lambda env, code: env.world.knows("process", code)),
    "is_figure": _strict(lambda env, name: env.world.knows("figure", name)),
    "is_parameter": _strict(lambda env, name: env.world.knows("parameter", name)),
    "energy": _strict(lambda env, text: env.world.energy(text)),
    "date": _strict(_day),
    "as_of": _strict(lambda env: env.world.as_of),
    "month_of": _strict(lambda env, day: f"{day:%Y-%m}"),
    "later": _strict(_later),
    "days": _strict(lambda env, start, end: Decimal((end - start).days)),
    "months": _strict(lambda env: Decimal(len(env.world.months))),
    "year": _strict(_year),
    "serials": _strict(_serials),
    "starts_with": _strict(lambda env, text, head: text.startswith(head)),
}
