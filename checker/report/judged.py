"""Judgements on the terminal: what is open, what was decided, what still counts."""

from collections.abc import Iterator, Mapping
from typing import Any

from checker.report.voice import Voice, joined
from checker.report.writers.inert import visible

WIDTH = 100
"""Characters of a message on one line."""


def ledger_lines(result: Mapping[str, Any], record: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Questions, findings and entries, one a line."""
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
    ledger = record.get("ledger")
    if ledger:
        yield f"{joined(voice.label('ui.judgement_ledger'))}: {ledger['count']} · {ledger['head']}"
        for entry in ledger["entries"]:
            told = joined(voice.label(f"decision.{entry['decision']}"))
            state = joined(voice.label(f"judged.{entry['state']}"))
            name = f"{entry['rule']} {entry['subject']}".strip()
            yield f"  {entry['n']}. {name}: {told} ({state}) — {entry['who']}, {entry['when']}"
