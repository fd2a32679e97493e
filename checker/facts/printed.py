"""Printed precision: what a declared number may stand for, and the rounding that explains it."""

import itertools
from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal

_MODES = (
    ("half_up", ROUND_HALF_UP),
    ("half_even", ROUND_HALF_EVEN),
    ("truncated", ROUND_DOWN),
    ("rounded_up", ROUND_UP),
)
_ROUNDING_AT_MOST = Decimal("0.05")
_WIDE = Context(prec=80)


def places_of(number: Decimal) -> int:
    """Decimal places a number is written with; at least 0 (whole numbers are not read as rounded
    to tens)."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


def half_unit(number: Decimal) -> Decimal:
    """Half a unit of the last printed place: the most that one rounding can move a number."""
    return Decimal(5).scaleb(-places_of(number) - 1)


def significant(number: Decimal) -> int:
    """Significant digits a number is written with, leading zeros left out."""
    digits = "".join(map(str, number.as_tuple().digits))
    return len(digits.strip("0")) or 1


def within_print(declared: Decimal, exact: Decimal) -> bool:
    """True when rounding alone explains the difference.

    Never more than 5 % of the figure: a declared 0 does not agree with 0.4.
    """
    half = min(half_unit(declared), abs(exact) * _ROUNDING_AT_MOST)
    return abs(exact - declared) <= half + half.scaleb(-20)  # derived units have no exact factor


def rounded(exact: Decimal, places: int, mode: str) -> Decimal:
    """``exact`` at ``places`` decimals by a mode of the ``decimal`` module."""
    return exact.quantize(Decimal(1).scaleb(-places), rounding=mode, context=_WIDE)


def rounding_of(declared: Decimal, exact: Decimal) -> str:
    """The rounding that turns ``exact`` into ``declared``, or an empty text.

    ``exact`` when nothing was rounded; half-up before half-even (both are in use: GB/T 8170 rounds
    half to even, forms of the ministry half up).
    """
    if exact == declared:
        return "exact"
    if declared == 0:
        return ""
    places = places_of(declared)
    for name, mode in _MODES:
        if rounded(exact, places, mode) == declared:
            return name
    return ""


def rounded_by_part(declared: Decimal, parts: Iterable[Decimal]) -> str:
    """``by_part_half_up`` or ``by_part_half_even`` when the sum of rounded parts (months) is the
    declared number, at its own places; else an empty text."""
    found = list(parts)
    places = places_of(declared)
    for name, mode in _MODES[:2]:
        total = sum((rounded(part, places, mode) for part in found), Decimal(0))
        if len(found) > 1 and total == declared:
            return f"by_part_{name}"
    return ""


def sum_interval(terms: Iterable[tuple[int, Decimal]]) -> tuple[Decimal, Decimal]:
    """Lowest and highest sum of printed terms, each with its sign (interval arithmetic)."""
    low = high = Decimal(0)
    for sign, term in terms:
        middle, half = sign * term, half_unit(term)
        low, high = low + middle - half, high + middle + half
    return low, high


def transposed(declared: Decimal, exact: Decimal) -> bool:
    """True when two neighbouring digits of the declared number stand in the wrong order."""
    if declared * exact <= 0:
        return False
    places = places_of(declared)
    for _, mode in _MODES[:2]:
        wanted, written = (f"{abs(n):f}" for n in (rounded(exact, places, mode), declared))
        if len(wanted) != len(written) or wanted == written:
            continue
        digits = [index for index, mark in enumerate(wanted) if mark != "."]
        for one, other in itertools.pairwise(digits):
            swapped = list(wanted)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            if "".join(swapped) == written:
                return True
    return False
