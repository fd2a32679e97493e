"""Which findings rest on data that another finding questions.

Two sources that disagree about an amount, such as bills and settlements, put every figure in doubt
that reads the amount. A finding on such a figure may go away when the sources agree: the sources
come first.
"""

from collections.abc import Iterable, Sequence

from checker.diagnose.cone import Cone
from checker.diagnose.declared import Declared
from checker.lang.nodes import Node
from checker.lang.types import AnyQuantity, Num
from checker.packs.book import Requirement, RuleBook
from checker.result.encode import Json

CLAIMS = frozenset(("T22", "T24", "T25", "T28"))
"""Tables that state what was computed: their columns are no source of it."""


class Roots:
    """Amounts behind findings, as columns of tables; made once for a result."""

    def __init__(self, book: RuleBook, declared: Sequence[Declared]) -> None:
        self.book = book
        self.cone = Cone(book)
        self.stated = {item.row.key: item.figure for item in declared}
        self.cards = {requirement.card.id: requirement for requirement in book.requirements}
        self.known: dict[str, frozenset[str]] = {}

    def sources(self, finding: Json) -> frozenset[str]:
        """Amounts a finding says do not agree between two sources; empty for other findings."""
        requirement = self.cards.get(finding["rule"])
        if requirement is None or requirement.card.kind != "integrity":
            return frozenset()
        if requirement.card.finding != "misstatement":
            return frozenset()
        found = self._behind(requirement)
        tables = {column.partition(".")[0] for column in found}
        return frozenset() if tables & CLAIMS else found

    def rests_on(self, finding: Json) -> frozenset[str]:
        """Amounts the figures of a finding are computed from."""
        requirement = self.cards.get(finding["rule"])
        if requirement is None:
            return frozenset()
        figure = self.stated.get(finding["subject"])
        return self._behind(requirement) | (self._of_figure(figure) if figure else frozenset())

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


def after(entries: Sequence[Json], listed: Sequence[Json], roots: Roots) -> list[list[int]]:
    """For every action the positions of those that question its data."""
    by_id = {finding["id"]: finding for finding in listed}
    members = [[by_id[name] for name in entry["findings"]] for entry in entries]
    sources = [frozenset().union(*map(roots.sources, found)) for found in members]
    bases = [frozenset().union(*map(roots.rests_on, found)) for found in members]
    return [
        []
        if sources[at]
        else [other for other, source in enumerate(sources) if source and source & base]
        for at, base in enumerate(bases)
    ]
