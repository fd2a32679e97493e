"""What a row says that its evidence should show: identifiers, and numbers in usual units."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from checker.dossier.load import Dossier
from checker.dossier.table import TableRow
from checker.lang.serials import same_serial
from checker.lang.values import Unknown

ITEMS: dict[str, tuple[str, ...]] = {
    "T05": ("total", "invoice"),
    "T06": ("certificate_no",),
    "T08": ("generation",),
    "T10": ("settled", "contract_no"),
    "T11": ("first",),
    "T12": ("heat",),
    "T20": ("first",),
}
"""Columns looked up in the evidence of a row."""
MAX_ROWS = 5_000
"""Rows of a table that are looked up; a longer list is not compared line by line."""
_SCALES = (Decimal(1), Decimal("0.001"), Decimal("0.0001"), Decimal(1000))
_PAGE = re.compile(r"(?:第\s*(\d{1,4})\s*页|p(?:age|\.)?\s*(\d{1,4}))", re.IGNORECASE)
_BETWEEN = re.compile(r"(?<=\d)[,，\s](?=\d{3}(?!\d))")


@dataclass(frozen=True, eq=False)
class Wanted:
    """One thing to look for: ``page`` is where the row says it stands (0: anywhere)."""

    row: TableRow
    table: str
    column: str
    title: str
    evidence_id: str
    shown: str
    page: int
    number: Decimal | None


def wanted(dossier: Dossier) -> Iterator[Wanted]:
    """Everything to look for, table by table."""
    for code, columns in ITEMS.items():
        table = dossier.tables.get(code)
        if table is None or code in dossier.unreadable or len(table) > MAX_ROWS:
            continue
        for row in table.rows():
            evidence_id = row.read("evidence_id")
            if not isinstance(evidence_id, str):
                continue
            locator = row.read("locator")
            match = _PAGE.search(locator) if isinstance(locator, str) else None
            page = int(match.group(1) or match.group(2)) if match else 0
            for column in columns:
                value = row.read(column)
                if type(value) is Unknown:
                    continue
                unit = table.spec.columns[column].unit
                number = unit.from_base(value) if isinstance(value, Decimal) and unit else None
                shown = str(value) if number is None else format(number.normalize(), "f")
                title = table.spec.columns[column].title
                yield Wanted(row, code, column, title, evidence_id, shown, page, number)


def plain_text(text: str) -> tuple[str, str]:
    """A page for looking up numbers (no separators of thousands) and identifiers (no filling)."""
    even = unicodedata.normalize("NFKC", text)
    return _BETWEEN.sub("", even), same_serial(even)


def stands_in(item: Wanted, page: tuple[str, str]) -> bool:
    """True when a page shows the item."""
    numbers, letters = page
    if item.number is None:
        wanted_text = same_serial(item.shown)
        return bool(wanted_text) and wanted_text in letters
    return any(_number_in(item.number * scale, numbers) for scale in _SCALES)


def _number_in(value: Decimal, text: str) -> bool:
    plain = format(value.normalize(), "f")
    start = text.find(plain)
    while start >= 0:
        before, rest = text[:start], text[start + len(plain) :]
        alone = not before or not (before[-1].isdigit() or before[-1] == ".")
        if alone and _ends_here(rest, "." in plain):
            return True
        start = text.find(plain, start + 1)
    return False


def _ends_here(rest: str, has_point: bool) -> bool:
    """True when nothing but zeros behind a point follows the digits."""
    if not has_point and rest[:1] == ".":
        digits = re.match(r"\.(\d*)", rest)
        return digits is not None and set(digits.group(1)) <= {"0"}
    tail = re.match(r"0*", rest) if has_point else None
    rest = rest[tail.end() :] if tail else rest
    return not rest[:1].isdigit()
