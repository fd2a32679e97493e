"""Corrective rounds and the list for the site."""

from collections.abc import Mapping, Sequence
from typing import Any

from checker.engagement.compare import STATES
from checker.engagement.visit import HEAD, against
from checker.report.outline.blocks import Block, Bullets, Cell, Pairs, Paragraph, Source
from checker.report.outline.parts import code, header, plain, table, where
from checker.report.site import site_items
from checker.report.voice import Text


def rounds(source: Source) -> list[Block]:
    """Earlier runs of this engagement and what became of their findings."""
    listed = source.record.get("rounds", [])
    if not listed:
        return [Paragraph(source.voice.label("ui.no_rounds"))]
    rows = [
        (
            plain(str(entry["round"]), "number"),
            Cell((entry["as_of"],), second=(entry["run"],)),
            *(plain(str(entry["counts"][name]), "number") for name in STATES),
        )
        for entry in listed
    ]
    heads = ("ui.round", "ui.as_of", *(f"round.{name}" for name in STATES))
    return [
        table(source, heads, rows, (8, 26, 11, 11, 11, 11, 11, 11)),
        Paragraph(source.voice.label("ui.rounds_meaning"), "soft"),
    ]


def head(source: Source) -> Pairs:
    """Which check the list is for."""
    entries = [
        ("ui.company", Cell(header(source, "name"))),
        ("ui.as_of", plain(source.result["run"]["as_of"])),
        ("ui.run_id", code(source.result["run"]["id"])),
    ]
    return Pairs(tuple((source.voice.label(key), cell) for key, cell in entries))


def site(source: Source) -> list[Block]:
    """Questions for the site, with blanks to fill in by hand."""
    items, visit = site_items(source.result), source.record.get("visit")
    if not items:
        return [Paragraph(source.voice.label("ui.none"))]
    rows = [
        (
            plain(item["id"]),
            Cell(
                source.voice.label(f"site.{item['kind']}"),
            ),
            Cell(site_text(source, item), second=(item["about"],)),
            where(source, item["places"], 1),
            _observed(source, visit["answers"].get(item["id"], {})) if visit else plain("□"),
        )
        for item in items
    ]
    heads = ("ui.number", "ui.how", "ui.look_at", "ui.where", "ui.observed")
    return [
        Paragraph(source.voice.label("ui.site_meaning"), "soft"),
        *(_visited(source, visit, items) if visit else ()),
        table(source, heads, rows, (8, 10, 44, 20, 18)),
    ]


def _visited(source: Source, visit: Mapping[str, Any], items: Sequence[Any]) -> list[Block]:
    """Who was there and when, and what the visit says against the dossier."""
    named = [(source.voice.label(f"site.{n}"), Cell((visit[n] or "—",))) for n in HEAD]
    told = tuple(
        source.voice.label(key, **args) for key, args in against(visit, source.result, items)
    )
    return [Pairs(tuple(named)), *([Bullets(told)] if told else [])]


def _observed(source: Source, answer: Mapping[str, str]) -> Cell:
    """What was seen of one item."""
    seen = answer.get("seen") or ("read" if answer.get("value") else "not_seen")
    said = " · ".join(filter(None, (answer.get(n, "") for n in ("value", "time", "photo", "note"))))
    tone = {"ok": "good", "read": "good", "not_ok": "bad"}.get(seen, "wait")
    return Cell(source.voice.label(f"site.{seen}"), tone=tone, second=(said,) if said else ())


def site_text(source: Source, item: Mapping[str, Any]) -> Text:
    """What to look at or ask."""
    if item["question"] is not None:
        return source.voice.both(item["question"])
    args = item["args"]
    return source.voice.say(
        lambda w: w.label(
            f"site.{item['kind']}.text",
            **{name: w.both(value) if isinstance(value, dict) else value
               for name, value in args.items()},
        )
    )  # fmt: skip
