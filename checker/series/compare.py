"""Series against what the tables state for the same meter, array, unit or account.

A difference that is a known slip (power taken as energy, a factor of ten, a multiplier, the sign)
is named; the limit from which a difference matters stands in the packs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import numpy as np

from checker.dossier.load import Dossier
from checker.dossier.table import TableRow
from checker.lang.units import Quantity, find_unit
from checker.lang.values import Unknown
from checker.places import Anchor
from checker.series.channel import Channel
from checker.series.summary import Summary
from checker.series.values import Floats

Multipliers: TypeAlias = Mapping[str, Sequence[Any]]
"""What table T06 states for each meter; unknown values among them."""
_NEAR = 0.02
"""A ratio within 2 % of a known slip is taken for it."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Energy of series and energy stated, kWh, in a period; ``coverage`` is a share. Of several
    meters that belong together ``summary`` is the first."""

    summary: Summary
    against: str
    key: str
    period: str
    series: float
    stated: float
    coverage: float
    slip: str
    place: Anchor


@dataclass(frozen=True, eq=False)
class _Together:
    """Series that one stated number covers; ``flow`` picks a direction of net series."""

    members: Sequence[Summary]
    flow: str = ""

    @property
    def net(self) -> bool:
        """True when one of the series flows both ways."""
        return any(member.given is not None for member in self.members)

    def days(self, first: int, last: int, flow: str = "") -> float:
        """Energy of some days, kWh."""
        total = 0.0
        for one in self.members:
            parts = {"in": one.received, "out": one.given}.get(flow or self.flow)
            total += float((one.days if parts is None else parts)[first:last].sum())
        return total

    def coverage(self, first: int, last: int, days: int) -> float:
        """Share of the intervals of ``days`` days that the least complete series has."""
        return min(
            float(one.day_present[first:last].sum()) / (days * one.grid.per_day)
            for one in self.members
        )


def comparisons(dossier: Dossier, summaries: Sequence[Summary]) -> Iterator[Comparison]:
    """All pairs that belong together: several meters of one account, array or unit are summed."""
    groups: dict[tuple[str, str, str], list[Summary]] = {}
    for summary in summaries:
        channel = summary.channel
        for code, column, key in _stated(channel):
            groups.setdefault((code, column, key), []).append(summary)
    stated = {code: _index(dossier, code) for code in {code for code, _, _ in groups}}
    declared = _declared_multipliers(dossier)
    for (code, column, key), members in groups.items():
        rows = stated[code].get(key, [])
        flow = "out" if column in ("exported", "discharged") else "in"
        together = _Together(members, flow)
        if code == "T05":
            yield from _bills(declared, rows, together, key, column)
        else:
            yield from _monthly(declared, rows, together, code, key, column)
    yield from _parents(dossier, summaries)


def _stated(channel: Channel) -> Iterator[tuple[str, str, str]]:
    """Table, column and key under which the energy of a channel is stated."""
    if channel.account and channel.role in ("import", "export", "grid"):
        yield "T05", "exported" if channel.role == "export" else "total", channel.account
    if channel.array and channel.role == "generation":
        yield "T08", "generation", channel.array
    if channel.unit_id and channel.role in ("charge", "discharge"):
        yield "T09", f"{channel.role}d", channel.unit_id
    if channel.unit_id and channel.role == "storage" and channel.sign:
        yield "T09", "charged", channel.unit_id
        yield "T09", "discharged", channel.unit_id
    if channel.role in _METERED:
        yield "T07", "consumption", channel.meter


_METERED = ("import", "generation", "load", "part", "it", "facility", "loss")
"""Roles whose energy is what table T07 calls the consumption of the meter."""
_KEYS = {"T05": "account", "T07": "meter_id", "T08": "array_id", "T09": "unit_id"}


def _index(dossier: Dossier, code: str) -> dict[str, list[TableRow]]:
    """Rows of a table by what they are about."""
    table = dossier.tables.get(code)
    found: dict[str, list[TableRow]] = {}
    if table is not None and code not in dossier.unreadable:
        for row in table.rows():
            found.setdefault(str(row.read(_KEYS[code])), []).append(row)
    return found


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


def _bills(
    declared: Multipliers, rows: Sequence[TableRow], together: _Together, account: str, column: str
) -> Iterator[Comparison]:
    one = together.members[0]
    for row in rows:
        start, end, stated = row.read("start"), row.read("end"), _kwh(row.read(column))
        if not isinstance(start, date) or not isinstance(end, date) or stated is None:
            continue
        first, last = _days(one, start, end)
        if last <= first:
            continue
        series = together.days(first, last)
        slip = slip_of(series, stated, one, _multipliers(declared, one, row))
        if together.net and slip != "none" and _like(together.days(first, last, "out"), stated):
            slip = "sign"
        period = f"{start:%Y-%m-%d}/{end:%Y-%m-%d}"
        share = together.coverage(first, last, (end - start).days + 1)
        place = row.anchor(column)
        yield Comparison(one, "T05", account, period, series, stated, share, slip, place)


def _days(summary: Summary, start: date, end: date) -> tuple[int, int]:
    """Days of a bill inside the period, as a half-open range."""
    per = summary.grid.per_day
    first = max(0, summary.grid.slot_of(start) // per)
    return first, min(len(summary.days), summary.grid.slot_of(end) // per + 1)


def _monthly(
    declared: Multipliers,
    rows: Sequence[TableRow],
    together: _Together,
    code: str,
    key: str,
    column: str,
) -> Iterator[Comparison]:
    one = together.members[0]
    ends = np.cumsum(one.expected) // one.grid.per_day
    months = {month: index for index, month in enumerate(one.months)}
    multipliers = _multipliers(declared, one)
    other = "in" if together.flow == "out" else "out"
    for row in rows:
        month, stated = row.read("month"), _kwh(row.read(column))
        if month not in months or stated is None:
            continue
        last = int(ends[months[month]])
        first = int(ends[months[month] - 1]) if months[month] else 0
        series = together.days(first, last)
        share = together.coverage(first, last, last - first)
        slip = slip_of(series, stated, one, multipliers)
        if together.net and slip != "none" and _like(together.days(first, last, other), stated):
            slip = "sign"
        place = row.anchor(column)
        yield Comparison(one, code, key, month, series, stated, share, slip, place)


def _parents(dossier: Dossier, summaries: Sequence[Summary]) -> Iterator[Comparison]:
    """Meters against the sum of all meters below them (T06 column "parent")."""
    table = dossier.tables.get("T06")
    below: dict[str, set[str]] = {}
    for row in table.rows() if table is not None else ():
        parent = row.read("parent")
        if type(parent) is not Unknown:
            below.setdefault(str(parent), set()).add(str(row.read("meter_id")))
    by_meter = {s.channel.meter: s for s in summaries if s.channel.role in _METERED}
    for meter, names in below.items():
        above = by_meter.get(meter)
        children = [by_meter[name] for name in sorted(names) if name in by_meter]
        if above is None or len(children) != len(names):
            continue
        for index, month in enumerate(above.months):
            share = min(float(s.present[index] / s.expected[index]) for s in [above, *children])
            total = float(np.sum([child.energy[index] for child in children]))
            series = float(above.energy[index])
            slip = slip_of(series, total, above)
            place = above.channel.row.anchor("meter_id")
            key = ", ".join(sorted(names))[:200]
            yield Comparison(above, "T06", key, month, series, total, share, slip, place)


def _like(one: float, other: float) -> bool:
    return other > 0 and abs(one / other - 1) <= _NEAR


def slip_of(
    series: float, stated: float, summary: Summary, multipliers: Sequence[float] = ()
) -> str:
    """The convention that would explain the ratio of a series to what was stated."""
    if _like(series, stated) or series == stated:
        return "none"
    if stated <= 0 or series == 0:
        return "other"
    ratio = series / stated
    if ratio < 0:
        return "sign"
    hours = 60 / summary.grid.step
    factors = [factor for factor in multipliers if factor not in (0.0, 1.0)]
    known: list[tuple[str, Floats | list[float]]] = [
        ("thousand", [1e3, 1e-3]),
        ("ten_thousand", [1e4, 1e-4]),
        ("ten", [10, 0.1]),
        ("multiplier", [part for factor in factors for part in (factor, 1 / factor)]),
        ("power_as_energy", [hours] if hours != 1 else []),
        ("energy_as_power", [1 / hours] if hours != 1 else []),
        ("half", [0.5, 2]),
    ]
    return next((n for n, values in known if any(_like(ratio, v) for v in values)), "other")


def _declared_multipliers(dossier: Dossier) -> Multipliers:
    """Multipliers of the meters of table T06."""
    table = dossier.tables.get("T06")
    found: dict[str, list[Any]] = {}
    for row in table.rows() if table is not None else ():
        found.setdefault(str(row.read("meter_id")), []).append(row.read("multiplier"))
    return found


def _multipliers(
    declared: Multipliers, summary: Summary, row: TableRow | None = None
) -> list[float]:
    """Multipliers of a meter as T36, T06 and the row that states its energy have them."""
    channel = summary.channel
    values = [channel.row.read("multiplier"), *declared.get(channel.meter, ())]
    if row is not None and "multiplier" in row.table.spec.columns:
        values.append(row.read("multiplier"))
    return [float(value) for value in values if type(value) is not Unknown]
