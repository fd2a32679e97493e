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
    opposed = _opposed(list(_conjuncts(node)))
    if opposed is not None:
        return opposed
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


def always_true(node: Node) -> str | None:
    """The text of what makes a condition hold whatever the data are, or None."""
    if node.op != "binary":
        return None
    if node.data in ("==", "<=", ">=") and node.kids[0].text == node.kids[1].text:
        return node.kids[0].text
    if node.data == "||":
        return _opposed(list(_conjuncts(node, "||")), every=True)
    return None


_SIGNS = {"<": {-1}, "<=": {-1, 0}, "==": {0}, ">=": {0, 1}, ">": {1}, "!=": {-1, 1}}
"""Which orders of left and right a comparison allows."""


def _opposed(parts: list[Node], *, every: bool = False) -> str | None:
    """Left side of comparisons of the same two sides that allow no order together.

    With ``every`` of comparisons of which one always holds.
    """
    allowed: dict[tuple[str, str], set[int]] = {}
    for part in parts:
        signs = _SIGNS.get(part.data) if part.op == "binary" else None
        if signs is None:
            continue
        left, right = (kid.text for kid in part.kids)
        if left > right:
            left, right, signs = right, left, {-sign for sign in signs}
        start = set() if every else {-1, 0, 1}
        known = allowed.setdefault((left, right), start)
        allowed[left, right] = known | signs if every else known & signs
        if (left == right and 0 not in signs and not every) or (
            allowed[left, right] == ({-1, 0, 1} if every else set())
        ):
            return left
    return None


def _conjuncts(node: Node, operator: str = "&&") -> Iterator[Node]:
    """The parts of a chain of ``&&`` (or ``||``)."""
    if node.op == "binary" and node.data == operator:
        for kid in node.kids:
            yield from _conjuncts(kid, operator)
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
