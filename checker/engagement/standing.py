"""What the lines of a ledger count for today, and what is left when they are applied."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from checker.engagement.chain import Record, broken, read_chain
from checker.engagement.judgement import ADDED, ANSWERS, FIELDS, Judgement, objections
from checker.engagement.subjects import Subjects

IN_FORCE, EXPIRED, STALE, SUPERSEDED, NO_SUBJECT, NOT_ALLOWED = (
    "in_force", "expired", "stale", "superseded", "no_subject", "not_allowed",
)  # fmt: skip


def read_ledger(path: Path) -> list[Record]:
    """Lines of a ledger; raises ``DossierError`` for a broken chain or a line that is no judgement.

    A chain tells that lines were not touched, not that they were well made.
    """
    records = read_chain(path)
    for record in records:
        if not all(isinstance(record.get(name), str) for name in (*FIELDS, *ADDED)):
            raise broken(path, record["n"], "chain.shape")
    return records


def states(records: Iterable[Record], subjects: Subjects, day: date) -> list[Record]:
    """Ledger lines with what each counts for: of one subject the last one that holds."""
    last: dict[tuple[str, str], int] = {}
    found = []
    for record in records:
        judgement = Judgement(**{name: record[name] for name in FIELDS})
        state = _state(judgement, record, subjects, day)
        if state == IN_FORCE:
            last[judgement.key] = record["n"]
        # whatever a line says, it speaks of the finding of its rule and subject
        mark = subjects.entries.get(judgement.key, {}).get("fingerprint", "")
        found.append({**record, "fingerprint": mark, "state": state})
    return [
        {**record, "state": SUPERSEDED}
        if record["state"] == IN_FORCE and last[record["rule"], record["subject"]] != record["n"]
        else record
        for record in found
    ]


def _state(judgement: Judgement, record: Record, subjects: Subjects, day: date) -> str:
    if judgement.key not in subjects.entries:
        return NO_SUBJECT
    same = subjects.hash(judgement.key) == record["subject_sha256"]
    if not same or record["evidence_sha256"] != subjects.evidence_hash(judgement.evidence_id):
        return STALE
    if next(objections(judgement, subjects), None) is not None:
        return NOT_ALLOWED
    if judgement.valid_until and date.fromisoformat(judgement.valid_until) < day:
        return EXPIRED
    return IN_FORCE


def applied(entries: Iterable[Record], result: Mapping[str, Any]) -> dict[str, Any]:
    """What judgements in force come to: by finding, by question, and what still counts."""
    effective: dict[str, Record] = {}
    settled: dict[str, Record] = {}
    for entry in entries:
        if entry["state"] != IN_FORCE:
            continue
        if entry["decision"] in ANSWERS:
            settled[f"{entry['rule']}|{entry['subject']}"] = entry
        else:
            effective[entry["fingerprint"]] = entry
    counted: dict[str, int] = {}
    for finding in result["findings"]:
        judged = effective.get(finding["fingerprint"])
        if judged and judged["decision"] == "accepted":
            continue
        severity = (judged or {}).get("severity") or finding["severity"]
        counted[severity] = counted.get(severity, 0) + 1
    open_ = [q for q in result["judgements"] if f"{q['rule']}|{q['subject']}" not in settled]
    refused = [key for key, entry in settled.items() if entry["decision"] == "holds_not"]
    summary = {"severities": counted, "open": len(open_), "refused": len(refused)}
    return {"effective": effective, "settled": settled, "summary": summary}
