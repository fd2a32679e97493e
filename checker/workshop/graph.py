"""What depends on what: figures, parameters, factors, tables, and the cards that read them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from checker.lang.nodes import Node
from checker.packs.book import RuleBook


@dataclass(frozen=True)
class Thing:
    """A card or something a card reads; ``kind`` is figure, requirement, param, factor, …"""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"param.{self.name}" if self.kind == "param" else self.name


@dataclass(frozen=True, eq=False)
class Graph:
    """Direct reads of every card, and the other way round."""

    reads: Mapping[Thing, tuple[Thing, ...]]
    readers: Mapping[Thing, tuple[Thing, ...]]

    def find(self, name: str) -> list[Thing]:
        """Things of a name; ``param.x`` for a parameter."""
        things = {*self.reads, *self.readers}
        return sorted((t for t in things if name in (t.name, str(t))), key=lambda t: t.kind)

    def above(self, thing: Thing) -> list[tuple[int, Thing]]:
        """Everything that depends on a thing, with the distance; nearest first, each once."""
        return list(_walk(thing, self.readers))

    def below(self, thing: Thing) -> list[tuple[int, Thing]]:
        """Everything a thing rests on, with the distance."""
        return list(_walk(thing, self.reads))


def graph_of(book: RuleBook) -> Graph:
    """The graph of a bound book."""
    reads: dict[Thing, tuple[Thing, ...]] = {}
    for quantity in book.quantities:
        reads[Thing("figure", quantity.card.id)] = _read(quantity.nodes())
    for requirement in book.requirements:
        reads[Thing("requirement", requirement.card.id)] = _read(requirement.nodes())
    readers: dict[Thing, list[Thing]] = {}
    for card, things in reads.items():
        for thing in things:
            readers.setdefault(thing, []).append(card)
    return Graph(reads, {thing: tuple(cards) for thing, cards in readers.items()})


def _read(nodes: Iterable[Node]) -> tuple[Thing, ...]:
    found: dict[Thing, None] = {}
    for node in nodes:
        found |= dict.fromkeys(_things(node))
    return tuple(sorted(found, key=lambda thing: (thing.kind, thing.name)))


def _things(node: Node) -> Iterator[Thing]:
    if node.op == "fact":
        yield Thing("figure", node.data)
    elif node.op in ("param", "decide", "table"):
        yield Thing(node.op, node.data)
    elif node.op == "factor":
        yield Thing("factor", node.data[0])
    elif node.op == "measured":
        yield Thing("measured", node.data[0])
    elif node.op == "field":
        table = node.table
        yield Thing("column", f"{table}.{node.data}")
    for kid in node.kids:
        yield from _things(kid)


def _walk(start: Thing, edges: Mapping[Thing, tuple[Thing, ...]]) -> Iterator[tuple[int, Thing]]:
    seen, level, depth = {start}, [start], 0
    while level:
        depth += 1
        following = []
        for thing in level:
            for other in edges.get(thing, ()):
                if other not in seen:
                    seen.add(other)
                    following.append(other)
                    yield depth, other
        level = following


def dot(graph: Graph, start: Thing) -> Iterator[str]:
    """A thing with what it rests on and what depends on it, in the DOT language."""
    chosen = {start, *(t for _, t in graph.above(start)), *(t for _, t in graph.below(start))}
    yield "digraph rules {"
    yield "  rankdir=LR; node [shape=box];"
    for card, things in graph.reads.items():
        for thing in things:
            if card in chosen and thing in chosen:
                yield f'  "{thing}" -> "{card}";'
    yield "}"
