"""Small wrong versions of a checked expression, each of which some case should notice.

A threshold moved by one in its last written place, a comparison changed, a conjunct dropped, a
unit slipped by a thousand, a sign or an operator exchanged, a filter left out, rows put together
in another way.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from checker.lang.nodes import Node
from checker.lang.types import Num
from checker.packs.book import RuleBook

_COMPARED = {
    "<": ("<=", ">="),
    "<=": ("<", ">="),
    ">": (">=", "<="),
    ">=": (">", "<="),
    "==": ("!=",),
    "!=": ("==",),
}
_COMPUTED = {"+": "-", "-": "+", "*": "/", "/": "*"}
_AGGREGATES = {"sum": "max", "max": "min", "min": "max", "exists": "all", "all": "exists"}
_SLIP = Node("const", Num(), "1000", data=Decimal(1000))


@dataclass(frozen=True, eq=False)
class Change:
    """One node of an expression and what stands in its place."""

    kind: str
    before: Node
    after: Node

    @property
    def name(self) -> str:
        """``<= → <`` in words that stay the same as long as the expression does."""
        return f"{self.before.text} → {self.after.text}"


def changes(root: Node, book: RuleBook) -> Iterator[Change]:
    """All single changes below ``root``; named parts are left to ``named_parts``."""
    seen: set[int] = set()

    def walk(node: Node, numbers: bool) -> Iterator[Change]:
        if id(node) in seen or node.op == "named":
            return
        seen.add(id(node))
        yield from _logic(node)
        if numbers:
            yield from _numbers(node, book)
        below = numbers and not (node.op == "call" and node.data in ("has", "date", "to"))
        for kid in node.kids:
            yield from walk(kid, below)

    yield from walk(root, True)


def named_parts(roots: Iterable[Node]) -> list[Node]:
    """What the names of ``where`` stand for, each once; a change there is one everywhere."""
    found: dict[int, Node] = {}

    def walk(node: Node) -> None:
        if node.op == "named":
            found.setdefault(id(node.kids[0]), node.kids[0])
        for kid in node.kids:
            walk(kid)

    for root in roots:
        walk(root)
    return list(found.values())


def _text(node: Node, operator: str) -> str:
    return f"({node.kids[0].text} {operator} {node.kids[1].text})"


def _logic(node: Node) -> Iterator[Change]:
    """Comparisons, conjuncts, alternatives, negations, operators."""
    if node.op == "not":
        yield Change("negation", node, node.kids[0])
    elif node.op == "list":
        yield from _rows(node)
    elif node.op == "choice":
        yield Change("conjunct", node, node.kids[1])
        yield Change("conjunct", node, node.kids[2])
    if node.op != "binary":
        return
    for other in _COMPARED.get(node.data, ()):
        yield Change("comparison", node, replace(node, data=other, text=_text(node, other)))
    if node.data in ("&&", "||"):
        yield Change("conjunct", node, node.kids[0])
        yield Change("conjunct", node, node.kids[1])
    elif node.data in _COMPUTED and not _carries_unit(node.kids[1]):
        other = _COMPUTED[node.data]
        yield Change("operator", node, replace(node, data=other, text=_text(node, other)))


def _rows(node: Node) -> Iterator[Change]:
    """A filter left out, or rows put together in another way."""
    name, variable = node.data
    if name == "filter":
        yield Change("filter", node, node.kids[0])
    other = _AGGREGATES.get(name)
    if other is not None:
        bodies = ", ".join([variable, *(kid.text for kid in node.kids[1:])])
        text = f"{node.kids[0].text}.{other}({bodies})"
        yield Change("aggregate", node, replace(node, data=(other, variable), text=text))


def _carries_unit(node: Node) -> bool:
    """One of a base unit: multiplying and dividing by it are the same."""
    return node.op == "const" and node.data == 1 and node.unit is not None


def _numbers(node: Node, book: RuleBook) -> Iterator[Change]:
    """Constants, parameters and factors moved; units slipped."""
    if node.op == "const" and isinstance(node.data, Decimal):
        step = _last_place(Decimal(node.text.split(" ")[0]))
        for moved in (step, -step):
            yield _moved_constant(node, moved)
        if node.unit is not None and node.data != 0:
            yield Change("unit", node, _times(node, _SLIP))
    elif node.op == "param":
        parameter = book.parameters[node.data]
        current = parameter.at(book.as_of)
        if current is not None and current.value is not None:
            base = parameter.unit.to_base(_last_place(current.value))
            for amount, sign in ((base, "+"), (-base, "-")):
                text = f"{node.text} {sign} {_last_place(current.value)} {parameter.unit.name}"
                yield Change("threshold", node, _plus(node, amount, text))
    elif node.op in ("factor", "decide"):
        for percent in ("1.02", "0.98"):
            by = Node("const", Num(), percent, data=Decimal(percent))
            yield Change("threshold", node, _times(node, by))
    elif node.op == "call" and node.data == "to":
        yield Change("unit", node, _times(node, _SLIP))
    elif node.op == "call" and node.data == "date" and node.kids[0].op == "const":
        for days in (1, -1):
            yield _moved_day(node, days)


def _last_place(value: Decimal) -> Decimal:
    """One in the last place a number is written with: 0.1 for 1.8, 1 for 35."""
    exponent: Any = value.as_tuple().exponent
    return Decimal(1).scaleb(min(int(exponent), 0))


def _moved_constant(node: Node, step: Decimal) -> Change:
    amount = Decimal(node.text.split(" ")[0]) + step
    value = node.unit.to_base(amount) if node.unit else amount
    text = f"{amount} {node.unit.name}" if node.unit else str(amount)
    return Change("threshold", node, replace(node, data=value, text=text))


def _moved_day(node: Node, days: int) -> Change:
    named = date.fromisoformat(node.kids[0].data)
    day = named + timedelta(days=days if date.min < named < date.max else 0)
    text = replace(node.kids[0], data=day.isoformat(), text=f'"{day}"')
    return Change("threshold", node, replace(node, kids=(text,), text=f"date({text.text})"))


def _plus(node: Node, amount: Decimal, text: str) -> Node:
    other = Node("const", node.type, str(amount), data=amount)
    return Node("binary", node.type, text, (node, other), "+", node.unit)


def _times(node: Node, other: Node) -> Node:
    text = f"({node.text} * {other.text})"
    return Node("binary", node.type, text, (node, other), "*", node.unit)


def changed(root: Node, change: Change) -> Node:
    """``root`` with the change made wherever its node stands."""
    if root is change.before:
        return change.after
    kids = tuple(changed(kid, change) for kid in root.kids)
    if all(one is other for one, other in zip(kids, root.kids, strict=True)):
        return root
    return replace(root, kids=kids)
