"""Overlaps of ranges by sorting: which ranges share units with another, and with which."""

from collections.abc import Sequence
from typing import TypeAlias

Span: TypeAlias = tuple[str, int, int]
"""Block, first and last number; only ranges of one block can overlap."""


def shared(spans: Sequence[Span | None]) -> dict[int, tuple[int, int]]:
    """For every range that overlaps: another range it meets, and the units it shares with ranges
    before it in order of their numbers.

    Cost: one sort. Ranges that are None are passed over.
    """
    order = sorted(
        (span[0], span[1], -span[2], index) for index, span in enumerate(spans) if span is not None
    )
    found: dict[int, tuple[int, int]] = {}
    block, reach, owner = "", -1, -1
    for name, low, minus, index in order:
        high = -minus
        if name != block:
            block, reach, owner = name, high, index
            continue
        if low <= reach:
            units = min(high, reach) - low + 1
            found[index] = (owner, found.get(index, (owner, 0))[1] + units)
            found.setdefault(owner, (index, 0))
        if high > reach:
            reach, owner = high, index
    return found
