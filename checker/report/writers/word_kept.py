"""What people had recorded when a Word report was printed, kept inside the file.

A report that comes back is compared with one made anew. What was recorded since must not look like
a change of the text, so the record of that day travels in a part of the file nobody sees. Figures
are not among it: they come from the result; judgements are not, either: they come from the ledger.
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

NAME = "/customXml/zcf-record.xml"
SPACE = "urn:zcf-check:record:1"
MAX_BYTES = 20_000_000
_OF_LEDGER = ("ledger", "effective", "settled", "summary")


@dataclass(frozen=True)
class Kept:
    """A record as it was, the day it was read, and the lines the ledger had (0: none)."""

    record: Mapping[str, Any] = field(default_factory=dict)
    day: date | None = None
    lines: int = 0


def keep(document: Any, record: Mapping[str, Any]) -> None:
    """Put the record into a document."""
    told = {name: value for name, value in record.items() if name not in _OF_LEDGER}
    lines = record.get("ledger", {}).get("count", 0)
    root = ElementTree.Element(f"{{{SPACE}}}record")
    root.text = json.dumps({"record": told, "lines": lines}, ensure_ascii=True, sort_keys=True)
    part = Part(PackURI(NAME), "application/xml", ElementTree.tostring(root), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def kept(document: Any) -> Kept:
    """The record of a document; an empty one where there is none, or none that can be read."""
    for relation in document.part.rels.values():
        part = None if relation.is_external else relation.target_part
        blob = part.blob if part is not None else b""
        if SPACE.encode() not in blob[:400] or len(blob) > MAX_BYTES or b"<!" in blob:
            continue  # ours declares no entities
        try:
            told = json.loads(ElementTree.fromstring(blob).text or "")
            record = dict(told["record"])
            day = date.fromisoformat(record["day"]) if "day" in record else None
            return Kept(record, day, int(told["lines"]))
        except (ElementTree.ParseError, ValueError, KeyError, TypeError, RecursionError):
            return Kept()
    return Kept()
