"""Where the sun stands: hours in which a photovoltaic plant cannot generate, and solar noon.

Solar declination and equation of time after the low-accuracy formulas of NOAA's solar calculator;
good to a few minutes, which is finer than any limit used here.
"""

import functools
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from checker.series.grid import Grid
from checker.series.values import Floats

WEST, EAST = 73.5, 135.1
"""Degrees of longitude between which mainland China lies."""
_HOME_OFFSET = 8.0
_DARK = -4.0
"""Degrees below the horizon: clear of twilight and refraction."""


@functools.lru_cache(maxsize=64)
def darkness(grid: Grid, place: tuple[float, float] | None) -> NDArray[np.int64]:
    """Intervals that lie in the dark as a whole.

    Without a place only the hours between 23:15 and 02:45 count: it is night then everywhere in
    China all the year.
    """
    hours = _hours(grid)
    length = grid.step / 60
    if place is None:
        late = (hours >= 23.25) | (hours + length <= 2.75)
        return np.flatnonzero(late)
    begin = _elevation(grid, place, hours)
    end = _elevation(grid, place, hours + length)
    return np.flatnonzero((begin < _DARK) & (end < _DARK))


def _hours(grid: Grid) -> Floats:
    """Hour of the day at which each interval begins."""
    hours: Floats = (np.arange(grid.n) % grid.per_day).astype(np.float64) * (grid.step / 60)
    return hours


def _day_angles(grid: Grid) -> Floats:
    """Fractional year of each interval's day, radians."""
    start = datetime.fromtimestamp(grid.start, UTC)
    first = start.timetuple().tm_yday - 1
    days = first + np.arange(grid.n) // grid.per_day
    angles: Floats = (days.astype(np.float64) + 0.5) * (2 * np.pi / 365.25)
    return angles


def _equation_of_time(angle: Floats) -> Floats:
    """Minutes by which the sun is ahead of the mean."""
    return 229.18 * (
        0.000075
        + 0.001868 * np.cos(angle)
        - 0.032077 * np.sin(angle)
        - 0.014615 * np.cos(2 * angle)
        - 0.040849 * np.sin(2 * angle)
    )


def _elevation(grid: Grid, place: tuple[float, float], hours: Floats) -> Floats:
    """Height of the sun in degrees."""
    longitude, latitude = place
    angle = _day_angles(grid)
    declination = (
        0.006918
        - 0.399912 * np.cos(angle)
        + 0.070257 * np.sin(angle)
        - 0.006758 * np.cos(2 * angle)
        + 0.000907 * np.sin(2 * angle)
    )
    minutes = hours * 60 + _equation_of_time(angle) + 4 * longitude - 60 * _HOME_OFFSET
    turn = np.radians(minutes / 4 - 180)
    north = np.radians(latitude)
    height = np.sin(north) * np.sin(declination)
    height = height + np.cos(north) * np.cos(declination) * np.cos(turn)
    degrees: Floats = np.degrees(np.arcsin(np.clip(height, -1, 1)))
    return degrees


def solar_noon(longitude: float) -> float:
    """Mean solar noon in hours of Beijing time: 12 at 120 degrees east, 4 minutes a degree."""
    return 12 + (15 * _HOME_OFFSET - longitude) / 15


def noon_band(place: tuple[float, float] | None) -> tuple[float, float]:
    """Earliest and latest mean solar noon that is possible for the plant."""
    if place is not None:
        return solar_noon(place[0]), solar_noon(place[0])
    return solar_noon(EAST), solar_noon(WEST)
