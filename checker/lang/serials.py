"""Serial numbers, months and interval overlaps: the small exact algorithms behind list checks."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

_FILLING = re.compile(r"[\s\-_‐-―]+")
_SERIAL = re.compile(r"(.*?)(\d+)\Z", re.DOTALL)


def same_serial(text: str) -> str:
    """A serial without what does not tell two apart: width, case, blanks and hyphens."""
    if text.isascii():
        return (text if text.isalnum() else _FILLING.sub("", text)).upper()
    return _FILLING.sub("", unicodedata.normalize("NFKC", text)).upper()


def split_serial(text: str) -> tuple[str, int, int] | None:
    """Prefix, last digit run and its length; None when the text does not end in digits."""
    match = _SERIAL.match(same_serial(text))
    if match is None or len(match.group(2)) > 64:
        return None
    return match.group(1), int(match.group(2)), len(match.group(2))


def serial_count(first: str, last: str) -> Decimal | None:
    """How many serials a range holds, or None when the two ends do not form a range."""
    start, end = split_serial(first), split_serial(last)
    if start is None or end is None or start[0] != end[0] or end[1] < start[1]:
        return None
    return Decimal(end[1] - start[1] + 1)


def add_months(month: str, count: int) -> str:
    """``YYYY-MM`` moved by a number of months."""
    year, number = int(month[:4]), int(month[5:7])
    index = year * 12 + number - 1 + count
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def month_span(first: str, last: str) -> tuple[str, ...]:
    """All months from ``first`` to ``last``, both included."""
    found = []
    while first <= last:
        found.append(first)
        first = add_months(first, 1)
    return tuple(found)


def _position(value: Any) -> tuple[str, Any]:
    """A sortable position on one line: serials by prefix, everything else by itself."""
    if isinstance(value, str):
        serial = split_serial(value)
        return (serial[0], serial[1]) if serial else (value, 0)
    return ("", value)


def overlapping(spans: Iterable[tuple[Any, Any, Sequence[Any]]]) -> list[int]:
    """Indices of spans (start, end, group) that share a point with another of the same group."""
    by_group: dict[tuple[Any, ...], list[tuple[Any, Any, int]]] = {}
    for index, (start, end, group) in enumerate(spans):
        (prefix, low), (_, high) = _position(start), _position(end)
        by_group.setdefault((prefix, *group), []).append((low, high, index))
    found: set[int] = set()
    for spans_of_group in by_group.values():
        spans_of_group.sort()
        reach, owner = spans_of_group[0][1], spans_of_group[0][2]
        for low, high, index in spans_of_group[1:]:
            if low <= reach:
                found.update((owner, index))
            if high > reach:
                reach, owner = high, index
    return sorted(found)
