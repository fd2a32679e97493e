"""Judgements of people: what may be judged, how a judgement is recorded, and what holds today.

The machine's result is never changed. A judgement answers a question (NEEDS_JUDGEMENT) or speaks of
a finding; it may lower the severity that counts, unless the rule says it cannot be waived.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from checker.canonical import canonical
from checker.engagement.chain import Record
from checker.errors import Problem, UsageError
from checker.nearest import nearest
from checker.packs.cards import SEVERITIES
from checker.places import Anchor

ANSWERS = ("holds", "holds_not")
VIEWS = ("accepted", "lowered", "confirmed")
REASONS = (
    "evidence_seen", "seen_on_site", "explanation", "immaterial", "agreed_with_scheme",
    "corrected_elsewhere", "other",
)  # fmt: skip
IN_FORCE, EXPIRED, STALE, SUPERSEDED, NO_SUBJECT = (
    "in_force", "expired", "stale", "superseded", "no_subject",
)  # fmt: skip
MAX_TEXT = 4_000
"""Characters of one entry of a judgement."""
Result: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Judgement:
    """What a person says of one subject of one rule."""

    rule: str
    subject: str
    decision: str
    reason_code: str
    reason: str
    who: str
    role: str
    organisation: str
    when: str
    evidence_id: str = ""
    severity: str = ""
    valid_until: str = ""
    countersigner: str = ""


def subjects(result: Result) -> dict[tuple[str, str], Mapping[str, Any]]:
    """What may be judged, by rule and subject: findings, and questions for a person."""
    found = {(f["rule"], f["subject"]): f for f in result["findings"]}
    return found | {(q["rule"], q["subject"]): q for q in result["judgements"]}


def subject_hash(result: Result, rule: str, subject: str) -> str:
    """Hash of what a judgement rests on; when it changes, the judgement has to be made anew.

    Of a finding: what was found and where. Of a question: its working and the evidence behind it.
    """
    entry = subjects(result).get((rule, subject))
    if entry is None:
        return ""
    hashes = {one["path"]: one["sha256"] for one in result["inputs"]}
    evidence = sorted({hashes.get(p["file"], "") for p in entry["places"] if p.get("page")})
    names = ("message", "severity", "kind", "about", "question", "places")
    basis: dict[str, Any] = {name: entry.get(name) for name in names}
    basis |= {"evidence": evidence, "outcome": _outcome(result, rule, subject)}
    return hashlib.sha256(canonical(basis).encode()).hexdigest()


def _outcome(result: Result, rule: str, subject: str) -> Any:
    for requirement in result["requirements"]:
        if requirement["id"] == rule:
            found = [o for o in requirement["outcomes"] if o["subject"] == subject]
            return [requirement["assertion"], found]
    return None


def record_of(judgement: Judgement, result: Result, known: Sequence[Record]) -> dict[str, Any]:
    """The body of a ledger line; raises ``UsageError`` for what cannot be judged like that."""
    entry = subjects(result).get((judgement.rule, judgement.subject))
    if entry is None:
        raise _no_subject(judgement, result)
    question = "question" in entry
    allowed = ANSWERS if question else VIEWS
    if judgement.decision not in allowed:
        raise _wrong("judge.decision", value=judgement.decision, known=", ".join(allowed))
    _texts(judgement)
    _person(judgement, result)
    _severity(judgement, entry)
    return {
        **{name: getattr(judgement, name) for name in judgement.__dataclass_fields__},
        "fingerprint": entry.get("fingerprint", ""),
        "evidence_sha256": _evidence_hash(result, judgement.evidence_id),
        "subject_sha256": subject_hash(result, judgement.rule, judgement.subject),
        "run": result["run"]["id"],
    }


def _texts(judgement: Judgement) -> None:
    """What has to be said is said, in texts that show what they hold."""
    for name in ("reason", "who", "role", "organisation"):
        if not getattr(judgement, name).strip():
            raise _wrong("judge.blank", name=name)
    for name in judgement.__dataclass_fields__:
        text = getattr(judgement, name)
        free = name in ("reason", "rule", "subject")  # the last two name what the result names
        if len(text) > MAX_TEXT or (not text.isprintable() and not free):
            raise _wrong("judge.text", name=name, limit=str(MAX_TEXT))
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise _wrong("judge.text", name=name, limit=str(MAX_TEXT))


def _person(judgement: Judgement, result: Result) -> None:
    """Reason, validity, evidence, and who may judge and countersign."""
    if judgement.reason_code not in REASONS:
        raise _wrong("judge.reason_code", value=judgement.reason_code, known=", ".join(REASONS))
    if judgement.valid_until and not _is_day(judgement.valid_until):
        raise _wrong("judge.day", value=judgement.valid_until)
    if judgement.valid_until and judgement.valid_until < judgement.when[:10]:
        raise _wrong("judge.day_past", value=judgement.valid_until)
    team = (result["engagement"] or {}).get("team")
    if team and judgement.who not in team:
        raise _wrong("judge.not_in_team", name=judgement.who, known=", ".join(team))
    if judgement.evidence_id and judgement.evidence_id not in evidence_ids(result):
        raise _wrong("judge.evidence", name=judgement.evidence_id)
    _countersigner(judgement, result)


def _countersigner(judgement: Judgement, result: Result) -> None:
    """Nobody countersigns his own judgement; where the engagement asks for one, there is one."""
    engagement = result["engagement"] or {}
    signer = judgement.countersigner
    if signer and signer == judgement.who:
        raise _wrong("judge.countersigner", name=judgement.who)
    known = [*engagement.get("team", ()), *engagement.get("reviewers", ())]
    if signer and known and signer not in known:
        raise _wrong("judge.countersigner_unknown", name=signer, known=", ".join(known))
    entry = subjects(result)[judgement.rule, judgement.subject]
    softer = judgement.decision in ("accepted", "lowered")
    if softer and not signer and entry["severity"] in engagement.get("countersign", ()):
        raise _wrong("judge.countersign_needed", value=entry["severity"])


def _no_subject(judgement: Judgement, result: Result) -> UsageError:
    """Nothing of that name: the subjects the rule has, or the nearest rule."""
    known = subjects(result)
    own = [subject for rule, subject in known if rule == judgement.rule and subject]
    if own:
        return _wrong("judge.subject", name=judgement.rule, known=", ".join(own[:12]))
    hint = nearest(judgement.rule, {rule for rule, _ in known}, 0.4)
    name = f"{judgement.rule} {judgement.subject}".strip()
    return _wrong("judge.no_subject", name=name, hint=hint)


def _severity(judgement: Judgement, entry: Mapping[str, Any]) -> None:
    """A severity may only be lowered, and only where the rule allows it."""
    softer = judgement.decision in ("accepted", "lowered")
    if softer and not entry.get("waivable", True):
        raise _wrong("judge.not_waivable", name=judgement.rule)
    if judgement.decision == "lowered":
        now = SEVERITIES.index(entry["severity"])
        if judgement.severity not in SEVERITIES[now + 1 :]:
            known = ", ".join(SEVERITIES[now + 1 :]) or "–"
            raise _wrong("judge.severity", value=judgement.severity, known=known)
    elif judgement.severity:
        raise _wrong("judge.severity_unused", value=judgement.severity)


def evidence_ids(result: Result) -> set[str]:
    """Ids of the evidence index that have a file in the dossier."""
    return {name for entry in result["inputs"] for name in entry["evidence_ids"]}


def _evidence_hash(result: Result, evidence_id: str) -> str:
    """Hash of a cited piece of evidence, empty when none is cited."""
    found = [e["sha256"] for e in result["inputs"] if evidence_id in e["evidence_ids"]]
    return " ".join(sorted(found))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _wrong(key: str, **args: str) -> UsageError:
    return UsageError(Problem(key, Anchor("judge"), args, "blocker"))


def states(records: Iterable[Record], result: Result, day: date) -> list[Record]:
    """Ledger lines with what each counts for: of one subject the last one that holds."""
    listed = list(records)
    last: dict[tuple[str, str], int] = {}
    found = []
    for record in listed:
        state = _state(record, result, day)
        if state == IN_FORCE:
            last[record["rule"], record["subject"]] = record["n"]
        found.append({**record, "state": state})
    return [
        {**record, "state": SUPERSEDED}
        if record["state"] == IN_FORCE and last[record["rule"], record["subject"]] != record["n"]
        else record
        for record in found
    ]


def _state(record: Record, result: Result, day: date) -> str:
    now = subject_hash(result, record["rule"], record["subject"])
    if not now:
        return NO_SUBJECT
    if record["valid_until"] and date.fromisoformat(record["valid_until"]) < day:
        return EXPIRED
    same = now == record["subject_sha256"]
    same = same and record["evidence_sha256"] == _evidence_hash(result, record["evidence_id"])
    softer = record["decision"] in ("accepted", "lowered")
    entry = subjects(result)[record["rule"], record["subject"]]
    return IN_FORCE if same and (entry.get("waivable", True) or not softer) else STALE


def applied(entries: Iterable[Record], result: Result) -> dict[str, Any]:
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
