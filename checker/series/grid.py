"""The grid of the reporting period, and the curve of one channel on it."""

import functools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from checker.series.stamps import NEVER, Seconds
from checker.series.values import Floats

Slots = NDArray[np.int64]
_UTC = UTC
JITTER = 60
"""Seconds by which the time of a reading may miss its interval: clocks tick, loggers poll."""
MAX_KEPT = 5_000
"""Rows of one kind of fault that are kept for a meter; all of them are counted."""


@dataclass(frozen=True)
class Grid:
    """Intervals of the period: ``start`` in local seconds, ``step`` in minutes, ``n`` intervals."""

    start: int
    step: int
    n: int

    @property
    def per_day(self) -> int:
        """Intervals of a day."""
        return 1440 // self.step

    def text(self, slot: int) -> str:
        """Start of an interval, ``2025-01-01 00:15``."""
        moment = self.start + int(slot) * self.step * 60
        return f"{datetime.fromtimestamp(moment, _UTC):%Y-%m-%d %H:%M}"

    @functools.cache  # noqa: B019  (few grids, small answers)
    def month_starts(self) -> tuple[list[str], NDArray[np.int64]]:
        """Months of the period and the first interval of each."""
        names: list[str] = []
        starts: list[int] = []
        for day in range(self.n // self.per_day):
            moment = datetime.fromtimestamp(self.start + day * 86_400, _UTC)
            if not names or f"{moment:%Y-%m}" != names[-1]:
                names.append(f"{moment:%Y-%m}")
                starts.append(day * self.per_day)
        return names, np.array(starts, dtype=np.int64)

    def slot_of(self, day: date) -> int:
        """First interval of a day; below 0 or above ``n`` outside the period."""
        return (seconds_of(day) - self.start) // (self.step * 60)


def seconds_of(day: date) -> int:
    """Midnight at which a day begins, in local seconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=_UTC).timestamp())


def grid_of(period: tuple[date, date], step: int) -> Grid:
    """The grid of a period of whole days (first and last day)."""
    days = (period[1] - period[0] + timedelta(days=1)).days
    return Grid(seconds_of(period[0]), step, days * 1440 // step)


@dataclass(slots=True)
class Faults:
    """Rows of a channel that found no place on the grid, with the time each names.

    Lists hold (row, second) pairs, at most ``MAX_KEPT``; ``counts`` counts all of them.
    """

    kept: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, rows: NDArray[np.int64], seconds: Seconds) -> None:
        """Note rows of one kind."""
        if rows.size:
            self.counts[kind] = self.counts.get(kind, 0) + int(rows.size)
            kept = self.kept.setdefault(kind, [])
            room = MAX_KEPT - len(kept)
            kept += zip(rows[:room].tolist(), seconds[:room].tolist(), strict=True)


@dataclass(slots=True)
class Curve:
    """Values of one channel by interval (NaN: none), and the row of the file each came from.

    A cumulative register has one point more than there are intervals.
    """

    grid: Grid
    values: Floats
    rows: NDArray[np.int64]
    faults: Faults = field(default_factory=Faults)

    @classmethod
    def empty(cls, grid: Grid, points: int) -> "Curve":
        """A curve without a reading."""
        return cls(grid, np.full(points, np.nan), np.full(points, -1, dtype=np.int64))

    def add(self, placed: "Placed", values: Floats, rows: NDArray[np.int64]) -> None:
        """Put readings on the grid.

        The first value of an interval stays; a further one is a fault, told apart by its value. A
        row without a value loses nothing wherever it stands. Faults are noted with the start of
        their interval.
        """
        slots, seconds = placed.slots, placed.seconds
        if placed.good is not None:
            told = ~np.isnan(values)  # a row without a value loses nothing
            off, beyond = placed.wrong & told, placed.outside & told
            self.faults.add("off_grid", rows[off], seconds[off])
            self.faults.add("outside", rows[beyond], seconds[beyond])
            values, rows, seconds = values[placed.good], rows[placed.good], seconds[placed.good]
        if not slots.size:
            return
        first, last = int(slots[0]), int(slots[-1])
        if placed.whole and not (self.rows[first : last + 1] >= 0).any():
            self.values[first : last + 1] = values
            self.rows[first : last + 1] = rows
        else:
            self._merge(slots, values, rows, seconds)

    def _merge(
        self, slots: Slots, values: Floats, rows: NDArray[np.int64], seconds: Seconds
    ) -> None:
        told = ~np.isnan(values)
        silent = ~told & (self.rows[slots] < 0)
        self.rows[slots[silent]] = rows[silent]  # a place for the gap
        slots, values, rows, seconds = slots[told], values[told], rows[told], seconds[told]
        again = np.ones(slots.size, dtype=bool)
        again[np.unique(slots, return_index=True)[1]] = False
        again |= ~np.isnan(self.values[slots])
        fresh = ~again
        self.values[slots[fresh]] = values[fresh]
        self.rows[slots[fresh]] = rows[fresh]
        if again.any():
            same = self.values[slots[again]] == values[again]
            places, times = rows[again], seconds[again]
            self.faults.add("duplicate", places[same], times[same])
            self.faults.add("conflict", places[~same], times[~same])


@dataclass(frozen=True, eq=False)
class Placed:
    """Times of some rows on a grid of ``points``: computed once for all meters that share them.

    ``seconds`` are starts of intervals; ``slots`` those of the rows in ``good`` (None: all), one
    after the other without a gap when ``whole``.
    """

    seconds: Seconds
    slots: Slots
    wrong: NDArray[np.bool_]
    outside: NDArray[np.bool_]
    good: NDArray[np.bool_] | None
    whole: bool


def place(grid: Grid, points: int, seconds: Seconds, shift: int) -> Placed:
    """Where times lie on the grid; ``shift`` is 1 when they name the end of an interval."""
    step = grid.step * 60
    known = seconds != NEVER
    since = np.where(known, seconds, grid.start) - grid.start - shift * step
    slots = (since + step // 2) // step  # the nearest start of an interval
    wrong = (np.abs(slots * step - since) > min(JITTER, step // 4)) & known
    outside = ((slots < 0) | (slots >= points)) & ~wrong & known
    good = known & ~wrong & ~outside
    chosen = None if good.all() else good
    slots = slots if chosen is None else slots[chosen]
    whole = bool(slots.size) and bool((np.diff(slots) == 1).all())
    return Placed(since + grid.start, slots, wrong, outside, chosen, whole)
