"""What the report draws: plain lists of numbers, computed once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from checker.places import Anchor
from checker.series.balance import Flows
from checker.series.storage import Turn
from checker.series.summary import Summary
from checker.series.values import Floats

SEASONS = (
    ("spring", (3, 4, 5)),
    ("summer", (6, 7, 8)),
    ("autumn", (9, 10, 11)),
    ("winter", (12, 1, 2)),
)
_BINS = 41
LISTED = 20
"""Stretches of one kind that are listed for a meter; all of them are counted."""


@dataclass(frozen=True, eq=False)
class StretchLine:
    """A stretch for the report: which meter, what, from when to when, where."""

    meter: str
    role: str
    kind: str
    start: str
    end: str
    intervals: int
    energy: float
    other: str
    place: Anchor


@dataclass(frozen=True, eq=False)
class Pictures:
    """Numbers behind the plots; powers in kW, energies in kWh, shares from 0 to 1.

    ``coverage`` holds a share a month for every channel; ``typical`` mean power by quarter of the
    year and interval of the day for load, generation and import; ``duration`` the load from the
    highest to the lowest in hundredths of the time; ``residuals`` counts by ``edges``; ``balance``
    the flows of every month in MWh; ``storage`` what the sign of every storage curve means.
    """

    months: Sequence[str]
    coverage: Sequence[tuple[str, str, Sequence[float]]]
    stretches: Sequence[StretchLine]
    step: int = 0
    typical: dict[str, dict[str, Sequence[float]]] = field(default_factory=dict)
    duration: Sequence[float] = ()
    import_duration: Sequence[float] = ()
    edges: Sequence[float] = ()
    residuals: Sequence[int] = ()
    balance: Sequence[Mapping[str, str | float]] = ()
    storage: Sequence[Mapping[str, str | float]] = ()


def pictures(
    summaries: Sequence[Summary], flows: Flows | None, turns: Sequence[Turn] = ()
) -> Pictures:
    """All numbers for the plots."""
    months = list(summaries[0].months) if summaries else []
    coverage = [
        (s.channel.meter, s.channel.role, [round(float(v), 4) for v in s.present / s.expected])
        for s in summaries
    ]
    listed = [line for summary in summaries for line in _lines(summary)]
    if flows is None or not flows.valid.any():
        return Pictures(months, coverage, listed, storage=_storage(turns))
    hours = flows.grid.step / 60
    edges, counts = _residuals(flows)
    return Pictures(
        months,
        coverage,
        listed,
        flows.grid.step,
        _typical(flows, months),
        _duration(flows.load[flows.valid] / hours),
        _duration(flows.imported[flows.valid] / hours),
        edges,
        counts,
        _balance(flows),
        _storage(turns),
    )


def _lines(summary: Summary) -> list[StretchLine]:
    found = []
    for kind, stretches in summary.inspection.stretches.items():
        longest = sorted(stretches, key=lambda s: (s.first - s.end, s.first))[:LISTED]
        for one in sorted(longest, key=lambda s: s.first):
            start, end = summary.grid.text(one.first), summary.grid.text(one.end)
            place = summary.origin.place(one.row, f"{summary.channel.meter} {start}")
            head = (summary.channel.meter, summary.channel.role, kind, start, end)
            count = one.end - one.first
            found.append(StretchLine(*head, count, round(one.energy, 3), one.other, place))
    return found


def _balance(flows: Flows) -> list[Mapping[str, str | float]]:
    """Flows by month in MWh, over the valid intervals."""
    months, starts = flows.grid.month_starts()
    sums = {
        name: np.add.reduceat(np.where(flows.valid, values, 0.0), starts) / 1000
        for name, values in (
            ("import", flows.imported),
            ("generation", flows.generation),
            ("discharge", flows.discharge),
            ("load", flows.load),
            ("export", flows.exported),
            ("charge", flows.charge),
            ("loss", flows.losses),
        )
    }
    return [
        {"month": month, **{name: round(float(values[i]), 4) for name, values in sums.items()}}
        for i, month in enumerate(months)
    ]


def _storage(turns: Sequence[Turn]) -> list[Mapping[str, str | float]]:
    return [
        {
            "meter": turn.storage.channel.meter,
            "declared": turn.storage.channel.sign or "none",
            "decided": turn.decided or "none",
            "ground": turn.ground,
            "charged_kwh": round(turn.charged, 3),
            "discharged_kwh": round(turn.discharged, 3),
        }
        for turn in turns
    ]


def _typical(flows: Flows, months: Sequence[str]) -> dict[str, dict[str, Sequence[float]]]:
    per = flows.grid.per_day
    _, starts = flows.grid.month_starts()
    numbers = np.repeat(
        [int(month[5:]) for month in months], np.diff(np.append(starts, flows.grid.n))
    )
    found: dict[str, dict[str, Sequence[float]]] = {}
    for season, wanted in SEASONS:
        inside = np.isin(numbers, wanted) & flows.valid
        if inside.any():
            found[season] = {
                name: _mean_day(values, inside, per, flows.grid.step / 60)
                for name, values in (
                    ("load", flows.load),
                    ("generation", flows.generation),
                    ("import", flows.imported),
                )
            }
    return found


def _mean_day(values: Floats, inside: np.ndarray, per: int, hours: float) -> Sequence[float]:
    days = np.where(inside, values, 0.0).reshape(-1, per).sum(axis=0)
    counts = inside.reshape(-1, per).sum(axis=0)
    means = np.divide(days, counts, out=np.zeros(per), where=counts > 0) / hours
    return [round(float(value), 2) for value in means]


def _duration(power: Floats) -> Sequence[float]:
    ordered = np.sort(power)[::-1]
    places = np.linspace(0, len(ordered) - 1, 101).round().astype(np.int64)
    return [round(float(value), 2) for value in ordered[places]]


def _residuals(flows: Flows) -> tuple[Sequence[float], Sequence[int]]:
    residual = flows.residual
    if residual is None:
        return (), ()
    known = np.round(residual[flows.valid], 6)
    reach = float(np.abs(known).max(initial=0.0)) or 1.0
    counts, edges = np.histogram(known, bins=_BINS, range=(-reach, reach))
    return [round(float(edge), 3) for edge in edges], [int(count) for count in counts]
