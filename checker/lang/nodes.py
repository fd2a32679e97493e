"""Checked expressions: every node has a type, and knows how it is written."""

from dataclasses import dataclass
from typing import Any

from checker.lang.types import RowOf, Type
from checker.lang.units import Unit


@dataclass(frozen=True, eq=False)
class Node:
    """A checked node.

    ``op`` says what it does: ``const``, ``local``, ``table``, ``field``, ``fact``, ``param``,
    ``factor``, ``measured``, ``parts``, ``named``, ``call``, ``list``, ``not``, ``neg``,
    ``binary``, ``choice``. ``data`` holds what
    the operation needs besides ``kids`` (a name, an operator, a constant); ``unit`` is how people
    see the value.
    """

    op: str
    type: Type
    text: str
    kids: tuple["Node", ...] = ()
    data: Any = None
    unit: Unit | None = None

    @property
    def is_percent(self) -> bool:
        """True when people see the value in percent."""
        return self.unit is not None and self.unit.name == "%"

    @property
    def table(self) -> str:
        """Table of a ``field``, or ``dossier``."""
        row = self.kids[0].type
        return row.table if isinstance(row, RowOf) else ""

    def size(self) -> int:
        """Number of nodes with named parts written out; counted once for shared parts."""
        known: int | None = self.__dict__.get("nodes")
        if known is None:
            known = 1 + sum(kid.size() for kid in self.kids)
            self.__dict__["nodes"] = known
        return known

    def named(self, op: str) -> frozenset[Any]:
        """What nodes of one operation name, here and anywhere below; gathered once."""
        names: dict[str, frozenset[Any]] | None = self.__dict__.get("names")
        if names is None:
            gathered: dict[str, set[Any]] = {}
            _gather(self, gathered)
            names = {key: frozenset(found) for key, found in gathered.items()}
            self.__dict__["names"] = names
        return names.get(op, _NONE)


_NONE: frozenset[Any] = frozenset()
_NAMING = frozenset(
    ("fact", "param", "factor", "decide", "measured", "parts", "table", "named", "local", "call")
)


def _gather(node: Node, found: dict[str, set[Any]]) -> None:
    if node.op in _NAMING:
        found.setdefault(node.op, set()).add(node.data)
    for kid in node.kids:
        _gather(kid, found)
