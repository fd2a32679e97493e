"""Pieces several sections use: cells for states and places, sources, simple tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from checker.report.numbers import show_quantity
from checker.report.outline.blocks import Cell, Field, Source, Table
from checker.report.voice import Text

TONES = {
    "FAIL": "bad", "NOT_EVALUATED": "wait", "NEEDS_JUDGEMENT": "ask", "PASS": "good",
    "NOT_APPLICABLE": "none", "blocker": "bad", "major": "bad", "minor": "wait",
    "observation": "none", "info": "none", "closed": "bad", "incomplete": "wait",
    "judgement": "ask", "open": "good", "advisory": "none", "not_applicable": "none",
    "objections": "bad", "no_objections": "good",
}  # fmt: skip
BLANK = Cell(("",))


def plain(text: str, kind: str = "") -> Cell:
    """A cell with a text that reads the same in every language."""
    return Cell((text,), kind=kind)


def code(text: str) -> Cell:
    """An identifier."""
    return Cell((text,), kind="code")


def tag(source: Source, group: str, value: str) -> Cell:
    """A state, severity or kind with its colour."""
    return Cell(source.voice.label(f"{group}.{value}"), tone=TONES.get(value, ""))


def amount(source: Source, value: Mapping[str, Any] | None) -> Cell:
    """A typed value, to the right; a dash when there is none."""
    if value is None:
        return Cell(("—",), kind="number")
    tone = "wait" if value["type"] == "unknown" else ""
    return Cell(source.voice.typed(value), tone=tone, kind="number")


def fact_amount(source: Source, fact: Mapping[str, Any]) -> Cell:
    """The value of a figure with its unit."""
    if not fact["known"]:
        return Cell(source.voice.label("ui.unknown"), tone="wait", kind="number")
    return Cell((show_quantity(fact["value"], fact["unit"]),), kind="number")


def percent(text: str | None) -> Cell:
    """A percentage, or a dash."""
    return Cell((show_quantity(text, "%") if text is not None else "—",), kind="number")


def where(source: Source, places: Sequence[Mapping[str, Any]], limit: int = 3) -> Cell:
    """Places, one under the other; how many more there are."""
    shown = [source.voice.place(place)[0] for place in places[:limit]]
    if len(places) > limit:
        more = source.voice.label("ui.more_places", count=len(places) - limit)
        shown.append(" / ".join(more))
    return Cell(("\n".join(shown),), tone="soft", kind="place")


def clause(source: Source, item: Mapping[str, Any] | None) -> Cell:
    """Document, number, heading and confidence of a clause."""
    if not item:
        return Cell(("—",))
    heading = f"{item['heading']} [{item['confidence']}]".strip()
    return Cell(source.voice.document(item), second=(heading,))


def table(
    source: Source,
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    widths: Sequence[int],
    names: Sequence[str] = (),
) -> Table:
    """A table whose heads are labels; columns of numbers have their heads to the right."""
    listed = tuple(tuple(row) for row in rows)
    right = [bool(listed) and listed[0][i].kind == "number" for i in range(len(heads))]
    head = tuple(
        Cell(source.voice.label(key) if key else ("",), kind="number" if number else "")
        for key, number in zip(heads, right, strict=True)
    )
    return Table(head, listed, tuple(widths), tuple(names))


def facts_by_id(source: Source) -> dict[str, Mapping[str, Any]]:
    """Figures by id."""
    return {fact["id"]: fact for fact in source.result["facts"]}


def header(source: Source, name: str) -> Text:
    """An entry of the dossier's header, or that it was not stated."""
    entry = source.result["dossier"].get(name)
    return source.voice.typed(entry) if entry else source.voice.label("ui.not_stated")


def no_ledger(source: Source) -> str:
    """Why no ledger is shown: there is none, or nobody said where it lies."""
    return "ui.ledger_unasked" if source.record.get("unasked") else "ui.no_ledger"


def techniques(source: Source) -> Text:
    """What was done to check, and whether people looked at the site besides."""
    visited = "visit" in source.record
    return source.voice.label("ui.techniques_visited" if visited else "ui.techniques")


def field(source: Source, name: str) -> Field:
    """A narrative of a person: empty, or as it was written and read back."""
    written = source.record.get("narratives", {}).get(name, "")
    return Field(name, source.voice.label(f"ui.field.{name}"), written)
