"""Scope and criteria, entity and boundary, completeness, validity."""

from collections.abc import Mapping
from typing import Any

from checker.report.outline.blocks import (
    Block,
    Cell,
    Heading,
    Pairs,
    Paragraph,
    Source,
    Table,
)
from checker.report.outline.parts import code, field, header, plain, table, tag, techniques, where

ENGAGEMENT = (
    "client", "body", "level", "materiality_percent", "materiality_basis", "team", "reviewers",
    "countersign", "conflict_statement", "file", "sha256",
)  # fmt: skip
"""Entries of the engagement, in the order they are shown."""


def scope(source: Source) -> list[Block]:
    """Boundary, accounting, criteria with their documents, why the conclusion stands."""
    result, voice = source.result, source.voice
    boundary = voice.label("ui.boundary"), Cell(header(source, "boundary_statement"))
    accounting = voice.label("ui.accounting"), Cell(header(source, "accounting_standard"))
    packs = [
        (
            Cell((f"{pack['id']} {pack['version']}",), second=voice.both(pack["title"])),
            plain(str(pack["requirements"]), "number"),
            code(pack["sha256"]),
        )
        for pack in result["composition"]["packs"]
    ]
    blocks: list[Block] = [
        Pairs((boundary, accounting)),
        Heading(voice.label("ui.packs")),
        table(source, ("ui.packs", "ui.rules", "SHA-256"), packs, (36, 10, 54)),
        Heading(voice.label("ui.documents")),
        table(source, ("ui.document", "ui.requirements"), _documents(source), (82, 18)),
        Paragraph(techniques(source)),
    ]
    return [*engagement(source), *blocks]


def _stated(source: Source, name: str, value: Any) -> Cell:
    """An entry as text; what comes from closed lists in words."""
    if name == "level":
        return Cell(source.voice.label(f"level.{value}"))
    if name == "countersign":
        return Cell(source.voice.say(lambda w: ", ".join(w.label(f"severity.{v}") for v in value)))
    return plain(", ".join(value) if isinstance(value, list) else str(value))


def engagement(source: Source) -> list[Block]:
    """The engagement, where there is one: who, at what level, with what materiality."""
    given, entries = source.result["engagement"], []
    if given is None:
        return []
    for name in ENGAGEMENT:
        value = given[name]
        if value:
            entries.append((source.voice.label(f"engagement.{name}"), _stated(source, name, value)))
    return [Pairs(tuple(entries))]


def _documents(source: Source) -> list[tuple[Cell, ...]]:
    """Documents the requirements stand in, with how many rest on each."""
    counts: dict[tuple[str, str], int] = {}
    own = source.voice.label("source.own")
    for requirement in source.result["requirements"]:
        item = requirement["clause"]
        name = " / ".join(own) if item["source"] == "own" else item["document"]
        key = name or item["source"], item["number"]
        counts[key] = counts.get(key, 0) + 1
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return [
        (Cell((name,), second=(number,) if number else ()), plain(str(count), "number"))
        for (name, number), count in ordered
    ]


def entity(source: Source) -> list[Block]:
    """What the company says of itself, its facilities and its sources."""
    blocks: list[Block] = []
    for register in registers(source, ("T01", "T02", "T03")):
        blocks += register
    if not blocks:
        blocks.append(Paragraph(source.voice.label("ui.no_registers")))
    blocks.append(field(source, "entity"))
    return blocks


def registers(source: Source, tables: tuple[str, ...]) -> list[list[Block]]:
    """Submitted tables as they stand, each with its heading."""
    found = []
    for register in source.result["registers"]:
        if register["table"] not in tables or not register["rows"]:
            continue
        code_of = register["table"]
        head = tuple(Cell(source.voice.both(column["title"])) for column in register["columns"])
        rows = tuple(
            tuple(
                _value(source, f"{code_of}.{column['name']}", value)
                for column, value in zip(register["columns"], row["values"], strict=True)
            )
            for row in register["rows"]
        )
        title = source.voice.titled(code_of, register["title"])
        blocks: list[Block] = [Heading(title)]
        widths = (1,) * len(head)
        blocks.append(Table(head, rows, widths))
        if register["count"] > len(rows):
            left = register["count"] - len(rows)
            blocks.append(Paragraph(source.voice.label("ui.rows_left_out", count=left), "soft"))
        found.append(blocks)
    return found


def _value(source: Source, column: str, value: Mapping[str, Any]) -> Cell:
    return plain("—") if value["type"] == "unknown" else Cell(source.voice.coded(column, value))


def completeness(source: Source) -> list[Block]:
    """Tables by month, what was not examined and why, files nobody cites."""
    result, voice = source.result, source.voice
    coverage = result["coverage"]
    rows = []
    for entry in coverage["tables"]:
        months = [
            f"{''.join('■' if there else '□' for there in group['present'])} {group['group']}"
            for group in entry["months"]
        ]
        title = voice.titled(entry["code"], entry["title"])
        rows.append(
            (
                Cell(title),
                Cell(voice.label(f"table.{entry['state']}"), second=(entry.get("nil", "") or "",)),
                plain(str(entry["rows"] or ""), "number"),
                Cell(("\n".join(months),), kind="code"),
            )
        )
    heads = ("ui.table", "ui.state", "ui.rows", "ui.months")
    unused = ", ".join(coverage["unused_files"]) or voice.label("ui.none")[0]
    blocks: list[Block] = [
        table(source, heads, rows, (30, 22, 8, 40)),
        Pairs(((voice.label("ui.unused"), plain(unused)),)),
        Heading(voice.label("ui.not_examined")),
    ]
    if not result["gaps"]:
        return [*blocks, Paragraph(voice.label("ui.none"))]
    gaps = [
        (
            Cell(
                voice.cause(gap),
                second=voice.label(f"reason.{gap['reason']}"),
            ),
            plain(str(len(gap["blocked"])), "number"),
            code(", ".join(gap["blocked"][:8]) + (" …" if len(gap["blocked"]) > 8 else "")),
            where(source, gap["places"], 2),
        )
        for gap in result["gaps"]
    ]
    heads = ("ui.cause", "ui.count", "ui.blocked", "ui.where")
    return [*blocks, table(source, heads, gaps, (28, 8, 42, 22))]


def validity(source: Source) -> list[Block]:
    """Tailoring, waivers, what would differ today, values nobody looked up lately."""
    result, voice = source.result, source.voice
    blocks: list[Block] = [Heading(voice.label("ui.tailoring"))]
    tailoring = result["tailoring"]
    if tailoring["file"]:
        file = tailoring["file"]
        blocks.append(Paragraph((f"{file['title']} · {file['author']} · {file['sha256']}",)))
    if tailoring["changes"]:
        rows = [
            (
                code(change["by"]),
                Cell((change["target"],), second=voice.label(f"change.{change['key']}")),
                plain(str(change.get("before", ""))),
                plain(str(change.get("after", ""))),
                plain(change["reason"]),
            )
            for change in tailoring["changes"]
        ]
        heads = ("ui.changed_by", "ui.changed", "ui.before", "ui.after", "ui.reason")
        blocks.append(table(source, heads, rows, (18, 28, 14, 14, 26)))
    else:
        blocks.append(Paragraph(voice.label("ui.no_tailoring")))
    blocks.append(Heading(voice.label("ui.waivers")))
    blocks += _waivers(source) if result["waivers"] else [Paragraph(voice.label("ui.no_waivers"))]
    return [*blocks, *_today(source), *_stale(source)]


def _waivers(source: Source) -> list[Block]:
    waivers, voice = source.result["waivers"], source.voice
    rows = [
        (
            code(entry["id"]),
            Cell((entry["rule"],), second=(entry["subject"],) if entry["subject"] else ()),
            Cell(voice.label(f"waiver.{entry['state']}")),
            Cell((entry["reason"],), second=(f"{entry['approver']} · {entry['evidence']}",)),
            plain(f"{entry['granted_on']} – {entry['expires_on']}"),
        )
        for entry in waivers["waivers"]
    ]
    pairs = Pairs(
        (
            (
                voice.label("ui.without_waivers"),
                Cell(voice.label("conclusion." + source.result["conclusion"]["state"])),
            ),
            (
                voice.label("ui.with_waivers"),
                Cell(voice.label("conclusion." + waivers["conclusion"]["state"])),
            ),
        )
    )
    heads = ("ui.waiver", "ui.covers", "ui.state", "ui.reason", "ui.valid")
    return [pairs, table(source, heads, rows, (12, 26, 14, 28, 20))]


def _today(source: Source) -> list[Block]:
    voice, run = source.voice, source.result["run"]
    today = source.result["env"].get("today")
    blocks: list[Block] = [Heading(voice.label("ui.today"))]
    if not today:
        return [*blocks, Paragraph(voice.label("ui.today.same"))]
    args = {"as_of": run["as_of"], "day": today["day"]}
    if not today["differences"]:
        return [*blocks, Paragraph(voice.label("ui.today.none", **args))]
    groups = {"requirement": "state", "pack": "pack"}
    rows = [
        (
            Cell(voice.label(f"differs.{entry['kind']}")),
            code(entry["id"]),
            *(
                tag(source, groups[entry["kind"]], entry[when])
                if entry["kind"] in groups
                else plain(str(entry[when]))
                for when in ("then", "now")
            ),
        )
        for entry in today["differences"]
    ]
    heads = ("", "", run["as_of"], today["day"])
    return [
        *blocks,
        Paragraph(voice.label("ui.today.text", **args)),
        table(source, heads, rows, (20, 40, 20, 20)),
    ]


def _stale(source: Source) -> list[Block]:
    voice, stale = source.voice, source.result["stale"]
    if not stale:
        return [Paragraph(voice.label("ui.stale.none"))]
    rows = [
        (
            Cell(voice.both(entry["title"]), second=(f"param.{entry['id']}",)),
            Cell((entry["verified_on"],) if entry["verified_on"] else voice.label("ui.never")),
        )
        for entry in stale
    ]
    return [
        Heading(voice.label("ui.stale")),
        Paragraph(voice.label("ui.stale.text")),
        table(source, ("ui.figure", "ui.verified_on"), rows, (75, 25)),
    ]
