"""Misstatements and materiality: errors added up, projected from the sample, told apart."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from checker.lang.units import CONTEXT
from checker.report.numbers import show_number
from checker.report.outline.blocks import Block, Cell, Heading, Pairs, Paragraph, Source
from checker.report.outline.parts import BLANK, amount, percent, plain, table, where


def misstatements(source: Source) -> list[Block]:
    """Net, gross and worst for every declared figure; indicators whose conclusion turns."""
    voice, summary = source.voice, source.result["misstatements"]
    threshold = summary["threshold_percent"]
    shown = (f"{threshold} %",) if threshold else voice.label("ui.threshold_unset")
    blocks: list[Block] = [Pairs(((voice.label("ui.threshold"), Cell(shown)),))]
    if not summary["figures"]:
        return [*blocks, Paragraph(voice.label("ui.nothing_declared")), *sampled(source)]
    rows = [
        (
            Cell(voice.name_of(entry["figure"]), second=(", ".join(entry["parts"]),)),
            amount(source, entry["declared"]),
            *(_error(source, entry, kind) for kind in ("net", "gross", "worst")),
            Cell(
                voice.label(f"material.{entry['class']}"),
                tone="bad" if entry["class"] == "material" else "",
            ),
        )
        for entry in summary["figures"]
    ]  # fmt: skip
    heads = ("ui.figure", "ui.declared", "ui.net", "ui.gross", "ui.worst", "ui.class")
    blocks += [
        table(source, heads, rows, (28, 16, 15, 15, 15, 11)),
        Paragraph(voice.label("ui.misstatements_meaning"), "soft"),
    ]
    return [
        *blocks,
        *_decisions(source),
        *sampled(source),
        Heading(voice.label("ui.contradictions")),
        *contradictions(source),
    ]


def _error(source: Source, entry: Mapping[str, Any], kind: str) -> Cell:
    """An error with its share; what rests on a part nobody could recompute is unknown, not zero."""
    if kind != "worst" and entry["unknown_parts"]:
        return Cell(source.voice.label("ui.unknown"), tone="wait", kind="number")
    share = percent(entry[f"{kind}_percent"]).text
    return Cell(amount(source, entry[kind]).text, kind="number", second=share)


def sampled(source: Source) -> list[Block]:
    """Errors of the sample, projected by stratum, against the threshold; nothing without one."""
    voice, sample = source.voice, source.record.get("sample")
    blocks: list[Block] = [Heading(voice.label("ui.sampled"))]
    if sample is None and "sample" in source.record.get("others", ()):
        return [*blocks, Paragraph(voice.label("ui.sample_other"), "wait")]
    if sample is None:
        return []
    heads = ("sample.stratum", "ui.seen_of", "sample.total", "sample.error", "ui.projected",
             "ui.class")  # fmt: skip
    rows = [_stratum(source, entry) for entry in sample["strata"]]
    blocks.append(table(source, heads, rows, (30, 14, 16, 14, 16, 10)))
    if sample["unreadable"]:
        blocks.append(Paragraph(voice.label("sample.left_out", count=sample["unreadable"]), "wait"))
    return [*blocks, Paragraph(voice.label("ui.sampled_meaning", seed=sample["seed"][:16]), "soft")]


def _stratum(source: Source, entry: Mapping[str, Any]) -> tuple[Cell, ...]:
    voice, threshold = source.voice, source.result["misstatements"]["threshold_percent"]
    total, projected = Decimal(entry["total"]), entry["projected"]
    share = None
    if projected is not None and total:
        share = CONTEXT.divide(abs(Decimal(projected)) * 100, total)
    state = "not_projected" if share is None else "threshold_unset"
    if share is not None and threshold:
        state = "material" if share > Decimal(threshold) else "below"
    seen = f"{entry['n']} / {entry['N']}"
    rest = voice.label("ui.sample_open", count=entry["open"]) if entry["open"] else ()
    return (
        plain(entry["stratum"]),
        Cell((seen,), kind="number", second=rest),
        plain(show_number(entry["total"], ""), "number"),
        plain(show_number(entry["found"], ""), "number"),
        Cell(
            (show_number(projected, ""),) if projected is not None else voice.label("ui.unknown"),
            kind="number",
            second=percent(None if share is None else f"{share:f}").text,
        ),
        Cell(voice.label(f"material.{state}"), tone="bad" if state == "material" else ""),
    )


def contradictions(source: Source) -> list[Block]:
    """Figures stated with different values, every place beside the other."""
    voice = source.voice
    listed = source.result["contradictions"]
    if not listed:
        return [Paragraph(voice.label("ui.no_contradictions"))]
    rows = []
    for entry in listed:
        for number, statement in enumerate(entry["statements"]):
            name = Cell(voice.name_of(entry["figure"]), second=(entry["figure"],))
            told = voice.label(f"stated.{statement['source']}")
            rows.append(
                (
                    name if number == 0 else BLANK,
                    amount(source, statement["value"]),
                    Cell(told),
                    where(source, [statement["place"]]),
                    amount(source, entry["recomputed"]) if number == 0 else BLANK,
                )
            )
    heads = ("ui.figure", "ui.stated", "ui.stated_in", "ui.where", "ui.recomputed")
    return [
        table(source, heads, rows, (26, 18, 18, 22, 16)),
        Paragraph(voice.label("ui.contradictions_meaning"), "soft"),
    ]


_MEETS = {
    True: ("ui.meets", "good"),
    False: ("ui.meets_not", "bad"),
    None: ("ui.not_known", "wait"),
}


def _decisions(source: Source) -> list[Block]:
    voice = source.voice
    decisions = source.result["misstatements"]["decisions"]
    if not decisions:
        return []
    rows = [
        (
            Cell(voice.both(entry["title"]), second=(entry["requirement"],)),
            *(
                Cell(
                    voice.label(_MEETS[entry[name]][0]),
                    tone=_MEETS[entry[name]][1],
                )
                for name in ("as_reported", "as_recomputed")
            ),
            Cell(
                voice.label("material.decision" if entry["turns"] else "ui.same"),
                tone="bad" if entry["turns"] else "",
            ),
        )
        for entry in decisions
    ]
    heads = ("ui.indicators", "ui.reported", "ui.recomputed", "ui.class")
    return [
        Heading(voice.label("ui.decision_materiality")),
        table(source, heads, rows, (46, 16, 18, 20)),
    ]
