"""The derived tables S01 to S07."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from checker.dossier.derived import DerivedTable, table_of
from checker.dossier.schema import derived_specs
from checker.places import Anchor
from checker.series.balance import Flows
from checker.series.channel import NET
from checker.series.compare import Comparison
from checker.series.fills import Declared, Fill, names_of
from checker.series.inspect import Stretch
from checker.series.storage import Turn
from checker.series.summary import Summary
from checker.series.values import Floats

EXPLAINABLE = frozenset({"gap", "frozen", "straight", "copied_day", "copied_month"})
"""Checks that a declared gap or filling (T21) explains; others are asked whatever T21 says."""
Rows: TypeAlias = list[tuple[Anchor, Mapping[str, Any]]]


def meters(summaries: Sequence[Summary]) -> DerivedTable:
    """S01: one row a channel."""
    rows: Rows = []
    for summary in summaries:
        expected, present = int(summary.expected.sum()), int(summary.present.sum())
        row = {
            **_head(summary),
            "interval": summary.grid.step,
            "expected": expected,
            "present": present,
            "coverage": 100 * present / expected,
            "energy": _sum(summary),
            "peak": float(summary.peak.max(initial=0.0)),
            "label": summary.label or "start",
            "label_given": bool(summary.label),
            "rollovers": summary.rollovers,
            "first": summary.first,
            "last": summary.last,
        }
        rows.append((summary.origin.place(-1, summary.channel.meter), row))
    return table_of("S01", rows)


def _head(summary: Summary) -> dict[str, Any]:
    return {"meter_id": summary.channel.meter, "role": summary.channel.role}


def _sum(summary: Summary) -> float | None:
    """Energy of the period; a level has none, and water is no energy."""
    counted = summary.channel.kind != "level" and summary.channel.role != "water"
    return float(summary.energy.sum()) if counted else None


def checks(summaries: Sequence[Summary], declared: Sequence[Declared]) -> DerivedTable:
    """S02: one row for every check of every channel, found something or not."""
    rows: Rows = []
    for summary in summaries:
        names = names_of(summary)
        mine = [one for one in declared if one.name in names]
        for kind in kinds_of(summary):
            found = summary.inspection.stretches.get(kind, [])
            count = summary.inspection.counts.get(kind, 0)
            rows.append(_check(summary, kind, found, count, mine))
    return table_of("S02", rows)


def kinds_of(summary: Summary) -> list[str]:
    """Checks that were made of a channel."""
    channel = summary.channel
    left_out = set()
    if channel.role in NET:
        left_out |= {"negative"}
    if channel.role != "generation" or channel.technology != "pv" or summary.grid.step > 60:
        left_out |= {"night", "clock"}
    if not channel.rated:
        left_out |= {"over_rated"}
    if channel.kind != "register" or channel.role in NET:
        left_out |= {"backwards"}
    if channel.kind == "level":
        left_out |= {"negative", "spike", "frozen", "straight"}
        left_out |= {"copied_day", "copied_month", "copied_curve"}
    options = derived_specs()["S02"].columns["kind"].options
    return [option.code for option in options if option.code not in left_out]


def _check(
    summary: Summary, kind: str, found: Sequence[Stretch], count: int, mine: Sequence[Declared]
) -> tuple[Anchor, Mapping[str, Any]]:
    grid = summary.grid
    mine = mine if kind in EXPLAINABLE else ()
    open_ = [s for s in found if not any(one.covers(grid, s.first, s.end) for one in mine)]
    unlisted = 0 if len(found) >= count else max(0, count - sum(s.end - s.first for s in found))
    first = open_[0] if open_ else found[0] if found else None
    row = {
        **_head(summary),
        "kind": kind,
        "stretches": len(found),
        "intervals": count,
        "open": len(open_),
        "open_intervals": sum(s.end - s.first for s in open_) + (unlisted if open_ else 0),
        "energy": float(sum(s.energy for s in open_)),
        "start": grid.text(first.first) if first else "",
        "end": grid.text(first.end) if first else "",
        "other": first.other if first else "",
        "hint": summary.inspection.hints.get(kind, "none"),
    }
    where = f"{summary.channel.meter} {row['start']}".strip()
    return summary.origin.place(first.row if first else -1, where), row


def months(summaries: Sequence[Summary]) -> DerivedTable:
    """S03: one row a channel and month."""
    rows: Rows = []
    for summary in summaries:
        counted = _sum(summary) is not None
        for index, month in enumerate(summary.months):
            expected, present = int(summary.expected[index]), int(summary.present[index])
            row = {
                **_head(summary),
                "month": month,
                "expected": expected,
                "present": present,
                "coverage": 100 * present / expected,
                "energy": float(summary.energy[index]) if counted else None,
                "volume": float(summary.energy[index]) if summary.channel.role == "water" else None,
                "peak": float(summary.peak[index]),
            }
            rows.append((summary.origin.place(-1, f"{summary.channel.meter} {month}"), row))
    return table_of("S03", rows)


def balance(flows: Flows | None, place: Anchor) -> DerivedTable:
    """S04: one row a month, over the intervals in which every channel has a value."""
    if flows is None:
        return table_of("S04", [])
    months_, starts = flows.grid.month_starts()
    valid = flows.valid

    def add(values: Floats) -> Floats:
        sums: Floats = np.add.reduceat(np.where(valid, values, 0.0), starts)
        return sums

    def peak(values: Floats) -> Floats:
        least = np.where(valid, values, -np.inf)
        highest: Floats = np.maximum.reduceat(least, starts) * 60 / flows.grid.step
        return np.where(np.isinf(highest), np.nan, highest)

    expected = np.diff(np.append(starts, flows.grid.n))
    residual = flows.residual
    columns: dict[str, Floats | None] = {
        "expected": expected.astype(np.float64),
        "valid": np.add.reduceat(valid.astype(np.float64), starts),
        "imported": add(flows.imported),
        "generation": add(flows.generation),
        "discharge": add(flows.discharge),
        "load": add(flows.load),
        "exported": add(flows.exported),
        "charge": add(flows.charge),
        "losses": add(flows.losses),
        "curtailed": add(flows.curtailed),
        "residual": None if residual is None else add(residual),
        "residual_abs": None if residual is None else add(np.abs(residual)),
        "matched": add(flows.matched),
        "covered": add(flows.covered),
        "load_peak": peak(flows.load),
        "import_peak": peak(flows.imported),
    }
    fixed = {"load_metered": flows.load_metered, "export_metered": flows.export_metered}
    rows: Rows = []
    worst = _worst_days(flows)
    for index, month in enumerate(months_):
        empty = columns["valid"] is not None and columns["valid"][index] == 0
        shown = ("expected", "valid") if empty else tuple(columns)
        numbers = {name: _at(columns[name], index) for name in shown}
        label = Anchor(place.file, place.sheet, place.cell, place.line, label=month)
        rows.append((label, {"month": month, **numbers, **fixed, **worst.get(month, {})}))
    return table_of("S04", rows)


def _worst_days(flows: Flows) -> dict[str, Mapping[str, Any]]:
    """The day of each month whose residuals are largest against its supply."""
    residual = flows.residual
    if residual is None:
        return {}
    per = flows.grid.per_day
    whole = flows.valid.reshape(-1, per).all(axis=1)
    off = np.where(flows.valid, np.abs(residual), 0.0).reshape(-1, per).sum(axis=1)
    supply = flows.imported + flows.generation + flows.discharge
    given = np.where(flows.valid, supply, 0.0).reshape(-1, per).sum(axis=1)
    use = np.where(flows.valid, flows.load, 0.0).reshape(-1, per).sum(axis=1)
    size = np.maximum(given, use)
    found: dict[str, Mapping[str, Any]] = {}
    largest: dict[str, float] = {}
    for day in np.flatnonzero(whole & (size > 0)).tolist():
        text = flows.grid.text(day * per)[:10]
        share = float(off[day] / size[day])
        if share > largest.get(text[:7], -1.0):
            largest[text[:7]] = share
            sums = {"worst_residual": float(off[day]), "worst_supply": float(size[day])}
            found[text[:7]] = {"worst_day": text, **sums}
    return found


def _at(values: Floats | None, index: int) -> float | None:
    if values is None or np.isnan(values[index]):
        return None
    return float(values[index])


def storages(turns: Iterable[Turn]) -> DerivedTable:
    """S05: one row a storage meter with net values."""
    rows: Rows = []
    for turn in turns:
        channel = turn.storage.channel
        row = {
            "meter_id": channel.meter,
            "unit_id": channel.unit_id,
            "charged": turn.charged,
            "discharged": turn.discharged,
            "stored": turn.stored,
            "declared": channel.sign or "none",
            "decided": turn.decided or "none",
            "ground": turn.ground,
        }
        rows.append((channel.row.anchor("sign"), row))
    return table_of("S05", rows)


def against(found: Iterable[Comparison]) -> DerivedTable:
    """S06: series against tables."""
    rows: Rows = []
    for one in found:
        row = {
            "meter_id": one.summary.channel.meter,
            "against": one.against,
            "key": one.key,
            "period": one.period,
            "series": one.series,
            "stated": one.stated,
            "coverage": 100 * one.coverage,
            "slip": one.slip,
        }
        rows.append((one.place, row))
    return table_of("S06", rows)


def filled(found: Iterable[Fill]) -> DerivedTable:
    """S07: declared gap filling."""
    rows: Rows = []
    for one in found:
        row = {
            "object": one.declared.name,
            "role": one.summary.channel.role,
            "start": one.declared.start.isoformat(),
            "end": one.declared.end.isoformat(),
            "filled": one.filled,
            "typical": one.typical,
        }
        rows.append((one.declared.row.anchor(), row))
    return table_of("S07", rows)
