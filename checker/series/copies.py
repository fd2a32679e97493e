"""Days that repeat: the same curve on two days of a meter, or at two meters."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checker.series.values import Floats

_SAMPLE = 6
_VARIES = 0.01
"""Share by which the energy of days must vary."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_DISTINCT = 12
"""Different values a day must have before equality says anything."""


@dataclass(frozen=True, eq=False)
class Copies:
    """Days of a meter: their marks (0: a day that says nothing), the first day with the same curve
    (itself when there is none), their energy, kWh (NaN: not complete), and some as they are.
    """

    marks: NDArray[np.uint64]
    sources: NDArray[np.int64]
    energy: Floats
    sample: NDArray[np.float32]


def copied_days(values: Floats, per_day: int) -> Copies | None:
    """Marks of days; None when the grid is too coarse to compare days."""
    if per_day < _DISTINCT * 2:
        return None
    days = values[: len(values) // per_day * per_day].reshape(-1, per_day)
    energy = days.sum(axis=1)
    marks = _marks(days)
    telling = ~np.isnan(energy) & (energy != 0)
    order = np.argsort(marks, kind="stable")
    equal = marks[order][1:] == marks[order][:-1]
    sources = np.arange(len(days))
    if equal.any():
        for one in np.unique(marks[order][1:][equal]):
            same = np.flatnonzero((marks == one) & telling)
            same = same[(days[same] == days[same[0]]).all(axis=1)] if same.size else same
            if same.size > 1 and len(np.unique(days[same[0]])) >= _DISTINCT:
                sources[same] = same[0]
    sample = days[:: max(1, len(days) // _SAMPLE)][:_SAMPLE].astype(np.float32)
    return Copies(np.where(telling, marks, np.uint64(0)), sources, energy, sample)


def _marks(days: Floats) -> NDArray[np.uint64]:
    """A number for every row that is equal for equal rows; equality is looked at where it counts.

    Every value is mixed with its place (the finaliser of splitmix64) before they are added up.
    """
    bits = np.ascontiguousarray(days + 0.0).view(np.uint64)
    places = np.arange(1, days.shape[1] + 1, dtype=np.uint64)
    mixed: NDArray[np.uint64] = np.add(bits, np.multiply(places, _GOLDEN), dtype=np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    marks: NDArray[np.uint64] = (mixed ^ (mixed >> np.uint64(31))).sum(axis=1, dtype=np.uint64)
    return marks


def spans_of_copies(copies: Copies, month: float) -> dict[str, list[tuple[int, int, int]]]:
    """Copied days and copied months as (first day, days, first day of the original)."""
    days = np.flatnonzero(copies.sources != np.arange(len(copies.sources)))
    spans: list[tuple[int, int, int]] = []
    for day in days.tolist():
        source = int(copies.sources[day])
        if spans and _continues(spans[-1], day, source):
            first, length, original = spans[-1]
            spans[-1] = (first, length + 1, original)
        else:
            spans.append((day, 1, source))
    long = [span for span in spans if span[1] >= month]
    found = {"copied_month": long, "copied_day": [s for s in spans if s[1] < month]}
    return {kind: list_ for kind, list_ in found.items() if list_}


def _continues(span: tuple[int, int, int], day: int, source: int) -> bool:
    first, length, original = span
    moving, repeated = source - original == day - first, source == original
    return day == first + length and (moving or repeated)


def shared_days(one: Copies, other: Copies) -> int:
    """How many different day curves two meters have in common."""
    mine = one.marks[one.marks != 0]
    theirs = other.marks[other.marks != 0]
    return int(np.intersect1d(mine, theirs).size)


def scaled_pairs(days: Sequence[Copies]) -> list[tuple[int, int]]:
    """Meters whose curves are the same but for one factor, each with the first such meter.

    Two arrays on one roof differ by some per cent from day to day; a scaled copy does not differ in
    the fourth digit, neither from day to day nor within the day. Days that hardly differ from each
    other say nothing.
    """
    energies = np.nan_to_num(np.array([one.energy for one in days]))
    norms = np.linalg.norm(energies, axis=1)
    means = np.abs(energies.mean(axis=1))
    usable = np.flatnonzero((norms > 0) & (energies.std(axis=1) > _VARIES * means))
    unit = energies[usable] / norms[usable, None]
    found: list[tuple[int, int]] = []
    copied: set[int] = set()
    for index, row in enumerate(unit[:-1]):
        if index in copied:
            continue
        near = np.flatnonzero(unit[index + 1 :] @ row > 1 - 1e-7) + index + 1
        for other in near.tolist():
            pair = int(usable[index]), int(usable[other])
            if _proportional(row, unit[other], 20) and _same_shape(days[pair[0]], days[pair[1]]):
                copied.add(other)
                found.append(pair)
    return found


def _proportional(one: Floats, other: Floats, least: int) -> bool:
    """True when the large values of both have one ratio."""
    big = np.abs(one) > 0.1 * np.abs(one).max(initial=0.0)
    if int(big.sum()) < least:
        return False
    ratio = other[big] / one[big]
    middle = float(np.median(ratio))
    return bool(np.abs(ratio - middle).max() <= 2e-3 * abs(middle))


def _same_shape(one: Copies, other: Copies) -> bool:
    """True when the sampled days of two meters have one shape."""
    first, second = one.sample.astype(np.float64).ravel(), other.sample.astype(np.float64).ravel()
    known = ~(np.isnan(first) | np.isnan(second))
    return _proportional(first[known], second[known], _DISTINCT)
