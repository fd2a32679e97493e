"""Days that repeat: the same curve on two days of a meter, or at two meters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checker.series.values import Floats

_DISTINCT = 12
"""Different values a day must have before equality says anything."""


@dataclass(frozen=True, eq=False)
class Copies:
    """Marks of the days of a meter (0: a day that says nothing), the first day with the same curve
    (itself when there is none), and the energy of every day, kWh (NaN: not complete)."""

    marks: NDArray[np.uint64]
    sources: NDArray[np.int64]
    energy: Floats


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
            if same.size > 1 and len(np.unique(days[same[0]])) >= _DISTINCT:
                sources[same] = same[0]
    return Copies(np.where(telling, marks, np.uint64(0)), sources, energy)


def _marks(days: Floats) -> NDArray[np.uint64]:
    """A number for every row that is equal for equal rows (and practically only for them)."""
    bits = np.ascontiguousarray(days).view(np.uint64)
    weights = (np.arange(1, days.shape[1] + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) | (
        np.uint64(1)
    )
    mixed = bits ^ (bits >> np.uint64(31))
    marks: NDArray[np.uint64] = (mixed * weights).sum(axis=1, dtype=np.uint64)
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


def scaled_pairs(energies: Floats) -> list[tuple[int, int]]:
    """Meters whose daily energies are the same but for one factor.

    ``energies`` has a row a meter and a column a day. Two arrays on one roof differ by some per
    cent from day to day; a scaled copy does not differ in the fourth digit.
    """
    filled = np.nan_to_num(energies)
    norms = np.linalg.norm(filled, axis=1)
    usable = np.flatnonzero(norms > 0)
    unit = filled[usable] / norms[usable, None]
    found = []
    for index, row in enumerate(unit[:-1]):
        near = np.flatnonzero(unit[index + 1 :] @ row > 1 - 1e-7) + index + 1
        for other in near.tolist():
            big = row > 0.1 * row.max()
            ratio = unit[other][big] / row[big]
            if np.abs(ratio - 1).max() < 1e-3 and big.sum() >= 20:
                found.append((int(usable[index]), int(usable[other])))
    return found
