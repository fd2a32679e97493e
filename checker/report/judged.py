"""Judgements on the terminal: what is open, what was decided, what still counts."""

from collections.abc import Iterator, Mapping
from typing import Any

from checker.report.voice import Voice, joined
from checker.report.writers.inert import visible

WIDTH = 100
"""Characters of a message on one line."""


def subject_lines(result: Mapping[str, Any], record: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Questions and findings with what was decided, one a line."""
    voice = Voice(result, lang)
    settled, effective = record.get("settled", {}), record.get("effective", {})
    yield joined(voice.label("ui.judgements"))
    for entry in result["judgements"]:
        done = settled.get(f"{entry['rule']}|{entry['subject']}")
        state = f"decision.{done['decision']}" if done else "ui.open"
        name = f"{entry['rule']} {entry['subject']}".strip()
        yield f"  [{joined(voice.label(state))}] {name}: {joined(voice.both(entry['title']))}"
    yield joined(voice.label("ui.findings"))
    for finding in result["findings"]:
        done = effective.get(finding["fingerprint"])
        state = f"decision.{done['decision']}" if done else f"severity.{finding['severity']}"
        told = visible(joined(voice.message(finding)), WIDTH)
        yield f"  [{joined(voice.label(state))}] {finding['id']} {told}"


def ledger_lines(
    result: Mapping[str, Any], record: Mapping[str, Any], lang: str, last: int = 0
) -> Iterator[str]:
    """The ledger's head and its lines, only the ``last`` of them when that is given."""
    voice, ledger = Voice(result, lang), record.get("ledger")
    numbers = {finding["fingerprint"]: finding["id"] for finding in result["findings"]}
    if not ledger:
        return
    yield f"{joined(voice.label('ui.judgement_ledger'))}: {ledger['count']} · {ledger['head']}"
    for entry in ledger["entries"][-last:]:
        name = f"{numbers.get(entry['fingerprint'], '')} {entry['rule']} {entry['subject']}".strip()
        told = joined(voice.label(f"decision.{entry['decision']}"))
        if entry["severity"]:
            told += f" → {joined(voice.label('severity.' + entry['severity']))}"
        state = joined(voice.label(f"judged.{entry['state']}"))
        signer = entry["countersigner"]
        signed = f" · {joined(voice.label('ui.countersigned', name=signer))}" if signer else ""
        reason = visible(entry["reason"], WIDTH)
        yield f"  {entry['n']}. {name}: {told} ({state}) — {entry['who']}{signed}: {reason}"
