"""What a curve shows: gaps, faults of time, frozen, negative, spiky, straight or copied values.

Everything works on whole arrays; a stretch is a run of intervals.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from checker.series.channel import NET, Channel
from checker.series.copies import Copies, copied_days, spans_of_copies
from checker.series.energy import Intervals
from checker.series.grid import Curve, Grid
from checker.series.limits import Limits
from checker.series.sun import darkness, noon_band
from checker.series.values import Floats

_TELLING = 20
"""Last digits a value or a step must have before being equal says anything."""
_POINTS = 8
"""Readings that make a line, however long their intervals are."""
_NONE: NDArray[np.int64] = np.array([], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Intervals ``first`` to ``end`` (not included); ``row`` is the row of the file it begins at.

    ``other`` names what it equals: a day of the same meter, or another meter.
    """

    first: int
    end: int
    row: int
    energy: float = 0.0
    other: str = ""


@dataclass(slots=True)
class Inspection:
    """Stretches by kind; ``counts`` are intervals (rows for faults of time). ``hints`` say why."""

    stretches: dict[str, list[Stretch]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    days: Copies | None = None


def runs(mask: NDArray[np.bool_], least: int = 1) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and end (not included) of every run of True that is at least ``least`` long."""
    if not mask.any():
        return _NONE, _NONE
    padded = np.zeros(len(mask) + 2, dtype=np.int8)
    padded[1:-1] = mask
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    first, end = edges[::2], edges[1::2]
    if least > 1:
        long = end - first >= least
        first, end = first[long], end[long]
    return first, end


class Inspector:
    """Looks at the curves of one grid."""

    def __init__(self, grid: Grid, limits: Limits) -> None:
        self.grid = grid
        self.limits = limits

    def inspect(self, channel: Channel, curve: Curve, found: Intervals) -> Inspection:
        """All checks of one channel."""
        result = Inspection()
        values = found.values
        self._faults(curve, result)
        missing = np.isnan(values)
        self._stretches("gap", missing, found, result)
        if channel.kind != "level" and not missing.all():
            self._shapes(channel, found, result)
        if found.backwards.size:
            back = np.zeros(len(values), dtype=bool)
            back[found.backwards] = True
            self._stretches("backwards", back, found, result)
        return result

    def hours(self, hours: float) -> int:
        """Intervals in a number of hours."""
        return max(2, round(hours * 60 / self.grid.step))

    def _faults(self, curve: Curve, result: Inspection) -> None:
        """Rows that found no place; repeated times that form a block are an overlap."""
        seconds = self.grid.step * 60
        for kind, pairs in curve.faults.kept.items():
            slots = [(second - self.grid.start) // seconds for _, second in pairs]
            result.stretches[kind] = [
                Stretch(slot, slot + 1, row) for (row, _), slot in zip(pairs, slots, strict=True)
            ]
        result.counts |= curve.faults.counts
        least = self.hours(self.limits.overlap)
        blocks = _blocks(result.stretches.get("duplicate", []))
        long = [block for block in blocks if block.end - block.first >= least]
        if long:
            result.stretches["overlap"] = long
            result.counts["overlap"] = sum(block.end - block.first for block in long)
            short = [block for block in blocks if block.end - block.first < least]
            result.stretches["duplicate"] = short
            result.counts["duplicate"] -= result.counts["overlap"]

    def _stretches(
        self,
        kind: str,
        mask: NDArray[np.bool_],
        found: Intervals,
        result: Inspection,
        least: int = 1,
    ) -> None:
        first, end = runs(mask, least)
        if not first.size:
            return
        # a gap begins after the last row before it; others at their own first row
        before = np.maximum(first - 1, 0) if kind == "gap" else first
        sums = np.zeros(len(first))
        if kind != "gap":
            totals = np.concatenate([[0.0], np.nancumsum(found.values)])
            sums = totals[end] - totals[first]
        result.stretches[kind] = [
            Stretch(int(a), int(b), int(found.rows[c]), float(s))
            for a, b, c, s in zip(first, end, before, sums, strict=True)
        ]
        result.counts[kind] = int((end - first).sum())

    def _shapes(self, channel: Channel, found: Intervals, result: Inspection) -> None:
        values, limits = found.values, self.limits
        size = np.abs(values)
        positive = size[size > 0]
        if not positive.size:
            return
        usual = _high(positive)
        self._stretches("spike", size > limits.spike * usual, found, result)
        if channel.role not in NET:
            self._stretches("negative", values < -0.001 * usual, found, result)
            if result.counts.get("negative", 0) > 0.5 * positive.size:
                result.hints["negative"] = "sign"
        if channel.rated:
            most = channel.rated * self.grid.step / 60 * limits.over_rated
            self._stretches("over_rated", size > most, found, result)
        digit = _resolution(values)
        same = np.zeros(len(values), dtype=bool)
        same[1:] = (values[1:] == values[:-1]) & (size[1:] >= _TELLING * digit)
        if same.any():
            self._stretches("frozen", _with_first(same, self.hours(limits.frozen)), found, result)
        self._straight(found, digit, result)
        if channel.role == "generation" and channel.technology == "pv" and self.grid.step <= 60:
            self._sun(channel, found, usual, result)
        self._copies(found, result)

    def _straight(self, found: Intervals, digit: float, result: Inspection) -> None:
        """Steps that are all alike but not zero: points on a line.

        Steps may differ by the last digit only where the meter is usually restless; smooth curves
        of small whole numbers go up by even steps of their own accord.
        """
        values = found.values
        steps = np.diff(values)
        change = np.abs(np.diff(steps))
        moving = change[change > 0]
        noisy = bool(moving.size) and float(np.median(moving[:1_000])) >= _TELLING * digit
        alike = (change <= 1e-9 * np.abs(values[2:])) & (np.abs(steps[:-1]) >= digit)
        if noisy:
            alike |= (change <= 1.01 * digit) & (values[1:-1] != 0)
        first, end = runs(alike, max(_POINTS, self.hours(self.limits.straight)) - 2)
        rises = np.abs(values[end + 1] - values[first]) > 2 * digit  # a level stretch is frozen
        first, end = first[rises], end[rises]
        if first.size:
            mask = np.zeros(len(values), dtype=bool)
            for a, b in zip(first, end, strict=True):
                mask[a : b + 2] = True
            self._stretches("straight", mask, found, result)

    def _sun(self, channel: Channel, found: Intervals, usual: float, result: Inspection) -> None:
        """Generation in the dark, and a day whose middle is far from solar noon."""
        values = found.values
        dark = np.zeros(len(values), dtype=bool)
        night = darkness(self.grid, channel.place)
        full = channel.rated * self.grid.step / 60 if channel.rated else usual
        dark[night] = values[night] > self.limits.night * full
        self._stretches("night", dark, found, result)
        hours = (np.arange(self.grid.per_day) + 0.5) * self.grid.step / 60
        whole = np.nan_to_num(values[: len(values) // self.grid.per_day * self.grid.per_day])
        profile = whole.reshape(-1, self.grid.per_day).sum(axis=0)
        if profile.sum() <= 0:
            return
        turn = np.exp(2j * np.pi * hours / 24)
        middle = float(np.angle((profile * turn).sum()) / (2 * np.pi) * 24 % 24)
        early, late = noon_band(channel.place)
        off = middle - late if middle > late else middle - early if middle < early else 0.0
        if abs(off) > self.limits.clock:
            result.stretches["clock"] = [Stretch(0, len(values), int(found.rows.max(initial=0)))]
            result.counts["clock"] = len(values)
            result.hints["clock"] = _shift_hint(off)

    def _copies(self, found: Intervals, result: Inspection) -> None:
        result.days = copied_days(found.values, self.grid.per_day)
        if result.days is None:
            return
        for kind, spans in spans_of_copies(result.days, self.limits.copied_month).items():
            per = self.grid.per_day
            result.stretches[kind] = [
                Stretch(
                    day * per,
                    (day + length) * per,
                    int(found.rows[day * per]),
                    float(np.nansum(found.values[day * per : (day + length) * per])),
                    self.grid.text(source * per)[:10],
                )
                for day, length, source in spans
            ]
            result.counts[kind] = sum(length for _, length, _ in spans) * per


def _high(positive: Floats) -> float:
    """99th percentile, of a sample of a long series."""
    sample = positive[:: max(1, positive.size // 3_000)]
    place = int(0.99 * (sample.size - 1))
    return float(np.partition(sample, place)[place])


def _with_first(same: NDArray[np.bool_], least: int) -> NDArray[np.bool_]:
    """Runs of "equal to the one before", with the value each run begins with; ``least`` values."""
    mask = np.zeros(len(same), dtype=bool)
    for first, end in zip(*runs(same, least - 1), strict=True):
        mask[first - 1 : end] = True
    return mask


def _blocks(stretches: list[Stretch]) -> list[Stretch]:
    """Neighbouring intervals together, whatever order their rows stand in."""
    found: list[Stretch] = []
    for one in sorted(stretches, key=lambda stretch: (stretch.first, stretch.row)):
        if found and one.first == found[-1].end:
            found[-1] = Stretch(found[-1].first, one.end, found[-1].row)
        else:
            found.append(one)
    return found


def _resolution(values: Floats) -> float:
    """The last digit written: 1, 0.1 … 0.0001, or next to nothing for computed values."""
    known = _told(values[:8_000])
    if known.size < 100:
        known = _told(values)
    known = known[:1_000]
    for places in range(5):
        scaled = known * 10.0**places
        if np.abs(scaled - np.rint(scaled)).max(initial=0.0) < 1e-6:
            return float(10.0**-places)
    return 1e-9


def _told(values: Floats) -> Floats:
    told: Floats = values[~np.isnan(values) & (values != 0)]
    return told


def _shift_hint(hours: float) -> str:
    """Why a clock may be off: UTC is eight hours behind, a twelve-hour clock loses the half."""
    if abs(abs(hours) - 8) < 1.6:
        return "utc"
    return "half_day" if abs(abs(hours) - 12) < 1.6 else "shift"
