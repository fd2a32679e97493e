"""Series files as sources for the reader: a path, or the bytes of a zip member or of GB18030 text.

The only module that opens series files; everything it hands out is a polars scan or a sample.
"""

import codecs
import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl

from checker.dossier.files import DossierFiles

MAX_ROWS = 200_000_000
MAX_COLUMNS = 5_000
MAX_CONVERTED = 512_000_000
"""Bytes of GB18030 text that are converted in memory."""
SAMPLE = 400
"""Rows looked at to understand a file."""
CHUNK = 200_000
_HEAD = 262_144
RAGGED = "ragged"
"""Column that holds what stands right of the last column of a line that is too long."""


class SeriesFault(Exception):
    """A file that cannot be read as a series; ``key`` names the message."""

    def __init__(self, key: str, **args: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.args_ = args


class Shape(Protocol):
    """What of a layout matters for reading."""

    @property
    def width(self) -> int: ...
    @property
    def skip(self) -> int: ...
    @property
    def times(self) -> tuple[int, ...]: ...
    @property
    def meter(self) -> int | None: ...


@dataclass(frozen=True, eq=False)
class Source:
    """A series file.

    ``head`` and ``tail`` are its first and last rows as texts; of Parquet ``names`` are the columns
    and ``types`` their types. ``separator`` is empty for Parquet. ``lines`` says how many lines of
    a CSV file end before each row of ``head``.
    """

    path: str
    data: Path | bytes
    separator: str
    head: Sequence[Sequence[str]]
    tail: Sequence[Sequence[str]]
    names: Sequence[str] = ()
    types: Sequence[pl.DataType] = ()
    lines: Sequence[int] = ()

    @property
    def parquet(self) -> bool:
        """True for Parquet."""
        return not self.separator

    def batches(self, columns: Sequence[int], layout: "Shape") -> Iterator[pl.DataFrame]:
        """The wanted columns (named ``c0``, ``c1`` … by place) in row order, chunk by chunk.

        Meters and times are texts, but for typed date-times; values are texts or numbers. Raises
        ``SeriesFault`` for a column of another type and for a file that breaks off.
        """
        wanted = [f"c{index}" for index in columns]
        opened = io.BytesIO(self.data) if isinstance(self.data, bytes) else self.data
        try:
            if self.parquet:
                renamed = {name: f"c{index}" for index, name in enumerate(self.names)}
                casts = [self._cast(index, layout) for index in columns]
                frame = pl.scan_parquet(opened).rename(renamed).select(casts)
            else:
                names = [f"c{index}" for index in range(layout.width)]
                frame = pl.scan_csv(
                    opened,
                    has_header=False,
                    skip_lines=layout.skip,
                    separator=self.separator,
                    schema=dict.fromkeys([*names, RAGGED], pl.String()),
                    missing_columns="insert",
                    truncate_ragged_lines=True,
                ).select([*wanted, RAGGED])
            yield from frame.collect_batches(chunk_size=CHUNK, maintain_order=True)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise SeriesFault("series.broken", detail=_first_line(error)) from error

    def _cast(self, index: int, layout: "Shape") -> pl.Expr:
        """A Parquet column as what the reader needs."""
        column, kind = pl.col(f"c{index}"), self.types[index]
        if index in layout.times and isinstance(kind, pl.Datetime):
            return column
        if isinstance(kind, pl.Date):
            return column.dt.strftime("%Y-%m-%d")
        if isinstance(kind, pl.Time):
            return column.dt.strftime("%H:%M:%S")
        if index in layout.times or index == layout.meter:
            return column.cast(pl.String, strict=False)
        if kind.is_numeric():
            return column.cast(pl.Float64, strict=False)
        if isinstance(kind, pl.String | pl.Categorical | pl.Enum | pl.Null):
            return column.cast(pl.String)
        raise SeriesFault("series.broken", detail=f"{self.names[index]}: {kind}")


def _first_line(error: BaseException) -> str:
    return str(error).split("\n")[0][:160]


def open_source(files: DossierFiles, path: str) -> Source:
    """Look at a series file; raises ``SeriesFault`` when it is none."""
    data: Path | bytes = files.root / path if files.archive is None else files.read(path)
    if path.lower().endswith(".parquet"):
        return _open_parquet(path, data)
    return _open_csv(path, data)


def _open_parquet(path: str, data: Path | bytes) -> Source:
    opened = io.BytesIO(data) if isinstance(data, bytes) else data
    try:
        frame = pl.scan_parquet(opened)
        schema = frame.collect_schema()
        rows = int(frame.select(pl.len()).collect().item())
        if rows > MAX_ROWS or len(schema) > MAX_COLUMNS:
            raise SeriesFault("series.too_long", rows=rows, limit=MAX_ROWS)
        head, tail = frame.head(SAMPLE).collect(), frame.tail(SAMPLE // 4).collect()
    except (
        pl.exceptions.PolarsError,
        pl.exceptions.PanicException,
        OSError,
        ValueError,
        OverflowError,
    ) as error:
        raise SeriesFault("series.broken", detail=_first_line(error)) from error
    return Source(path, data, "", _texts(head), _texts(tail), schema.names(), schema.dtypes())


def _texts(frame: pl.DataFrame) -> list[list[str]]:
    """Rows as texts; times in the first form of ``stamps``."""
    return [["" if cell is None else str(cell) for cell in row] for row in frame.rows()]


def _open_csv(path: str, data: Path | bytes) -> Source:
    if not _is_utf8(data):
        data = _converted(data)
    head, tail = _ends(data)
    if b"\x00" in head:
        raise SeriesFault("series.encoding")
    text = head.decode("utf-8-sig", errors="ignore")
    separator = max(",;\t|", key=text[:20_000].count)
    try:
        rows, lines = _sample(text, separator)
        last = tail.decode("utf-8", errors="ignore").split("\n")[1:]
        ends = list(csv.reader(io.StringIO("\n".join(last)), delimiter=separator))
    except csv.Error as error:
        raise SeriesFault("series.broken", detail=str(error)) from error
    widest = max((len(row) for row in rows), default=0)
    if widest > MAX_COLUMNS:
        raise SeriesFault("series.too_long", rows=widest, limit=MAX_COLUMNS)
    return Source(path, data, separator, rows, [row for row in ends if row], lines=lines)


def _sample(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    """The first rows, and how many lines of the file end before each."""
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    rows: list[list[str]] = []
    lines = [0]
    for row in itertools.islice(reader, SAMPLE + 40):
        rows.append(row)
        lines.append(reader.line_num)
    if len(text) >= _HEAD and len(rows) > 1:
        rows.pop()  # it may be cut off
    return rows, lines


def _is_utf8(data: Path | bytes) -> bool:
    """True when the whole file is UTF-8; looked at in pieces."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with io.BytesIO(data) if isinstance(data, bytes) else data.open("rb") as stream:
        while piece := stream.read(1 << 24):
            if piece.isascii() and not decoder.getstate()[0]:
                continue
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                return False
    return not decoder.getstate()[0]


def _converted(data: Path | bytes) -> bytes:
    """GB18030 text as UTF-8."""
    if _size(data) > MAX_CONVERTED:
        raise SeriesFault("series.convert", limit=MAX_CONVERTED)
    whole = data if isinstance(data, bytes) else data.read_bytes()
    try:
        return whole.decode("gb18030").encode()
    except UnicodeDecodeError as error:
        raise SeriesFault("series.encoding") from error


def _size(data: Path | bytes) -> int:
    return len(data) if isinstance(data, bytes) else data.stat().st_size


def _ends(data: Path | bytes) -> tuple[bytes, bytes]:
    if isinstance(data, bytes):
        return data[:_HEAD], data[-4096:]
    with data.open("rb") as stream:
        head = stream.read(_HEAD)
        stream.seek(max(0, data.stat().st_size - 4096))
        return head, stream.read()
