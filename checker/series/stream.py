"""One pass over a file: runs of rows of one meter become curves, and leave as soon as they end.

A file sorted by meter needs memory for one meter. When a meter comes back after its run ended
(rows sorted by time, or mixed), ``Mixed`` is raised and the caller reads the file once more with
all curves open.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from checker.series.channel import HOME, Channel
from checker.series.grid import Curve, Placed, place
from checker.series.layout import Layout
from checker.series.source import CHUNK, RAGGED, Source
from checker.series.stamps import NEVER, Seconds, from_utc, read_texts, read_times, to_home
from checker.series.values import read_numbers

Bound: TypeAlias = Mapping[str, Sequence[tuple[Channel, int]]]
Finish: TypeAlias = Callable[[Channel, Curve], None]
NewCurve: TypeAlias = Callable[[Channel], Curve]
Runs: TypeAlias = list[tuple[int, str | None]]
MAX_BAD = 20
"""Unreadable cells of a file that are listed by line; all are counted."""


class Mixed(Exception):
    """A meter came back after another one: the rows are not sorted by meter."""


@dataclass(slots=True)
class Bad:
    """Cells that could not be read: (row, column name, text), the first ones, and how many."""

    cells: list[tuple[int, str, str]] = field(default_factory=list)
    count: int = 0

    def add(self, rows: NDArray[np.int64], name: str, texts: Sequence[object]) -> None:
        """Note cells of one column."""
        self.count += len(rows)
        for row, text in zip(rows.tolist(), texts, strict=True):
            if len(self.cells) < MAX_BAD:
                self.cells.append((int(row), name, str(text)[:60]))


@dataclass(slots=True)
class Stream:
    """State of a pass: open curves, what was unreadable, meters nobody registered.

    Rows are numbered from ``offset``; ``read`` is the number after the last one. With
    ``keep_open`` curves wait for further rows (and further files) until ``close``.
    """

    layout: Layout
    bound: Bound
    grids: NewCurve
    finish: Finish
    keep_open: bool = False
    offset: int = 0
    open: dict[str, dict[tuple[str, str], tuple[Channel, Curve]]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    bad: Bad = field(default_factory=Bad)
    strangers: dict[str, int] = field(default_factory=dict)
    read: int = 0
    _texts: list[pl.Series] = field(default_factory=list)
    _local: dict[str, Seconds] = field(default_factory=dict)
    _places: dict[tuple[str, int, int, int], Placed] = field(default_factory=dict)
    _lost: NDArray[np.int64] = field(default_factory=lambda: np.array([], dtype=np.int64))

    def run(self, source: Source) -> None:
        """Read the file. Raises ``Mixed`` and ``SeriesFault``."""
        layout = self.layout
        self.read = self.offset
        batches = source.batches(layout.columns(self.bound), layout)
        meter = None if self.keep_open else layout.meter
        for frame, rows, runs in _whole_runs(batches, meter, self.offset):
            if RAGGED in frame.columns:
                self._ragged(frame, rows)
            self._batch(frame, rows, runs)
            self.read += len(rows)

    def close(self) -> None:
        """Finish the curves that are still open."""
        for key in list(self.open):
            self._close(key)

    def _ragged(self, frame: pl.DataFrame, rows: NDArray[np.int64]) -> None:
        long = frame[RAGGED].is_not_null()
        if long.any():
            places = long.arg_true().to_numpy()
            self.bad.add(rows[places], "…", frame[RAGGED].gather(places).to_list())

    def _batch(self, frame: pl.DataFrame, rows: NDArray[np.int64], runs: Runs) -> None:
        meter = self.layout.meter
        if meter is not None and self.keep_open:
            names = frame[f"c{meter}"].to_frame("m").with_row_index("i")
            order = names.sort("m", "i", nulls_last=True)["i"]
            frame, rows = frame[order], rows[order.to_numpy()]
            runs = _runs(frame[f"c{meter}"])
        first = 0
        for length, key in runs:
            self._rows(key, frame[first : first + length], rows[first : first + length])
            first += length

    def _rows(self, key: str | None, frame: pl.DataFrame, rows: NDArray[np.int64]) -> None:
        """Rows of one meter."""
        if key is None or key not in self.bound:
            if key is not None or any(
                frame[name].null_count() < len(frame) for name in frame.columns
            ):
                self.strangers[key or ""] = self.strangers.get(key or "", 0) + len(rows)
            return
        curves = self._curves(key)
        self._read_times(frame)
        told = np.zeros(len(rows), dtype=bool)
        for channel, column in self.bound[key]:
            curve = curves[channel.name][1]
            values, bad = read_numbers(frame[f"c{column}"])
            told |= ~np.isnan(values)
            if bad.size:
                name = self.layout.names[column] if column < len(self.layout.names) else ""
                self.bad.add(rows[bad], name, frame[f"c{column}"].gather(bad).to_list())
                at = self._at_home(channel.zone)[bad]
                curve.faults.add("unreadable", rows[bad][at != NEVER], at[at != NEVER])
            end = channel.label == "end" or (not channel.label and self.layout.label == "end")
            shift = int(end and channel.kind not in ("register", "level"))
            curve.add(self._placed(channel.zone, curve, shift), values, rows)
        self._report_times(frame, rows, told)

    def _report_times(
        self, frame: pl.DataFrame, rows: NDArray[np.int64], told: NDArray[np.bool_]
    ) -> None:
        """Times that cannot be read, or are not there beside a value."""
        if not self._lost.size:
            return
        written = np.zeros(len(rows), dtype=bool)
        for index in self.layout.times:
            written |= frame[f"c{index}"].is_not_null().to_numpy()
        lost = self._lost[(written | told)[self._lost]]
        place = self.layout.times[0]
        name = self.layout.names[place] if place < len(self.layout.names) else ""
        texts = frame[f"c{place}"].gather(lost).to_list()
        self.bad.add(rows[lost], name, ["" if text is None else text for text in texts])

    def _curves(self, key: str) -> dict[tuple[str, str], tuple[Channel, Curve]]:
        """Open curves of a meter; those of the meter before are finished."""
        if key in self.closed:
            raise Mixed
        if not self.keep_open and key not in self.open:
            for other in list(self.open):
                self._close(other)
        curves = self.open.setdefault(key, {})
        for channel, _ in self.bound[key]:
            if channel.name not in curves:
                curves[channel.name] = (channel, self.grids(channel))
        return curves

    def _close(self, key: str) -> None:
        for channel, curve in self.open.pop(key).values():
            self.finish(channel, curve)
        self.closed.add(key)

    def _read_times(self, frame: pl.DataFrame) -> None:
        """Times of rows; columns equal to the ones before are not parsed again."""
        columns = [frame[f"c{index}"] for index in self.layout.times]
        known = len(self._texts) == len(columns)
        if known and all(a.equals(b) for a, b in zip(columns, self._texts, strict=True)):
            return
        if columns[0].dtype == pl.String:
            joined = columns[0]
            if len(columns) > 1:
                joined = columns[0].str.strip_chars() + " " + columns[1].str.strip_chars()
            seconds = read_texts(joined, self.layout.form)
        else:
            seconds = read_times(columns[0])
        self._texts, self._local, self._places = columns, {"": seconds}, {}
        self._lost = np.flatnonzero(seconds == NEVER)

    def _placed(self, zone: str, curve: Curve, shift: int) -> Placed:
        """The present times on the grid of a curve."""
        key = (zone, curve.grid.step, len(curve.values), shift)
        if key not in self._places:
            points = len(curve.values)
            self._places[key] = place(curve.grid, points, self._at_home(zone), shift)
        return self._places[key]

    def _at_home(self, zone: str) -> Seconds:
        """Times of the present rows as local time of the plant."""
        if zone not in self._local:
            written = self._local[""]
            absolute = self.layout.form in ("offset", "utc")
            self._local[zone] = (
                from_utc(written, HOME) if absolute else to_home(written, zone, HOME)
            )
        return self._local[zone]


def _runs(names: pl.Series) -> Runs:
    """Lengths of runs of one name, in order."""
    return [(int(length), name) for length, name in names.rle().struct.unnest().rows()]


def _whole_runs(
    batches: Iterator[pl.DataFrame], meter: int | None, start: int
) -> Iterator[tuple[pl.DataFrame, NDArray[np.int64], Runs]]:
    """Batches with the row numbers of the file and their runs; the last run waits for its rest."""
    waiting: pl.DataFrame | None = None
    left: Runs = []
    for batch in batches:
        frame = batch if waiting is None else pl.concat([waiting, batch])
        runs: Runs = [(len(frame), "")] if meter is None else _runs(frame[f"c{meter}"])
        waiting, left, cut = None, [], len(frame)
        if meter is not None and len(runs) > 1 and runs[-1][0] <= CHUNK:
            left = [runs.pop()]
            cut -= left[0][0]
            waiting = frame[cut:]
        yield frame[:cut], np.arange(start, start + cut, dtype=np.int64), runs
        start += cut
    if waiting is not None:
        yield waiting, np.arange(start, start + len(waiting), dtype=np.int64), left
