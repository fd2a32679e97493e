"""Which way a parameter gets stricter, judged from every place where cards read it."""

from collections.abc import Iterator

from checker.lang.nodes import Node
from checker.packs.book import RuleBook

LOWER = "lower"
HIGHER = "higher"
_FLIPPED = {LOWER: HIGHER, HIGHER: LOWER}


def stricter_way(book: RuleBook, name: str, owner: str = "") -> str | None:
    """``lower``, ``higher``, or None when it cannot be told or cards differ.

    A parameter that a figure or an applicability reads has no side: a move may help or hurt. Cards
    of ``owner``, who wants to move it, have no say; binding cards go before others.
    """
    for quantity in book.quantities:
        if any(name in node.named("param") for node in quantity.nodes()):
            return None
    found: dict[bool, set[str | None]] = {True: set(), False: set()}
    for requirement in book.requirements:
        card = requirement.card
        if card.pack == owner:
            continue
        for node in (requirement.applies_when, requirement.exempt, requirement.rows):
            if node is not None and name in node.named("param"):
                return None
        if requirement.assertion is not None and name in requirement.assertion.named("param"):
            found[card.binding] |= set(_ways(requirement.assertion, name))
    ways = found[True] or found[False]
    return ways.pop() if len(ways) == 1 else None


def _ways(node: Node, name: str) -> Iterator[str | None]:
    """The stricter way in every comparison that reads the parameter."""
    if name not in node.named("param"):
        return
    if node.op == "binary" and node.data in ("&&", "||"):
        for kid in node.kids:
            yield from _ways(kid, name)
    elif node.op == "list" and node.data[0] in ("all", "exists"):
        if name in node.kids[0].named("param"):
            yield None
        else:
            yield from _ways(node.kids[1], name)
    elif node.op == "binary" and node.data in ("<", "<=", ">", ">="):
        yield _side(node, name)
    else:
        yield None


def _side(node: Node, name: str) -> str | None:
    """``value <= parameter``: lower is stricter."""
    left, right = node.kids
    if name in left.named("param") and name in right.named("param"):
        return None
    on_right = name in right.named("param")
    way = LOWER if node.data.startswith("<") == on_right else HIGHER
    rising = _rising(right if on_right else left, name)
    if rising is None:
        return None
    return way if rising else _FLIPPED[way]


def _rising(node: Node, name: str) -> bool | None:
    """True when a node grows with the parameter, false when it falls, None when unclear."""
    if node.op == "param":
        return True
    if node.op == "named":
        return _rising(node.kids[0], name)
    if node.op == "neg":
        inner = _rising(node.kids[0], name)
        return None if inner is None else not inner
    if node.op == "binary" and node.data in ("+", "-"):
        first, second = node.kids
        if name in first.named("param") and name in second.named("param"):
            return None
        if name in first.named("param"):
            return _rising(first, name)
        inner = _rising(second, name)
        return None if inner is None else inner == (node.data == "+")
    return None
