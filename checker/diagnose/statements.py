"""The same quantity stated in several places: tables, disclosures, and the text of documents.

A statement is found by meaning, not by place: rows of tables T24, T22 and T28 name the figure they
give, and in the text of a document a figure's title followed by a number and a unit of its
dimension gives it, unless another year stands between them. Two statements contradict each other
when they differ by more than the last digit of the coarser one allows.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from checker.diagnose.declared import Declared
from checker.facts.printed import within_print
from checker.facts.world import FactWorld
from checker.lang.units import Quantity, find_unit
from checker.packs.book import RuleBook
from checker.places import Anchor

MAX_DISTANCE = 24
"""Characters between a figure's name and its number in a text."""
MIN_TITLE = 4
MAX_FOUND = 400
_NUMBER = re.compile(
    r"(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s{0,2}([A-Za-z%/元万吨度千瓦时³²0-9]{1,12})"
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_BRACKETS = re.compile(r"[（(].*?[）)]")


@dataclass(frozen=True, eq=False)
class Statement:
    """One place that states a figure; ``source`` is a table code, or ``document``."""

    figure: str
    value: Quantity
    source: str
    anchor: Anchor


@dataclass(frozen=True, eq=False)
class Contradiction:
    """Statements of one figure that do not go together; ``exact`` in base units when known."""

    figure: str
    statements: tuple[Statement, ...]


def contradictions(world: FactWorld, declared: Sequence[Declared]) -> list[Contradiction]:
    """Figures stated at least twice with values that differ, in the order of the book."""
    stated: dict[str, list[Statement]] = {}
    for one in [*_from_tables(declared), *_from_texts(world)]:
        stated.setdefault(one.figure, []).append(one)
    found = []
    for figure in world.book.by_id:
        listed = stated.get(figure, [])
        if any(_differ(one, other) for one in listed for other in listed):
            found.append(Contradiction(figure, tuple(listed)))
    return found


def _differ(one: Statement, other: Statement) -> bool:
    """True when neither reads as the other, rounded."""
    if one.value.unit.dimension != other.value.unit.dimension:
        return False
    return not (_reads_as(one, other) or _reads_as(other, one))


def _reads_as(coarse: Statement, fine: Statement) -> bool:
    exact = coarse.value.unit.from_base(fine.value.base())
    return bool(within_print(coarse.value.amount, exact))


def _from_tables(declared: Sequence[Declared]) -> Iterator[Statement]:
    for item in declared:
        if not item.period:
            anchor = item.row.anchor(item.column)
            yield Statement(item.figure, item.value, item.row.key.partition("[")[0], anchor)


def _from_texts(world: FactWorld) -> Iterator[Statement]:
    """Figures named in the text of documents that were read for another reason."""
    titles = _titles(world.book)
    year = str(world.as_of.year if not world.months else world.months[0])[:4]
    count = 0
    for path, pages in world.source.page_texts.items():
        for number, text in enumerate(pages, start=1):
            for statement in _in_page(world, titles, path, number, text, year):
                count += 1
                if count > MAX_FOUND:
                    return
                yield statement


def _titles(book: RuleBook) -> dict[str, str]:
    """Names of figures as a text would have them, without what stands in brackets."""
    found: dict[str, str] = {}
    for quantity in book.quantities:
        title = _BRACKETS.sub("", quantity.card.title.zh).strip()
        if len(title) >= MIN_TITLE:
            found[title] = "" if title in found else quantity.card.id
    return {title: figure for title, figure in found.items() if figure}


def _in_page(
    world: FactWorld, titles: dict[str, str], path: str, page: int, text: str, year: str
) -> Iterator[Statement]:
    even = unicodedata.normalize("NFKC", text)
    for title, figure in titles.items():
        start = even.find(title)
        while start >= 0:
            end = start + len(title)
            before, after = even[max(0, start - 12) : start], even[end : end + MAX_DISTANCE + 40]
            value = _number_after(after, before, year)
            unit = world.book.by_id[figure].card.unit
            if value is not None and value.unit.dimension == unit.dimension:
                yield Statement(figure, value, "document", Anchor(path, page=page, label=title))
            start = even.find(title, end)


def _number_after(text: str, before: str, year: str) -> Quantity | None:
    match = _NUMBER.search(text)
    if match is None or match.start() > MAX_DISTANCE:
        return None
    between = before + text[: match.start()]
    if any(other != year for other in _YEAR.findall(between)) or "\n\n" in between:
        return None
    unit = find_unit(match.group(3)) or find_unit(match.group(3).rstrip("0123456789"))
    if unit is None:
        return None
    return Quantity(Decimal(match.group(1).replace(",", "") + (match.group(2) or "")), unit)
