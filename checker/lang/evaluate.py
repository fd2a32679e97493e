"""Compiles checked expressions to closures with three-valued logic on ``Decimal``.

``&&`` and ``||`` decide as soon as one side decides (Kleene logic); every other operation on an
unknown is unknown, with the reasons of all unknown operands.
"""

import functools
import operator
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from checker.lang.builtins import CALLS
from checker.lang.lists import compile_list
from checker.lang.nodes import Node
from checker.lang.types import Num
from checker.lang.units import CONTEXT, near
from checker.lang.values import Reason, Unknown, join
from checker.lang.world import Env, Evaluate

_NUMERIC: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda left, right: left == right or near(left, right),
    "!=": lambda left, right: left != right and not near(left, right),
    "<": lambda left, right: left < right and not near(left, right),
    "<=": lambda left, right: left <= right or near(left, right),
    ">": lambda left, right: left > right and not near(left, right),
    ">=": lambda left, right: left >= right or near(left, right),
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
}
_OTHER: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda item, items: item in items,
}


def compile_node(node: Node) -> Evaluate:
    """A function from environment to value for a checked node.

    A result beyond what decimals hold is unknown, like a division by zero. The function is kept
    with its node: cards are evaluated many times.
    """
    known: Evaluate | None = node.__dict__.get("compiled")
    if known is not None:
        return known
    inner = _compile(node)

    def guarded(env: Env) -> Any:
        try:
            return inner(env)
        except DecimalException:
            return Unknown(Reason("undefined", node.text[:80]))

    node.__dict__["compiled"] = guarded
    return guarded


def _compile(node: Node) -> Evaluate:
    return _COMPILERS[node.op](node)


def _const(node: Node) -> Evaluate:
    value = node.data
    return lambda env: value


def _local(node: Node) -> Evaluate:
    name = node.data
    return lambda env: env.locals[name]


def _field(node: Node) -> Evaluate:
    name = node.data
    target = node.kids[0]
    if target.op == "local":
        holder = target.data
        return lambda env: env.locals[holder].read(name)
    get = _compile(target)

    def read(env: Env) -> Any:
        row = get(env)
        return row if type(row) is Unknown else row.read(name)

    return read


def _table(node: Node) -> Evaluate:
    name = node.data
    return lambda env: env.world.table(name)


def _fact(node: Node) -> Evaluate:
    name = node.data
    return lambda env: env.world.fact(name)


def _param(node: Node) -> Evaluate:
    name = node.data
    return lambda env: env.world.parameter(name)


def _factor(node: Node) -> Evaluate:
    family, pinned = node.data
    keys = [_compile(kid) for kid in node.kids]

    def look_up(env: Env) -> Any:
        values = [key(env) for key in keys]
        if any(type(value) is Unknown for value in values):
            return join(*values)
        year, keyed = (values[0], values[1:]) if pinned else ("", values)
        return env.world.factor(family, tuple(keyed), year)

    return look_up


def _decide(node: Node) -> Evaluate:
    name = node.data
    given = [_compile(kid) for kid in node.kids]

    def look_up(env: Env) -> Any:
        values = [value(env) for value in given]
        if any(type(value) is Unknown for value in values):
            return join(*values)
        return env.world.decide(name, tuple(values))

    return look_up


def _measured(node: Node) -> Evaluate:
    name, unit = node.data
    keys = [_compile(kid) for kid in node.kids]

    def look_up(env: Env) -> Any:
        values = []
        for key in keys:
            value = key(env)
            if type(value) is Unknown and not value.missing:
                return value
            values.append("" if type(value) is Unknown else value)
        return env.world.measured(name, unit, tuple(values))

    return look_up


def _parts(node: Node) -> Evaluate:
    kids = [_compile(kid) for kid in node.kids]

    def add(env: Env) -> Any:
        values = [kid(env) for kid in kids]
        if any(type(value) is Unknown for value in values):
            return join(*values)
        return functools.reduce(CONTEXT.add, values, Decimal(0))

    return add


def _part(node: Node) -> Evaluate:
    return _compile(node.kids[0])


def _call(node: Node) -> Evaluate:
    return CALLS[node.data](node, [_compile(kid) for kid in node.kids])


def _list(node: Node) -> Evaluate:
    target, *bodies = (_compile(kid) for kid in node.kids)
    return compile_list(node, target, bodies)


def _not(node: Node) -> Evaluate:
    operand = _compile(node.kids[0])

    def negate(env: Env) -> Any:
        value = operand(env)
        return value if type(value) is Unknown else not value

    return negate


def _neg(node: Node) -> Evaluate:
    operand = _compile(node.kids[0])

    def minus(env: Env) -> Any:
        value = operand(env)
        return value if type(value) is Unknown else CONTEXT.minus(value)

    return minus


def _decided(left: Evaluate, right: Evaluate, absorbing: bool) -> Evaluate:
    """``&&`` (absorbing false) and ``||`` (absorbing true)."""

    def decide(env: Env) -> Any:
        one = left(env)
        if one is absorbing:
            return absorbing
        other = right(env)
        if other is absorbing:
            return absorbing
        if type(one) is Unknown or type(other) is Unknown:
            return join(one, other)
        return not absorbing

    return decide


def _binary(node: Node) -> Evaluate:
    left, right = (_compile(kid) for kid in node.kids)
    if node.data in ("&&", "||"):
        return _decided(left, right, node.data == "||")
    if node.data == "/":
        return _divide(node, left, right)
    numeric = isinstance(node.kids[0].type, Num)
    operate = (_NUMERIC if numeric else _OTHER)[node.data]
    if node.kids[1].op == "const":
        constant = node.kids[1].data

        def with_constant(env: Env) -> Any:
            value = left(env)
            return value if type(value) is Unknown else operate(value, constant)

        return with_constant

    def apply(env: Env) -> Any:
        one, other = left(env), right(env)
        if type(one) is Unknown or type(other) is Unknown:
            return join(one, other)
        return operate(one, other)

    return apply


def _divide(node: Node, left: Evaluate, right: Evaluate) -> Evaluate:
    def divide(env: Env) -> Any:
        one, other = left(env), right(env)
        if type(one) is Unknown or type(other) is Unknown:
            return join(one, other)
        if other == Decimal(0):
            return Unknown(Reason("undefined", f"{node.kids[1].text} = 0"))
        return CONTEXT.divide(one, other)

    return divide


def _choice(node: Node) -> Evaluate:
    condition, yes, no = (_compile(kid) for kid in node.kids)

    def choose(env: Env) -> Any:
        value = condition(env)
        if type(value) is Unknown:
            return value
        return yes(env) if value else no(env)

    return choose


_COMPILERS: dict[str, Callable[[Node], Evaluate]] = {
    "const": _const,
    "local": _local,
    "field": _field,
    "table": _table,
    "fact": _fact,
    "param": _param,
    "factor": _factor,
    "decide": _decide,
    "measured": _measured,
    "parts": _parts,
    "named": _part,
    "call": _call,
    "list": _list,
    "not": _not,
    "neg": _neg,
    "binary": _binary,
    "choice": _choice,
}
