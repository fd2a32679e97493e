"""Series files as sources for the reader: a path, or the bytes of a zip member or of GB18030 text.

The only module that opens series files; everything it hands out is a polars scan or a sample.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from checker.dossier.files import DossierFiles

MAX_ROWS = 200_000_000
MAX_COLUMNS = 5_000
MAX_CONVERTED = 512_000_000
"""Bytes of GB18030 text that are converted in memory."""
SAMPLE = 400
"""Rows looked at to understand a file."""
CHUNK = 400_000
_HEAD = 262_144
RAGGED = "ragged"
"""Column that holds what stands right of the last column of a line that is too long."""


class SeriesFault(Exception):
    """A file that cannot be read as a series; ``key`` names the message."""

    def __init__(self, key: str, **args: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.args_ = args


@dataclass(frozen=True, eq=False)
class Source:
    """A series file.

    ``head`` and ``tail`` are its first and last rows as texts; of Parquet ``names`` are the columns
    and ``types`` their types. ``separator`` is empty for Parquet.
    """

    path: str
    data: Path | bytes
    separator: str
    head: Sequence[Sequence[str]]
    tail: Sequence[Sequence[str]]
    names: Sequence[str] = ()
    types: Sequence[pl.DataType] = ()

    @property
    def parquet(self) -> bool:
        """True for Parquet."""
        return not self.separator

    def batches(self, columns: Sequence[int], width: int, skip: int) -> Iterator[pl.DataFrame]:
        """The wanted columns (named ``c0``, ``c1`` … by place) in row order, chunk by chunk.

        CSV columns are texts; ``skip`` lines stand before the data and ``width`` columns are in it.
        """
        wanted = [f"c{index}" for index in columns]
        opened = io.BytesIO(self.data) if isinstance(self.data, bytes) else self.data
        if self.parquet:
            renamed = {name: f"c{index}" for index, name in enumerate(self.names)}
            frame = pl.scan_parquet(opened).rename(renamed).select(wanted)
        else:
            schema: dict[str, pl.DataType] = {f"c{index}": pl.String() for index in range(width)}
            frame = pl.scan_csv(
                opened,
                has_header=False,
                skip_lines=skip,
                separator=self.separator,
                schema={**schema, RAGGED: pl.String()},
                missing_columns="insert",
                truncate_ragged_lines=True,
            ).select([*wanted, RAGGED])
        try:
            yield from frame.collect_batches(chunk_size=CHUNK, maintain_order=True)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise SeriesFault("series.broken", detail=str(error).split("\n")[0][:160]) from error


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
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise SeriesFault("series.broken", detail=str(error).split("\n")[0][:160]) from error
    return Source(path, data, "", _texts(head), _texts(tail), schema.names(), schema.dtypes())


def _texts(frame: pl.DataFrame) -> list[list[str]]:
    """Rows as texts; times in the first form of ``stamps``."""
    return [["" if cell is None else str(cell) for cell in row] for row in frame.rows()]


def _open_csv(path: str, data: Path | bytes) -> Source:
    head, tail = _ends(data)
    encoding = "utf-8-sig" if _decodes(head, "utf-8-sig") else "gb18030"
    if not _decodes(head, encoding) or b"\x00" in head:
        raise SeriesFault("series.encoding")
    if encoding == "gb18030":
        if _size(data) > MAX_CONVERTED:
            raise SeriesFault("series.convert", limit=MAX_CONVERTED)
        whole = data if isinstance(data, bytes) else data.read_bytes()
        try:
            data = whole.decode("gb18030").encode()
        except UnicodeDecodeError as error:
            raise SeriesFault("series.encoding") from error
        head, tail = _ends(data)
    text = head.decode("utf-8-sig", errors="ignore")
    separator = max(",;\t|", key=text[:20_000].count)
    rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    whole_lines = rows if len(head) < _HEAD else rows[:-1]
    last = tail.decode("utf-8", errors="ignore").split("\n")[1:]
    ends = list(csv.reader(io.StringIO("\n".join(last)), delimiter=separator))
    widest = max((len(row) for row in whole_lines[:SAMPLE]), default=0)
    if widest > MAX_COLUMNS:
        raise SeriesFault("series.too_long", rows=widest, limit=MAX_COLUMNS)
    return Source(path, data, separator, whole_lines[: SAMPLE + 30], [row for row in ends if row])


def _size(data: Path | bytes) -> int:
    return len(data) if isinstance(data, bytes) else data.stat().st_size


def _ends(data: Path | bytes) -> tuple[bytes, bytes]:
    if isinstance(data, bytes):
        return data[:_HEAD], data[-4096:]
    with data.open("rb") as stream:
        head = stream.read(_HEAD)
        stream.seek(max(0, data.stat().st_size - 4096))
        return head, stream.read()


def _decodes(head: bytes, encoding: str) -> bool:
    """True when the text can be read so; a character may be cut at the end."""
    for cut in range(4):
        try:
            head[: len(head) - cut if cut else None].decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
