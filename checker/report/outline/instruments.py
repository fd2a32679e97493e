"""Green power, certificates and credits."""

from collections.abc import Mapping, Sequence
from typing import Any

from checker.report.outline.blocks import Block, Cell, Heading, Paragraph, Source
from checker.report.outline.parts import amount, fact_amount, facts_by_id, table

LEDGER = (
    "generation.self_used", "generation.attribute_lost", "green.direct", "green.traded",
    "certificates.counted", "certificates.of_trades", "certificates.own_use",
    "certificates.not_counted", "electricity.purchased", "green.once", "electricity.consumed",
)  # fmt: skip
AFTER = (
    "emissions.total", "removals.total", "emissions.residual", "offsets.retired",
    "offsets.share", "emissions.after_offsets",
)  # fmt: skip


def instruments(source: Source) -> list[Block]:
    """Ledger of green electricity, certificates, credits, before and after offsets."""
    result, voice = source.result, source.voice
    blocks: list[Block] = [
        Paragraph(voice.label("ui.ledger_note"), "soft"),
        _facts(source, LEDGER),
    ]
    certificates = result["instruments"]["certificates"]
    if certificates:
        rows = [_instrument(source, row, "C02") for row in certificates[:100]]
        heads = ("ui.first_last", "ui.quantity", "ui.produced", "ui.status", "ui.holder")
        blocks += [
            Heading(voice.label("ui.certificates")),
            table(source, heads, rows, (34, 14, 14, 14, 24)),
        ]
    credits_ = result["instruments"]["credits"]
    if credits_:
        rows = [_instrument(source, row, "C01") for row in credits_[:100]]
        heads = ("ui.first_last", "ui.quantity", "ui.vintage", "ui.retired_on", "ui.beneficiary")
        blocks += [
            Heading(voice.label("ui.credits")),
            table(source, heads, rows, (34, 14, 12, 16, 24)),
        ]
    return [*blocks, Heading(voice.label("ui.before_after")), _facts(source, AFTER)]


def _instrument(source: Source, row: Mapping[str, Any], code: str) -> tuple[Cell, ...]:
    values = row["values"]
    ends = "\n".join(source.voice.typed(values[name])[0] for name in ("first", "last"))
    names = ("produced", "status", "holder") if code == "C02" else (
        "vintage", "retired_on", "beneficiary",
    )  # fmt: skip
    return (
        Cell((ends,), kind="code"),
        amount(source, values["quantity"]),
        *(Cell(source.voice.coded(f"{code}.{name}", values[name])) for name in names),
    )


def _facts(source: Source, names: Sequence[str]) -> Block:
    facts = facts_by_id(source)
    rows = [
        (Cell(source.voice.both(facts[name]["title"])), fact_amount(source, facts[name]))
        for name in names
        if name in facts
    ]
    return table(source, ("ui.figure", "ui.value"), rows, (70, 30))
