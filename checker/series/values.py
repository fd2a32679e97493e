"""Numbers of readings: a column of texts as floats; what cannot be read is kept apart."""

import unicodedata

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BLANKS = frozenset(
    {"", "-", "--", "—", "NA", "N/A", "NAN", "NULL", "NONE", "#N/A", "缺", "无", "空"}
)
"""Marks for "no reading": a gap, not an error and never zero."""


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
    endless = np.flatnonzero(np.isinf(values))
    if endless.size:
        values = values.copy()
        values[endless] = np.nan
    return values, endless


def _number(text: str) -> float | None:
    """A number with full-width digits or thousands separators; NaN for a mark; else None."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("\u00a0", "").replace(" ", "")
    if plain.upper() in BLANKS:
        return float("nan")
    whole, point, rest = plain.partition(".")
    groups = whole.lstrip("+-").split(",")
    if len(groups) > 1 and all(len(group) == 3 for group in groups[1:]):
        plain = whole.replace(",", "") + point + rest
    try:
        return float(plain) if not set(plain) & set("_xXnN") else None
    except ValueError:
        return None
