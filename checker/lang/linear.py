"""Which formulas may be computed once for many rows: those linear in the numbers of a row.

A formula that is linear and homogeneous in the numeric columns it reads, and takes everything else
from columns of words, gives the same total when rows with the same words are added first. The
degree of a node is 0 (words, factors, parameters) or 1 (a number of the row times such).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from checker.lang.nodes import Node
from checker.lang.types import AnyQuantity, Num

ANY = -1
"""Degree of a written zero: it fits both."""
_PURE = ("const", "param", "fact", "table", "parts")


class NotLinear(Exception):
    """The formula needs every row by itself."""


@dataclass
class Reads:
    """Columns of the row a formula reads.

    ``words`` decide, ``numbers`` are added, ``checked`` matter only when they cannot be read.
    """

    words: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    checked: set[str] = field(default_factory=set)


class Degrees:
    """Degrees of the nodes of one card.

    ``has_measured`` says whether table T30 has any row for a parameter: a look-up that can find
    nothing does not depend on its keys.
    """

    def __init__(self, variable: str, has_measured: Callable[[str], bool]) -> None:
        self.variable = variable
        self.has_measured = has_measured
        self.reads = Reads()

    def of(self, node: Node) -> int:
        """Degree of a node; raises ``NotLinear``."""
        if node.op == "const":
            return ANY if node.data == Decimal(0) and node.data is not False else 0
        if node.op in _PURE:
            return 0
        if node.op == "field":
            return self.field(node)
        if node.op == "local":
            raise NotLinear
        if node.op == "measured":
            return self.measured(node)
        if node.op in ("named", "neg"):
            return self.of(node.kids[0])
        if node.op == "binary":
            return self.binary(node)
        if node.op == "choice":
            self.words(node.kids[:1])
            return self.alike(node.kids[1:])
        if node.op == "call":
            return self.call(node)
        return self.words(node.kids)  # not, factor, list functions

    def measured(self, node: Node) -> int:
        """A look-up: by its keys when there is something to find, else only readable keys."""
        if self.has_measured(node.data[0]):
            return self.words(node.kids)
        inner = Degrees(self.variable, self.has_measured)
        inner.words(node.kids)
        self.reads.checked |= inner.reads.words | inner.reads.checked
        return 0

    def field(self, node: Node) -> int:
        """A column: of this row a word or a number, of anything else a constant."""
        holder = node.kids[0]
        if holder.op != "local" or holder.data != self.variable:
            return 0 if holder.op == "local" else self.words([holder])
        if isinstance(node.type, Num | AnyQuantity):
            self.reads.numbers.add(node.data)
            return 1
        self.reads.words.add(node.data)
        return 0

    def call(self, node: Node) -> int:
        """``to`` and ``first`` keep the degree; ``has`` only asks whether something is there."""
        if node.data == "to":
            return self.of(node.kids[0])
        if node.data == "first":
            return self.alike(node.kids)
        if node.data == "has":
            self.of(node.kids[0])  # presence is part of what tells rows apart
            return 0
        return self.words(node.kids)

    def binary(self, node: Node) -> int:
        if node.data in ("+", "-"):
            return self.alike(node.kids)
        left, right = (self.of(kid) for kid in node.kids)
        if node.data == "*":
            if ANY in (left, right):
                return ANY
            if left + right <= 1:
                return left + right
        elif node.data == "/" and right == 0:
            return left
        elif max(left, right) <= 0:
            return 0  # comparisons of words
        raise NotLinear

    def alike(self, kids: tuple[Node, ...] | list[Node]) -> int:
        """One degree for all, or ``NotLinear``."""
        degrees = {self.of(kid) for kid in kids} - {ANY}
        if len(degrees) > 1:
            raise NotLinear
        return degrees.pop() if degrees else ANY

    def words(self, kids: tuple[Node, ...] | list[Node]) -> int:
        """Nodes that must not depend on numbers of the row."""
        if any(self.of(kid) == 1 for kid in kids):
            raise NotLinear
        return 0
