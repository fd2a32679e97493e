"""A Word report that comes back: narratives are taken, every other difference is named."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import docx
from docx.oxml.ns import qn

from checker.errors import DossierError, Problem
from checker.places import Anchor
from checker.report.formats import Job
from checker.report.writers import word
from checker.report.writers.word_kept import Kept, kept

MAX_SHOWN = 100
_EMPTY = ("", "　")


@dataclass(frozen=True)
class Returned:
    """Narratives by name, and what differs: (as generated, as returned)."""

    narratives: dict[str, str]
    differences: tuple[tuple[str, str], ...]


def read_back(content: bytes, job: Job) -> Returned:
    """Compare with the report made anew; raises ``DossierError`` for no Word file of ours."""
    given = _open(content)
    try:
        wanted = _open(word.render(job))
    except (KeyError, TypeError, ValueError, AttributeError):  # a record somebody has made
        raise _not_ours() from None
    narratives = {name: text for name, text in _fields(given) if text not in _EMPTY}
    texts, expected = list(_texts(given)), list(_texts(wanted))
    found: list[tuple[str, str]] = []
    matcher = SequenceMatcher(None, expected, texts, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            before, after = expected[a:b], texts[c:d]
            width = max(len(before), len(after))
            before += [""] * (width - len(before))
            after += [""] * (width - len(after))
            found += zip(before, after, strict=True)
    return Returned(narratives, tuple(found[:MAX_SHOWN]))


@dataclass(frozen=True)
class Printed(Kept):
    """How a file of ours was made: which document, in which language, beside which record."""

    document: str = ""
    lang: str = ""
    run: str = ""


def printed(content: bytes) -> Printed:
    """How a file was made; raises ``DossierError`` for no Word file of ours."""
    opened = _open(content)
    parts = str(opened.core_properties.keywords or "").split()
    known = ("report", "letter", "site"), ("zh", "en", "both")
    if len(parts) != 2 or parts[0] not in known[0] or parts[1] not in known[1]:
        raise _not_ours()
    then = kept(opened)
    run = str(opened.core_properties.comments or "").removeprefix("run ").strip()
    return Printed(then.record, then.day, then.lines, parts[0], parts[1], run)


def _open(content: bytes) -> Any:
    try:
        return docx.Document(io.BytesIO(content))
    except Exception:  # whatever a damaged file makes the library raise
        raise _not_ours() from None


def _not_ours() -> DossierError:
    return DossierError(Problem("readback.no_report", Anchor("docx"), {}, "blocker"))


def _fields(document: Any) -> Iterator[tuple[str, str]]:
    for control in _controls(document):
        name = control.find(f".//{qn('w:tag')}").get(qn("w:val"), "")
        lines = ["".join(_written(p)) for p in control.iter(qn("w:p"))]
        yield name.removeprefix("zcf."), "\n".join(lines).strip()


def _written(paragraph: Any) -> Iterator[str]:
    for node in paragraph.iter(qn("w:t"), qn("w:br")):
        yield "\n" if node.tag == qn("w:br") else (node.text or "")


def _texts(document: Any) -> Iterator[str]:
    """Paragraphs outside the fields, cells included, in order."""
    inside = {paragraph for c in _controls(document) for paragraph in c.iter(qn("w:p"))}
    for paragraph in document.element.body.iter(qn("w:p")):
        text = "".join(_written(paragraph)).strip()
        if paragraph not in inside and text:
            yield text
    for section in document.sections:
        for part in (section.header, section.footer):
            for paragraph in part._element.iter(qn("w:p")):
                counted = {t for f in paragraph.iter(qn("w:fldSimple")) for t in f.iter(qn("w:t"))}
                texts = [t.text or "" for t in paragraph.iter(qn("w:t")) if t not in counted]
                if "".join(texts).strip():
                    yield "".join(texts).strip()


def _controls(document: Any) -> Iterator[Any]:
    """The fields of ours, each once; any other control is text like the rest."""
    seen: set[str] = set()
    for control in document.element.body.iter(qn("w:sdt")):
        tag = control.find(f".//{qn('w:tag')}")
        name = tag.get(qn("w:val"), "") if tag is not None else ""
        if name.startswith("zcf.") and name not in seen:
            seen.add(name)
            yield control
