"""Series against what the tables state for the same meter, array, unit or account.

A difference that is a known slip (power taken as energy, a factor of ten, a multiplier, the sign)
is named; the limit from which a difference matters stands in the packs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from checker.dossier.load import Dossier
from checker.lang.units import Quantity, find_unit
from checker.lang.values import Unknown
from checker.places import Anchor
from checker.series.summary import Summary
from checker.series.values import Floats

_NEAR = 0.02
"""A ratio within 2 % of a known slip is taken for it."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Energy of a series and energy stated, kWh, in a period; ``coverage`` is a share."""

    summary: Summary
    against: str
    key: str
    period: str
    series: float
    stated: float
    coverage: float
    slip: str
    place: Anchor


def comparisons(dossier: Dossier, summaries: Sequence[Summary]) -> Iterator[Comparison]:
    """All pairs that belong together."""
    for summary in summaries:
        channel = summary.channel
        if channel.account and channel.role in ("import", "export", "grid"):
            yield from _bills(dossier, summary)
        if channel.array and channel.role == "generation":
            yield from _monthly(dossier, summary, "T08", "array_id", channel.array, "generation")
        if channel.unit_id and channel.role in ("charge", "discharge"):
            column = f"{channel.role}d"
            yield from _monthly(dossier, summary, "T09", "unit_id", channel.unit_id, column)
        if channel.role not in ("soc", "grid", "storage"):
            yield from _monthly(dossier, summary, "T07", "meter_id", channel.meter, "consumption")
    yield from _parents(dossier, summaries)


def _rows(dossier: Dossier, code: str, column: str, key: str) -> list[Any]:
    table = dossier.tables.get(code)
    if table is None or code in dossier.unreadable:
        return []
    return [row for row in table.rows() if row.read(column) == key]


def _kwh(value: Any) -> float | None:
    """Energy of a cell in kWh."""
    unit = find_unit("kWh")
    assert unit is not None
    if type(value) is Unknown:
        return None
    if isinstance(value, Quantity):
        if value.unit.dimension != unit.dimension:
            return None
        value = value.base()
    return float(unit.from_base(value))


def _bills(dossier: Dossier, summary: Summary) -> Iterator[Comparison]:
    export = summary.channel.role == "export"
    column = "exported" if export else "total"
    for row in _rows(dossier, "T05", "account", summary.channel.account):
        start, end, stated = row.read("start"), row.read("end"), _kwh(row.read(column))
        if not isinstance(start, date) or not isinstance(end, date) or stated is None:
            continue
        first, last = _days(summary, start, end)
        if last <= first:
            continue
        days = summary.received if summary.received is not None else summary.days
        series = float(days[first:last].sum())
        slip = slip_of(series, stated, summary)
        if summary.given is not None and _like(float(summary.given[first:last].sum()), stated):
            slip = slip if slip == "none" else "sign"
        period = f"{start:%Y-%m-%d}/{end:%Y-%m-%d}"
        share = _coverage(summary, first, last, (end - start).days + 1)
        account = summary.channel.account
        place = row.anchor(column)
        yield Comparison(summary, "T05", account, period, series, stated, share, slip, place)


def _days(summary: Summary, start: date, end: date) -> tuple[int, int]:
    """Days of a bill inside the period, as a half-open range."""
    per = summary.grid.per_day
    first = max(0, summary.grid.slot_of(start) // per)
    return first, min(len(summary.days), summary.grid.slot_of(end) // per + 1)


def _coverage(summary: Summary, first: int, last: int, days: int) -> float:
    return float(summary.day_present[first:last].sum()) / (days * summary.grid.per_day)


def _monthly(
    dossier: Dossier, summary: Summary, code: str, name: str, key: str, column: str
) -> Iterator[Comparison]:
    months = list(summary.months)
    for row in _rows(dossier, code, name, key):
        month, stated = row.read("month"), _kwh(row.read(column))
        if month not in months or stated is None:
            continue
        index = months.index(month)
        series = float(summary.energy[index])
        share = float(summary.present[index] / summary.expected[index])
        slip = slip_of(series, stated, summary)
        place = row.anchor(column)
        yield Comparison(summary, code, key, month, series, stated, share, slip, place)


def _parents(dossier: Dossier, summaries: Sequence[Summary]) -> Iterator[Comparison]:
    """Meters against the sum of the meters below them (T06 column "parent")."""
    table = dossier.tables.get("T06")
    parents = {
        str(row.read("meter_id")): str(row.read("parent"))
        for row in (table.rows() if table is not None else ())
        if type(row.read("parent")) is not Unknown
    }
    below: dict[str, list[Summary]] = {}
    for summary in summaries:
        if summary.channel.role in ("part", "load", "import", "it"):
            below.setdefault(parents.get(summary.channel.meter, ""), []).append(summary)
    for summary in summaries:
        children = below.get(summary.channel.meter, [])
        known = {child.channel.meter for child in children}
        wanted = {child for child, parent in parents.items() if parent == summary.channel.meter}
        if not children or known != wanted or summary.channel.role in ("grid", "storage", "soc"):
            continue
        for index, month in enumerate(summary.months):
            share = min(float(s.present[index] / s.expected[index]) for s in [summary, *children])
            total = float(np.sum([child.energy[index] for child in children]))
            series = float(summary.energy[index])
            slip = slip_of(series, total, summary)
            place = summary.channel.row.anchor("meter_id")
            key = ", ".join(sorted(known))[:200]
            yield Comparison(summary, "T06", key, month, series, total, share, slip, place)


def _like(one: float, other: float) -> bool:
    return other > 0 and abs(one / other - 1) <= _NEAR


def slip_of(series: float, stated: float, summary: Summary) -> str:
    """The convention that would explain the ratio of a series to what was stated."""
    if _like(series, stated) or series == stated:
        return "none"
    if stated <= 0 or series == 0:
        return "other"
    ratio = series / stated
    if ratio < 0:
        return "sign"
    hours = 60 / summary.grid.step
    factor = float(_multiplier(summary))
    known: list[tuple[str, Floats | list[float]]] = [
        ("thousand", [1e3, 1e-3]),
        ("ten_thousand", [1e4, 1e-4]),
        ("ten", [10, 0.1]),
        ("multiplier", [factor, 1 / factor] if factor not in (0, 1) else []),
        ("power_as_energy", [hours] if hours != 1 else []),
        ("energy_as_power", [1 / hours] if hours != 1 else []),
        ("half", [0.5, 2]),
    ]
    return next((n for n, values in known if any(_like(ratio, v) for v in values)), "other")


def _multiplier(summary: Summary) -> float:
    """Multiplier of the meter in T36, 1 when none is given."""
    value = summary.channel.row.read("multiplier")
    return 1.0 if type(value) is Unknown else float(value)
