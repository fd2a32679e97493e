"""Word: the report for editing. Only the narrative fields may be changed; figures are protected.

Protection without a password keeps an honest hand from slipping; ``word_back`` compares what comes
back with the result and names every difference.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from checker.report.formats import Job
from checker.report.outline.blocks import (
    Bars,
    Block,
    Bullets,
    Callout,
    Cell,
    Field,
    Figure,
    Heading,
    Lines,
    Outline,
    Pairs,
    Paragraph,
    Table,
)
from checker.report.outline.report import outline
from checker.report.voice import joined
from checker.report.writers import word_parts as parts
from checker.report.writers.inert import visible
from checker.report.writers.steady import steady
from checker.report.writers.word_figure import figure
from checker.report.writers.word_kept import keep

EAST_ASIAN = "Microsoft YaHei"
BAR = "█"


def render(job: Job) -> bytes:
    """The report as ``.docx``, the same bytes for the same result."""
    report = outline(job.result, job.lang, job.record, job.document)
    document = docx.Document()
    _set_up(document, job, report)
    body = document.element.body
    last = body.sectPr
    for made in _body(document, report):
        last.addprevious(made)
    stream = io.BytesIO()
    document.save(stream)
    return steady(stream.getvalue(), job.result["run"]["as_of"])


def _set_up(document: Any, job: Job, report: Outline) -> None:
    """Page, styles, properties, footer and protection."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(20)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = "Arial"
        style.font.color.rgb = RGBColor(0x1C, 0x24, 0x30)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), EAST_ASIAN)
    document.styles["Normal"].font.size = Pt(9.5)
    for name in ("Cell", "Narrative"):
        made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = document.styles["Normal"]
        made.paragraph_format.space_after = Pt(2 if name == "Cell" else 24)
    properties = document.core_properties
    properties.title = visible(joined(report.title))
    properties.author = "zcf-check"
    day = datetime.fromisoformat(job.result["run"]["as_of"]).replace(tzinfo=UTC)
    properties.created = properties.modified = day
    properties.comments = f"run {report.run_id}"
    properties.keywords = f"{job.document} {job.lang}"
    keep(document, job.record, job.document)
    footer = section.footer.paragraphs[0]._p
    footer.extend(
        [
            parts.run(f"zcf-check · {report.run_id} · {joined(report.disclaimer)} · ", size=14),
            parts.counted("PAGE"),
            parts.run(" / ", size=14),
            parts.counted("NUMPAGES"),
        ]
    )
    document.settings.element.append(
        parts.element("w:documentProtection", edit="readOnly", enforcement="1")
    )


def _body(document: Any, report: Outline) -> Iterator[Any]:
    yield parts.paragraph(*parts.texts(report.title), style="Title")
    yield parts.paragraph(parts.run(joined(report.disclaimer), color=parts.INK["bad"], bold=True))
    yield from _block(report.cover, 0)
    number = 1
    for section in report.sections:
        start, end = parts.bookmark(number, f"section_{section.name}")
        title = f"{section.number}  {joined(section.title)}"
        yield parts.paragraph(start, parts.run(title), end, style="Heading1")
        for block in section.blocks:
            number += 1
            if isinstance(block, Figure):
                yield from figure(document, block)
            else:
                yield from _block(block, number)
        number += 1


def _block(block: Block, number: int) -> Iterator[Any]:
    if isinstance(block, Heading):
        yield parts.paragraph(*parts.texts(block.text), style="Heading2")
    elif isinstance(block, Paragraph):
        color = parts.SOFT if block.tone == "soft" else parts.INK.get(block.tone, "")
        yield parts.paragraph(*parts.texts(block.text, color=color))
    elif isinstance(block, Callout):
        color = parts.INK.get(block.tone, "")
        yield parts.paragraph(parts.run(joined(block.title), color=color, size=28, bold=True))
        yield parts.paragraph(*parts.texts(block.text))
    elif isinstance(block, Pairs):
        lines = [(Cell(text, tone="soft"), cell) for text, cell in block.entries]
        yield from _after(parts.rows(lines, (32, 68)) if lines else None)
    elif isinstance(block, Table):
        yield from _after(parts.table(block) if block.rows else None)
    elif isinstance(block, Bullets):
        for place, item in enumerate(block.items, start=1):
            mark = f"{place}. " if block.numbered else "· "
            yield parts.paragraph(parts.run(mark), *parts.texts(item))
    elif isinstance(block, Bars):
        yield parts.paragraph(parts.run(joined(block.title), bold=True))
        bars = [
            (Cell(label), Cell((BAR * round((length or 0) * 24),), tone="ask"), Cell(value))
            for label, length, value in block.entries
        ]
        yield from _after(parts.rows(bars, (36, 42, 22)) if bars else None)
    elif isinstance(block, Field):
        yield from parts.field(block, number)
    elif isinstance(block, Lines):
        lines = [(Cell(text), Cell(("\n\n",))) for text in block.titles]
        yield from _after(parts.rows(lines, (30, 70)))


def _after(made: Any) -> Iterator[Any]:
    """A table and the empty paragraph Word wants behind it."""
    if made is not None:
        yield made
        yield parts.paragraph()
