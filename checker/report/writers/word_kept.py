"""What people had recorded when a Word report was printed, kept inside the file.

A report that comes back is compared with one made anew. What was recorded since must not look like
a change of the text, so answers, visit, sample and words of that day travel in a part of the file
nobody sees, as far as the document shows them. Figures are not among them: they come from the
result. Judgements, reviews and rounds are not, either: of them the file holds how many there were,
and they are read from their chains.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.etree import ElementTree

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from checker.engagement.shapes import WRONG_SHAPE

NAME = "/customXml/zcf-record.xml"
SPACE = "urn:zcf-check:record:1"
MAX_BYTES = 20_000_000
SHOWN: Mapping[str, tuple[str, ...]] = {
    "report": ("responses", "visit", "sample", "narratives", "unasked"),
    "letter": ("due",),
    "site": ("visit", "unasked"),
}
"""What each document shows of a record: a letter carries nothing of the working papers."""


@dataclass(frozen=True)
class Kept:
    """A record as it was, the day it was read, and how long the chains were then."""

    record: Mapping[str, Any] = field(default_factory=dict)
    day: date | None = None
    lines: int = 0
    reviews: int = 0
    rounds: int = 0


def keep(document: Any, record: Mapping[str, Any], name: str) -> None:
    """Put what a document shows of the record into it."""
    told = {
        "record": {part: record[part] for part in SHOWN[name] if part in record},
        "day": record.get("day", ""),
        "lines": record.get("ledger", {}).get("count", 0),
        "reviews": record.get("reviewed", 0),
        "rounds": len(record.get("rounds", ())),
    }
    root = ElementTree.Element(f"{{{SPACE}}}record")
    root.text = json.dumps(told, ensure_ascii=True, sort_keys=True)
    content = ElementTree.tostring(root)
    part = Part(PackURI(NAME), "application/xml", content, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def kept(document: Any, name: str) -> Kept:
    """The record of a document; an empty one where there is none, or none that can be read."""
    for relation in document.part.rels.values():
        part = None if relation.is_external else relation.target_part
        blob = part.blob if part is not None else b""
        if SPACE.encode() not in blob[:400] or len(blob) > MAX_BYTES or b"<!" in blob:
            continue  # ours declares no entities
        try:
            return _read(json.loads(ElementTree.fromstring(blob).text or ""), name)
        except (ElementTree.ParseError, *WRONG_SHAPE):
            return Kept()
    return Kept()


def _read(told: Any, name: str) -> Kept:
    day = date.fromisoformat(told["day"]) if told["day"] else None
    counts = [int(told[part]) for part in ("lines", "reviews", "rounds")]
    if min(counts) < 0:
        raise ValueError(counts)
    record = {part: told["record"][part] for part in SHOWN[name] if part in told["record"]}
    return Kept(record, day, *counts)
