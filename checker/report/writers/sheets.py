"""Pieces the workbooks have in common: what a book says of itself, and how high a text stands."""

from collections.abc import Iterable
from typing import Any

from checker.report.writers.inert import visible

ABOUT = "说明 About"
"""Sheet that says what a book is; names in its third column serve the reading back."""


def write_about(book: Any, lines: Iterable[tuple[str, str, str]], width: int = 24) -> None:
    """The sheet: title, value, and the name it is read back by."""
    sheet = book.add_worksheet(ABOUT)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, width)
    sheet.set_column(1, 1, 90)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    code = book.add_format({"font_color": "#9AA3AF", "font_size": 8})
    for row, (title, text, name) in enumerate(lines):
        sheet.write_string(row, 0, visible(title), wrap)
        sheet.write_string(row, 1, visible(text), wrap)
        sheet.write_string(row, 2, name, code)
        sheet.set_row(row, 15 * lines_in(text, 90) + 2)


def lines_in(text: str, width: float) -> int:
    """Lines a text takes in a column; a Chinese character is two wide."""
    wide = (sum(2 if ord(char) > 0x2E7F else 1 for char in line) for line in text.split("\n"))
    return sum(max(1, -(-length // max(1, int(width)))) for length in wide)
