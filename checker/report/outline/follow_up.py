"""Corrective rounds and the list for the site."""

from collections.abc import Mapping
from typing import Any

from checker.engagement.compare import STATES
from checker.report.outline.blocks import Block, Cell, Paragraph, Source
from checker.report.outline.parts import plain, table, where
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


def site(source: Source) -> list[Block]:
    """Questions for the site, with blanks to fill in by hand."""
    items = site_items(source.result)
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
            plain("□"),
        )
        for item in items
    ]
    heads = ("ui.number", "ui.how", "ui.look_at", "ui.where", "ui.observed")
    return [
        Paragraph(source.voice.label("ui.site_meaning"), "soft"),
        table(source, heads, rows, (8, 10, 44, 20, 18)),
    ]


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
