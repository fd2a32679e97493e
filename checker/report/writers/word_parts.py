"""Paragraphs, tables and fields of a Word document, as elements."""

from collections.abc import Iterable, Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from checker.report.outline.blocks import Cell, Field, Table
from checker.report.voice import Text, joined
from checker.report.writers.inert import visible

INK = {"bad": "A4262C", "wait": "8A5A00", "ask": "2B5797", "good": "1E6B3A", "none": "6B7280"}
SOFT = "5B6675"
WIDTH = 9900
"""Width of the text in twentieths of a point."""


def element(tag: str, /, *kids: Any, **attributes: str) -> Any:
    """An element with children; attributes are of the ``w`` name space."""
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    made.extend(kids)
    return made


def run(text: str, *, color: str = "", size: int = 0, bold: bool = False) -> Any:
    """A run of text; line breaks are kept."""
    made = element("w:r")
    style = element("w:rPr")
    if bold:
        style.append(element("w:b"))
    if color:
        style.append(element("w:color", val=color))
    if size:
        style.append(element("w:sz", val=str(size)))
    if len(style):
        made.append(style)
    for number, line in enumerate(visible(text).split("\n")):
        if number:
            made.append(element("w:br"))
        inner = element("w:t")
        inner.text = line
        inner.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        made.append(inner)
    return made


def paragraph(*runs: Any, style: str = "", right: bool = False) -> Any:
    """A paragraph of a style."""
    made = element("w:p")
    if style or right:
        shape = element("w:pPr")
        if style:
            shape.append(element("w:pStyle", val=style))
        if right:
            shape.append(element("w:jc", val="right"))
        made.append(shape)
    made.extend(runs)
    return made


def bookmark(number: int, name: str) -> tuple[Any, Any]:
    """Start and end of a place a link can lead to."""
    return (
        element("w:bookmarkStart", id=str(number), name=name[:40]),
        element("w:bookmarkEnd", id=str(number)),
    )


def counted(code: str) -> Any:
    """A field Word fills in: ``PAGE`` or ``NUMPAGES``."""
    return element("w:fldSimple", run("1"), instr=code)


def texts(text: Text, *, color: str = "", size: int = 0, bold: bool = False) -> list[Any]:
    """The languages of a text, the second one softer, on a line of its own."""
    first = run(text[0] if text else "", color=color, size=size, bold=bold)
    return [first, *(run("\n" + other, color=SOFT, size=16) for other in text[1:])]


def _cell(cell: Cell, width: int, *, head: bool) -> Any:
    small = 15 if cell.kind in ("code", "place") else 17
    color = SOFT if cell.tone == "soft" else INK.get(cell.tone, "")
    runs = texts(cell.text, color=color, size=small, bold=head)
    runs += [run("\n" + other, color=SOFT, size=15) for other in cell.second if other]
    shape = element("w:tcPr", element("w:tcW", w=str(width), type="dxa"))
    if head:
        shape.append(element("w:shd", val="clear", color="auto", fill="F5F7F9"))
    return element("w:tc", shape, paragraph(*runs, style="Cell", right=cell.kind == "number"))


def table(block: Table) -> Any:
    """A table whose first row is repeated on every page."""
    whole = sum(block.widths)
    widths = [WIDTH * share // whole for share in block.widths]
    made = _frame(widths)
    made.append(_row(block.head, widths, head=True))
    made.extend(_row(row, widths, head=False) for row in block.rows)
    return made


def rows(lines: Iterable[Sequence[Cell]], shares: Sequence[int]) -> Any:
    """A table without a head."""
    widths = [WIDTH * share // sum(shares) for share in shares]
    made = _frame(widths)
    made.extend(_row(line, widths, head=False) for line in lines)
    return made


def _frame(widths: Sequence[int]) -> Any:
    sides = [
        element(f"w:{side}", val="single", sz="4", space="0", color="D9DEE5")
        for side in ("top", "bottom", "insideH")
    ]
    shape = element(
        "w:tblPr",
        element("w:tblW", w=str(sum(widths)), type="dxa"),
        element("w:tblBorders", *sides),
        element("w:tblLayout", type="fixed"),
    )
    grid = element("w:tblGrid", *(element("w:gridCol", w=str(width)) for width in widths))
    return element("w:tbl", shape, grid)


def _row(cells: Sequence[Cell], widths: Sequence[int], *, head: bool) -> Any:
    shape = element("w:trPr", element("w:cantSplit"))
    if head:
        shape.append(element("w:tblHeader"))
    made = element("w:tr", shape)
    made.extend(_cell(c, w, head=head) for c, w in zip(cells, widths, strict=True))
    return made


def field(block: Field, number: int) -> list[Any]:
    """A text to write, the only part of the document that may be edited."""
    tag = element("w:tag", val=f"zcf.{block.name}")
    content = paragraph(run(block.text or "　"), style="Narrative")
    control = element(
        "w:sdt",
        element("w:sdtPr", tag, element("w:text", multiLine="1")),
        element("w:sdtContent", content),
    )
    return [
        paragraph(run(joined(block.title), color=SOFT, size=16)),
        element("w:permStart", id=str(number), edGrp="everyone"),
        control,
        element("w:permEnd", id=str(number)),
    ]
