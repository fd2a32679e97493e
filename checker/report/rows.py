"""Findings as rows of a sheet: what the machine wrote, the same for every table of findings."""

from collections.abc import Mapping
from typing import Any

from checker.engagement.answer import STATUSES
from checker.report.messages import LANGUAGES, label
from checker.report.voice import Voice, joined

MACHINE = ("id", "severity", "kind", "what", "remedy", "where", "rule", "subject", "clause", "mark")
"""Fields of the machine: they are compared when a sheet comes back."""


def status_codes() -> dict[str, str]:
    """What may stand in the column of states, in any language, and the state it means."""
    found = {code: code for code in STATUSES}
    for code in STATUSES:
        said = [label(f"status.{code}", lang) for lang in LANGUAGES]
        found |= dict.fromkeys((*said, joined(tuple(said))), code)
    return found


def finding_rows(result: Mapping[str, Any], lang: str) -> list[dict[str, str]]:
    """One row for every finding; ``mark`` is its fingerprint."""
    voice = Voice(result, lang)
    return [_row(voice, finding) for finding in result["findings"]]


def _row(voice: Voice, finding: Mapping[str, Any]) -> dict[str, str]:
    clause = finding["clause"]
    cited = f"{joined(voice.document(clause))} {clause['heading']}" if clause else ""
    likely = joined(voice.likely(finding["likely_cause"]), "\n")
    what = "\n".join(filter(None, (joined(voice.message(finding), "\n"), likely)))
    kinds = (voice.label(f"kind.{finding['kind']}"), voice.label(f"card.{finding['card_kind']}"))
    return {
        "id": finding["id"],
        "severity": joined(voice.label(f"severity.{finding['severity']}")),
        "kind": " · ".join(map(joined, kinds)),
        "what": what,
        "remedy": joined(voice.both(finding["remedy"]), "\n") if finding["remedy"] else "",
        "where": "\n".join(voice.place(place)[0] for place in finding["places"][:12]),
        "rule": finding["rule"],
        "subject": finding["subject"],
        "clause": " ".join(cited.split()),
        "mark": finding["fingerprint"],
    }
