"""Everything a Word file shows as text, wherever it stands: what a reader could take for ours."""

import hashlib
from collections.abc import Collection, Iterator
from typing import Any

from docx.oxml.ns import qn

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_SIDE = ("header", "footer", "footnotes", "endnotes", "comments")
"""Parts besides the body that show text."""
_FOREIGN = ("aFChunk", "subDocument", "oleObject", "package", "control", "chart", "diagramData")
"""Parts that show what is not text of the document."""
_COUNTED = ("PAGE", "NUMPAGES")


def fields(document: Any, known: Collection[str] | None = None) -> Iterator[tuple[str, str]]:
    """The fields of ours with their texts; with ``known`` only those of these names."""
    for control in _controls(document, known):
        lines = ["".join(_written(p)) for p in control.iter(qn("w:p"))]
        yield _name(control).removeprefix("zcf."), "\n".join(lines).strip()


def texts(document: Any, known: Collection[str]) -> Iterator[str]:
    """Texts outside the fields of these names, in order; what is hidden or foreign is named."""
    inside = {p for control in _controls(document, known) for p in control.iter(qn("w:p"))}
    for paragraph in document.element.body.iter(qn("w:p")):
        text = "".join(_written(paragraph)).strip()
        if paragraph not in inside and text:
            yield text
    yield from _pictures(document)
    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if kind in _FOREIGN:
            yield f"[{kind}]"
        elif kind in _SIDE and not relation.is_external:
            yield from _side(relation.target_part)


def _side(part: Any) -> Iterator[str]:
    element = getattr(part, "element", None)
    if element is None:
        from docx.oxml import parse_xml  # noqa: PLC0415

        element = parse_xml(part.blob)
    for paragraph in element.iter(qn("w:p")):
        counted = {
            node
            for field in paragraph.iter(qn("w:fldSimple"))
            if field.get(qn("w:instr"), "").strip() in _COUNTED
            for node in field.iter()
        }
        text = "".join(_written(paragraph, counted)).strip()
        if text:
            yield text


def _pictures(document: Any) -> Iterator[str]:
    """Pictures of the body by their content: one that was replaced is another one."""
    for blip in document.element.body.iter(qn("a:blip")):
        part = document.part.related_parts.get(blip.get(qn("r:embed"), ""))
        digest = hashlib.sha256(part.blob).hexdigest()[:12] if part is not None else "?"
        yield f"[picture {digest}]"


def _written(paragraph: Any, leave: Collection[Any] = ()) -> Iterator[str]:
    hidden = {
        run
        for run in paragraph.iter(qn("w:r"))
        for mark in (*run.iter(qn("w:vanish")), *run.iter(qn("w:webHidden")))
        if mark.get(qn("w:val"), "1") not in ("0", "false", "off")
    }
    told = {node for run in hidden for node in run.iter()}
    for node in paragraph.iter():
        if node in leave:
            continue
        if node in hidden:
            yield "[hidden]"
        if node.tag in (qn("w:t"), _MATH, qn("w:delText")):
            yield f"[{node.text}]" if node in told else node.text or ""
        elif node.tag == qn("w:br"):
            yield "\n"
        elif node.tag in (qn("w:noBreakHyphen"), qn("w:softHyphen")):
            yield "-"
        elif node.tag == qn("w:sym"):
            yield f"[U+{node.get(qn('w:char'), '?')}]"


def _name(control: Any) -> str:
    tag = control.find(f".//{qn('w:tag')}")
    return tag.get(qn("w:val"), "") if tag is not None else ""


def _controls(document: Any, known: Collection[str] | None) -> Iterator[Any]:
    """The fields of ours, each once; any other control is text like the rest."""
    seen: set[str] = set()
    for control in document.element.body.iter(qn("w:sdt")):
        name = _name(control)
        ours = name.startswith("zcf.") and (known is None or name.removeprefix("zcf.") in known)
        if ours and name not in seen:
            seen.add(name)
            yield control
