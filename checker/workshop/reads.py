"""What a card reads: columns by table, figures, header fields, texts it compares with."""

from checker.dossier.schema import all_specs
from checker.lang.nodes import Node
from checker.packs.book import Quantity, Requirement, RuleBook

_KEYS = 6


class Reads:
    """What a card reads: columns by table, figures, header fields, texts it compares with."""

    def __init__(self, card: Requirement | Quantity, book: RuleBook) -> None:
        self.book = book
        self.columns: dict[str, set[str]] = {}
        self.facts: set[str] = set()
        self.header: set[str] = set()
        self.texts: set[str] = set()
        self.keys: dict[tuple[str, str], dict[str, None]] = {}
        self.measured: dict[str, str] = {}
        for node in card.nodes():
            self._walk(node)
        for table in list(self.columns):  # derived tables are filled from submitted ones
            self.columns.setdefault(all_specs()[table].shown, set()).update(self.columns[table])

    def _walk(self, node: Node) -> None:
        if node.op == "field":
            table = node.table
            if table == "dossier":
                self.header.add(node.data)
            else:
                self.columns.setdefault(table, set()).add(node.data)
        elif node.op in ("fact", "table", "const"):
            self._leaf(node)
        elif node.op == "factor":
            self._factor(node)
        elif node.op == "measured":
            self.columns.setdefault("T30", set()).update(("value", "parameter"))
            self.texts.add(node.data[0])
            self.measured[node.data[0]] = node.data[1].name
        for kid in node.kids:
            self._walk(kid)

    def _factor(self, node: Node) -> None:
        """Values a column can have because a factor family knows them."""
        family, pinned = node.data
        rows = self.book.families[family].rows
        for place, kid in enumerate(node.kids[1:] if pinned else node.kids):
            if kid.op == "field":
                table = kid.table
                known = self.keys.setdefault((table, kid.data), {})
                known.update(dict.fromkeys([keys[place] for keys in rows][:_KEYS]))

    def _leaf(self, node: Node) -> None:
        if node.op == "fact":
            self.facts.add(node.data)
        elif node.op == "table":
            self.columns.setdefault(node.data, set())
        elif isinstance(node.data, str):
            self.texts.add(node.data)
        elif isinstance(node.data, tuple):
            self.texts.update(node.data)
