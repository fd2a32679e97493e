"""What the cards of a composition must agree on: one id each, parts of totals, process codes."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

from checker.errors import Arg, Problem
from checker.lang.nodes import Node
from checker.packs.book import Quantity, Requirement, RuleBook
from checker.packs.cards import NOWHERE, FactorFamily, QuantityCard
from checker.places import Anchor


class Named(Protocol):
    """What has an id and a place: a card, a parameter, a factor family, a clause, a waiver."""

    @property
    def id(self) -> str: ...

    @property
    def anchor(self) -> Anchor: ...


_NONE: Mapping[str, Named] = MappingProxyType({})


def unique(
    items: Iterable[Named], problems: list[Problem], known: Mapping[str, Named] = _NONE
) -> None:
    """Report an item whose id another item, or one that is known already, has."""
    seen: dict[str, Named] = {}
    for item in items:
        other = seen.get(item.id) or known.get(item.id)
        seen[item.id] = other or item
        if other is not None:
            args: dict[str, Arg] = {"id": item.id, "other": str(other.anchor)}
            problems.append(Problem("pack.id_twice", item.anchor, args, "blocker"))


def totals(quantities: Iterable[Quantity | None]) -> Iterable[Problem]:
    """Cards that add to a figure which is no total, or of another dimension."""
    known = {quantity.card.id: quantity for quantity in quantities if quantity is not None}
    for quantity in known.values():
        card = quantity.card
        if not card.adds_to or card.adds_to == NOWHERE:
            continue
        total = known.get(card.adds_to)
        if total is None or card.adds_to not in total.formula.named("parts"):
            args: dict[str, Arg] = {"name": card.adds_to}
            yield Problem("pack.adds_to", card.anchor, args, "blocker")
        elif total.card.unit.dimension != card.unit.dimension:
            args = {"name": card.adds_to, "unit": total.card.unit.name}
            yield Problem("pack.adds_to_unit", card.anchor, args, "blocker")
        elif card.id in total.formula.named("fact") - _parts_only(total.formula):
            args = {"name": card.adds_to}
            yield Problem("pack.part_twice", card.anchor, args, "blocker")


def _parts_only(node: Node) -> set[str]:
    """Figures a formula reads through ``parts()``."""
    if node.op == "parts":
        return {kid.data for kid in node.kids}
    return set().union(*(_parts_only(kid) for kid in node.kids))


def processes(cards: Iterable[QuantityCard], problems: list[Problem]) -> dict[str, str]:
    """Process codes with the figures that compute them.

    One pack may compute several gases of one code; two packs would count one source twice.
    """
    found: dict[str, str] = {}
    owners: dict[tuple[str, str], QuantityCard] = {}
    for card in cards:
        if not card.process:
            continue
        found.setdefault(card.process, card.id)
        other = owners.setdefault((card.process, card.adds_to), card)
        if other.pack != card.pack:
            args: dict[str, Arg] = {"name": card.process, "other": other.id, "pack": other.pack}
            problems.append(Problem("pack.process_twice", card.anchor, args, "blocker"))
    return found


def mistaken(families: Mapping[str, FactorFamily]) -> Iterable[Problem]:
    """Families named in ``mistaken_for`` that do not exist, or are the family itself."""
    for family in families.values():
        for name in family.mistaken_for:
            if name not in families or name == family.id:
                args: dict[str, Arg] = {"name": name}
                yield Problem("pack.mistaken_for", family.anchor, args, "blocker")


def beyond(
    book: RuleBook, above: Mapping[str, frozenset[str]], always: frozenset[str]
) -> Iterable[Problem]:
    """Names a card reads that belong to a pack its own does not extend.

    They would be there in one check and not in another. ``always`` are packs of every check.
    """
    owners = {quantity.card.id: quantity.card.pack for quantity in book.quantities}
    for kind, group in _SHARED.items():
        owners |= {f"{kind}:{name}": item.pack for name, item in getattr(book, group).items()}
    adding = {quantity.card.id: quantity.card.adds_to for quantity in book.quantities}
    cards: list[Quantity | Requirement] = [*book.quantities, *book.requirements]
    for item in cards:
        pack = item.card.pack
        found: dict[str, str] = {}
        for node in item.nodes():
            totals_read = node.named("parts")
            for op in ("fact", *_SHARED):
                for named in node.named(op):
                    name = named if isinstance(named, str) else named[0]
                    if op == "fact" and adding.get(name) in totals_read:
                        continue  # whatever adds to a total of parts is there or is not
                    found[name if op == "fact" else f"{op}:{name}"] = name
        for key, name in found.items():
            owner = owners.get(key, pack)
            if owner != pack and owner not in above.get(pack, frozenset()) | always:
                args: dict[str, Arg] = {"name": name, "pack": owner}
                yield Problem("pack.beyond", item.card.anchor, args, "blocker")


_SHARED = {"param": "parameters", "factor": "families", "decide": "decisions"}
