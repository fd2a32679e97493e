"""Times of readings: many ways of writing them, one way out: seconds since 1970, local time.

All work is done on whole columns. A text that fits no known form comes out as ``NEVER``.
"""

import re
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

Seconds = NDArray[np.int64]
NEVER = np.iinfo(np.int64).min

_DAY = 86_400
_EARLIEST, _LATEST = 0, 130 * 366 * _DAY
"""1970 and about 2100: no meter of a dossier wrote at another time."""
_FORMS = (
    (re.compile(r"\d{4}-\d\d?-\d\d?[ T]\d\d?:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)\Z"), "offset"),
    (re.compile(r"\d{4}-\d\d?-\d\d? \d\d?:\d\d\Z"), "%Y-%m-%d %H:%M"),
    (re.compile(r"\d{4}-\d\d?-\d\d? \d\d?:\d\d:\d\d\Z"), "%Y-%m-%d %H:%M:%S"),
    (re.compile(r"\d{4}-\d\d?-\d\d? \d\d?:\d\d:\d\d\.\d+\Z"), "%Y-%m-%d %H:%M:%S%.f"),
    (re.compile(r"\d{4}-\d\d?-\d\d?T\d\d?:\d\d\Z"), "%Y-%m-%dT%H:%M"),
    (re.compile(r"\d{4}-\d\d?-\d\d?T\d\d?:\d\d:\d\d\Z"), "%Y-%m-%dT%H:%M:%S"),
    (re.compile(r"\d{4}/\d\d?/\d\d? \d\d?:\d\d\Z"), "%Y/%m/%d %H:%M"),
    (re.compile(r"\d{4}/\d\d?/\d\d? \d\d?:\d\d:\d\d\Z"), "%Y/%m/%d %H:%M:%S"),
    (re.compile(r"\d{4}\.\d\d?\.\d\d? \d\d?:\d\d\Z"), "%Y.%m.%d %H:%M"),
    (re.compile(r"20\d{6} \d{4}\Z"), "%Y%m%d %H%M"),
    (re.compile(r"20\d{6} \d\d?:\d\d\Z"), "%Y%m%d %H:%M"),
    (re.compile(r"20\d{6} \d\d?:\d\d:\d\d\Z"), "%Y%m%d %H:%M:%S"),
    (re.compile(r"\d{4}年\d\d?月\d\d?日 ?\d\d?[:时]\d\d分?\Z"), "chinese"),
    (re.compile(r"20\d{10}\Z"), "%Y%m%d%H%M"),
    (re.compile(r"20\d{12}\Z"), "%Y%m%d%H%M%S"),
    (re.compile(r"\d{4}-\d\d?-\d\d?\Z"), "%Y-%m-%d"),
    (re.compile(r"\d{4}/\d\d?/\d\d?\Z"), "%Y/%m/%d"),
    (re.compile(r"20\d{6}\Z"), "%Y%m%d"),
    (re.compile(r"\d{4}年\d\d?月\d\d?日\Z"), "%Y年%m月%d日"),
)
_CLOCK = re.compile(r"\d\d?:\d\d(:\d\d)?\Z")


def form_of(text: str) -> str:
    """The way a time is written, or an empty text when it is no time."""
    text = text.strip()
    return next((form for pattern, form in _FORMS if pattern.match(text)), "")


def is_day(form: str) -> bool:
    """True for a date without a time of day."""
    return form in ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")


def is_clock(text: str) -> bool:
    """True for a time of day alone."""
    return bool(_CLOCK.match(text.strip()))


def read_texts(texts: pl.Series, form: str) -> Seconds:
    """Seconds of a column of texts written in one form; ``24:00`` is the next midnight."""
    if form == "chinese":
        texts = texts.str.replace_all("[年月]", "-").str.replace("日 ?", " ")
        texts, form = texts.str.replace("时", ":").str.replace("分", ""), "%Y-%m-%d %H:%M"
    if form == "offset":
        parsed = texts.str.to_datetime(time_zone="UTC", strict=False, time_unit="ms")
        return _seconds(parsed)
    found = _seconds(texts.str.to_datetime(form, strict=False, time_unit="ms"))
    if (found == NEVER).any():  # few files need the slower way
        found = _midnights(texts, form, found)
    return found


def _midnights(texts: pl.Series, form: str, found: Seconds) -> Seconds:
    """Once more for blanks around the text and for 24:00, the next day's midnight; no other time
    has the hour 24."""
    pattern, plain = r"([ T])24:00(:00)?$", "${1}00:00${2}"
    if form.startswith("%Y%m%d%H"):
        pattern, plain = r"^(\d{8})2400(00)?$", "${1}0000${2}"
    texts = texts.str.strip_chars()
    late = texts.str.contains(pattern).fill_null(False).to_numpy()
    again = _seconds(
        texts.str.replace(pattern, plain).str.to_datetime(form, strict=False, time_unit="ms")
    )
    again[late & (again != NEVER)] += _DAY
    return np.where(found == NEVER, again, found)


def read_times(times: pl.Series) -> Seconds:
    """Seconds of a column of date-times; of times with a zone they are UTC."""
    return _seconds(times)


def _seconds(times: pl.Series) -> Seconds:
    """Whole seconds; what is missing or lies outside these centuries is ``NEVER``."""
    counted = times.dt.timestamp("ms")
    seconds: Seconds = counted.fill_null(NEVER).to_numpy() // 1000
    outside = (seconds < _EARLIEST) | (seconds > _LATEST)
    if outside.any():
        seconds = np.where(outside, NEVER, seconds)
    return seconds


def to_home(seconds: Seconds, zone: str, home: str) -> Seconds:
    """Local seconds of one zone as local seconds of another.

    When a clock is put back an hour of labels comes twice: the first time they are summer time,
    the second time winter time. Labels of the hour that a clock skips are ``NEVER``.
    """
    if zone == home:
        return seconds
    missing = seconds == NEVER
    local = pl.Series(np.where(missing, 0, seconds) * 1000).cast(pl.Datetime("ms"))
    first = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    last = local.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    utc, later = _seconds(first), _seconds(last)
    again = (utc != later) & _seen_before(seconds)
    return np.where(missing, NEVER, from_utc(np.where(again, later, utc), home))


def from_utc(seconds: Seconds, home: str) -> Seconds:
    """UTC seconds as local seconds of a zone."""
    missing = seconds == NEVER
    utc = pl.Series(np.where(missing, 0, seconds) * 1000).cast(pl.Datetime("ms", "UTC"))
    local = utc.dt.convert_time_zone(home).dt.replace_time_zone(None)
    return np.where(missing, NEVER, _seconds(local))


def _seen_before(seconds: Seconds) -> NDArray[np.bool_]:
    """True for every time that stood in an earlier row."""
    again = np.ones(len(seconds), dtype=bool)
    again[np.unique(seconds, return_index=True)[1]] = False
    return again


def known_zone(name: str) -> bool:
    """True for a zone of the time zone database."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
