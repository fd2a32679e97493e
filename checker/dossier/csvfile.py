"""CSV tables: UTF-8 (with or without BOM) or GB18030, decided by strict decoding."""

import csv
import io

from checker.dossier.headrow import RawTable
from checker.errors import Problem
from checker.places import Anchor

MAX_ROWS = 200_000
MAX_BYTES = 64_000_000


def decode(content: bytes) -> tuple[str, str] | None:
    """Text and encoding, or None when the bytes are neither UTF-8 nor GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return None


def read_csv(content: bytes, file: str, problems: list[Problem]) -> RawTable | None:
    """Rows of a CSV file; None with a problem when it cannot be read."""

    def refuse(key: str, line: int = 0, **args: str | int) -> None:
        problems.append(Problem(key, Anchor(file, line=line), args, "major"))

    if len(content) > MAX_BYTES:
        refuse("csv.too_big", limit=MAX_BYTES)
        return None
    decoded = decode(content)
    if decoded is None:
        refuse("csv.encoding")
        return None
    text, _ = decoded
    if "\x00" in text:
        refuse("csv.not_text", text[: text.index("\x00")].count("\n") + 1)
        return None
    if "\ufffd" in text:
        refuse("csv.lost_characters", text[: text.index("\ufffd")].count("\n") + 1)
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text), strict=True)
    try:
        for row in reader:
            if len(rows) >= MAX_ROWS:
                refuse("csv.too_many_rows", reader.line_num, limit=MAX_ROWS)
                return None
            while len(rows) < reader.line_num - 1:
                rows.append([])  # a quoted line break: keep rows and file lines together
            rows.append(row)
    except csv.Error as error:
        refuse("csv.syntax", reader.line_num, detail=str(error))
        return None
    return RawTable(file, "", rows)


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)
