"""A Word report that comes back: narratives are taken, every other difference is named."""

import io
import zipfile
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import docx

from checker.errors import DossierError, Problem
from checker.places import Anchor
from checker.report.formats import Job
from checker.report.writers import word
from checker.report.writers.word_kept import Kept, kept
from checker.report.writers.word_texts import fields, texts

MAX_SHOWN = 100
MAX_UNPACKED = 300_000_000
MAX_FIELD = 20_000
"""Characters of one narrative."""
_EMPTY = ("", "　")


@dataclass(frozen=True)
class Returned:
    """Narratives by name, and what differs: (as generated, as returned)."""

    narratives: dict[str, str]
    differences: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Printed(Kept):
    """How a file of ours was made: which document of which run, in which language."""

    document: str = ""
    lang: str = ""
    run: str = ""


def read_back(content: bytes, job: Job) -> Returned:
    """Compare with the report made anew; raises ``DossierError`` for no Word file of ours."""
    given = _open(content)
    try:
        wanted = _open(word.render(job))
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        raise _not_ours() from None  # a record somebody has made
    names = {name for name, _ in fields(wanted)}
    narratives = {n: text for n, text in fields(given, names) if text not in _EMPTY}
    for name, text in narratives.items():
        if len(text) > MAX_FIELD:
            args: dict[str, str | int] = {"name": name, "limit": MAX_FIELD}
            raise DossierError(Problem("readback.field", Anchor("docx"), args, "blocker"))
    found = _differences(list(texts(wanted, names)), list(texts(given, names)))
    return Returned(narratives, tuple(found[:MAX_SHOWN]))


def _differences(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """Lines that differ; what both begin and end with is left aside before they are matched."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    most = min(len(before), len(after)) - start
    while end < most and before[-1 - end] == after[-1 - end]:
        end += 1
    before, after = before[start : len(before) - end], after[start : len(after) - end]
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            old, new = before[a:b], after[c:d]
            width = max(len(old), len(new))
            old += [""] * (width - len(old))
            new += [""] * (width - len(new))
            found += zip(old, new, strict=True)
    return found


def printed(content: bytes) -> Printed:
    """How a file was made; raises ``DossierError`` for no Word file of ours."""
    opened = _open(content)
    parts = str(opened.core_properties.keywords or "").split()
    known = ("report", "letter", "site"), ("zh", "en", "both")
    if len(parts) != 2 or parts[0] not in known[0] or parts[1] not in known[1]:
        raise _not_ours()
    then = kept(opened, parts[0])
    run = str(opened.core_properties.comments or "").removeprefix("run ").strip()
    counts = then.lines, then.reviews, then.rounds
    return Printed(then.record, then.day, *counts, parts[0], parts[1], run)


def _open(content: bytes) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise ValueError(MAX_UNPACKED)
        return docx.Document(io.BytesIO(content))
    except Exception:  # whatever a damaged file makes the library raise
        raise _not_ours() from None


def _not_ours() -> DossierError:
    return DossierError(Problem("readback.no_report", Anchor("docx"), {}, "blocker"))
