"""Reads the files of a group of channels and hands every finished curve to a sink."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from checker.dossier.files import DossierFiles
from checker.errors import Arg, Problem
from checker.places import Anchor
from checker.series.channel import Channel
from checker.series.grid import Curve
from checker.series.layout import Layout, bind_channels, find_layout
from checker.series.sink import Sink
from checker.series.source import SeriesFault, Source, open_source
from checker.series.stamps import known_zone
from checker.series.stream import Bound, Mixed, Stream
from checker.series.summary import Origin

_NAMES = 5
MAX_OPEN_BYTES = 4_000_000_000
"""Memory for the curves of a file whose rows are not sorted by meter."""


@dataclass(frozen=True, eq=False)
class Part:
    """One file of a group: how it is laid out and which column belongs to which channel."""

    source: Source
    layout: Layout
    bound: Bound


@dataclass(slots=True)
class Job:
    """Channels that share files, and the usual interval of each."""

    channels: Sequence[Channel]
    parts: list[Part] = field(default_factory=list)
    steps: dict[tuple[str, str], int] = field(default_factory=dict)


def prepare(
    files: DossierFiles, paths: Sequence[str], group: Sequence[Channel], problems: list[Problem]
) -> Job:
    """Look at the files of a group; what cannot be read is a problem and is left out."""
    usable = list(_in_known_zones(group, problems))
    job = Job(usable)
    keys = frozenset(channel.key for channel in usable)
    for path in paths:
        try:
            source = open_source(files, path)
            layout = find_layout(source, keys)
        except SeriesFault as fault:
            problems.append(Problem(fault.key, Anchor(path), fault.args_, "major"))
            continue
        bound, faults = bind_channels(layout, usable)
        for channel, lost in faults:
            args: dict[str, Arg] = {**lost.args_, "file": path}
            problems.append(Problem(lost.key, channel.row.anchor("column"), args, "major"))
        if bound:
            job.parts.append(Part(source, layout, bound))
            _steps(job, layout, bound, problems)
    return job


def _in_known_zones(group: Sequence[Channel], problems: list[Problem]) -> Iterator[Channel]:
    for channel in group:
        if known_zone(channel.zone):
            yield channel
        else:
            args = {"zone": channel.zone}
            problems.append(Problem("series.zone", channel.row.anchor("zone"), args, "major"))


def _steps(job: Job, layout: Layout, bound: Bound, problems: list[Problem]) -> None:
    for channel, _ in (pair for pairs in bound.values() for pair in pairs):
        step = channel.interval or layout.step
        if channel.interval and layout.step > channel.interval:
            args: dict[str, Arg] = {"given": channel.interval, "found": layout.step}
            anchor = channel.row.anchor("interval")
            problems.append(Problem("series.interval_differs", anchor, args, "minor"))
            step = layout.step
        if step and 1440 % step == 0:
            job.steps.setdefault(channel.name, step)
        elif channel.name not in job.steps:
            args = {"minutes": step}
            anchor = channel.row.anchor("interval")
            problems.append(Problem("series.interval", anchor, args, "major"))


def read(job: Job, sink: Sink, problems: list[Problem]) -> None:
    """Read all files of a group once; a second time when the rows are not sorted by meter."""
    job.channels = [channel for channel in job.channels if channel.name in job.steps]
    if not job.parts:
        return
    state = sink.state()
    reader = _Reader(job, sink)
    try:
        reader.run(keep_open=len(job.parts) > 1)
    except Mixed:
        sink.restore(state)
        needed = sum(sink.grid(job.steps[channel.name]).n for channel in job.channels) * 16
        if needed > MAX_OPEN_BYTES:
            args: dict[str, Arg] = {
                "needed": needed // 1_000_000,
                "limit": MAX_OPEN_BYTES // 1_000_000,
            }
            anchor = Anchor(job.parts[0].source.path)
            problems.append(Problem("series.too_mixed", anchor, args, "major"))
            return
        reader = _Reader(job, sink)
        reader.run(keep_open=True)
    problems.extend(reader.problems)


class _Reader:
    """One pass over the files of a job."""

    def __init__(self, job: Job, sink: Sink) -> None:
        self.job = job
        self.sink = sink
        self.problems: list[Problem] = []
        self.done: set[tuple[str, str]] = set()
        self.starts: list[tuple[int, str, int]] = []
        self.label = ""

    def curve(self, channel: Channel) -> Curve:
        grid = self.sink.grid(self.job.steps[channel.name])
        return Curve.empty(grid, grid.n + (channel.kind == "register"))

    def finish(self, channel: Channel, curve: Curve) -> None:
        self.done.add(channel.name)
        instant = channel.kind in ("register", "level")
        label = "instant" if instant else channel.label or self.label
        self.sink.take(channel, Origin(tuple(self.starts)), curve, label)

    def run(self, keep_open: bool) -> None:
        stream: Stream | None = None
        for part in self.job.parts:
            stream = self._one(part, keep_open, stream)
        if stream is not None:
            stream.close()
        for channel in self.job.channels:
            if channel.name not in self.done:
                args = {"key": channel.key, "file": channel.file}
                anchor = channel.row.anchor("meter_id")
                self.problems.append(Problem("series.no_rows", anchor, args, "major"))
                self.finish(channel, self.curve(channel))

    def _one(self, part: Part, keep_open: bool, before: Stream | None) -> Stream:
        """One file; open curves are taken over from the file before."""
        known = {channel.name for channel in self.job.channels}
        bound = {
            key: [pair for pair in pairs if pair[0].name in known]
            for key, pairs in part.bound.items()
        }
        layout = part.layout
        stream = Stream(layout, bound, self.curve, self.finish, keep_open)
        if before is not None:
            stream.offset = before.read
            stream.open, stream.closed = before.open, before.closed
        skip = 0 if part.source.parquet else layout.skip
        self.starts.append((stream.offset, part.source.path, skip))
        self.label = layout.label
        try:
            stream.run(part.source)
        except SeriesFault as fault:
            anchor = Anchor(part.source.path)
            self.problems.append(Problem(fault.key, anchor, fault.args_, "major"))
        self._report(part, stream)
        return stream

    def _report(self, part: Part, stream: Stream) -> None:
        origin = Origin(tuple(self.starts))
        bad = stream.bad
        for row, name, text in bad.cells:
            args: dict[str, Arg] = {"name": name, "text": text}
            self.problems.append(Problem("series.bad_cell", origin.place(row), args, "major"))
        if bad.count > len(bad.cells):
            args = {"count": bad.count - len(bad.cells)}
            anchor = Anchor(part.source.path)
            self.problems.append(Problem("series.bad_cells", anchor, args, "major"))
        if stream.strangers:
            names = ", ".join(sorted(stream.strangers)[:_NAMES])
            args = {"names": names, "count": len(stream.strangers)}
            args["rows"] = sum(stream.strangers.values())
            anchor = Anchor(part.source.path)
            self.problems.append(Problem("series.strangers", anchor, args, "minor"))
