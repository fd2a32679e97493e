"""Reading one cell: numbers, tokens, dates, months, options; nothing is guessed in silence.

A reader returns the value and the keys of remarks to report (``cell.text_number`` …), or raises
``CellError`` with the key of what is wrong. Blank, zero and the tokens are three things:

* ``NO`` 不发生 and ``IE`` 计入他处 count as zero here, with the token kept;
* ``NE`` 未估算 and ``C`` 保密 are unknown.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from checker.dossier.schema import Column
from checker.lang.units import Quantity, find_unit

BLANK = None
_TOKENS = {"NO": "NO", "不发生": "NO", "IE": "IE", "计入他处": "IE"}
_TOKENS |= {"NE": "NE", "未估算": "NE", "C": "C", "保密": "C"}
_SENTINELS = frozenset({"-", "--", "—", "——", "/", "\\", "N/A", "n/a", "NA", "无", "null", "#N/A"})
_NUMBER = re.compile(r"[-+]?[0-9]{1,30}(?:\.[0-9]{1,20})?(?:[eE][-+]?[0-9]{1,2})?\Z")
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,20})?\Z")
_NUMBER_UNIT = re.compile(r"([-+]?[0-9.,]+)\s*([^0-9\s.,].*)\Z")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{2}")
"""What a spreadsheet makes of a long code: only the first digits are left."""
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?\Z")
_MONTH = re.compile(r"([0-9]{4})(?:[-/年]([0-9]{1,2})月?|\.([0-9]{2}))\Z")
_YEAR = re.compile(r"(20[0-9]{2})年?\Z")
_TRUE = frozenset({"y", "yes", "true", "是", "有", "√", "1"})
_FALSE = frozenset({"n", "no", "false", "否", "无", "×", "0"})
_EXCEL_ERRORS = frozenset(
    {"#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#N/A", "#GETTING_DATA"}
)


class CellError(Exception):
    """A cell that cannot be read; ``key`` and ``args`` make the message."""

    def __init__(self, key: str, **args: str) -> None:
        self.key = key
        self.args_ = args
        super().__init__(key)


@dataclass(frozen=True)
class Token:
    """A notation key in a number's place: ``NO``, ``IE`` (zero here), ``NE``, ``C`` (unknown)."""

    code: str

    @property
    def is_zero(self) -> bool:
        """True for the tokens that count as zero in this cell."""
        return self.code in ("NO", "IE")


@dataclass(frozen=True)
class Read:
    """A value as read, with the keys of remarks worth a line in the report."""

    value: Any
    remarks: tuple[str, ...] = ()


def is_blank(raw: Any) -> bool:
    """True for an empty cell; a sentinel such as ``-`` is not blank but reported."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def token(raw: Any) -> Token | None:
    """The notation key in a cell: the code, the Chinese word, or both."""
    if not isinstance(raw, str):
        return None
    found = {_TOKENS.get(part.upper()) for part in raw.split()}
    code = found.pop() if len(found) == 1 else None
    return Token(code) if code else None


def read_number(raw: Any) -> Read:
    """A number; text, full-width digits and thousands separators are read and remarked."""
    if isinstance(raw, bool):
        raise CellError("cell.not_number", text=str(raw))
    if isinstance(raw, int | Decimal):
        return Read(_bounded(Decimal(raw)))
    if isinstance(raw, float):
        if not math.isfinite(raw):
            raise CellError("cell.not_number", text=str(raw))
        return Read(_bounded(Decimal(f"{raw:.15g}")))  # what a spreadsheet shows: 15 digits
    if not isinstance(raw, str):
        raise CellError("cell.not_number", text=str(raw)[:40])
    text = raw.strip()
    remarks = [] if text == raw else ["cell.spaces"]
    if text in _EXCEL_ERRORS:
        raise CellError("cell.formula_error", text=text)
    narrow = unicodedata.normalize("NFKC", text)
    if narrow != text:
        remarks.append("cell.wide_digits")
    if _NUMBER.match(narrow):
        return Read(_bounded(Decimal(narrow)), tuple(remarks))
    if _THOUSANDS.match(narrow):
        return Read(_bounded(Decimal(narrow.replace(",", ""))), (*remarks, "cell.thousands"))
    if narrow in _SENTINELS:
        raise CellError("cell.sentinel", text=text)
    if (match := _NUMBER_UNIT.match(narrow)) and find_unit(match.group(2)):
        raise CellError("cell.unit_inside", text=text[:40], unit=match.group(2)[:20])
    raise CellError("cell.not_number", text=text[:40])


def _bounded(value: Decimal) -> Decimal:
    """No plant has amounts of more than 18 digits before the point or 20 places after it."""
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    if places > 20 or (value and not -19 < value.adjusted() < 19):
        raise CellError("cell.out_of_range", text=f"{value:.3e}")
    return value


def read_date(raw: Any) -> Read:
    """A calendar day: ``YYYY-MM-DD`` or a spreadsheet date."""
    if isinstance(raw, datetime):
        return Read(raw.date())
    if isinstance(raw, date):
        return Read(raw)
    text = unicodedata.normalize("NFKC", str(raw).strip())
    match = _DATE.match(text)
    if match:
        try:
            return Read(date(*(int(part) for part in match.groups())))
        except ValueError:
            raise CellError("cell.no_such_day", text=text) from None
    if re.fullmatch(r"[0-9]{5}", text) and 36526 <= int(text) <= 58000:
        day = date(1899, 12, 30) + timedelta(days=int(text))
        raise CellError("cell.serial_date", text=text, day=day.isoformat())
    raise CellError("cell.not_date", text=text[:40])


def read_month(raw: Any, years: bool = False) -> Read:
    """A month ``YYYY-MM``; with ``years`` a whole year ``YYYY`` too."""
    if isinstance(raw, datetime | date):
        return Read(f"{raw:%Y-%m}")
    if isinstance(raw, float) and not raw.is_integer():  # 2025.10 is stored as 2025.1
        raise CellError("cell.month_as_number", text=f"{raw:.15g}")
    text = unicodedata.normalize("NFKC", str(raw).strip())
    match = _MONTH.match(text)
    month = int(match.group(2) or match.group(3)) if match else 0
    if match and 1 <= month <= 12:
        return Read(f"{match.group(1)}-{month:02d}")
    if years and (match := _YEAR.match(text)):
        return Read(match.group(1))
    raise CellError("cell.not_period" if years else "cell.not_month", text=text[:40])


def read_year(raw: Any) -> Read:
    """A year as text: four digits."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    match = _YEAR.match(unicodedata.normalize("NFKC", str(raw).strip()))
    if match is None:
        raise CellError("cell.not_year", text=str(raw)[:40])
    return Read(match.group(1))


def read_boolean(raw: Any) -> Read:
    """是/否, Y/N, true/false."""
    text = unicodedata.normalize("NFKC", str(raw).strip()).lower()
    if text in _TRUE:
        return Read(True)
    if text in _FALSE:
        return Read(False)
    raise CellError("cell.not_boolean", text=text[:40])


def read_option(raw: Any, column: Column) -> Read:
    """One of a closed list, by code or by its Chinese or English name."""
    text = str(raw).strip()
    for option in column.options:
        if text in (option.code, option.title, option.title_en):
            return Read(option.code)
    names = "、".join(option.title for option in column.options)
    raise CellError("cell.not_option", text=text[:40], options=names[:300])


def read_text(raw: Any) -> Read:
    """Text as written; control characters are refused."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    lost = isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) >= 10**15
    text = str(raw).strip()
    if lost or _SCIENTIFIC.fullmatch(text):
        raise CellError("cell.digits_lost", text=text[:40])
    if any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in text):
        raise CellError("cell.control_character")
    if len(text) > 2000:
        raise CellError("cell.too_long", limit="2000")
    return Read(text)


def read_cell(raw: Any, column: Column) -> Read:
    """A non-blank cell by the kind of its column."""
    match column.kind:
        case "number" | "quantity":
            found = token(raw)
            return Read(found) if found else _percent(raw, column)
        case "date":
            return read_date(raw)
        case "month" | "period":
            return read_month(raw, years=column.kind == "period")
        case "year":
            return read_year(raw)
        case "boolean":
            return read_boolean(raw)
        case "option":
            return read_option(raw, column)
        case _:
            return read_text(raw)


def _percent(raw: Any, column: Column) -> Read:
    """A number; a percent sign is taken where the column or its row is in percent."""
    if not isinstance(raw, str) or not (text := raw.strip()).endswith(("%", "％")):
        return read_number(raw)
    unit = find_unit("%")
    assert unit is not None
    if column.kind == "quantity":
        read = read_number(text[:-1])
        return Read(Quantity(read.value, unit), read.remarks)
    return read_number(text[:-1] if column.unit == unit else raw)
