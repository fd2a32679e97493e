"""From what a meter wrote to kWh of each interval: power, registers, signs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checker.series.channel import NET, Channel
from checker.series.grid import Curve
from checker.series.values import Floats


@dataclass(frozen=True, eq=False)
class Intervals:
    """Energy of the intervals of one channel, kWh (NaN: unknown).

    Of a level (stored energy) they are the levels, of water m3. ``rollovers`` counts how often a
    register passed its maximum, ``backwards`` are intervals in which it ran back; ``rows`` holds
    the row of the file for every interval (-1: none).
    """

    values: Floats
    rows: NDArray[np.int64]
    rollovers: int
    backwards: NDArray[np.int64]


def intervals_of(channel: Channel, curve: Curve) -> Intervals:
    """Energy by interval. A kW value times the hours of the interval is kWh; net values count
    import and charge as positive, whatever the sign says.
    """
    turn = -1.0 if channel.sign in ("negative", "export", "discharge") else 1.0
    if channel.kind == "register":
        return _from_register(channel, curve, turn)
    scale = turn * channel.scale * (curve.grid.step / 60 if channel.kind == "power" else 1.0)
    values = curve.values * scale if scale != 1.0 else curve.values
    return Intervals(values, curve.rows, 0, np.array([], dtype=np.int64))


def _from_register(channel: Channel, curve: Curve, turn: float) -> Intervals:
    """Differences of readings; a fall is a rollover when the register has a maximum that explains
    it (the step over the maximum is at most twice the largest other), else the register ran back.
    """
    steps = turn * np.diff(curve.values)
    if channel.role in NET:
        none = np.array([], dtype=np.int64)
        return Intervals(steps * channel.scale, curve.rows[1:], 0, none)
    falls = np.flatnonzero(steps < 0)
    over = falls
    if falls.size:
        rising = steps[steps > 0]
        largest = float(rising.max()) if rising.size else 0.0
        across = steps[falls] + channel.rollover
        explained = (channel.rollover > 0) & (across >= 0) & (across <= 2 * largest)
        over = falls[explained]
        steps[over] += channel.rollover
        falls = falls[~explained]
        steps[falls] = np.nan
    return Intervals(steps * channel.scale, curve.rows[1:], int(over.size), falls)
