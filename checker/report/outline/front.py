"""Cover, summary and what to fix first."""

from checker.packs.cards import SEVERITIES
from checker.report.numbers import show_quantity
from checker.report.outline.blocks import (
    Block,
    Bullets,
    Callout,
    Cell,
    Heading,
    Pairs,
    Paragraph,
    Source,
)
from checker.report.outline.parts import (
    BLANK,
    TONES,
    amount,
    code,
    facts_by_id,
    field,
    header,
    no_ledger,
    plain,
    table,
    tag,
    where,
)
from checker.requirements.outcome import STATES

KEY_FIGURES = (
    "emissions.total",
    "intensity.unit_energy",
    "share.non_fossil",
    "share.physical",
    "share.clean_electricity",
    "energy.total",
)
TOP = 5


def cover(source: Source) -> Pairs:
    """What the report is about."""
    result, voice = source.result, source.voice
    period = (f"{header(source, 'period_start')[0]} – {header(source, 'period_end')[0]}",)
    packs = ", ".join(f"{pack['id']} {pack['version']}" for pack in result["composition"]["packs"])
    ledger = source.record.get("ledger")
    entries = [
        ("ui.company", Cell(header(source, "name"))),
        ("ui.credit_code", Cell(header(source, "credit_code"))),
        ("ui.period", Cell(period)),
        ("ui.stage", Cell(voice.label(f"stage.{result['conclusion']['stage']}"))),
        ("ui.sector", Cell(voice.label(f"sector.{result['dossier']['sector']['value']}"))),
        ("ui.province", Cell(header(source, "province"))),
        ("ui.as_of", plain(result["run"]["as_of"])),
        ("ui.packs", plain(packs)),
        ("ui.run_id", code(result["run"]["id"])),
        (
            "ui.ledger_head",
            code(ledger["head"]) if ledger else Cell(voice.label(no_ledger(source))),
        ),
    ]
    return Pairs(tuple((voice.label(key), cell) for key, cell in entries))


def summary(source: Source) -> list[Block]:
    """Conclusion, gates, key figures, indicators, counts and the first actions."""
    result, voice = source.result, source.voice
    conclusion = result["conclusion"]
    state = conclusion["state"]
    blocks: list[Block] = [
        Callout(
            voice.label(f"conclusion.{state}"),
            voice.label(f"conclusion.{state}.text"),
            TONES.get(state, "none"),
        )
    ]
    if result["waivers"]:
        with_waivers = voice.label("conclusion." + result["waivers"]["conclusion"]["state"])
        blocks.append(Pairs(((voice.label("ui.with_waivers"), Cell(with_waivers)),)))
    blocks.append(_gates(source))
    counts = [
        (voice.label(f"severity.{name}"), plain(str(conclusion["severities"][name])))
        for name in SEVERITIES
        if name in conclusion["severities"]
    ]
    blocks += [Heading(voice.label("ui.key_figures")), _figures(source)]
    if result["indicators"]:
        blocks += [Heading(voice.label("ui.indicators")), indicator_table(source)]
    if counts:
        blocks += [Heading(voice.label("ui.findings")), Pairs(tuple(counts))]
    if result["actions"]:
        items = tuple(voice.action(action) for action in result["actions"][:TOP])
        blocks += [Heading(voice.label("ui.fix_first")), Bullets(items, numbered=True)]
    blocks.append(field(source, "summary"))
    return blocks


def _gates(source: Source) -> Block:
    conclusion = source.result["conclusion"]
    states = STATES
    rows = [
        (
            Cell(source.voice.label(f"gate.{gate['id']}.name")),
            tag(source, "gate", gate["state"]),
            *(plain(str(gate["counts"][state]), "number") for state in states),
        )
        for gate in conclusion["gates"]
    ]
    total = (
        Cell(source.voice.label("ui.requirements")),
        BLANK,
        *(plain(str(conclusion["requirements"][state]), "number") for state in states),
    )
    heads = ("ui.gate", "ui.state", *(f"state.{state}" for state in states))
    return table(source, heads, [*rows, total], (28, 16, 10, 10, 12, 13, 13))


def _figures(source: Source) -> Block:
    facts = facts_by_id(source)
    entries = []
    for name in KEY_FIGURES:
        fact = facts.get(name)
        if fact is not None:
            shown = (
                (show_quantity(fact["value"], fact["unit"]),)
                if fact["known"]
                else source.voice.label("ui.unknown")
            )
            tone = "" if fact["known"] else "wait"
            entries.append((source.voice.both(fact["title"]), Cell(shown, tone=tone)))
    return Pairs(tuple(entries))


def indicator_table(source: Source) -> Block:
    """Indicators: reported, recomputed, requirement and state."""
    rows = []
    for entry in source.result["indicators"]:
        limit = amount(source, entry["limit"])
        sense = source.voice.label(f"sense.{entry['sense']}")
        texts = tuple(
            f"{word} {limit.text[min(i, len(limit.text) - 1)]}" for i, word in enumerate(sense)
        )
        rows.append(
            (
                Cell(source.voice.both(entry["title"])),
                amount(source, entry["reported"]),
                amount(source, entry["recomputed"]),
                Cell(texts, kind="number"),
                tag(source, "state", entry["state"]),
            )
        )
    heads = ("ui.indicators", "ui.reported", "ui.recomputed", "ui.requirement", "ui.state")
    return table(source, heads, rows, (34, 16, 17, 18, 15))


def fix_first(source: Source) -> list[Block]:
    """All actions, ranked; one action for one cause."""
    result, voice = source.result, source.voice
    if not result["actions"]:
        return [Paragraph(voice.label("ui.no_findings"))]
    rows = []
    for action in result["actions"]:
        effect: tuple[str, ...] = ("",)
        if action["unblocks"]:
            effect = voice.label("ui.unblocks", count=len(action["unblocks"]))
        elif action["count"] > 1:
            effect = (f"×{action['count']}",)
        ids = ", ".join(action["findings"][:6])
        text = voice.action(action)
        below: tuple[str, ...] = (ids,) if ids else ()
        if action["after"]:
            below += voice.label("ui.after", ranks=", ".join(map(str, action["after"][:6])))
        rows.append(
            (
                plain(str(action["rank"]), "number"),
                Cell(text, second=below, target=(action["findings"] or [""])[0]),
                tag(source, "severity", action["severity"]),
                Cell(effect),
                Cell(voice.label(f"effort.{action['effort']}")),
                where(source, action["places"], 2),
            )
        )
    heads = ("ui.rank", "ui.what", "ui.severity", "ui.effect", "ui.effort", "ui.where")
    return [*together(source), table(source, heads, rows, (5, 43, 10, 12, 10, 20))]


def together(source: Source) -> list[Block]:
    """Which few actions un-block most, in one sentence."""
    few = source.result["unblocking"]
    if not few["ranks"]:
        return []
    args = {"ranks": ", ".join(map(str, few["ranks"])), "count": few["requirements"]}
    return [Paragraph(source.voice.label("ui.unblocking", **args))]
