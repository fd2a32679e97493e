"""Findings: failed requirements and problems met while reading, with places and fingerprints."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from checker.diagnose.causes import Cause
from checker.errors import Problem
from checker.facts.world import FactWorld
from checker.lang.units import Unit
from checker.packs.cards import SEVERITIES
from checker.requirements.outcome import FAIL, Outcome
from checker.result.declared import cause
from checker.result.encode import Json, places, typed
from checker.result.facts import clause
from checker.result.origins import Origins

_KIND = {
    "evidence": "evidence_gap",
    "nil": "nonconformity",
    "cell.blank": "evidence_gap",
    "column.missing": "evidence_gap",
    "header.required": "evidence_gap",
}
_FAILED = {"recommendation": "requirement.recommended", "information": "requirement.noted"}
_FILL = ("cell.blank", "column.missing", "header.required", "evidence.missing", "evidence.empty")


def fingerprint(rule: str, subject: str) -> str:
    """Identity of a finding across runs: rule and subject, no row number, no value."""
    return hashlib.sha256(f"{rule}\0{subject}".encode()).hexdigest()[:16]


def order(finding: dict[str, Json]) -> tuple[int, str, str]:
    """Findings by severity, rule and subject."""
    return SEVERITIES.index(finding["severity"]), finding["rule"], finding["subject"]


def from_outcomes(
    world: FactWorld, outcomes: Iterable[Outcome], origins: Origins, causes: Mapping[str, Cause]
) -> list[Json]:
    """One finding for every failed requirement and subject.

    ``causes`` holds likely causes by the row they were found for.
    """
    found = []
    for outcome in outcomes:
        if outcome.state != FAIL:
            continue
        card = outcome.requirement.card
        found.append(
            {
                "rule": card.id,
                "subject": outcome.subject,
                "fingerprint": fingerprint(card.id, outcome.subject),
                "kind": card.finding,
                "card_kind": card.kind,
                "severity": card.severity,
                "gate": card.gate,
                "title": card.title.to_json(),
                "message": {
                    "key": _FAILED.get(card.kind, "requirement.failed"),
                    "template": card.message.to_json() if card.message else None,
                    "args": {name: _argument(*shown) for name, shown in outcome.shown},
                },
                "remedy": card.remedy.to_json() if card.remedy else None,
                "effort": card.effort,
                "waivable": card.waivable,
                "clause": clause(world, card.pack, card.clause),
                "places": places(origins.of_outcome(outcome)),
                "likely_cause": cause(world, _likely(outcome, causes)),
            }
        )
    return found


def _argument(value: Any, unit: Unit | None, column: str) -> Json:
    """A message argument; the code of a closed list keeps its column."""
    entry = typed(value, unit)
    return {**entry, "column": column} if column and entry["type"] == "text" else entry


def _likely(outcome: Outcome, causes: Mapping[str, Cause]) -> Cause | None:
    """What may explain a misstatement in a row; None when nothing is known."""
    misstated = outcome.requirement.card.finding == "misstatement"
    return causes.get(outcome.subject) if misstated else None


def _group(problem: Problem) -> tuple[str, str]:
    """Problems of one key in one table and column are one finding with many places."""
    parts = [str(problem.args[name]) for name in ("table", "code", "name") if name in problem.args]
    if problem.key.startswith(("header", "file", "evidence", "csv", "workbook", "sheet", "nil")):
        parts = [json.dumps(dict(problem.args), sort_keys=True, ensure_ascii=False)]
    return problem.key, "/".join([problem.anchor.file, problem.anchor.sheet, *parts])


def from_problems(problems: Iterable[Problem]) -> list[Json]:
    """Findings for what was wrong with the submission itself."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault(_group(problem), []).append(problem)
    found = []
    for (key, subject), members in groups.items():
        first = members[0]
        worst = min((p.severity for p in members), key=SEVERITIES.index)
        kind = _KIND.get(key) or _KIND.get(key.split(".")[0], "format")
        args = {name: typed(_joined(name, members)) for name in first.args}
        args["count"] = {"type": "count", "value": len(members)}
        found.append(
            {
                "rule": f"READ-{key}",
                "subject": subject,
                "fingerprint": fingerprint(key, subject),
                "kind": kind,
                "card_kind": "integrity",
                "severity": worst,
                "gate": "reading",
                "title": None,
                "message": {"key": key, "template": None, "args": args},
                "remedy": None,
                "effort": "fill" if key in _FILL else "recalculate",
                "waivable": True,
                "clause": None,
                "places": places(tuple(p.anchor for p in members)),
                "likely_cause": None,
            }
        )
    return found


def _joined(name: str, members: list[Problem]) -> str:
    """The argument of a group: up to three different texts."""
    texts = list(dict.fromkeys(str(member.args.get(name, "")) for member in members))
    return "、".join(texts[:3]) + ("…" if len(texts) > 3 else "")


def number_findings(
    findings: list[Json], waived: Mapping[tuple[str, str], str] = MappingProxyType({})
) -> list[Json]:
    """Findings in order, with running numbers, and the waiver that covers each, if any."""
    ordered = sorted(findings, key=order)
    return [
        {
            "id": f"F{index:03d}",
            **finding,
            "waived_by": waived.get((finding["rule"], finding["subject"]), ""),
        }
        for index, finding in enumerate(ordered, start=1)
    ]
