"""The same quantity stated in several places: tables, disclosures, and the text of documents.

A statement is found by meaning, not by place: rows of tables T24, T22 and T28 name the figure they
give, and in the text of a document a figure's title followed by a number and a unit of its
dimension gives it, unless another year stands between them. Two statements contradict each other
when they differ by more than the last digit of the coarser one allows.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from checker.diagnose.declared import Declared
from checker.facts.printed import within_print
from checker.facts.world import FactWorld
from checker.lang.units import Quantity, Unit, find_unit
from checker.packs.book import RuleBook
from checker.places import Anchor

MAX_DISTANCE = 24
"""Characters between a figure's name and its number in a text."""
MIN_TITLE = 4
MAX_FOUND = 400
_NUMBER = re.compile(
    r"(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s{0,2}([A-Za-z%/元万吨度千瓦时二氧化碳当量标准煤³²0-9]{1,14})"
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_BRACKETS = re.compile(r"[（(].*?[）)]")


@dataclass(frozen=True, eq=False)
class Statement:
    """One place that states a figure; ``source`` is a table code, ``document`` or ``web``."""

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
    for one in _from_tables(declared):
        stated.setdefault(one.figure, []).append(one)
    tables = {figure: tuple(listed) for figure, listed in stated.items()}
    for one, figures in _from_texts(world):
        if figure := _meant(one, figures, tables):
            stated.setdefault(figure, []).append(replace(one, figure=figure))
    found = []
    for figure in world.book.by_id:
        listed = stated.get(figure, [])
        if any(_differ(one, other) for one in listed for other in listed):
            found.append(Contradiction(figure, tuple(listed)))
    return found


def _meant(
    one: Statement, figures: Sequence[str], tables: Mapping[str, Sequence[Statement]]
) -> str:
    """Which of the figures of one name a text means; empty when that cannot be told.

    A name that several figures share (total emissions, by market or by location) is taken for the
    one whose table says the same, else for the first that a table states at all.
    """
    if len(figures) == 1:
        return figures[0]
    stated = [figure for figure in figures if figure in tables]
    same = (f for f in stated if not any(_differ(one, other) for other in tables[f]))
    return next(same, stated[0] if stated else "")


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


def _from_texts(world: FactWorld) -> Iterator[tuple[Statement, Sequence[str]]]:
    """Figures named in the text of the documents of the evidence index."""
    titles = _titles(world.book)
    year = str(world.as_of.year if not world.months else world.months[0])[:4]
    count = 0
    for path, pages in world.source.page_texts.items():
        for number, text in enumerate(pages, start=1):
            page = number if path.lower().endswith(".pdf") else 0
            for found in _in_page(world, titles, path, page, text, year):
                count += 1
                if count > MAX_FOUND:
                    return
                yield found


def _titles(book: RuleBook) -> dict[str, list[str]]:
    """Names of figures as a text would have them, without what stands in brackets."""
    found: dict[str, list[str]] = {}
    for quantity in book.quantities:
        title = _BRACKETS.sub("", quantity.card.title.zh).strip()
        if len(title) >= MIN_TITLE:
            found.setdefault(title, []).append(quantity.card.id)
    return found


def _in_page(
    world: FactWorld, titles: Mapping[str, list[str]], path: str, page: int, text: str, year: str
) -> Iterator[tuple[Statement, Sequence[str]]]:
    even = unicodedata.normalize("NFKC", text)
    for title, figures in titles.items():
        start = even.find(title)
        while start >= 0:
            end = start + len(title)
            before, after = even[max(0, start - 12) : start], even[end : end + MAX_DISTANCE + 40]
            unit = world.book.by_id[figures[0]].card.unit
            value = _number_after(after, before, year, unit)
            if value is not None and value.unit.dimension == unit.dimension:
                source = "web" if path.lower().endswith((".html", ".htm")) else "document"
                anchor = Anchor(path, page=page, label=title)
                yield Statement(figures[0], value, source, anchor), figures
            start = even.find(title, end)


def _number_after(text: str, before: str, year: str, wanted: Unit) -> Quantity | None:
    match = _NUMBER.search(text)
    if match is None or match.start() > MAX_DISTANCE:
        return None
    between = before + text[: match.start()]
    if any(other != year for other in _YEAR.findall(between)) or "\n\n" in between:
        return None
    unit = _unit(match.group(3), wanted)
    if unit is None:
        return None
    return Quantity(Decimal(match.group(1).replace(",", "") + (match.group(2) or "")), unit)


_OF_CARBON = {"t": "tCO2", "万t": "万tCO2", "tCO2e": "tCO2", "万tCO2e": "万tCO2"}
"""What a text means by a unit of mass when it speaks of emissions."""


def _unit(text: str, wanted: Unit) -> Unit | None:
    """The longest unit a text begins with; tonnes of emissions are tonnes of CO2."""
    found = (find_unit(text[:end]) for end in range(len(text), 0, -1))
    unit = next((one for one in found if one is not None), None)
    if unit is not None and unit.dimension != wanted.dimension:
        carbon = find_unit(_OF_CARBON.get(unit.name, ""))
        if carbon is not None and carbon.dimension == wanted.dimension:
            return carbon
    return unit
