"""Which findings rest on data that another finding questions.

Two sources that disagree about an amount, such as bills and settlements, put every figure in doubt
that reads the amount from the same rows. A finding on such a figure may go away when the sources
agree: the sources come first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from checker.diagnose.cone import Cone
from checker.diagnose.declared import Declared
from checker.lang.nodes import Node
from checker.lang.trace import Trace
from checker.lang.types import AnyQuantity, Num
from checker.packs.book import Requirement, RuleBook
from checker.places import cell_of, row_of
from checker.result.encode import Json
from checker.result.origins import MAX_PLACES

CLAIMS = frozenset(("T22", "T24", "T25", "T28"))
"""Tables that state what was computed: their columns are no source of it."""


Row: TypeAlias = tuple[str, str, str]
"""A row by file, sheet and number."""


@dataclass(frozen=True)
class Basis:
    """What a finding rests on: amounts as columns of tables, and the rows they were read from.

    ``rows`` is None where not all of them are known.
    """

    columns: frozenset[str] = frozenset()
    rows: frozenset[Row] | None = frozenset()

    def meets(self, other: "Basis") -> bool:
        """True when both read an amount of one column from one row."""
        if self.rows is None or other.rows is None:
            return False
        return bool(self.columns & other.columns and self.rows & other.rows)


class Roots:
    """Amounts behind findings; made once for a result."""

    def __init__(
        self, book: RuleBook, declared: Sequence[Declared], traces: Mapping[str, Trace]
    ) -> None:
        self.book = book
        self.traces = traces
        self.read: dict[str, frozenset[Row] | None] = {}
        self.cone = Cone(book)
        self.stated = {item.row.key: item.figure for item in declared}
        self.cards = {requirement.card.id: requirement for requirement in book.requirements}
        self.known: dict[str, frozenset[str]] = {}

    def source(self, finding: Json) -> Basis | None:
        """Amounts a finding says do not agree between two sources; None for other findings."""
        requirement = self.cards.get(finding["rule"])
        if requirement is None or requirement.card.kind != "integrity":
            return None
        if requirement.card.finding != "misstatement":
            return None
        found = self._behind(requirement)
        if {column.partition(".")[0] for column in found} & CLAIMS:
            return None
        return Basis(found, _rows(finding))

    def basis(self, finding: Json) -> Basis:
        """What the figures of a finding are computed from."""
        requirement = self.cards.get(finding["rule"])
        if requirement is None:
            return Basis()
        figures = {name for node in requirement.nodes() for name in node.named("fact")}
        if finding["subject"] in self.stated:
            figures.add(self.stated[finding["subject"]])
        columns = self._behind(requirement).union(*map(self._of_figure, figures))
        rows: frozenset[Row] | None = frozenset(map(row_of, finding["places"]))
        for name in figures:
            more = self._rows_of(name)
            rows = None if rows is None or more is None else rows | more
        return Basis(columns, rows)

    def _rows_of(self, figure: str) -> frozenset[Row] | None:
        """Rows a figure was read from, through the figures it is made of."""
        if figure not in self.read:
            self.read[figure] = frozenset()  # a circle reads nothing more
            trace = self.traces.get(figure)
            found: frozenset[Row] | None = frozenset()
            if trace is not None:
                own = frozenset(row_of(anchor.to_json()) for anchor in trace.anchors())
                found = None if trace.omitted else own
                for part in trace.references("fact"):
                    more = self._rows_of(part)
                    found = None if found is None or more is None else found | more
            self.read[figure] = found
        return self.read[figure]

    def _behind(self, requirement: Requirement) -> frozenset[str]:
        nodes = requirement.nodes()
        figures = {name for node in nodes for name in node.named("fact")}
        return frozenset(self._amounts(nodes)).union(*map(self._of_figure, figures))

    def _of_figure(self, figure: str) -> frozenset[str]:
        if figure not in self.known:
            found: set[str] = set()
            for name in self.cone.of(figure):
                quantity = self.book.by_id.get(name)
                found |= set(self._amounts(quantity.nodes() if quantity else ()))
            self.known[figure] = frozenset(found)
        return self.known[figure]

    def _amounts(self, nodes: Iterable[Node]) -> Iterable[str]:
        for node in nodes:
            if node.op == "field" and _is_amount(node):
                yield f"{node.table}.{node.data}"
            yield from self._amounts(node.kids)


def _is_amount(node: Node) -> bool:
    return isinstance(node.type, Num | AnyQuantity)


def _rows(finding: Json) -> frozenset[Row] | None:
    """Rows a finding points to; None when it may point to more."""
    places = finding["places"]
    return None if len(places) >= MAX_PLACES else frozenset(map(row_of, places))


def after(entries: Sequence[Json], listed: Sequence[Json], roots: Roots) -> list[list[int]]:
    """For every action the positions of those that question its data: sources that disagree, and
    cells that could not be read."""
    by_id = {finding["id"]: finding for finding in listed}
    members = [[by_id[name] for name in entry["findings"]] for entry in entries]
    sources = [[s for one in found if (s := roots.source(one))] for found in members]
    bases = [[roots.basis(one) for one in found] for found in members]
    cells = [_cells(found) for found in members]
    unread = [entry["cause"] == "reading" for entry in entries]
    return [
        []
        if unread[at]
        else [
            other
            for other, source in enumerate(sources)
            if (unread[other] and cells[other] & cells[at])
            or (not sources[at] and any(one.meets(b) for one in source for b in bases[at]))
        ]
        for at in range(len(entries))
    ]


def _cells(found: Sequence[Json]) -> set[tuple[str, ...]]:
    """Cells that findings point to; whole rows are none."""
    return {
        cell_of(place)
        for finding in found
        for place in finding["places"]
        if place.get("label")
        or (finding["rule"].startswith("READ-") and (place.get("cell") or place.get("column")))
    }
