"""Conditions that can never hold, seen from their constants alone."""

from collections.abc import Iterator
from decimal import Decimal

from checker.lang.nodes import Node
from checker.packs.conditions import Interval


def never_true(node: Node) -> str | None:
    """The name that would need two values at once, or None."""
    spans: dict[str, Interval] = {}
    texts: dict[str, set[str]] = {}
    for body in _bodies(node):
        inner = never_true(body)
        if inner is not None:
            return inner
    for part in _conjuncts(node):
        name, span, allowed = _bound(part)
        if span is not None:
            known = spans.get(name)
            spans[name] = span if known is None else known.common(span)
            if spans[name].empty:
                return name
        if allowed is not None:
            texts[name] = texts.get(name, allowed) & allowed
            if not texts[name]:
                return name
    return None


def _conjuncts(node: Node) -> Iterator[Node]:
    """The parts of a chain of ``&&``."""
    if node.op == "binary" and node.data == "&&":
        for kid in node.kids:
            yield from _conjuncts(kid)
    else:
        yield node


def _bodies(node: Node) -> Iterator[Node]:
    """Conditions of list functions: each speaks of rows of its own."""
    for kid in node.kids:
        if node.op == "list" and kid is not node.kids[0] and node.data[0] in _CHOOSING:
            yield kid
        elif node.op == "list" or (node.op == "binary" and node.data == "&&"):
            yield from _bodies(kid)


_CHOOSING = ("exists", "filter", "only", "count")


def _bound(node: Node) -> tuple[str, Interval | None, set[str] | None]:
    """What one comparison with a constant allows: an interval of numbers, or some texts."""
    if node.op != "binary" or len(node.kids) != 2:
        return "", None, None
    left, right = node.kids
    if node.data == "in" and right.op == "const":
        return left.text, None, set(right.data)
    if left.op == "const":
        left, right = right, left
        operator = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(node.data, node.data)
    else:
        operator = node.data
    if right.op != "const":
        return "", None, None
    value = right.data
    if operator == "==" and isinstance(value, str):
        return left.text, None, {value}
    if isinstance(value, Decimal) and operator in _SPANS:
        return left.text, _SPANS[operator](value), None
    return "", None, None


_SPANS = {
    "<": lambda value: Interval(high=value, high_in=False),
    "<=": lambda value: Interval(high=value),
    ">": lambda value: Interval(low=value, low_in=False),
    ">=": lambda value: Interval(low=value),
    "==": lambda value: Interval(value, value),
}
