"""PDF by Typst: PDF/A-3a and PDF/UA-1, tagged, with its own fonts; the same bytes each time.

The outline goes to the template as JSON, so no text of a dossier is ever evaluated; ``root`` is the
folder of the templates, so nothing else can be read.
"""

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import typst

from checker.errors import Problem, UsageError
from checker.places import Anchor
from checker.report.formats import Job
from checker.report.outline.blocks import Bars, Block, Figure, Outline, Pairs, Table
from checker.report.outline.report import outline
from checker.report.writers.inert import each_text, visible
from checker.report.writers.typeset import typeset
from checker.resources import fonts_dir


def render(job: Job) -> bytes:
    """The report as PDF; raises ``UsageError`` when Typst cannot set it."""
    report = outline(job.result, job.lang, job.record, job.document)
    data = json.dumps(_data(job.result, report), ensure_ascii=False)
    try:
        return typeset(
            "report.typ",
            {"data": data},
            format="pdf",
            pdf_standards=["a-3a", "ua-1"],
            timestamp=0,
        )
    except typst.TypstError as error:
        args = {"detail": error.diagnostic[:500]}
        raise UsageError(Problem("usage.pdf", Anchor("report.typ"), args)) from None


def _data(result: Mapping[str, Any], report: Outline) -> dict[str, Any]:
    labels = dict.fromkeys(_names(report))
    name = result["dossier"].get("name", {}).get("value", "")
    found: dict[str, Any] = each_text(
        {
            "title": report.title,
            "contents": _contents(report),
            "disclaimer": report.disclaimer,
            "company": name,
            "version": result["run"]["version"],
            "run": report.run_id,
            "day": [int(part) for part in result["run"]["as_of"].split("-")],
            "lang": "en" if report.lang == "en" else "zh",
            "cover": _block(report.cover),
            "compact": report.compact,
            "names": list(labels),
            "sections": [
                {
                    "name": section.name,
                    "number": section.number,
                    "title": section.title,
                    "blocks": [_block(block) for block in section.blocks],
                }
                for section in report.sections
            ],
        },
        _printed,
    )
    for section, shown in zip(report.sections, found["sections"], strict=True):
        for block, said in zip(section.blocks, shown["blocks"], strict=True):
            if isinstance(block, Figure):
                said["svg"] = block.svg  # a drawing is not cut like a text
    return found


def _contents(report: Outline) -> tuple[str, ...]:
    both = {"zh": ("目录",), "en": ("Contents",), "both": ("目录", "Contents")}
    return both[report.lang]


def _names(report: Outline) -> Iterator[str]:
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield from block.names


def _block(block: Block) -> dict[str, Any]:
    found = {"block": type(block).__name__.lower(), **asdict(block)}
    if isinstance(block, Pairs):
        found["entries"] = [{"label": text, "cell": asdict(c)} for text, c in block.entries]
    if isinstance(block, Bars):
        found["entries"] = [
            {"label": label, "length": length or 0, "known": length is not None, "value": value}
            for label, length, value in block.entries
        ]
    return found


FALLBACK = "₀₁₂₃₄₅₆₇₈₉⁰⁴⁵⁶⁷⁸⁹−✗↔≠"
"""Signs the fonts that come with Typst have and ours lack."""


@functools.cache
def _covered() -> frozenset[str]:
    """Characters the fonts have; a glyph that is not there would be dropped in silence."""
    lines = (fonts_dir() / "covered.txt").read_text(encoding="ascii").split()
    spans = (line.split("-") for line in lines)
    found = {chr(code) for low, high in spans for code in range(int(low, 16), int(high, 16) + 1)}
    return frozenset(found | {"\n", "\t"} | set(FALLBACK))


def _printed(text: str) -> str:
    """A text with what the fonts lack written out."""
    text = visible(text)
    lacking = set(text) - _covered()
    return "".join(_written_out(c) if c in lacking else c for c in text) if lacking else text


def _written_out(char: str) -> str:
    return f"[U+{ord(char):04X}]"
