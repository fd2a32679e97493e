"""What a reviewer would say about cards: words, kinds, thresholds, conditions, repeats."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from checker.errors import Arg, Problem
from checker.lang.nodes import Node
from checker.packs.book import Quantity, Requirement, RuleBook
from checker.packs.cards import Bilingual, RequirementCard
from checker.packs.pack import Pack
from checker.places import Anchor
from checker.workshop.never import always_true, never_true

_CJK = re.compile("[\u4e00-\u9fff]")
_ID = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Za-z0-9]+)+\Z")
_CLAUSED = ("guideline", "list", "local")
_WEAK = ("I", "U", "L", "G", "D")
_MODALITIES = {
    "guideline": ("must", "imperative"),
    "list": ("must", "imperative"),
    "local": ("must", "imperative"),
    "recommendation": ("encouraged", "may"),
    "integrity": ("none",),
    "information": ("none", "may", "encouraged"),
}
_COUNTS = frozenset(map(Decimal, (0, 1, 2, 12, 100, 364, 365, 366)))
"""Numbers that count or convert; they are no thresholds."""


def card_problems(
    packs: Sequence[Pack], book: RuleBook, kinds: Mapping[str, str]
) -> Iterator[Problem]:
    """Problems of the requirement cards of some packs; ``kinds`` of all packs by id."""
    own = {pack.head.id for pack in packs}
    for requirement in book.requirements:
        if requirement.card.pack in own:
            yield from _words(requirement.card)
            yield from _marks(requirement.card)
            yield from _literals(requirement)
            yield from _conditions(requirement)
    yield from _repeated(book, kinds, own)
    for quantity in book.quantities:
        if quantity.card.pack in own:
            yield from _text(quantity.card.title, "title", quantity)


def _problem(key: str, card: RequirementCard, severity: str, **args: Arg) -> Problem:
    return Problem(key, card.anchor, {"card": card.id, **args}, severity)


def _words(card: RequirementCard) -> Iterator[Problem]:
    """Texts that are not in the language they stand under."""
    if not _ID.match(card.id):
        yield _problem("lint.card_name", card, "minor")
    for name in ("title", "message", "remedy", "question", "guidance"):
        text: Bilingual | None = getattr(card, name)
        if text is not None:
            yield from _text(text, name, card)
    if card.binding and card.message is None and not card.statement and card.indicator is None:
        yield _problem("lint.no_message", card, "minor")


def _text(text: Bilingual, name: str, owner: RequirementCard | Quantity) -> Iterator[Problem]:
    card = owner.card if isinstance(owner, Quantity) else owner
    args: dict[str, Arg] = {"card": card.id, "name": name}
    if not _CJK.search(text.zh):
        yield Problem("lint.not_chinese", card.anchor, args, "minor")
    if len(_CJK.findall(text.en)) * 3 > len(text.en):
        yield Problem("lint.not_english", card.anchor, args, "minor")


def _marks(card: RequirementCard) -> Iterator[Problem]:
    """Kind, modality and confidence have to go together."""
    if card.modality not in _MODALITIES[card.kind]:
        wanted = ", ".join(_MODALITIES[card.kind])
        args = {"kind": card.kind, "modality": card.modality, "wanted": wanted}
        yield _problem("lint.modality", card, "major", **args)
    if card.kind in _CLAUSED and card.clause.confidence in _WEAK:
        args = {"kind": card.kind, "confidence": card.clause.confidence}
        yield _problem("lint.weak_clause", card, "major", **args)


def _literals(requirement: Requirement) -> Iterator[Problem]:
    """Thresholds of a clause that stand in the expression, without document or date."""
    card = requirement.card
    if card.kind not in _CLAUSED or requirement.assertion is None:
        return
    source = card.assertion
    anchor = Anchor(source.file, line=source.line, column=source.column) if source else card.anchor
    for text in sorted(set(_thresholds(requirement.assertion))):
        args: dict[str, Arg] = {"card": card.id, "number": text}
        yield Problem("lint.literal", anchor, args, "major")


def _thresholds(node: Node, compared: bool = False) -> Iterator[str]:
    if node.op == "const" and compared and isinstance(node.data, Decimal):
        if node.data not in _COUNTS and not _converts(node):
            yield node.text
        return
    ordered = node.op == "binary" and node.data in ("<", "<=", ">", ">=")
    for kid in node.kids:
        yield from _thresholds(kid, compared or ordered)


def _converts(node: Node) -> bool:
    """``1[kgce/t]`` only gives a number its unit."""
    return node.unit is not None and node.text.startswith("1 ")


def _conditions(requirement: Requirement) -> Iterator[Problem]:
    """Conditions that cannot hold, and cards that hold more than one."""
    card = requirement.card
    parts = (requirement.assertion, requirement.applies_when, requirement.rows)
    for key, node in zip(("assert", "applies_when", "for"), parts, strict=True):
        name = never_true(node) if node is not None else None
        if name is not None:
            yield _problem("lint.never_true", card, "major", part=key, name=name)
    node = requirement.assertion
    always = always_true(node) if node is not None else None
    if always is not None:
        yield _problem("lint.always_true", card, "major", part="assert", name=always)
    if card.statement or node is None or node.op != "binary" or node.data != "&&":
        return
    left, right = (_names(kid) for kid in node.kids)
    if left and right and not left & right:
        yield _problem("lint.two_conditions", card, "info")


def _names(node: Node) -> set[str]:
    """Figures, tables and fields a part reads."""
    if node.op in ("fact", "table"):
        return {str(node.data)}
    if node.op == "field":
        return {node.kids[0].text}  # fields of one row belong together
    return set().union(*(_names(kid) for kid in node.kids))


_EVERYWHERE = ("core", "guideline")
"""Packs that judge every dossier; others of a kind may never judge together."""


def _repeated(book: RuleBook, kinds: Mapping[str, str], own: set[str]) -> Iterator[Problem]:
    """Cards of one kind that test the same thing."""
    seen: dict[tuple[str, ...], Requirement] = {}
    for requirement in book.requirements:
        card = requirement.card
        if requirement.assertion is None:
            continue
        nodes = (requirement.rows, requirement.applies_when, requirement.assertion)
        place = "" if kinds[card.pack] in _EVERYWHERE else card.pack
        named = (source.text for _, source in card.where)
        key = (card.kind, card.mode, place, *_texts(nodes), *named)
        other = seen.setdefault(key, requirement).card
        if other is not card and card.pack in own:
            yield _problem("lint.repeated", card, "minor", other=other.id)


def _texts(nodes: Iterable[Node | None]) -> tuple[str, ...]:
    return tuple(node.text if node else "" for node in nodes)
