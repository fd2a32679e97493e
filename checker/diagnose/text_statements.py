"""Figures as texts state them: a figure's name, then a number with a unit of its dimension.

A sentence about another year, a target, a limit or a change states no figure of the period and is
passed over, as is one whose name is narrowed by a word or a bracket the figure does not have: it is
better to miss a statement than to hold a wrong one against the company.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from checker.facts.world import FactWorld
from checker.lang.units import Quantity, Unit, find_unit
from checker.packs.book import RuleBook
from checker.places import Anchor

MAX_DISTANCE = 24
"""Characters between a figure's name and its number."""
BEFORE = 24
"""Characters before a name that may narrow it."""
MIN_TITLE = 4
MAX_VALUES = 20
"""Different values of one figure that are taken from one document."""
_NUMBER = re.compile(
    r"(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s{0,2}"
    r"([A-Za-z%/元万吨度千瓦时二氧化碳当量标准煤³²0-9]{1,14})"
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_BRACKETS = re.compile(r"[（(](.*?)[）)]")
_OTHER = re.compile(
    r"目标|计划|规划|预计|预测|预算|力争|不超过|不高于|不低于|限额|上限|控制在|基准|上年|去年|往年|"
    r"历史|同比|环比|较|相比|下降|减少|降低|增加|增长|上升|节约|分别|target|limit|baseline|forecast|plan",
    re.IGNORECASE,
)
"""Words of a sentence that speaks of something else than the figure of the period."""
_ENDS_WELL = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|碳|温室气体|全厂|厂区|本?企业|本?公司|本?工厂|年度|[\d本全该]年|报告期内?|的|其)$"
)
"""What may stand right before a name; any other word makes it the name of another quantity."""
_NARROWED = re.compile(
    r"\d{1,2}月|季度|上半年|下半年|半年|车间|分厂|产线|母公司|子公司|分公司|集团|供应商|供方|同行|行业|平均|"
    r"园区|全国|全省|全市|其他企业"
)
"""Words of the clause that make it speak of another time or another body."""
_BETWEEN = re.compile(
    r"[\s:：=|,，“”\"]|(?:19|20)\d\d年?|(?:本|全)?年度?|报告期内?|合计|总计|共计?|约|为|是|达到?|数值|"
    r"经?核算|结果|total|is|was|of"
)
"""What may stand between a name and its number."""
_PARTS = re.compile(r"其中|包括|包含|including|of which")
"""What follows speaks of parts of what was stated."""
_LOOSE = re.compile(
    r"(?<=[\u4e00-\u9fff])[ \t]+(?=[\u4e00-\u9fff\d])|(?<=\d)[ \t]+(?=[\u4e00-\u9fff])"
)
"""Blanks that print sets between Chinese characters and digits."""
_PLAIN = re.compile(r"(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?=\s|[|,，。;；]|\Z)")
_END = re.compile(r"[。；;!?！？\n]")


@dataclass(frozen=True, eq=False)
class Said:
    """A text says it: which figures of that name there are, the value, where."""

    figures: tuple[str, ...]
    value: Quantity
    source: str
    anchor: Anchor


def said_in_texts(world: FactWorld) -> Iterator[Said]:
    """What the documents of the evidence index say, in the order of the index."""
    titles = _titles(world.book)
    if not titles:
        return
    names = re.compile("|".join(map(re.escape, sorted(titles, key=lambda t: (-len(t), t)))))
    year = str(world.as_of.year if not world.months else world.months[0])[:4]
    for path, pages in world.source.page_texts.items():
        seen: dict[tuple[str, ...], set[tuple[Decimal, str]]] = {}
        source = "web" if path.lower().endswith((".html", ".htm")) else "document"
        for number, text in enumerate(pages, start=1):
            page = number if path.lower().endswith(".pdf") else 0
            for match, figures, value in _in_text(world, names, titles, text, year):
                values = seen.setdefault(figures, set())
                same = (value.amount, value.unit.name)
                if same not in values and len(values) < MAX_VALUES:  # each value of a file once
                    values.add(same)
                    yield Said(figures, value, source, Anchor(path, page=page, label=match))


def _titles(book: RuleBook) -> dict[str, dict[str, str]]:
    """Names of figures without what stands in brackets; for each its figures by their brackets."""
    found: dict[str, dict[str, str]] = {}
    for quantity in book.quantities:
        title = quantity.card.title.zh
        name = _BRACKETS.sub("", title).strip()
        if len(name) >= MIN_TITLE:
            bracket = "".join(_BRACKETS.findall(title))
            found.setdefault(name, {})[quantity.card.id] = bracket
    return found


def _in_text(
    world: FactWorld,
    names: re.Pattern[str],
    titles: Mapping[str, Mapping[str, str]],
    text: str,
    year: str,
) -> Iterator[tuple[str, tuple[str, ...], Quantity]]:
    even = _LOOSE.sub("", unicodedata.normalize("NFKC", text))
    for match in names.finditer(even):
        name, end = match.group(), match.end()
        before = _END.split(even[max(0, match.start() - BEFORE) : match.start()])[-1]
        after = even[end : end + MAX_DISTANCE + 40]
        figures, after, in_head = _narrowed(titles[name], after)
        if not figures or _NARROWED.search(before) or not _ENDS_WELL.search(before):
            continue
        unit = world.book.by_id[figures[0]].card.unit
        value = _number_after(after, before, year, unit, in_head)
        if value is not None and value.unit.dimension == unit.dimension:
            yield name, figures, value


def _narrowed(known: Mapping[str, str], after: str) -> tuple[tuple[str, ...], str, Unit | None]:
    """Figures a name can mean given the bracket behind it, the text behind that, and the unit the
    bracket holds.

    A bracket with a unit or a year narrows nothing; one no figure has means something else.
    """
    match = re.match(r"\s*[（(]([^（）()]{1,20})[）)]", after)
    if match is None:
        return tuple(known), after, None
    inside, rest = match.group(1).strip(), after[match.end() :]
    unit = find_unit(inside)
    if unit is not None or _YEAR.search(inside):
        return tuple(known), rest, unit
    same = tuple(figure for figure, bracket in known.items() if bracket == inside)
    return same, rest, None


def _number_after(
    text: str, before: str, year: str, wanted: Unit, in_head: Unit | None = None
) -> Quantity | None:
    """The number a sentence gives, where it gives one and nothing else; ``in_head`` is a unit that
    stood behind the name, as in the head of a table."""
    line = _END.split(text)[0]
    match = _NUMBER.search(line)
    if in_head is not None and (match is None or _unit(match.group(3), wanted)[0] is None):
        return _bare(line, in_head)
    if match is None or match.start() > MAX_DISTANCE:
        return None
    between = line[: match.start()]
    if _OTHER.search(before + between) or _BETWEEN.sub("", between):
        return None
    if any(other != year for other in _YEAR.findall(before + between)):
        return None
    unit, end = _unit(match.group(3), wanted)
    if unit is None or _GOES_ON.match(line, match.start(3) + end):
        return None
    rest = _PARTS.split(line[match.end() :])[0]
    for other in _NUMBER.finditer(rest):  # a row of several years, or shares of it
        found, _ = _unit(other.group(3), wanted)
        if found is not None and found.dimension == unit.dimension:
            return None
    return Quantity(Decimal(match.group(1).replace(",", "") + (match.group(2) or "")), unit)


def _bare(line: str, unit: Unit) -> Quantity | None:
    """The one number of a line whose unit is known already."""
    found = list(_PLAIN.finditer(line))
    if len(found) != 1 or _BETWEEN.sub("", line[: found[0].start()]):
        return None
    whole, rest = found[0].group(1), found[0].group(2) or ""
    return Quantity(Decimal(whole.replace(",", "") + rest), unit)


_GOES_ON = re.compile(r"[A-Za-z\u4e00-\u9fff]{0,6}\s?[/／每]|以上|以下|以内|左右")
"""Behind a unit: it is the unit of a ratio, or the number is a bound."""
_OF_CARBON = {"t": "tCO2", "万t": "万tCO2", "tCO2e": "tCO2", "万tCO2e": "万tCO2"}
"""What a text means by a unit of mass when it speaks of emissions."""


def _unit(text: str, wanted: Unit) -> tuple[Unit | None, int]:
    """The longest unit a text begins with, and its length; tonnes of emissions are of CO2."""
    for end in range(len(text), 0, -1):
        unit = find_unit(text[:end])
        if unit is None:
            continue
        if unit.dimension != wanted.dimension:
            carbon = find_unit(_OF_CARBON.get(unit.name, ""))
            if carbon is not None and carbon.dimension == wanted.dimension:
                return carbon, end
        return unit, end
    return None, 0
