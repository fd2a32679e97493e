"""What is kept of a channel when its curve is gone: sums, coverage, stretches."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checker.places import Anchor
from checker.series.channel import NET, Channel
from checker.series.energy import Intervals
from checker.series.grid import Curve, Grid
from checker.series.inspect import Inspection
from checker.series.values import Floats


@dataclass(frozen=True, eq=False)
class Origin:
    """The files of a channel, in the order they were read.

    ``parts`` are (first row number, path, lines before the data; 0 for Parquet).
    """

    parts: Sequence[tuple[int, str, int]]

    def place(self, row: int, label: str = "") -> Anchor:
        """Place of a row, counted through all files from 0; of no row, the first file."""
        if row < 0:
            return Anchor(self.parts[0][1], label=label)
        start, path, skip = next(part for part in reversed(self.parts) if part[0] <= row)
        if path.lower().endswith(".parquet"):
            return Anchor(path, label=f"row {row - start + 1} {label}".strip())
        return Anchor(path, line=skip + row - start + 1, label=label)


@dataclass(frozen=True, eq=False)
class Summary:
    """One channel. Energies in kWh (levels and water in their own units), powers in kW.

    ``months`` are parallel to ``energy``, ``present``, ``expected`` and ``peak``; ``days`` holds
    the energy of every day as far as it is known, ``day_present`` the intervals with a value.
    """

    channel: Channel
    origin: Origin
    grid: Grid
    label: str
    months: Sequence[str]
    energy: Floats
    present: NDArray[np.int64]
    expected: NDArray[np.int64]
    peak: Floats
    days: Floats
    day_present: NDArray[np.int64]
    inspection: Inspection
    rollovers: int
    first: str
    last: str
    received: Floats | None = None
    given: Floats | None = None


def summarise(
    channel: Channel,
    origin: Origin,
    curve: Curve,
    found: Intervals,
    inspection: Inspection,
    label: str,
) -> Summary:
    """Reduce a curve to months and days."""
    grid, values = curve.grid, found.values
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    months, starts = grid.month_starts()
    power = 0.0 if channel.kind == "level" or channel.role == "water" else 60 / grid.step
    per_day = (len(values) // grid.per_day, grid.per_day)
    seen = np.flatnonzero(known)
    net = channel.role in NET
    daily = filled.reshape(per_day)
    return Summary(
        channel,
        origin,
        grid,
        label,
        months,
        np.add.reduceat(filled, starts),
        np.add.reduceat(known.astype(np.int64), starts),
        np.diff(np.append(starts, grid.n)),
        np.maximum.reduceat(np.where(known, np.abs(values), 0.0), starts) * power,
        daily.sum(axis=1),
        known.reshape(per_day).sum(axis=1),
        inspection,
        found.rollovers,
        grid.text(int(seen[0])) if seen.size else "",
        grid.text(int(seen[-1])) if seen.size else "",
        np.maximum(daily, 0).sum(axis=1) if net else None,
        np.maximum(-daily, 0).sum(axis=1) if net else None,
    )
