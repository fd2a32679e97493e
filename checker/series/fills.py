"""Declared gap filling (table T21): what was filled in, against the same hours of nearby weeks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from checker.dossier.load import Dossier
from checker.dossier.table import TableRow
from checker.series.grid import Grid
from checker.series.summary import Summary

_WEEKS = 4


@dataclass(frozen=True, eq=False)
class Declared:
    """A row of T21: the days it declares for a meter, array or storage unit."""

    row: TableRow
    name: str
    start: date
    end: date

    def covers(self, grid: Grid, first: int, end: int) -> bool:
        """True when the intervals lie inside the declared days."""
        return grid.slot_of(self.start) <= first and end <= grid.slot_of(self.end) + grid.per_day


@dataclass(frozen=True, eq=False)
class Fill:
    """Energy of the declared days and of the same weekdays nearby, kWh."""

    declared: Declared
    summary: Summary
    filled: float
    typical: float


def declared_gaps(dossier: Dossier) -> list[Declared]:
    """Readable rows of T21."""
    table = dossier.tables.get("T21")
    found = []
    for row in table.rows() if table is not None else ():
        start, end = row.read("start"), row.read("end")
        if isinstance(start, date) and isinstance(end, date):
            found.append(Declared(row, str(row.read("object")), start, end))
    return found


def names_of(summary: Summary) -> frozenset[str]:
    """Names under which table T21 may speak of a channel."""
    channel = summary.channel
    return frozenset(filter(None, (channel.meter, channel.array, channel.unit_id)))


def fills(declared: Sequence[Declared], summaries: Sequence[Summary]) -> Iterator[Fill]:
    """Declared stretches for which the series holds filled-in values all the same."""
    named: dict[str, list[Summary]] = {}
    for summary in summaries:
        if summary.channel.role not in ("soc", "storage"):
            for name in names_of(summary):
                named.setdefault(name, []).append(summary)
    for one in declared:
        for summary in named.get(one.name, ()):
            fill = _fill(one, summary)
            if fill is not None:
                yield fill


def _fill(one: Declared, summary: Summary) -> Fill | None:
    per = summary.grid.per_day
    first = summary.grid.slot_of(one.start) // per
    last = summary.grid.slot_of(one.end) // per + 1
    days = len(summary.days)
    if first < 0 or last > days or first >= last:
        return None
    whole = summary.day_present == per
    if not whole[first:last].all():
        return None  # a gap left open: nothing was filled in
    typical = 0.0
    for day in range(first, last):
        near = [day + 7 * week for week in range(-_WEEKS, _WEEKS + 1)]
        near = [n for n in near if 0 <= n < days and not first <= n < last and whole[n]]
        if not near:
            return None
        typical += float(np.mean(summary.days[near]))
    return Fill(one, summary, float(summary.days[first:last].sum()), typical)
