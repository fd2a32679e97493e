"""Run-time side of the functions listed in ``checker.lang.functions``."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from checker.lang.nodes import Node
from checker.lang.serials import add_months, serial_count
from checker.lang.units import CONTEXT
from checker.lang.values import ABSENT, Reason, Unknown, join
from checker.lang.world import Env, Evaluate

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
    value = arguments[0]
    return lambda env: type(value(env)) is not Unknown


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
    quantity = arguments[0]

    def convert(env: Env) -> Any:
        value = quantity(env)
        if type(value) is Unknown:
            return value
        if value.unit.dimension != unit.dimension:
            return Unknown(Reason(ABSENT, f"{node.kids[0].text} [{unit.name}]"))
        return value.base()

    return convert


def _day(env: Env, text: str) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return Unknown(Reason("invalid", text))


def _later(env: Env, month: str, count: Decimal) -> Any:
    if len(month) != 7 or not month[:4].isdigit() or not month[5:].isdigit():
        return Unknown(Reason("invalid", month))
    return add_months(month, int(count))


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
    "agrees": _strict(lambda env, declared, figure: env.world.agrees(declared, figure)),
    "evidence": _strict(lambda env, evidence_id: env.world.evidence(evidence_id)),
    "date": _strict(_day),
    "as_of": _strict(lambda env: env.world.as_of),
    "month_of": _strict(lambda env, day: f"{day:%Y-%m}"),
    "later": _strict(_later),
    "days": _strict(lambda env, start, end: Decimal((end - start).days)),
    "months": _strict(lambda env: Decimal(len(env.world.months))),
    "year": _strict(lambda env, shift: str(int(env.world.months[-1][:4]) + int(shift))),
    "serials": _strict(_serials),
    "starts_with": _strict(lambda env, text, head: text.startswith(head)),
}
