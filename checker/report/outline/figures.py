"""Recalculation, indicators, certificates and credits, meters, the digital centre."""

from collections.abc import Mapping, Sequence
from typing import Any

from checker.report import charts
from checker.report.outline.blocks import Bars, Block, Cell, Heading, Paragraph, Source
from checker.report.outline.front import indicator_table
from checker.report.outline.parts import (
    amount,
    clause,
    fact_amount,
    percent,
    plain,
    table,
    where,
)

MAX_STEPS = 10
"""Steps of a working that a page shows; all of them stand in the result and the HTML report."""


def recalculation(source: Source) -> list[Block]:
    """Charts, declared against recomputed, every figure with formula, working and source."""
    result, voice = source.result, source.voice
    blocks: list[Block] = [
        _bars(source, "ui.emissions_chart", charts.emissions(result)),
        _bars(source, "ui.shares_chart", charts.shares(result)),
    ]
    if result["comparisons"]:
        blocks += [Heading(voice.label("ui.compare")), _comparisons(source)]
    if result["declared_factors"]:
        blocks += [Heading(voice.label("ui.declared_factors")), _declared_factors(source)]
    known = [fact for fact in result["facts"] if fact["known"]]
    rows = [_figure(source, fact) for fact in known]
    names = [f"fact-{fact['id']}" for fact in known]
    heads = ("ui.figure", "ui.value", "ui.working", "ui.clause")
    blocks += [
        Heading(voice.label("ui.facts_known")),
        table(source, heads, rows, (24, 16, 38, 22), names),
        Heading(voice.label("ui.facts_unknown")),
    ]
    unknown = [
        (
            Cell(voice.both(fact["title"]), second=(fact["id"],)),
            Cell(voice.reasons(fact["reasons"])),
        )
        for fact in result["facts"]
        if not fact["known"]
    ]
    if not unknown:
        return [*blocks, Paragraph(voice.label("ui.none"))]
    return [*blocks, table(source, ("ui.figure", "ui.missing_because"), unknown, (45, 55))]


def _bars(source: Source, title: str, bars: Sequence[Mapping[str, Any]]) -> Block:
    entries = []
    for bar in bars:
        fact = bar["fact"]
        length = bar["length"] / charts.FULL if bar["known"] else None
        entries.append((source.voice.both(fact["title"]), length, fact_amount(source, fact).text))
    return Bars(source.voice.label(title), tuple(entries))


def _comparisons(source: Source) -> Block:
    voice = source.voice
    rows = []
    for entry in source.result["comparisons"]:
        key = {None: "state.NOT_EVALUATED", True: "ui.agrees", False: "ui.differs"}[entry["agrees"]]
        tone = {None: "wait", True: "good", False: "bad"}[entry["agrees"]]
        likely = voice.likely(entry["cause"])
        rows.append(
            (
                Cell(voice.name_of(entry["figure"]), second=(entry["period"],)),
                amount(source, entry["declared"]),
                amount(source, entry["recomputed"]),
                amount(source, entry.get("difference")),
                Cell(voice.label(key), tone=tone, second=likely),
                where(source, [entry["place"]]),
            )
        )
    heads = ("ui.figure", "ui.declared", "ui.recomputed", "ui.difference", "ui.state", "ui.where")
    return table(source, heads, rows, (22, 15, 15, 14, 14, 20))


def _declared_factors(source: Source) -> Block:
    voice = source.voice
    rows = []
    for entry in source.result["declared_factors"]:
        key = {None: "state.NOT_EVALUATED", True: "ui.agrees", False: "ui.differs"}[entry["agrees"]]
        tone = {None: "wait", True: "good", False: "bad"}[entry["agrees"]]
        keys = (entry["official"]["keys"],) if entry["official"] else ()
        likely = voice.likely(entry["cause"])
        rows.append(
            (
                Cell(voice.both(entry["title"]), second=keys),
                amount(source, entry["declared"]),
                amount(source, entry["official"]),
                Cell(voice.label(key), tone=tone, second=likely),
                where(source, [entry["place"]]),
            )
        )
    heads = ("ui.figure", "ui.declared", "ui.official", "ui.state", "ui.where")
    return table(source, heads, rows, (30, 18, 18, 14, 20))


def _figure(source: Source, fact: Mapping[str, Any]) -> tuple[Cell, ...]:
    """Title and id, value, formula with the first steps, clause."""
    formula = f"Σ {fact['formula']}  ({fact['rows']})" if "rows" in fact else fact["formula"]
    steps = [
        f"{step['text']} = {source.voice.typed(step['value'])[0]}"
        for step in fact["working"]["steps"][1 : MAX_STEPS + 1]
    ]
    left = len(fact["working"]["steps"]) - 1 - len(steps) + fact["working"]["omitted"]
    if left > 0:
        steps.append(" / ".join(source.voice.label("ui.steps_left_out", count=left)))
    shown = "\n".join(_short(step) for step in steps)
    return (
        Cell(source.voice.both(fact["title"]), second=(fact["id"],)),
        fact_amount(source, fact),
        Cell((_short(formula, 400),), kind="code", second=(shown,) if shown else ()),
        clause(source, fact["clause"]),
    )


def _short(text: str, limit: int = 160) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def indicators(source: Source) -> list[Block]:
    """Each indicator with margin and clause, what would flip it, uncertainty."""
    result, voice = source.result, source.voice
    if not result["indicators"]:
        return [Paragraph(voice.label("ui.none"))]
    detail = [
        (
            Cell(voice.both(entry["title"]), second=(entry["fact"],)),
            percent(entry["margin_percent"]),
            Cell(voice.flips(entry["flips"][:4])),
            clause(source, entry["clause"]),
        )
        for entry in result["indicators"]
    ]
    blocks: list[Block] = [
        indicator_table(source),
        Paragraph(voice.label("ui.margin.meaning"), "soft"),
        Heading(voice.label("ui.flips")),
        table(
            source, ("ui.indicators", "ui.margin", "ui.flips_inputs", "ui.clause"), detail,
            (28, 12, 32, 28),
        ),
        Paragraph(voice.label("ui.flips_meaning"), "soft"),
    ]  # fmt: skip
    return [*blocks, *levers(source), *_uncertainty(source), *_conversions(source)]


def levers(source: Source) -> list[Block]:
    """The least change of each lever that would pass, as recomputed."""
    voice = source.voice
    paths = source.result["paths"]
    if not paths:
        return []
    rows = [
        (
            Cell(voice.both(path["title"]), second=(path["requirement"],)),
            Cell(voice.both(lever["title"])),
            amount(source, lever["change"]),
            amount(source, lever["reaches"]),
            Cell(voice.label(f"lever.{lever['state']}"), tone=_LEVER_TONES[lever["state"]]),
        )
        for path in paths
        for lever in path["levers"]
    ]
    heads = ("ui.indicators", "ui.lever", "ui.least_change", "ui.reaches", "ui.state")
    return [
        Heading(voice.label("ui.paths")),
        table(source, heads, rows, (28, 26, 16, 16, 14)),
        Paragraph(voice.label("ui.paths_meaning"), "soft"),
    ]


_LEVER_TONES = {"passes": "good", "out_of_reach": "bad", "not_known": "wait"}


def _uncertainty(source: Source) -> list[Block]:
    voice = source.voice
    if not source.result["uncertainty"]:
        return []
    rows = []
    for entry in source.result["uncertainty"]:
        drawn = entry["simulation"]
        rows.append(
            (
                Cell(voice.name_of(entry["figure"])),
                amount(source, entry["value"]),
                percent(entry["half_percent"]),
                plain(f"{drawn['low']} – {drawn['high']} {drawn['unit']}" if drawn else "—"),
            )
        )
    heads = ("ui.figure", "ui.value", "ui.half_width", "ui.simulation")
    return [
        Heading(voice.label("ui.uncertainty")),
        table(source, heads, rows, (34, 20, 18, 28)),
    ]


def _conversions(source: Source) -> list[Block]:
    rows = [
        (Cell(source.voice.both(fact["title"])), fact_amount(source, fact))
        for fact in source.result["facts"]
        if fact["id"].startswith(("intensity.unit_energy", "share."))
    ]
    return [
        Paragraph(source.voice.label("ui.both_conversions"), "soft"),
        table(source, ("ui.figure", "ui.value"), rows, (70, 30)),
    ]
