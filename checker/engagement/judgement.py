"""Judgements of people: what they say, and what may be said by whom.

The machine's result is never changed. A judgement answers a question (NEEDS_JUDGEMENT) or speaks of
a finding; it may lower the severity that counts, unless the rule says it cannot be waived.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from checker.engagement.subjects import Subjects
from checker.errors import Problem, UsageError
from checker.nearest import nearest
from checker.packs.cards import SEVERITIES
from checker.places import Anchor

ANSWERS = ("holds", "holds_not")
VIEWS = ("accepted", "lowered", "confirmed")
SOFTER = ("accepted", "lowered")
REASONS = (
    "evidence_seen", "seen_on_site", "explanation", "immaterial", "agreed_with_scheme",
    "corrected_elsewhere", "other",
)  # fmt: skip
MAX_TEXT = 4_000
"""Characters of one entry of a judgement."""
Objection: TypeAlias = tuple[str, dict[str, str]]
"""Key and arguments of the message that says why something cannot be judged like that."""


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

    @property
    def key(self) -> tuple[str, str]:
        """Rule and subject."""
        return self.rule, self.subject


FIELDS = tuple(Judgement.__dataclass_fields__)
ADDED = ("fingerprint", "evidence_sha256", "subject_sha256", "run")
"""What a line of the ledger holds besides, to tell later whether it still speaks of the same."""


def record_of(judgement: Judgement, subjects: Subjects) -> dict[str, Any]:
    """The body of a ledger line; raises ``UsageError`` for what cannot be judged like that."""
    for key, args in objections(judgement, subjects):
        raise UsageError(Problem(key, Anchor("judge"), dict(args), "blocker"))
    return {
        **{name: getattr(judgement, name) for name in FIELDS},
        "fingerprint": subjects.entries[judgement.key].get("fingerprint", ""),
        "evidence_sha256": subjects.evidence_hash(judgement.evidence_id),
        "subject_sha256": subjects.hash(judgement.key),
        "run": subjects.result["run"]["id"],
    }


def objections(judgement: Judgement, subjects: Subjects) -> Iterator[Objection]:
    """Why a judgement does not stand: asked when it is made, and of every line that is read."""
    entry = subjects.entries.get(judgement.key)
    if entry is None:
        yield _no_subject(judgement, subjects)
        return
    allowed = ANSWERS if "question" in entry else VIEWS
    if judgement.decision not in allowed:
        yield "judge.decision", {"value": judgement.decision, "known": ", ".join(allowed)}
    yield from _texts(judgement)
    yield from _reasons(judgement, subjects)
    yield from _people(judgement, entry, subjects.result["engagement"] or {})
    yield from _severity(judgement, entry)


def _texts(judgement: Judgement) -> Iterator[Objection]:
    """What has to be said is said, in texts that show what they hold."""
    for name in ("reason", "who", "role", "organisation"):
        if not getattr(judgement, name).strip():
            yield "judge.blank", {"name": name}
    for name in FIELDS:
        text = getattr(judgement, name)
        free = name in ("reason", "rule", "subject")  # the last two name what the result names
        odd = any("\ud800" <= char <= "\udfff" for char in text)
        if odd or len(text) > MAX_TEXT or (not text.isprintable() and not free):
            yield "judge.text", {"name": name, "limit": str(MAX_TEXT)}


def _reasons(judgement: Judgement, subjects: Subjects) -> Iterator[Objection]:
    """Kind of reason, evidence, validity."""
    if judgement.reason_code not in REASONS:
        yield "judge.reason_code", {"value": judgement.reason_code, "known": ", ".join(REASONS)}
    if judgement.reason_code == "evidence_seen" and not judgement.evidence_id:
        yield "judge.evidence_needed", {}
    if judgement.evidence_id and judgement.evidence_id not in subjects.evidence:
        yield "judge.evidence", {"name": judgement.evidence_id}
    if judgement.valid_until and not is_day(judgement.valid_until):
        yield "judge.day", {"value": judgement.valid_until}
    elif judgement.valid_until and judgement.valid_until < judgement.when[:10]:
        yield "judge.day_past", {"value": judgement.valid_until}


def _people(
    judgement: Judgement, entry: Mapping[str, Any], engagement: Mapping[str, Any]
) -> Iterator[Objection]:
    """Who may judge and countersign; where the engagement asks for two, there are two."""
    team, signer = engagement.get("team", ()), judgement.countersigner
    known = [*team, *engagement.get("reviewers", ())]
    if team and judgement.who not in team:
        yield "judge.not_in_team", {"name": judgement.who, "known": ", ".join(team)}
    if signer and signer == judgement.who:
        yield "judge.countersigner", {"name": judgement.who}
    elif signer and known and signer not in known:
        yield "judge.countersigner_unknown", {"name": signer, "known": ", ".join(known)}
    needed = (
        entry["severity"] in engagement.get("countersign", ()) if "severity" in entry else False
    )
    if judgement.decision in SOFTER and not signer and needed:
        yield "judge.countersign_needed", {"severity": entry["severity"]}


def _severity(judgement: Judgement, entry: Mapping[str, Any]) -> Iterator[Objection]:
    """A severity may only be lowered, and only where the rule allows it."""
    if judgement.decision in SOFTER and not entry.get("waivable", True):
        yield "judge.not_waivable", {"name": judgement.rule}
    if judgement.decision == "lowered" and "severity" in entry:
        known = SEVERITIES[SEVERITIES.index(entry["severity"]) + 1 :]
        if judgement.severity not in known:
            args = {"value": judgement.severity or "–", "known": ", ".join(known) or "–"}
            yield "judge.severity", args
    elif judgement.severity:
        yield "judge.severity_unused", {"value": judgement.severity}


def _no_subject(judgement: Judgement, subjects: Subjects) -> Objection:
    """Nothing of that name: the subjects the rule has, or the nearest rule."""
    own = [subject for rule, subject in subjects.entries if rule == judgement.rule and subject]
    if own:
        return "judge.subject", {"name": judgement.rule, "known": ", ".join(own[:12])}
    hint = nearest(judgement.rule, {rule for rule, _ in subjects.entries}, 0.4)
    name = f"{judgement.rule} {judgement.subject}".strip()
    return "judge.no_subject", {"name": name, "hint": hint}


def is_day(text: str) -> bool:
    """True for a day written as 2026-12-31."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
