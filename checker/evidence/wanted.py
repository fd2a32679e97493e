"""What a row says that its evidence should show: identifiers, and numbers in usual units."""

import functools
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
_SCALES = (
    (Decimal("0.001"), re.compile(r"\s{0,3}(?:MWh|兆瓦时|t\b|吨)", re.IGNORECASE)),
    (Decimal("0.0001"), re.compile(r"\s{0,3}万")),
    (Decimal(1000), re.compile(r"\s{0,3}(?:kWh|千瓦时|度|MJ)", re.IGNORECASE)),
)
"""Other scales a number may be printed in; the unit has to stand behind it."""
_DIGITS = 3
"""Digits a number must have to be looked for in another scale, an identifier to be looked for."""
_PAGE = re.compile(r"(?:第\s*(\d{1,4})\s*页|\bp(?:age|\.)?\s*(\d{1,4}))", re.IGNORECASE)
_GROUPS = re.compile(r"(?<![\d.])\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+)(?![\d])")


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


def plain_text(text: str) -> tuple[str, str, str]:
    """A page for looking up numbers (as printed, and without separators of thousands) and
    identifiers (without blanks and hyphens)."""
    even = unicodedata.normalize("NFKC", text).replace("，", ",")
    joined = _GROUPS.sub(lambda match: re.sub("[, ]", "", match.group()), even)
    return even, joined, same_serial(even)


def stands_in(item: Wanted, page: tuple[str, str, str]) -> bool:
    """True when a page shows the item."""
    printed, joined, letters = page
    if item.number is None:
        return _identifier_in(item.shown, letters)
    plain = _number(item.number)
    if any(plain.search(text) for text in (joined, printed)):
        return True
    if len(item.number.normalize().as_tuple().digits) < _DIGITS:
        return False
    return any(
        unit.match(text, match.end())
        for scale, unit in _SCALES
        for text in (joined, printed)
        for match in _number(item.number * scale).finditer(text)
    )


def _identifier_in(shown: str, letters: str) -> bool:
    """True when an identifier stands in a page by itself: no digit goes on before or after it."""
    wanted_text = same_serial(shown)
    if len(wanted_text) < _DIGITS:
        return False
    before = r"(?<!\d)" if wanted_text[0].isdigit() else ""
    after = r"(?!\d)" if wanted_text[-1].isdigit() else ""
    return re.search(before + re.escape(wanted_text) + after, letters) is not None


@functools.lru_cache(maxsize=4096)
def _number(value: Decimal) -> re.Pattern[str]:
    """A number by itself; zeros behind the point do not matter."""
    whole, _, rest = format(value.normalize(), "f").partition(".")
    tail = rf"\.{rest}0*" if rest else r"(?:\.0+)?"
    return re.compile(rf"(?<![\d.]){re.escape(whole)}{tail}(?![\d]|\.\d)")
