"""What to look at on site, made from the result: for the report and for the sheet to take along.

Meters to read, questions only a person can answer, statements the documents do not show, and odd
patterns to ask about. Every item leads back to the rule or row it comes from.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Item: TypeAlias = dict[str, Any]
MAX_METERS = 40
"""Meters that are asked for; the levels nearest the grid come first in the table."""
MAX_NAMED = 12
"""Findings and places one item names."""
_ASKED = ("integrity_flag", "evidence_gap", "misstatement")


def site_items(result: Mapping[str, Any]) -> list[Item]:
    """Items in the order of a visit: read, look, ask; numbered ``S001`` on."""
    items = [*_meters(result), *_questions(result), *_odd(result), *_missing(result)]
    return [{"id": f"S{number:03d}", **item} for number, item in enumerate(items, start=1)]


def _item(kind: str, about: str, places: Any, question: Any = None, **args: Any) -> Item:
    return {"kind": kind, "about": about, "places": places, "question": question, "args": args}


def _meters(result: Mapping[str, Any]) -> Iterator[Item]:
    """Meters to read and photograph."""
    for register in result["registers"]:
        if register["table"] != "T06":
            continue
        names = [column["name"] for column in register["columns"]]
        for row in register["rows"][:MAX_METERS]:
            values = {
                name: str(value.get("value", "?"))
                for name, value in zip(names, row["values"], strict=True)
            }
            yield _item(
                "reading",
                row["key"],
                [row["place"]],
                meter=values["meter_id"],
                name=values["name"],
                valid=values["valid_until"],
            )


def _questions(result: Mapping[str, Any]) -> Iterator[Item]:
    """What the machine cannot judge."""
    for entry in result["judgements"]:
        if entry["about"] == "requirement" and entry["question"]:
            yield _item("question", entry["rule"], entry["places"], entry["question"])
        else:
            yield _item("question", entry["rule"], entry["places"], title=entry["title"])


def _odd(result: Mapping[str, Any]) -> Iterator[Item]:
    """Findings that an explanation or the original paper may settle."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for finding in result["findings"]:
        if finding["kind"] in _ASKED and finding["severity"] != "info" and finding["title"]:
            grouped.setdefault(finding["rule"], []).append(finding)
    for rule, members in grouped.items():  # one question of a rule, whatever many rows it is about
        numbers = ", ".join(finding["id"] for finding in members[:MAX_NAMED])
        more = f" … ({len(members)})" if len(members) > MAX_NAMED else ""
        places = [place for finding in members for place in finding["places"][:1]]
        about = f"{numbers}{more} {rule}"
        yield _item("ask", about, places[:MAX_NAMED], title=members[0]["title"])


def _missing(result: Mapping[str, Any]) -> Iterator[Item]:
    """Binding gaps: the paper may lie on site."""
    for gap in result["gaps"]:
        if gap["binding"] and gap["reason"] in ("absent", "blank"):
            name = f"{gap['table']} {', '.join(gap['names'][:4])}".strip()
            yield _item("document", name, gap["places"][:3], name=name)
