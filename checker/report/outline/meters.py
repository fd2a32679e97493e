"""Meters and meter series, and the energy and carbon centre."""

from checker.report.outline.basis import registers
from checker.report.outline.blocks import Block, Cell, Figure, Heading, Paragraph, Source
from checker.report.outline.parts import fact_amount, plain, table, where
from checker.report.pictures import series_pictures


def meters(source: Source) -> list[Block]:
    """Meters with their calibration, and what the meter series say."""
    blocks = [block for register in registers(source, ("T06",)) for block in register]
    series = source.result["series"]
    if not series:
        return [*blocks, Paragraph(source.voice.label("ui.no_series"))]
    stretches = [
        (
            plain(entry["meter"]),
            Cell(source.voice.coded("S02.kind", {"type": "text", "value": entry["kind"]})),
            plain(f"{entry['start']} – {entry['end']}"),
            plain(str(entry["intervals"]), "number"),
            where(source, [entry["place"]]),
        )
        for entry in series["stretches"][:100]
    ]
    blocks.append(Paragraph(source.voice.label("ui.series_note"), "soft"))
    elsewhere = source.voice.label("ui.figure_elsewhere")
    blocks += [
        Figure(one.title, one.svg, elsewhere)
        for one in series_pictures(source.result, source.voice)
    ]
    if stretches:
        heads = ("ui.meter", "ui.check", "ui.from", "ui.intervals", "ui.where")
        blocks += [
            Heading(source.voice.label("ui.stretches")),
            table(source, heads, stretches, (14, 22, 30, 10, 24)),
        ]
    return blocks


def digital(source: Source) -> list[Block]:
    """The energy and carbon centre: its functions as submitted, its collection rate."""
    blocks = [block for register in registers(source, ("T17",)) for block in register]
    facts = [
        (Cell(source.voice.both(fact["title"])), fact_amount(source, fact))
        for fact in source.result["facts"]
        if fact["id"].startswith(("centre.", "collection."))
    ]
    if facts:
        blocks.append(table(source, ("ui.figure", "ui.value"), facts, (70, 30)))
    return blocks or [Paragraph(source.voice.label("ui.no_registers"))]
