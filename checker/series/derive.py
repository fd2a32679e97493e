"""All series of a dossier: from table T36 and the files to derived tables and pictures."""

from collections.abc import Sequence

import numpy as np

from checker.dossier.load import Dossier
from checker.places import Anchor
from checker.series import tables
from checker.series.balance import MAX_STEP
from checker.series.channel import channels
from checker.series.compare import comparisons
from checker.series.copies import Copies, scaled_pairs, shared_days
from checker.series.files import groups, series_paths
from checker.series.fills import declared_gaps, fills
from checker.series.inspect import Stretch
from checker.series.limits import Limits
from checker.series.pictures import Pictures, pictures
from checker.series.reading import Job, prepare, read
from checker.series.sink import Sink
from checker.series.storage import decide
from checker.series.summary import Summary

_SHARED_DAYS = 10
"""Day curves that two meters must have in common before one is called a copy of the other."""
_TOGETHER = frozenset({"import", "export", "grid", "generation", "load", "charge", "discharge"}) | {
    "storage",
    "it",
    "facility",
}


def derive(dossier: Dossier, limits: Limits) -> Pictures | None:
    """Read all series, add tables S01 to S07 to the dossier; None when there are none.

    Problems are added to the dossier. Without table T36 files cannot be read: the derived tables
    are then unreadable, never empty. What is returned is what the report draws.
    """
    files = dossier.files
    if files is None:
        return None
    found = sorted(channels(dossier), key=lambda channel: channel.row.index)
    jobs = [
        prepare(files, paths, group, dossier.problems)
        for paths, group in list(groups(files, found, dossier.problems))
    ]
    if not found:
        place = series_paths(files)
        _unreadable(dossier, Anchor(place[0]) if place else dossier.expected_place("T36"))
        return None
    sink = Sink(dossier.period, _balance_step(jobs), limits)
    for job in jobs:
        read(job, sink, dossier.problems)
        dossier.read_files.update(part.source.path for part in job.parts)
    if not sink.summaries:
        _unreadable(dossier, dossier.expected_place("T36"))
        return None
    return _finish(dossier, sink)


def _unreadable(dossier: Dossier, place: Anchor) -> None:
    """Series were submitted but say nothing: requirements on them are not evaluated."""
    for code in ("S01", "S02", "S03", "S04", "S05", "S06", "S07"):
        dossier.unreadable[code] = place


def _balance_step(jobs: Sequence[Job]) -> int:
    """The coarsest interval of the channels that take part in the balance, in minutes."""
    steps = [
        job.steps[channel.name]
        for job in jobs
        for channel in job.channels
        if channel.name in job.steps and channel.role in _TOGETHER
    ]
    return max((step for step in steps if step <= MAX_STEP), default=MAX_STEP)


def _finish(dossier: Dossier, sink: Sink) -> Pictures:
    order = {row.key: row.index for row in dossier.tables["T36"].rows()}
    summaries = sorted(sink.summaries, key=lambda s: order[s.channel.row.key])
    _copied_curves(summaries, _relatives(dossier))
    turns = decide(sink.balance)
    sink.balance.settle_storage(frozenset(t.storage.channel.meter for t in turns if t.opposite))
    flows = sink.balance.flows()
    declared = declared_gaps(dossier)
    place = dossier.tables["T36"].head()
    for table in (
        tables.meters(summaries),
        tables.checks(summaries, declared),
        tables.months(summaries),
        tables.balance(flows, place),
        tables.storages(turns),
        tables.against(comparisons(dossier, summaries)),
        tables.filled(fills(declared, summaries)),
    ):
        dossier.tables[table.spec.code] = table
    return pictures(summaries, flows, turns)


def _relatives(dossier: Dossier) -> frozenset[tuple[str, str]]:
    """Meters and the meter above them: these may well have the same curve."""
    table = dossier.tables.get("T06")
    pairs = [
        (str(row.read("meter_id")), str(row.read("parent")))
        for row in (table.rows() if table is not None else ())
    ]
    return frozenset([*pairs, *((b, a) for a, b in pairs)])


def _copied_curves(summaries: Sequence[Summary], related: frozenset[tuple[str, str]]) -> None:
    """Note meters that share day curves, or whose days differ by one factor only."""
    usable = [s for s in summaries if s.inspection.days is not None and s.channel.role != "soc"]
    for step in sorted({s.grid.step for s in usable}):
        same_grid = [s for s in usable if s.grid.step == step]
        for one, other in _pairs(same_grid):
            first, second = same_grid[one], same_grid[other]
            names = (first.channel.meter, second.channel.meter)
            if names[0] == names[1] or names in related:
                continue
            _note(second, first)


def _pairs(summaries: Sequence[Summary]) -> list[tuple[int, int]]:
    days = [s.inspection.days for s in summaries]
    known = [one for one in days if one is not None]
    pairs = set(scaled_pairs(np.array([one.energy for one in known])) if known else ())
    pairs |= _sharing(known)
    return sorted(pairs)


def _sharing(days: Sequence[Copies]) -> set[tuple[int, int]]:
    """Pairs with the same day curves, on whatever days; found through the curves' marks."""
    marks = np.concatenate([one.marks for one in days]) if days else np.array([], dtype=np.uint64)
    owners = np.repeat(np.arange(len(days)), [len(one.marks) for one in days])
    telling = marks != 0
    marks, owners = marks[telling], owners[telling]
    order = np.lexsort((owners, marks))
    marks, owners = marks[order], owners[order]
    near = (marks[1:] == marks[:-1]) & (owners[1:] != owners[:-1])
    found = set(zip(owners[:-1][near].tolist(), owners[1:][near].tolist(), strict=True))
    return {(a, b) for a, b in found if shared_days(days[a], days[b]) >= _SHARED_DAYS}


def _note(copy: Summary, original: Summary) -> None:
    slots = copy.grid.n
    energy = float(copy.energy.sum())
    name = original.channel.meter
    stretches = copy.inspection.stretches.setdefault("copied_curve", [])
    stretches.append(Stretch(0, slots, 0, energy, name))
    copy.inspection.counts["copied_curve"] = slots
