"""Markdown: for a mail, a pull request, a ticket."""

from collections.abc import Iterator, Sequence

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
    Pairs,
    Paragraph,
    Table,
)
from checker.report.outline.report import outline
from checker.report.voice import Text, joined
from checker.report.writers.inert import visible

_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|#~"})


def render(job: Job) -> bytes:
    """The report as GitHub-flavoured Markdown; every text of the dossier is escaped."""
    report = outline(job.result, job.lang, job.record, job.document)
    lines = [f"# {_text(report.title)}", "", f"**{_text(report.disclaimer)}**", ""]
    lines += _block(report.cover)
    for section in report.sections:
        lines += ["", f"## {section.number} {_text(section.title)}", ""]
        for block in section.blocks:
            lines += [*_block(block), ""]
    return ("\n".join(lines).rstrip() + "\n").encode()


def _escaped(text: str) -> str:
    return visible(text).translate(_MARKS).replace("\n", "<br>")


def _text(text: Text) -> str:
    return _escaped(joined(text))


def _cell(cell: Cell) -> str:
    return "<br>".join(filter(None, (_text(cell.text), *map(_escaped, cell.second))))


def _row(cells: Sequence[Cell]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"### {_text(block.text)}"
    elif isinstance(block, Paragraph):
        yield _text(block.text)
    elif isinstance(block, Callout):
        yield f"> **{_text(block.title)}**"
        yield f"> {_text(block.text)}"
    elif isinstance(block, Pairs):
        yield from (f"- {_text(text)}: {_cell(cell)}" for text, cell in block.entries)
    elif isinstance(block, Table) and block.rows:
        yield _row(block.head)
        yield "|" + "|".join(" ---: " if c.kind == "number" else " --- " for c in block.head) + "|"
        yield from map(_row, block.rows)
    elif isinstance(block, Bullets):
        for place, item in enumerate(block.items, start=1):
            yield f"{place}. {_text(item)}" if block.numbered else f"- {_text(item)}"
    elif isinstance(block, Bars):
        yield f"**{_text(block.title)}**"
        yield ""
        yield from (f"- {_text(label)}: {_text(value)}" for label, _, value in block.entries)
    elif isinstance(block, Figure):
        yield f"*{_text(block.title)}* ({_text(block.elsewhere)})"
    elif isinstance(block, Field):
        yield f"*{_text(block.title)}*: {_escaped(block.text) or '…'}"
    elif isinstance(block, Lines):
        yield from (f"- {_text(title)}: ＿＿＿＿＿＿" for title in block.titles)
