"""Decision tables: a value by several conditions at once; at most one rule may fit (DMN: U)."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from checker.lang.types import Date, FieldType, Num, Text
from checker.lang.units import Unit
from checker.packs.cards import Bilingual, Clause
from checker.packs.conditions import Condition, Interval, holds, meet
from checker.places import Anchor

MAX_CELLS = 20_000
MAX_GAPS = 5


@dataclass(frozen=True, eq=False)
class Input:
    """One thing a table asks for: a text, a day, or a number in ``unit``; ``domain`` bounds it."""

    name: str
    title: Bilingual
    kind: str
    unit: Unit | None
    domain: Interval

    @property
    def type(self) -> FieldType:
        """Type in the expression language."""
        if self.unit is not None:
            return FieldType(Num(self.unit.dimension), self.unit)
        return FieldType(Date() if self.kind == "date" else Text())


@dataclass(frozen=True, eq=False)
class DecisionRule:
    """One line: a condition for every input, and the value; None when it is unknown."""

    conditions: tuple[Condition, ...]
    value: Decimal | None
    clause: Clause
    anchor: Anchor


@dataclass(frozen=True, eq=False)
class Decision:
    """A decision table; values are in ``unit``. ``gaps`` says why some cases have no rule."""

    id: str
    pack: str
    title: Bilingual
    unit: Unit
    inputs: tuple[Input, ...]
    rules: tuple[DecisionRule, ...]
    anchor: Anchor
    gaps: Bilingual | None = None

    def find(self, values: Sequence[Any]) -> DecisionRule | None:
        """The rule that fits; numbers come in base units."""
        shown = [
            given.unit.from_base(value) if given.unit is not None else value
            for given, value in zip(self.inputs, values, strict=True)
        ]
        for given, value in zip(self.inputs, shown, strict=True):
            if given.kind != "text" and not given.domain.holds(value):
                return None
        for rule in self.rules:
            if all(map(holds, rule.conditions, shown)):
                return rule
        return None


def overlaps(table: Decision) -> Iterator[tuple[DecisionRule, DecisionRule]]:
    """Pairs of rules that fit the same case."""
    for one, other in itertools.combinations(table.rules, 2):
        if all(map(meet, one.conditions, other.conditions)):
            yield one, other


def uncovered(table: Decision) -> list[str] | None:
    """Cases no rule fits, the first few; None when there are too many cells to look at."""
    axes = [_cells(table, index) for index in range(len(table.inputs))]
    count = 1
    for axis in axes:
        count *= len(axis)
    if count > MAX_CELLS:
        return None
    found = []
    for cell in itertools.product(*axes):
        values = [value for _, value in cell]
        if not any(all(map(holds, rule.conditions, values)) for rule in table.rules):
            names = [
                f"{given.name} {shown}"
                for given, (shown, _) in zip(table.inputs, cell, strict=True)
            ]
            found.append(", ".join(names))
            if len(found) == MAX_GAPS:
                break
    return found


def _cells(table: Decision, index: int) -> list[tuple[str, Any]]:
    """Values that stand for every cell an axis is cut into, each with its name."""
    given = table.inputs[index]
    conditions = [rule.conditions[index] for rule in table.rules]
    if given.unit is None and given.kind != "date":
        texts = {text for one in conditions if isinstance(one, frozenset) for text in one}
        return [(text, text) for text in sorted(texts)] or [("any", "")]
    spans = [one for one in conditions if isinstance(one, Interval)]
    ends = {end for one in [*spans, given.domain] for end in (one.low, one.high) if end is not None}
    return [(shown, value) for shown, value in _points(sorted(ends)) if given.domain.holds(value)]


def _points(ends: list[Any]) -> Iterator[tuple[str, Any]]:
    """Every end, and one value between and beyond them."""
    if not ends:
        yield "any", Decimal(0)
        return
    one: Any = timedelta(days=1) if isinstance(ends[0], date) else Decimal(1)
    if ends[0] != date.min:
        yield f"< {ends[0]}", ends[0] - one
    for low, high in itertools.pairwise(ends):
        yield f"= {low}", low
        middle = low + (high - low) / 2
        if low < middle < high:
            yield f"({low}, {high})", middle
    yield f"= {ends[-1]}", ends[-1]
    if ends[-1] != date.max:
        yield f"> {ends[-1]}", ends[-1] + one
