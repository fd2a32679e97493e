"""Limits, signatures and the appendices: files, rules, factors, environment."""

from checker.engagement.review import DECISIONS
from checker.report.outline.blocks import Block, Cell, Lines, Pairs, Paragraph, Source
from checker.report.outline.parts import clause, code, field, plain, table, tag, techniques

SIGNATURES = ("prepared", "reviewed", "approved", "seal")


def limits(source: Source) -> list[Block]:
    """What the report is not."""
    voice = source.voice
    return [
        Paragraph(voice.label("ui.limits.text")),
        Paragraph(techniques(source)),
        field(source, "limits"),
    ]


def signatures(source: Source) -> list[Block]:
    """Lines to sign on; the machine leaves them blank."""
    blocks: list[Block] = [
        Lines(tuple(source.voice.label(f"ui.sign.{name}") for name in SIGNATURES))
    ]
    for review in source.record.get("reviews", ()):
        if not review["holds"]:
            blocks.append(Paragraph(source.voice.label("ui.review_other"), "bad"))
        elif review["after"]:
            blocks.append(Paragraph(source.voice.label("ui.review_after"), "bad"))
        shown = {name: plain(review[name]) for name in ("who", "when", "decision", "result_sha256")}
        if review["decision"] in DECISIONS:
            shown["decision"] = Cell(source.voice.label(f"review.{review['decision']}"))
        named = tuple((source.voice.label(f"review.{name}"), cell) for name, cell in shown.items())
        blocks.append(Pairs(named))
        if review["comment"]:
            blocks.append(Paragraph((review["comment"],)))
    return blocks


def manifest(source: Source) -> list[Block]:
    """Files with size, use and hash."""
    rows = [
        (
            plain(entry["path"]),
            plain(str(entry["bytes"]), "number"),
            Cell(
                source.voice.label(f"ui.role.{entry['role']}"),
                second=(", ".join(entry["evidence_ids"]),) if entry["evidence_ids"] else (),
            ),
            code(entry["sha256"]),
        )
        for entry in source.result["inputs"]
    ]
    heads = ("ui.file", "ui.bytes", "ui.role", "SHA-256")
    return [table(source, heads, rows, (34, 10, 12, 44))]


def rules(source: Source) -> list[Block]:
    """Every requirement with its state, origin and clause."""
    rows = [
        (
            Cell(source.voice.both(entry["title"]), second=(entry["id"],)),
            tag(source, "state", entry["status"]),
            Cell(source.voice.label(f"card.{entry['kind']}")),
            clause(source, entry["clause"]),
        )
        for entry in source.result["requirements"]
    ]
    names = [f"rule-{entry['id']}" for entry in source.result["requirements"]]
    heads = ("ui.rule", "ui.state", "ui.origin", "ui.clause")
    return [table(source, heads, rows, (40, 12, 16, 32), names)]


def factors(source: Source) -> list[Block]:
    """Factors, decision tables and parameters that were used, with their sources."""
    result, voice = source.result, source.voice
    rows = [
        (
            Cell(voice.both(entry["title"]), second=(entry["id"],)),
            plain(f"{entry['value']} {entry['unit']}", "number"),
            plain(entry["vintage"]),
            Cell(
                (f"{entry['document']} {entry['number']}".strip(),),
                second=(f"{entry['published']} [{entry['confidence']}]",),
            ),
        )
        for entry in result["factors"]
    ]
    rows += [
        (
            Cell(voice.both(entry["title"]), second=(entry["id"],)),
            plain(f"{entry['value']} {entry['unit']}", "number"),
            plain(""),
            clause(source, entry["clause"]),
        )
        for entry in result["decisions"]
    ]
    for entry in result["parameters"]:
        unknown = entry["value"] is None
        shown = (
            Cell(voice.label("ui.unknown"), tone="wait", kind="number")
            if unknown
            else plain(f"{entry['value']} {entry['unit']}", "number")
        )
        since = f"{entry['from']} – {entry['until']}".strip(" –")
        rows.append(
            (
                Cell(voice.both(entry["title"]), second=(f"param.{entry['id']}",)),
                shown,
                plain(since),
                clause(source, entry["clause"]),
            )
        )
    heads = ("ui.factors", "ui.value", "ui.vintage", "ui.document")
    return [
        table(source, heads, rows, (32, 18, 14, 36)),
        Paragraph(voice.label("ui.confidence.text"), "soft"),
    ]


def environment(source: Source) -> list[Block]:
    """Versions and how the verdict was reached."""
    result, voice = source.result, source.voice
    entries = [
        (("zcf-check",), plain(result["run"]["version"])),
        (voice.label("ui.engine"), Cell(voice.label(f"engine.{result['env']['engine']}"))),
        (("Python",), plain(f"{result['env']['python']} · {result['env']['platform']}")),
        (voice.label("ui.run_id"), code(result["run"]["id"])),
        (voice.label("ui.as_of"), plain(result["run"]["as_of"])),
    ]
    why = [
        (Cell(voice.reasoned(line["fact"])), code(line["rule"]))
        for line in result["conclusion"]["why"][:60]
    ]
    return [Pairs(tuple(entries)), table(source, ("ui.why", "ui.rule"), why, (70, 30))]
