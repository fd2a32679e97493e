"""All series of a dossier: from table T36 and the files to derived tables and pictures."""

import math
from collections.abc import Sequence

import numpy as np

from checker.dossier.load import Dossier
from checker.errors import Arg, Problem
from checker.lang.values import Unknown
from checker.places import Anchor
from checker.series import tables
from checker.series.balance import MAX_STEP, PARTS, ROLES
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
_TOGETHER = frozenset({*ROLES, *PARTS, "soc"})
"""Roles that take part in the balance."""


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
        for paths, group in list(groups(dossier, found))
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
    _lost(dossier, sink)
    return _finish(dossier, sink)


def _lost(dossier: Dossier, sink: Sink) -> None:
    """Series of table T36 that are not in the balance: their role is unknown there, not zero."""
    for channel in sink.misfits:
        step = next(s.grid.step for s in sink.summaries if s.channel is channel)
        args: dict[str, Arg] = {"meter": channel.meter, "minutes": step}
        anchor = channel.row.anchor("interval")
        dossier.problems.append(Problem("series.balance_step", anchor, args, "minor"))
    known = {summary.channel.name for summary in sink.summaries}
    for row in dossier.tables["T36"].rows():
        meter, role = row.read("meter_id"), row.read("role")
        if type(role) is not Unknown and role in _TOGETHER and (str(meter), role) not in known:
            sink.balance.lose(role)
            args = {"meter": "?" if type(meter) is Unknown else str(meter), "role": role}
            dossier.problems.append(Problem("series.left_out", row.anchor("role"), args, "minor"))


def _unreadable(dossier: Dossier, place: Anchor) -> None:
    """Series were submitted but say nothing: requirements on them are not evaluated."""
    for code in ("S01", "S02", "S03", "S04", "S05", "S06", "S07"):
        dossier.unreadable[code] = place


def _balance_step(jobs: Sequence[Job]) -> int:
    """An interval of at most an hour that the channels of the balance divide, in minutes."""
    step = 1
    for job in jobs:
        for channel in job.channels:
            own = job.steps.get(channel.name, 0)
            if channel.role in _TOGETHER and 0 < own <= MAX_STEP:
                together = math.lcm(step, own)
                step = together if together <= MAX_STEP else step
    return step if step > 1 or not jobs else _only_coarse(jobs)


def _only_coarse(jobs: Sequence[Job]) -> int:
    """One minute when some channel has it; else an hour, when none says anything finer."""
    finest = min((step for job in jobs for step in job.steps.values()), default=MAX_STEP)
    return 1 if finest == 1 else MAX_STEP


def _finish(dossier: Dossier, sink: Sink) -> Pictures:
    order = {row.key: row.index for row in dossier.tables["T36"].rows()}
    summaries = sorted(sink.summaries, key=lambda s: order[s.channel.row.key])
    _copied_curves(summaries, _ancestors(dossier))
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


def _ancestors(dossier: Dossier) -> dict[str, set[str]]:
    """Meters above each meter (T06): these may well have the same curve."""
    table = dossier.tables.get("T06")
    above = {
        str(row.read("meter_id")): str(row.read("parent"))
        for row in (table.rows() if table is not None else ())
        if type(row.read("parent")) is not Unknown
    }
    found: dict[str, set[str]] = {}
    for meter in above:
        chain: set[str] = set()
        one = above.get(meter)
        while one is not None and one not in chain:
            chain.add(one)
            one = above.get(one)
        found[meter] = chain
    return found


def _copied_curves(summaries: Sequence[Summary], above: dict[str, set[str]]) -> None:
    """Note meters of one role that share day curves, or whose curves differ by one factor only."""
    usable = [s for s in summaries if s.inspection.days is not None and s.channel.role != "soc"]
    for step in sorted({s.grid.step for s in usable}):
        for role in sorted({s.channel.role for s in usable}):
            alike = [s for s in usable if s.grid.step == step and s.channel.role == role]
            for one, other in _pairs(alike):
                names = alike[one].channel.meter, alike[other].channel.meter
                related = names[1] in above.get(names[0], ()) or names[0] in above.get(names[1], ())
                if not related:
                    _note(alike[other], alike[one])


def _pairs(summaries: Sequence[Summary]) -> list[tuple[int, int]]:
    """Each copy with one original."""
    days = [s.inspection.days for s in summaries if s.inspection.days is not None]
    first: dict[int, int] = {}
    for one, other in [*sorted(_sharing(days)), *(scaled_pairs(days) if days else ())]:
        first.setdefault(other, one)
    return sorted((one, other) for other, one in first.items())


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
