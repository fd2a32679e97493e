"""Conditions of decision tables: a list of texts, or an interval of numbers or days."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from checker.lang.units import near

_SIGNED = re.compile(r"(<=|>=|<|>)\s*(\S+)\Z")
_SPAN = re.compile(r"([\[(])\s*(\S*?)\s*,\s*(\S*?)\s*([\])])\Z")


@dataclass(frozen=True)
class Interval:
    """Numbers or days from ``low`` to ``high``; an end that is None is open."""

    low: Any = None
    high: Any = None
    low_in: bool = True
    high_in: bool = True

    def holds(self, value: Any) -> bool:
        """True for a value inside; a number that differs from an end by rounding lies on it."""
        if self.low is not None and (
            not self.low_in if _same(value, self.low) else value < self.low
        ):
            return False
        return self.high is None or bool(
            self.high_in if _same(value, self.high) else value < self.high
        )

    def common(self, other: "Interval") -> "Interval":
        """What lies in both."""
        low, low_in = self.low, self.low_in
        if other.low is not None and (low is None or other.low > low):
            low, low_in = other.low, other.low_in
        elif other.low == low:
            low_in = low_in and other.low_in
        high, high_in = self.high, self.high_in
        if other.high is not None and (high is None or other.high < high):
            high, high_in = other.high, other.high_in
        elif other.high == high:
            high_in = high_in and other.high_in
        return Interval(low, high, low_in, high_in)

    def meets(self, other: "Interval") -> bool:
        """True when some value lies in both."""
        return not self.common(other).empty

    @property
    def empty(self) -> bool:
        """True when nothing lies inside."""
        if self.low is None or self.high is None or self.low < self.high:
            return False
        return bool(self.low > self.high) or not (self.low_in and self.high_in)

    def __str__(self) -> str:
        low = "" if self.low is None else f"{self.low}"
        high = "" if self.high is None else f"{self.high}"
        opening, closing = (
            "[" if self.low_in and low else "(",
            "]" if self.high_in and high else ")",
        )
        return f"{opening}{low}, {high}{closing}"


def _same(value: Any, end: Any) -> bool:
    return bool(value == end) or (isinstance(value, Decimal) and near(value, end))


Condition: TypeAlias = frozenset[str] | Interval | None
"""What a rule asks of one input; None accepts everything."""


def holds(condition: Condition, value: Any) -> bool:
    """True when a value fits a condition."""
    if condition is None:
        return True
    return condition.holds(value) if isinstance(condition, Interval) else value in condition


def meet(one: Condition, other: Condition) -> bool:
    """True when some value fits both."""
    if one is None or other is None:
        return True
    if isinstance(one, Interval) and isinstance(other, Interval):
        return one.meets(other)
    assert isinstance(one, frozenset)
    assert isinstance(other, frozenset)
    return bool(one & other)


def read_interval(text: str, read: Callable[[str], Any]) -> Interval | None:
    """``< 70``, ``>= 70``, ``[30, 70)`` or one value; None when it is none of these.

    ``read`` turns an end into a number or a day; it raises ``ValueError`` when it cannot.
    """
    text = text.strip()
    try:
        if signed := _SIGNED.match(text):
            end = read(signed.group(2))
            closed = signed.group(1).endswith("=")
            below = signed.group(1).startswith("<")
            return Interval(high=end, high_in=closed) if below else Interval(low=end, low_in=closed)
        if span := _SPAN.match(text):
            low = read(span.group(2)) if span.group(2) else None
            high = read(span.group(3)) if span.group(3) else None
            found = Interval(low, high, span.group(1) == "[", span.group(4) == "]")
            return None if found.empty else found
        value = read(text)
    except ValueError:
        return None
    return Interval(value, value)


def whole_days(span: Interval) -> Interval | None:
    """An interval of days with both ends inside; None when no day lies in it."""
    try:
        low = span.low if span.low is None or span.low_in else span.low + timedelta(days=1)
        high = span.high if span.high is None or span.high_in else span.high - timedelta(days=1)
    except OverflowError:
        return None
    found = Interval(low, high)
    return None if found.empty else found


def number_of(text: str) -> Decimal:
    """A plain number; ``ValueError`` for anything else."""
    if not re.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?", text):
        raise ValueError(text)
    return Decimal(text)


def day_of(text: str) -> date:
    """A day ``YYYY-MM-DD``; ``ValueError`` for anything else."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(text)
    return date.fromisoformat(text)
