"""The piece of the dossier a place points to: lines of a text, cells of a sheet, text of a page."""

import csv
import hashlib
import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from checker.dossier.files import DossierFiles
from checker.dossier.guard import scan_workbook
from checker.evidence.pages import page_picture, page_texts

AROUND = 3
MAX_COLUMNS = 40
MAX_TEXT = 6_000


@dataclass(frozen=True)
class Excerpt:
    """Rows with the number of each and which is meant; or a text; ``pages`` of a document.

    ``column`` is the one that is meant, from 1; 0 when the whole row is.
    """

    rows: tuple[tuple[int, bool, tuple[str, ...]], ...] = ()
    column: int = 0
    text: str = ""
    page: int = 0
    pages: int = 0
    picture: bool = False
    problem: str = ""


PICTURES: Mapping[str, str] = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
}  # fmt: skip
"""Files a browser shows as they are."""


def excerpt(files: DossierFiles, place: Mapping[str, Any], known: Mapping[str, str]) -> Excerpt:
    """What stands at a place; ``problem`` is a message key when nothing can be shown.

    ``known`` holds the hashes of the files the result was made from.
    """
    path = str(place.get("file", ""))
    try:
        if problem := _changed(files, path, known):
            return Excerpt(problem=problem)
        return _shown(files, path, place)
    except OSError:
        return Excerpt(problem="desk.no_file")


def picture(
    files: DossierFiles, path: str, page: int, known: Mapping[str, str]
) -> tuple[bytes, str] | None:
    """A page or an image as bytes with its kind; None when there is none to show."""
    suffix = PurePosixPath(path).suffix.lower()
    try:
        if _changed(files, path, known):
            return None
        if suffix in PICTURES:
            return files.read(path), PICTURES[suffix]
        content = page_picture(files, path, page) if suffix == ".pdf" else None
    except OSError:
        return None
    return (content, "image/png") if content else None


def _changed(files: DossierFiles, path: str, known: Mapping[str, str]) -> str:
    """Why a file cannot be shown: it is not there, or no longer what was checked."""
    if path not in files.entries:
        return "desk.no_file"
    if path in known and hashlib.sha256(files.read(path)).hexdigest() != known[path]:
        return "desk.changed"
    return ""


def _shown(files: DossierFiles, path: str, place: Mapping[str, Any]) -> Excerpt:
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in PICTURES:
        return Excerpt(picture=True)
    if suffix == ".pdf":
        return _page(files, path, int(place.get("page") or 1))
    if suffix in (".csv", ".yaml", ".yml", ".txt"):
        shown = _lines(files.read(path), int(place.get("line") or 1), table=suffix == ".csv")
        return replace(shown, column=int(place.get("column") or 0) if suffix == ".csv" else 0)
    if suffix in (".xlsx", ".xlsm"):
        return _cells(files.read(path), str(place.get("sheet", "")), str(place.get("cell", "")))
    return Excerpt(problem="desk.not_shown")


def _page(files: DossierFiles, path: str, page: int) -> Excerpt:
    texts = dict(page_texts(files, [path])).get(path)
    if not texts:
        return Excerpt(problem="desk.unreadable")
    page = min(max(page, 1), len(texts))
    return Excerpt(text=texts[page - 1][:MAX_TEXT], page=page, pages=len(texts), picture=True)


def _lines(content: bytes, line: int, *, table: bool) -> Excerpt:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    lines = text.split("\n")
    first = max(1, line - AROUND)
    shown = range(first, min(len(lines), line + AROUND) + 1)
    rows = [(number, number == line, _split(lines[number - 1], table)) for number in shown]
    if table and first > 1:
        rows.insert(0, (1, False, _split(lines[0], table)))
    return Excerpt(tuple(rows))


def _split(line: str, table: bool) -> tuple[str, ...]:
    text = line[:MAX_TEXT].replace("\r", "")
    cells = next(csv.reader(io.StringIO(text)), []) if table else [text]
    return tuple(cells[:MAX_COLUMNS])


def _cells(content: bytes, sheet: str, cell: str) -> Excerpt:
    if scan_workbook(content).refusal:
        return Excerpt(problem="desk.unreadable")
    import openpyxl  # noqa: PLC0415
    from openpyxl.utils.cell import (  # noqa: PLC0415
        column_index_from_string,
        coordinate_from_string,
    )

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        letters, row = coordinate_from_string(cell) if cell else ("", 1)
        first = max(1, row - AROUND)
        wanted = [(1, first > 1), *((n, True) for n in range(first, row + AROUND + 1))]
        rows = []
        for number, shown in wanted:
            found = book[sheet].iter_rows(number, number, 1, MAX_COLUMNS, values_only=True)
            values = tuple("" if value is None else str(value) for value in next(found, ()))
            if shown and (values or number == row):
                rows.append((number, number == row, values))
        column = column_index_from_string(letters) if letters else 0
    except Exception:  # whatever a damaged file makes the library raise
        return Excerpt(problem="desk.unreadable")
    return Excerpt(tuple(rows), column)
