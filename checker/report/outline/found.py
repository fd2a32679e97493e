"""Findings and what people judged of them; questions for a person."""

from collections.abc import Mapping
from typing import Any

from checker.report.outline.blocks import (
    Block,
    Cell,
    Heading,
    Pairs,
    Paragraph,
    Source,
)
from checker.report.outline.parts import (
    clause,
    code,
    field,
    no_ledger,
    plain,
    table,
    tag,
    where,
)
from checker.report.voice import Text


def findings(source: Source) -> list[Block]:
    """Every finding with what was found, what to do, the clause and the places."""
    listed = source.result["findings"]
    if not listed:
        return [Paragraph(source.voice.label("ui.no_findings"))]
    rows = [_finding(source, finding) for finding in listed]
    heads = ("ui.number", "ui.severity", "ui.what", "ui.clause", "ui.where")
    names = [finding["id"] for finding in listed]
    return [
        table(source, heads, rows, (7, 13, 42, 20, 18), names),
        field(source, "findings"),
    ]


def _finding(source: Source, finding: Mapping[str, Any]) -> tuple[Cell, ...]:
    voice = source.voice
    severity = tag(source, "severity", finding["severity"])
    told = told_of(source, finding)
    kinds = voice.say(
        lambda w: (
            f"{w.label('kind.' + finding['kind'])} · {w.label('card.' + finding['card_kind'])}"
        )
    )
    text = voice.say(lambda w: _sentences(w, finding))
    second = (f"{finding['rule']} {finding['subject']}".strip(), *told)
    return (
        Cell((finding["id"],), kind="code", second=number_before(source, finding)),
        Cell(severity.text, tone=severity.tone, second=kinds),
        Cell(text, second=second),
        clause(source, finding["clause"]),
        where(source, finding["places"], 3),
    )


def _sentences(words: Any, finding: Mapping[str, Any]) -> str:
    """Message, likely cause and remedy."""
    likely = words.likely(finding["likely_cause"]) if finding["likely_cause"] else ""
    return " ".join(filter(None, (words.message(finding), likely, words.both(finding["remedy"]))))


def told_of(source: Source, finding: Mapping[str, Any]) -> Text:
    """What people said of a finding: judgement, then the company's answer."""
    return (*_told(source, finding["fingerprint"]), *answered(source, finding["fingerprint"]))


def number_before(source: Source, finding: Mapping[str, Any]) -> Text:
    """The number the same finding had in the round before, when that was another one."""
    before = source.record.get("before", {}).get(finding["fingerprint"])
    if not before:
        return ()
    number, _, name = before.partition("/")
    return source.voice.label("ui.number_before", round=number, name=name)


def answered(source: Source, fingerprint: str) -> Text:
    """Owner, due date, status and reply as the company gave them."""
    given = source.record.get("responses", {}).get(fingerprint, {})
    if not any(given.values()):
        return ()
    return source.voice.say(
        lambda w: w.label("ui.answered") + "; ".join(
            f"{w.label('column.' + name)} {_said(w, name, given[name])}"
            for name in ("owner", "due", "status", "reply", "evidence")
            if given.get(name)
        )
    )  # fmt: skip


def _said(words: Any, name: str, value: str) -> str:
    return words.label(f"status.{value}") if name == "status" else value


def _told(source: Source, fingerprint: str) -> Text:
    """What a person has judged of a finding, in one line."""
    effective = source.record.get("effective", {}).get(fingerprint)
    if not effective:
        return ()
    return source.voice.say(
        lambda w: (
            w.label(
                "ui.judged",
                who=effective["who"],
                decision=w.label(f"decision.{effective['decision']}"),
                severity=w.label(f"severity.{effective['severity']}"),
            )
            if effective.get("severity")
            else w.label(
                "ui.judged_plain",
                who=effective["who"],
                decision=w.label(f"decision.{effective['decision']}"),
            )
        )
    )


def judgements(source: Source) -> list[Block]:
    """What is for a person, and what persons have recorded; the machine's state stays beside it."""
    result, voice = source.result, source.voice
    blocks: list[Block] = []
    if result["judgements"]:
        questions = [_question(source, entry) for entry in result["judgements"]]
        heads = ("ui.rule", "ui.question", "ui.guidance", "ui.recorded")
        blocks.append(table(source, heads, questions, (26, 28, 26, 20)))
    else:
        blocks.append(Paragraph(voice.label("ui.no_questions")))
    ledger = source.record.get("ledger")
    blocks.append(Heading(voice.label("ui.judgement_ledger")))
    if not ledger:
        return [*blocks, Paragraph(voice.label(no_ledger(source)))]
    blocks.append(
        Pairs(
            (
                (voice.label("ui.ledger_head"), code(ledger["head"])),
                (voice.label("ui.ledger_count"), plain(str(ledger["count"]))),
            )
        )
    )
    listed = [_entry(source, entry) for entry in ledger["entries"]]
    columns = ("ui.number", "ui.subject", "ui.decision", "ui.reason", "ui.who", "ui.when")
    return [*blocks, table(source, columns, listed, (6, 24, 16, 26, 16, 12))]


def question_text(source: Source, entry: Mapping[str, Any], part: str) -> Text:
    """Question or guidance of what a person is asked."""
    keys = {"assumed": "assumed", "exemption": "exempt", "uncertainty": "uncertain"}
    if entry["about"] in keys:
        ending = "_guidance" if part == "guidance" else ""
        return source.voice.label(f"judgement.{keys[entry['about']]}{ending}")
    return source.voice.both(entry[part])


def _question(source: Source, entry: Mapping[str, Any]) -> tuple[Cell, ...]:
    settled = source.record.get("settled", {}).get(f"{entry['rule']}|{entry['subject']}")
    state = (
        Cell(
            source.voice.label(f"decision.{settled['decision']}"),
            tone="bad" if settled["decision"] == "holds_not" else "",
            second=(settled["who"],),
        )
        if settled
        else Cell(source.voice.label("ui.open"), tone="ask")
    )
    binding = source.voice.label("ui.binding" if entry["binding"] else "ui.advisory")
    return (
        Cell(
            source.voice.both(entry["title"]),
            second=(f"{entry['rule']} {entry['subject']}".strip(), *binding),
        ),
        Cell(question_text(source, entry, "question")),
        Cell(question_text(source, entry, "guidance"), tone="soft"),
        state,
    )


def _until(source: Source, entry: Mapping[str, Any]) -> Text:
    """Until when a judgement counts, if it ends."""
    until = entry["valid_until"]
    return source.voice.label("ui.valid_until", day=until) if until else ()


def _decided(source: Source, entry: Mapping[str, Any]) -> Text:
    """The decision, with the severity something was lowered to."""
    return source.voice.say(
        lambda w: (
            f"{w.label('decision.' + entry['decision'])}"
            + (f" → {w.label('severity.' + entry['severity'])}" if entry["severity"] else "")
        )
    )


def _entry(source: Source, entry: Mapping[str, Any]) -> tuple[Cell, ...]:
    voice = source.voice
    state = voice.label(f"judged.{entry['state']}")
    signer = entry["countersigner"]
    signed = voice.label("ui.countersigned", name=signer) if signer else ()
    kind = voice.label(f"why.{entry['reason_code']}")
    return (
        plain(str(entry["n"]), "number"),
        Cell((entry["rule"],), second=(entry["subject"],) if entry["subject"] else ()),
        Cell(_decided(source, entry), second=state),
        Cell((entry["reason"],), second=(*kind, entry["evidence_id"])),
        Cell((entry["who"],), second=(f"{entry['role']} · {entry['organisation']}", *signed)),
        Cell((entry["when"][:10],), second=_until(source, entry)),
    )
