"""The letter to the factory: every question leads to one finding, asked politely."""

from checker.report.outline.blocks import Block, Cell, Lines, Pairs, Paragraph, Source
from checker.report.outline.found import number_before
from checker.report.outline.parts import clause, code, field, header, plain, table, tag, where

LEFT_OUT = ("info",)
"""Severities the factory is not asked about."""


BLANK_LINE = "＿＿＿＿＿＿＿＿"


def head(source: Source) -> Pairs:
    """To whom and from whom; number and date are written in by hand."""
    voice, engagement = source.voice, source.result["engagement"] or {}
    entries = [
        ("letter.addressee", Cell(header(source, "name"))),
        ("ui.credit_code", Cell(header(source, "credit_code"))),
        ("letter.from", plain(engagement.get("body") or BLANK_LINE)),
        ("letter.number", plain(BLANK_LINE)),
        ("letter.date", plain(BLANK_LINE)),
        ("ui.run_id", code(source.result["run"]["id"])),
    ]
    return Pairs(tuple((voice.label(key), cell) for key, cell in entries))


def refused(source: Source) -> list[Block]:
    """Requirements a person has judged not to hold, with the reason given."""
    voice, settled = source.voice, source.record.get("settled", {})
    rows = []
    for entry in source.result["judgements"]:
        said = settled.get(f"{entry['rule']}|{entry['subject']}")
        if said and said["decision"] == "holds_not":
            rows.append(
                (
                    code(entry["rule"]),
                    Cell(voice.both(entry["title"]), second=(said["reason"],)),
                    clause(source, entry.get("clause")),
                    where(source, entry["places"], 3),
                )
            )
    if not rows:
        return [Paragraph(voice.label("letter.nothing_refused"))]
    heads = ("ui.rule", "letter.question", "ui.clause", "ui.where")
    return [table(source, heads, rows, (20, 42, 20, 18))]


def asked(source: Source) -> list[Block]:
    """Questions, one a finding, with the place, the source and room for the answer."""
    voice = source.voice
    listed = [f for f in source.result["findings"] if f["severity"] not in LEFT_OUT]
    judged = source.record.get("effective", {})
    rows = []
    for finding in listed:
        view = judged.get(finding["fingerprint"], {})
        severity = view.get("severity") or finding["severity"]
        if view.get("decision") == "accepted" or finding["waived_by"] or severity in LEFT_OUT:
            continue
        ask = voice.label("letter.flag" if finding["kind"] == "integrity_flag" else "letter.ask")
        remedy = voice.both(finding["remedy"]) if finding["remedy"] else ask
        rows.append(
            (
                Cell((finding["id"],), kind="code", second=number_before(source, finding)),
                Cell(voice.message(finding), second=remedy),
                tag(source, "severity", severity),
                clause(source, finding["clause"]),
                where(source, finding["places"], 3),
            )
        )
    if not rows:
        return [Paragraph(voice.label("letter.nothing"))]
    heads = ("ui.number", "letter.question", "ui.severity", "ui.clause", "ui.where")
    return [table(source, heads, rows, (7, 45, 10, 20, 18))]


def opening(source: Source) -> list[Block]:
    """To whom, about what, until when."""
    voice = source.voice
    due = source.record.get("due", "")
    name = source.result["dossier"].get("name", {}).get("value", "")
    run = source.result["run"]
    args = {"name": name, "as_of": run["as_of"], "run": run["id"]}
    blocks: list[Block] = [
        Paragraph(voice.label("letter.to", **args)),
        Paragraph(voice.label("letter.text", **args)),
    ]
    shown = (due,) if due else voice.label("letter.no_due")
    return [*blocks, Pairs(((voice.label("letter.due"), Cell(shown)),))]


def missing(source: Source) -> list[Block]:
    """What was not submitted and holds up binding requirements."""
    voice = source.voice
    gaps = [gap for gap in source.result["gaps"] if gap["binding"] and gap["reason"] != "left_out"]
    if not gaps:
        return [Paragraph(voice.label("letter.nothing_missing"))]
    rows = [
        (
            Cell((f"D{number:02d}",), kind="code"),
            Cell(voice.cause(gap), second=voice.label(f"reason.{gap['reason']}")),
            Cell(voice.label("ui.unblocks", count=len(gap["blocked"]))),
            where(source, gap["places"], 2),
        )
        for number, gap in enumerate(gaps, start=1)
    ]
    return [
        table(source, ("ui.number", "ui.cause", "ui.effect", "ui.where"), rows, (8, 48, 20, 24))
    ]


def closing(source: Source) -> list[Block]:
    """How to answer, and who signs."""
    voice = source.voice
    return [
        Paragraph(voice.label("letter.reply")),
        field(source, "letter"),
        Lines(tuple(voice.label(key) for key in ("letter.sender", "ui.sign.seal"))),
    ]
