"""What stands where in a series file: times, meters, values; found in its first rows."""

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from checker.series.channel import Channel
from checker.series.source import SAMPLE, SeriesFault, Source
from checker.series.stamps import NEVER, form_of, is_clock, is_day, read_texts

_METER_NAMES = frozenset(
    {"meter", "meter_id", "meterid", "device_id", "bmu_id", "channel", "point"}
    | {"表号", "表计编号", "电表编号", "电表号", "测点", "测点编号", "计量点", "计量点编号", "户号"}
)


_OFFSET = re.compile(r"[+-]\d\d:\d\d\Z")
_HOUR_24 = re.compile(r"(?:\A|[ T])24:00(?::00)?\Z|\A\d{8}2400(?:00)?\Z")


@dataclass(frozen=True, eq=False)
class Layout:
    """Columns by their index; ``skip`` lines stand before the first row of data.

    ``times`` is the column of date-times, or of days and of clock times; ``form`` how they are
    written (empty for typed times, ``utc`` for typed times with a zone). ``meter`` names the meter
    of a row, None when the file has one. ``step`` is the usual distance of readings in minutes,
    ``label`` what the times seem to name.
    """

    width: int
    skip: int
    names: Sequence[str]
    times: tuple[int, ...]
    form: str
    meter: int | None
    step: int
    label: str

    def columns(self, bound: Mapping[str, Sequence[tuple[Channel, int]]]) -> list[int]:
        """All columns the reader needs."""
        values = {column for pairs in bound.values() for _, column in pairs}
        meter = set() if self.meter is None else {self.meter}
        return sorted({*self.times, *meter, *values})


def find_layout(source: Source, keys: frozenset[str]) -> Layout:
    """Layout of a file whose meters may be called ``keys``; raises ``SeriesFault``."""
    first, names = _first_row(source)
    rows = [row for row in source.head[first:] if any(row)][:SAMPLE]
    if not rows:
        raise SeriesFault("series.no_times", columns=", ".join(names)[:200])
    times, form = _times(rows[0], source)
    if not times:
        raise SeriesFault("series.no_times", columns=", ".join(names)[:200])
    meter = _meter(rows, names, times, keys)
    width = max(len(names), *(len(row) for row in rows))
    step = _step([row for row in rows if _same_meter(row, rows[0], meter)], times, form)
    label = _label([*rows, *source.tail], times, form, step)
    skip = source.lines[first] if source.lines else 0
    return Layout(width, skip, names, times, form, meter, step, label)


def _same_meter(row: Sequence[str], other: Sequence[str], meter: int | None) -> bool:
    if meter is None:
        return True
    return row[meter : meter + 1] == other[meter : meter + 1]


def _first_row(source: Source) -> tuple[int, Sequence[str]]:
    """Index of the first row of data, and the column names before it.

    A time of export above the header is not data: the rows after it look different.
    """
    if source.parquet:
        return 0, source.names
    filled = [index for index, row in enumerate(source.head[:60]) if any(row)]
    for index, following in itertools.zip_longest(filled, filled[1:]):
        times = _times(source.head[index], source)
        if not times[0]:
            continue
        if following is not None and _times(source.head[following], source) != times:
            continue
        before = source.head[index - 1] if index else []
        named = [clean(cell) for cell in before]
        return index, named or [str(place + 1) for place in range(len(source.head[index]))]
    shown = ", ".join(source.head[0])[:200] if source.head else ""
    raise SeriesFault("series.no_times", columns=shown)


def clean(text: str) -> str:
    """A column name without blanks around it and without a mark of byte order."""
    return text.replace("\ufeff", "").strip()


def _times(row: Sequence[str], source: Source) -> tuple[tuple[int, ...], str]:
    """Columns of the time in a row of data, and the form of the (joined) text."""
    for index, kind in enumerate(source.types):
        if isinstance(kind, pl.Datetime):
            return (index,), "utc" if kind.time_zone else ""
    forms = [form_of(cell) for cell in row]
    for index, form in enumerate(forms):
        if form and not is_day(form):
            return (index,), form
    for index, form in enumerate(forms):
        if form:
            for other, cell in enumerate(row):
                if other != index and is_clock(cell):
                    return (index, other), form_of(f"{row[index].strip()} {cell.strip()}")
            return (index,), form
    return (), ""


def _meter(
    rows: Sequence[Sequence[str]],
    names: Sequence[str],
    times: tuple[int, ...],
    keys: frozenset[str],
) -> int | None:
    """Column that names the meter: all its cells are known names, it is called so, or it holds some
    known names and is not made of numbers."""
    free = [index for index in range(len(rows[0])) if index not in times]
    cells = {i: {row[i].strip() for row in rows if i < len(row)} - {""} for i in free}
    called = [i for i in free if i < len(names) and names[i].lower() in _METER_NAMES]
    whole = [i for i in free if cells[i] and cells[i] <= keys and len(rows) > 1]
    some = [i for i in free if cells[i] & keys and not all(map(_is_number, cells[i]))]
    return next(iter([*[i for i in called if i in whole], *called, *whole, *some]), None)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def seconds_in(rows: Sequence[Sequence[str]], times: tuple[int, ...], form: str) -> list[int]:
    """Times of sampled rows in seconds, without those that cannot be read."""
    texts = [" ".join(row[i].strip() for i in times) for row in rows if len(row) > max(times)]
    if not form or form == "utc":
        form = "%Y-%m-%d %H:%M:%S%.f"
        texts = [_OFFSET.sub("", text) for text in texts]
    if not texts:
        return []
    return [int(second) for second in read_texts(pl.Series(texts), form) if second != NEVER]


def _step(rows: Sequence[Sequence[str]], times: tuple[int, ...], form: str) -> int:
    """The distance that most neighbouring readings have, in minutes; 0 when there is none."""
    seconds = seconds_in(rows, times, form)
    gaps = Counter(abs(b - a) for a, b in itertools.pairwise(seconds) if a != b)
    if not gaps:
        return 0
    most = max(gaps.values())
    return min(gap for gap, count in gaps.items() if count == most) // 60


def _label(rows: Sequence[Sequence[str]], times: tuple[int, ...], form: str, step: int) -> str:
    """``end`` or ``start`` of the interval, as the hour 24 or the ends of the file tell."""
    if any(_HOUR_24.search(row[times[-1]].strip()) for row in rows if len(row) > times[-1]):
        return "end"
    seconds = seconds_in(rows, times, form)
    if not seconds or not step:
        return ""
    first, last = min(seconds) % 86_400, max(seconds) % 86_400
    if first == step * 60 and last == 0:
        return "end"
    return "start" if first == 0 and last != 0 else ""


def bind_channels(
    layout: Layout, group: Sequence[Channel]
) -> tuple[dict[str, list[tuple[Channel, int]]], list[tuple[Channel, SeriesFault]]]:
    """Which column holds the values of each channel, by the name of its meter in the file.

    A name that stands twice is no answer, and no two channels take one column of one meter.
    """
    bound: dict[str, list[tuple[Channel, int]]] = {}
    faults: list[tuple[Channel, SeriesFault]] = []
    used = {*layout.times, *(() if layout.meter is None else (layout.meter,))}
    free = [index for index in range(layout.width) if index not in used]
    names: dict[str, int] = {}
    twice: set[str] = set()
    for index, name in enumerate(layout.names):
        if index not in used:
            twice.update({name} & names.keys())
            names[name] = index
    taken: set[tuple[str, int]] = set()
    for channel in group:
        wanted = channel.column or (channel.key if layout.meter is None else "")
        key = "" if layout.meter is None else channel.key
        column = names.get(wanted, -1) if wanted not in twice else -1
        if column < 0 and not channel.column and len(free) == 1:
            column = free[0]
        if column < 0 or (key, column) in taken:
            shown = ", ".join(names)[:300]
            faults.append((channel, SeriesFault("series.column", name=wanted, known=shown)))
            continue
        taken.add((key, column))
        bound.setdefault(key, []).append((channel, column))
    return bound, faults
