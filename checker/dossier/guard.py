"""Looks into a workbook before any library opens it: size, growth, extent, formulas, merges.

A 6 kB file can declare a sheet of 16 billion cells, an 8 MB file can unpack to 4 GB, and an XML
entity can expand without end; all three are refused here from the packed bytes.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field

MAX_UNPACKED = 256_000_000
MAX_RATIO = 200
MAX_ROW = 200_000
MAX_COLUMN = 512

_REFERENCE = re.compile(rb"<c [^>]{0,80}?\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_DIMENSION = re.compile(
    rb"<dimension ref=[\"'](?:[A-Z]{1,3}[0-9]{1,7}:)?([A-Z]{1,3})([0-9]{1,7})[\"']"
)
_MERGE = re.compile(rb"<mergeCell ref=[\"']([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})[\"']")
_CHUNK = 1 << 20


@dataclass(slots=True)
class Scan:
    """What the guard saw; ``refusal`` is a message key when the workbook must not be opened."""

    refusal: str = ""
    detail: str = ""
    formulas: bool = False
    merges: dict[str, list[str]] = field(default_factory=dict)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_far(letters: bytes, row: bytes) -> bool:
    return int(row) > MAX_ROW or _column_number(letters) > MAX_COLUMN


def scan_workbook(content: bytes) -> Scan:
    """Scan the sheets of an xlsx file held in memory."""
    scan = Scan()
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        scan.refusal = "workbook.encrypted" if content[:8] == _OLE else "workbook.not_xlsx"
        return scan
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos) or 1
    if unpacked > MAX_UNPACKED or (unpacked > 1_000_000 and unpacked > MAX_RATIO * packed):
        scan.refusal, scan.detail = "workbook.bomb", str(unpacked)
        return scan
    for info in infos:
        if info.filename.endswith((".xml", ".rels")):
            _scan_part(archive, info, scan)
        if scan.refusal:
            break
    return scan


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _scan_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, scan: Scan) -> None:
    sheet = info.filename.startswith("xl/worksheets/")
    tail = b""
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                window = tail + chunk
                if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                    scan.refusal, scan.detail = "workbook.entity", info.filename
                    return
                if sheet and _scan_sheet(window, info.filename, scan):
                    return
                tail = window[-200:]
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError):
        scan.refusal, scan.detail = "workbook.damaged", info.filename


def _scan_sheet(window: bytes, name: str, scan: Scan) -> bool:
    """Look at one piece of a sheet; True when the workbook is refused."""
    for pattern in (_DIMENSION, _REFERENCE):
        for match in pattern.finditer(window):
            if _too_far(match.group(1), match.group(2)):
                cell = (match.group(1) + match.group(2)).decode()
                scan.refusal, scan.detail = "workbook.extent", cell
                return True
    if b"<f>" in window or b"<f " in window:
        scan.formulas = True
    merges = scan.merges.setdefault(name, [])
    for match in _MERGE.finditer(window):
        if match.group(1).decode() not in merges:
            merges.append(match.group(1).decode())
    return False
