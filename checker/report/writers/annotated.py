"""The clerk's workbook with the findings in it: cells coloured, comments, a list with links.

A copy: the original is only read, and its hash is printed in the list.
"""

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import quote_sheetname

from checker.dossier.files import open_dossier
from checker.dossier.guard import scan_workbook
from checker.engagement.direct import FEW, is_direct
from checker.errors import Problem, UsageError
from checker.places import Anchor
from checker.report.formats import Job
from checker.report.voice import Voice, joined
from checker.report.writers.inert import inert_cell, visible
from checker.report.writers.sheets import lines_in
from checker.report.writers.steady import steady

LIST = "问题清单"
_FILLS = {
    "blocker": "F4B6BA",
    "major": "F4B6BA",
    "minor": "FBE0A8",
    "observation": "D6E4F2",
    "info": "E3E7EC",
}
MAX_COMMENTS = 5
"""Findings of one cell that its comment tells in full."""
_WIDTHS = (8, 12, 22, 10, 70, 50, 30)


def render(job: Job) -> bytes:
    """``annotated.xlsx``; raises ``UsageError`` when the dossier has no workbook to annotate."""
    path, content, digest = _original(job)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # unsupported extensions are no news to an auditor
        book = openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
    voice = Voice(job.result, job.lang)
    if LIST in book.sheetnames:
        del book[LIST]
    _mark(book, path, job.result, voice)
    _list(book, path, digest, job.result, voice)
    book.properties.creator = "zcf-check"
    stream = io.BytesIO()
    book.save(stream)
    return steady(stream.getvalue(), job.result["run"]["as_of"])


def _original(job: Job) -> tuple[str, bytes, str]:
    """Path, bytes and hash of the workbook the result was made from."""
    books = [
        entry
        for entry in job.result["inputs"]
        if entry["kind"] in ("xlsx", "xlsm") and entry["role"] == "read"
    ]
    if not books or job.dossier is None:
        raise UsageError(Problem("usage.no_workbook", Anchor("annotated")))
    files = open_dossier(job.dossier)
    path, digest = books[0]["path"], books[0]["sha256"]
    content = files.read(path)
    if files.sha256(path) != digest:
        raise UsageError(Problem("usage.workbook_changed", Anchor(path), {"sha256": digest}))
    scan = scan_workbook(content)
    if scan.refusal:
        args = {"detail": scan.detail}
        raise UsageError(Problem(scan.refusal, Anchor(path), args, "blocker"))
    return path, content, digest


def _places(
    path: str, result: Mapping[str, Any]
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Findings with the places they have in the workbook."""
    for finding in result["findings"]:
        for place in finding["places"]:
            if place["file"] == path and place.get("sheet"):
                yield finding, place


def _mark(book: Any, path: str, result: Mapping[str, Any], voice: Voice) -> None:
    """Colour the cells (the worst finding wins) and comment them."""
    told: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for finding, place in _places(path, result):
        if is_direct(finding, FEW) and place.get("cell") and place["sheet"] in book.sheetnames:
            listed = told.setdefault((place["sheet"], place["cell"]), [])
            listed += [finding] if finding not in listed else []
    for (sheet, address), findings in told.items():
        cell = book[sheet][address]
        if type(cell).__name__ == "MergedCell":
            continue
        cell.fill = PatternFill("solid", start_color=_FILLS[findings[0]["severity"]])
        lines = [
            f"{one['id']} {joined(voice.label('severity.' + one['severity']))}: "
            f"{joined(voice.message(one), chr(10))}"
            for one in findings[:MAX_COMMENTS]
        ]
        if more := len(findings) - MAX_COMMENTS:
            lines += [joined(voice.label("ui.more_findings", count=more))] if more > 0 else []
        comment = Comment(visible("\n".join(lines)), "zcf-check")
        comment.width, comment.height = 380, 60 + 34 * len(lines)
        cell.comment = comment


def _list(book: Any, path: str, digest: str, result: Mapping[str, Any], voice: Voice) -> None:
    """The sheet of findings, first in the book, each row with a link to its cell."""
    sheet = book.create_sheet(LIST, 0)
    book.active = 0
    title = joined(voice.label("ui.annotated_title", file=path, sha256=digest))
    _write(sheet.cell(1, 1), title)
    sheet.cell(1, 1).font = Font(bold=True)
    _write(sheet.cell(2, 1), joined(voice.label("ui.disclaimer")))
    names = ("id", "severity", "sheet", "cell", "what", "remedy", "rule")
    for column, (name, width) in enumerate(zip(names, _WIDTHS, strict=True), start=1):
        _write(sheet.cell(4, column), joined(voice.label(f"column.{name}")))
        sheet.cell(4, column).font = Font(bold=True)
        sheet.column_dimensions[chr(64 + column)].width = width
    sheet.freeze_panes = "A5"
    sheet.print_title_rows = "4:4"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    row = 5
    for finding in result["findings"]:
        inside = list(
            {
                (p["sheet"], p.get("cell", "")): p
                for p in finding["places"]
                if p["file"] == path and p.get("sheet")
            }.values()
        )
        listed = inside or finding["places"][:1] or [{"file": ""}]
        more = 0 if is_direct(finding, FEW) else len(listed) - 1
        for place in listed[: len(listed) - more]:
            _row(sheet, row, finding, place, voice, book.sheetnames, more)
            row += 1


def _row(
    sheet: Any,
    row: int,
    finding: Mapping[str, Any],
    place: Mapping[str, Any],
    voice: Voice,
    sheets: list[str],
    more: int,
) -> None:
    inside = place.get("sheet") in sheets
    places = joined(voice.label("ui.more_places", count=more)) if more else ""
    values = (
        finding["id"],
        joined(voice.label(f"severity.{finding['severity']}")),
        place["sheet"] if inside else voice.place(place)[0],
        place.get("cell", "") if inside else "",
        "\n".join(filter(None, (joined(voice.message(finding), "\n"), places))),
        joined(voice.both(finding["remedy"]), "\n") if finding["remedy"] else "",
        finding["rule"],
    )
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        _write(cell, value)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[row].height = _height(values)
    sheet.cell(row, 2).fill = PatternFill("solid", start_color=_FILLS[finding["severity"]])
    if inside:
        target = f"#{quote_sheetname(place['sheet'])}!{place.get('cell') or 'A1'}"
        sheet.cell(row, 4).hyperlink = target
        sheet.cell(row, 4).font = Font(color="1D4F91", underline="single")
        if not place.get("cell"):
            _write(sheet.cell(row, 4), "A1")


def _height(values: Sequence[str]) -> float:
    """Height of a row for its longest text."""
    most = max(lines_in(str(text), width) for text, width in zip(values, _WIDTHS, strict=True))
    return min(400.0, 14.0 * most + 3)


def _write(cell: Any, text: str) -> None:
    """A text that stays one, whatever it starts with."""
    cell.value = inert_cell(text)
    cell.data_type = "s"
