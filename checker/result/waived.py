"""Waivers and tailoring in the result: what they changed, and the conclusion with and without."""

from collections.abc import Iterable, Mapping
from typing import Any

from checker.packs.book import RuleBook
from checker.packs.tailoring import Tailoring
from checker.result.encode import Json
from checker.waivers.apply import APPLIED, Use
from checker.waivers.conclude import Accepted


def tailoring(source: Tailoring | None, book: RuleBook) -> dict[str, Json]:
    """The tailoring file by hash, and every change that packs and file made."""
    head: Any = None
    if source is not None:
        head = {
            "file": source.file,
            "sha256": source.sha256,
            "title": source.title,
            "author": source.author,
            "made_on": source.made_on,
        }
    return {
        "file": head,
        "changes": [
            {
                "by": change.owner,
                "target": change.target,
                "key": change.key,
                "before": change.before,
                "after": change.after,
                "reason": change.reason,
                "place": change.anchor.to_json(),
            }
            for change in book.amended
        ],
    }


def waivers(accepted: Accepted | None, findings: Iterable[Mapping[str, Any]]) -> Json:
    """Every waiver with what became of it, and the conclusion with those that count."""
    if accepted is None:
        return None
    waived = _covered(accepted)
    severities: dict[str, int] = {}
    for finding in findings:
        if (finding["rule"], finding["subject"]) not in waived:
            severities[finding["severity"]] = severities.get(finding["severity"], 0) + 1
    return {
        "file": accepted.source.file,
        "sha256": accepted.source.sha256,
        "ignored": accepted.ignored,
        "waivers": [
            {
                "id": one.waiver.id,
                "rule": one.waiver.card,
                "subject": one.waiver.subject,
                "reason": one.waiver.reason,
                "approver": one.waiver.approver,
                "evidence": one.waiver.evidence,
                "granted_on": one.waiver.granted_on.isoformat(),
                "expires_on": one.waiver.expires_on.isoformat(),
                "state": _state(one, ignored=accepted.ignored),
                "subjects": list(one.subjects) if one.state == APPLIED else [],
                "soon": one.soon,
                "place": one.waiver.anchor.to_json(),
            }
            for one in accepted.uses
        ],
        "conclusion": {
            "state": accepted.verdict.conclusion,
            "gates": dict(sorted(accepted.verdict.gates.items())),
            "severities": severities,
        },
    }


def _state(one: Use, *, ignored: bool) -> str:
    """What became of a waiver; one that would count is ignored when the caller asks for that."""
    return "ignored" if ignored and one.state == APPLIED else one.state


def waived_findings(accepted: Accepted | None) -> dict[tuple[str, str], str]:
    """Rule and subject of findings that a waiver covers, with its id."""
    return _covered(accepted) if accepted is not None and not accepted.ignored else {}


def _covered(accepted: Accepted) -> dict[tuple[str, str], str]:
    return {
        (one.waiver.card, subject): one.waiver.id
        for one in accepted.uses
        if one.state == APPLIED
        for subject in one.subjects
    }
