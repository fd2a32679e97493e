"""Levers: what a factory can change, and the figures that move with it.

A lever ``moves`` figures by so much for each unit of it, or it ``shrinks`` figures in proportion
until the first of them is gone. They are used to say how far a failed threshold is away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from checker.errors import Problem
from checker.lang.units import Unit
from checker.nearest import nearest
from checker.packs.cards import Bilingual, QuantityCard
from checker.packs.read_cards import read_unit
from checker.packs.shape import Shape
from checker.places import Anchor
from checker.yamltext import YamlDocument

FILE = "levers.yaml"


@dataclass(frozen=True, eq=False)
class Lever:
    """One lever; ``step`` is its finest change, ``until`` ends it, ``less`` is used up already."""

    id: str
    title: Bilingual
    unit: Unit
    step: Decimal
    until: str
    less: tuple[str, ...]
    moves: Mapping[str, Decimal]
    shrinks: tuple[str, ...]
    anchor: Anchor

    def figures(self) -> tuple[str, ...]:
        """Every figure it names."""
        return (*filter(None, (self.until,)), *self.less, *self.moves, *self.shrinks)


def read_levers(document: YamlDocument, problems: list[Problem]) -> list[Lever]:
    """The levers of ``levers.yaml``."""
    shape = Shape(document, (), problems)
    found = [_lever(inner) for inner in shape.each("levers")]
    shape.close()
    return found


def _lever(shape: Shape) -> Lever:
    lever_id, title = shape.identity("id", r"[a-z][a-z0-9_]*"), shape.both("title")
    unit, step = read_unit(shape), shape.number("step") or Decimal(1)
    until = shape.text("until", required=False)
    moves = shape.optional("moves")
    changed: dict[str, Decimal] = {}
    if moves is not None:
        changed = {name: moves.number(name) or Decimal(0) for name in list(moves.data)}
    shrinks, less = shape.texts("shrinks"), shape.texts("less")
    if bool(changed) == bool(shrinks) or step <= 0:
        shape.report("pack.lever", shape.path)
    if changed and not until:
        shape.report("pack.missing", shape.path, name="until", of=shape.owner())
    shape.close()
    anchor = shape.document.anchor(shape.path, lever_id)
    return Lever(
        lever_id,
        title,
        unit,
        step,
        until or next(iter(shrinks), ""),
        less,
        changed,
        shrinks,
        anchor,
    )


def mistaken_levers(
    levers: Iterable[Lever], cards: Mapping[str, QuantityCard]
) -> Iterable[Problem]:
    """Levers that name no figure, or one they cannot be measured in."""
    for lever in levers:
        for name in lever.figures():
            card = cards.get(name)
            if card is None:
                hint = nearest(name, sorted(cards))
                args = {"name": name, "hint": hint}
                yield Problem("pack.lever_figure", lever.anchor, args, "blocker")
            elif name not in lever.shrinks[1:] and card.unit.dimension != lever.unit.dimension:
                args = {"name": name, "unit": card.unit.name, "wanted": lever.unit.name}
                yield Problem("pack.lever_unit", lever.anchor, args, "blocker")
