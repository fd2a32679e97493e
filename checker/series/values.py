"""Numbers of readings: a column of texts as floats; what cannot be read is kept apart."""

import re
import unicodedata

import numpy as np
import polars as pl
from numpy.typing import NDArray

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d{1,3}(?: \d{3})+(?:\.\d+)?")
Floats = NDArray[np.float64]
BLANKS = frozenset(
    {"", "-", "--", "—", "NA", "N/A", "NAN", "NULL", "NONE", "#N/A", "缺", "无", "空"}
)
"""Marks for "no reading": a gap, not an error and never zero."""
MAX_VALUE = 1e15


def read_numbers(column: pl.Series) -> tuple[Floats, NDArray[np.int64]]:
    """Values with NaN where there is none, and the rows whose text is neither number nor mark."""
    if column.dtype.is_numeric():
        values: Floats = column.cast(pl.Float64).to_numpy().astype(np.float64)
        return _finite(values)
    parsed = column.cast(pl.Float64, strict=False)
    values = parsed.fill_null(np.nan).to_numpy().astype(np.float64)
    odd = np.flatnonzero((parsed.is_null() & column.is_not_null()).to_numpy())
    if not odd.size:
        return _finite(values)
    read = {text: _number(text) for text in column.gather(odd).unique().to_list()}
    found = [read[text] for text in column.gather(odd).to_list()]
    values[odd] = [np.nan if value is None else value for value in found]
    bad = odd[[value is None for value in found]] if found else odd
    finite, endless = _finite(values)
    return finite, np.sort(np.concatenate([bad, endless]))


def _finite(values: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Values no meter can show (infinite, or beyond ``MAX_VALUE``) are as good as unreadable."""
    endless = np.flatnonzero(np.abs(values) > MAX_VALUE)
    if endless.size:
        values = values.copy()
        values[endless] = np.nan
    return values, endless


def _number(text: str) -> float | None:
    """A number with full-width digits or thousands separators; NaN for a mark; else None."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.upper() in BLANKS:
        return float("nan")
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "").replace(" ", "")
    try:
        return float(plain) if not set(plain) & set("_xXnN") else None
    except ValueError:
        return None
