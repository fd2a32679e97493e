"""Drawings in a Word report: as pictures, with a text for who cannot see them."""

import functools
import io
from collections.abc import Iterator
from typing import Any

from docx.shared import Mm

from checker.report.outline.blocks import Figure
from checker.report.voice import joined
from checker.report.writers.inert import visible
from checker.report.writers.typeset import typeset

DOTS = 150
"""Dots to the inch."""
WIDTH = Mm(165)


def figure(document: Any, block: Figure) -> Iterator[Any]:
    """Title and picture, as elements to be put into the body."""
    title = visible(joined(block.title))
    caption = document.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    caption.add_run(title).bold = True
    yield caption._p
    paragraph = document.add_paragraph()
    shape = paragraph.add_run().add_picture(io.BytesIO(_png(block.svg)), width=WIDTH)
    shape._inline.docPr.set("descr", title)
    yield paragraph._p


@functools.lru_cache(maxsize=32)
def _png(svg: str) -> bytes:
    return typeset("picture.typ", {"svg": svg}, format="png", ppi=DOTS)
