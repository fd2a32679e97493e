"""Builds the result document from the dossier, the facts, the outcomes and the verdict."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from checker import __version__
from checker.diagnose.declared import Declared, declared_figures
from checker.diagnose.factors import declared_factors
from checker.engagement.read import Engagement
from checker.errors import Problem
from checker.facts.world import FactWorld
from checker.packs.cards import GATES
from checker.packs.compose import Composition
from checker.requirements.outcome import FAIL, NEEDS_JUDGEMENT, NOT_EVALUATED, STATES, Outcome
from checker.result import actions, coverage, declared, facts, findings
from checker.result.contradicting import contradicting
from checker.result.encode import Json, places, reason, typed, working
from checker.result.indicators import indicators, uncertainties
from checker.result.instruments import instruments
from checker.result.misstatements import misstatements
from checker.result.monthly import monthly
from checker.result.origins import Origins
from checker.result.paths import counterfactuals
from checker.result.registers import registers
from checker.result.roots import Roots
from checker.result.series import series
from checker.result.stale_values import stale
from checker.result.waived import tailoring, waived_findings, waivers
from checker.verdict.conclude import READING, Verdict
from checker.verdict.explain import Explanation
from checker.waivers.conclude import Accepted

if TYPE_CHECKING:
    from checker.series.pictures import Pictures

SCHEMA = "zcf-result/1"
GATE_ORDER = (READING, *GATES)


def build(
    world: FactWorld,
    composition: Composition,
    outcomes: list[Outcome],
    verdict: Verdict,
    problems: list[Problem],
    pictures: "Pictures | None" = None,
    accepted: Accepted | None = None,
    engagement: Engagement | None = None,
) -> dict[str, Json]:
    """The whole result, without its ``env`` block; ``problems`` were met while reading.

    ``accepted`` are the waivers, if there are any.
    ``pictures`` are the numbers behind the plots of meter series, if there are any.
    """
    workings = facts.traces(world)
    origins = Origins(workings)
    figures, stated = declared_figures(world), declared_factors(world)
    causes = {item.row.key: item.cause for item in figures if item.cause}
    causes |= {item.row.key: item.cause for item in stated if item.cause}
    found = findings.from_outcomes(world, outcomes, origins, causes)
    found += findings.from_problems(problems)
    listed = findings.number_findings(found, waived_findings(accepted))
    missing = actions.gaps(outcomes)
    judged = indicators(world, outcomes)
    todo = actions.actions(listed, missing, Roots(world.book, figures, workings))
    return {
        "schema": SCHEMA,
        "run": {"tool": "zcf-check", "version": __version__, "as_of": world.as_of.isoformat()},
        "dossier": _header(world),
        "composition": _composition(composition),
        "tailoring": tailoring(composition.tailoring, world.book),
        "conclusion": _conclusion(world, verdict, outcomes, listed),
        "waivers": waivers(accepted, listed),
        "facts": facts.facts(world, workings),
        "indicators": judged,
        **_desk(world, outcomes, figures, judged, engagement),
        "uncertainty": uncertainties(world),
        "comparisons": declared.comparisons(world, figures),
        "declared_factors": declared.factors(world, stated),
        "requirements": _requirements(world, outcomes, verdict, origins),
        "monthly": monthly(world),
        "series": series(pictures),
        "instruments": instruments(world),
        "findings": listed,
        "gaps": missing,
        "judgements": _judgements(outcomes, origins),
        "actions": todo,
        "unblocking": actions.unblocking(todo),
        "coverage": {
            "months": list(world.months),
            "tables": coverage.tables(world.source),
            "unused_files": world.source.evidence.unused,
        },
        "inputs": coverage.inputs(world.source),
        "factors": facts.factors(world),
        "parameters": facts.parameters(world),
        "decisions": facts.decisions(world),
        "stale": stale(world),
    }


def _desk(
    world: FactWorld,
    outcomes: list[Outcome],
    figures: list[Declared],
    judged: list[Json],
    engagement: Engagement | None,
) -> dict[str, Json]:
    """What an auditor weighs: errors added up, statements side by side, ways to pass."""
    return {
        "engagement": engagement.to_json() if engagement else None,
        "misstatements": misstatements(world, figures, judged, engagement),
        "contradictions": contradicting(world, figures),
        "paths": counterfactuals(world, outcomes),
        "registers": registers(world),
    }


def _header(world: FactWorld) -> dict[str, Json]:
    header = world.source.header
    found: dict[str, Json] = {}
    for name, value in sorted(header.values.items()):
        entry = typed(value)
        if entry["type"] != "unknown":
            found[name] = {**entry, "place": header.anchor(name).to_json()}
    return found


def _composition(composition: Composition) -> dict[str, Json]:
    return {
        "packs": [
            {
                "id": pack.head.id,
                "version": pack.head.version,
                "kind": pack.head.kind,
                "title": pack.head.title.to_json(),
                "sha256": pack.sha256,
                "requirements": len(pack.requirements),
            }
            for pack in composition.packs
        ],
        "choices": [
            {"pack": c.pack, "taken": c.taken, "reason": c.reason, "detail": c.detail}
            for c in composition.choices
        ],
    }


def _explained(lines: tuple[Explanation, ...]) -> list[Json]:
    return [
        {"depth": line.depth, "fact": list(line.fact), "state": line.state, "rule": line.rule}
        for line in lines
    ]


def _conclusion(
    world: FactWorld, verdict: Verdict, outcomes: list[Outcome], listed: list[Json]
) -> dict[str, Json]:
    states = dict.fromkeys(STATES, 0)
    subjects = dict.fromkeys(STATES, 0)
    gates: dict[str, dict[str, int]] = {}
    if READING in verdict.gates:
        gates[READING] = {**dict.fromkeys(STATES, 0), NOT_EVALUATED: 1}
    owners = {outcome.requirement.card.id: outcome.requirement.card for outcome in outcomes}
    for name, state in verdict.statuses.items():
        states[state] += 1
        gates.setdefault(owners[name].gate, dict.fromkeys(STATES, 0))[state] += 1
    for outcome in outcomes:
        subjects[outcome.state] += 1
    left = Counter(owners[name].gate for name in world.book.left_out if owners[name].binding)
    severities: dict[str, int] = {}
    for finding in listed:
        severities[finding["severity"]] = severities.get(finding["severity"], 0) + 1
    return {
        "stage": verdict.stage,
        "state": verdict.conclusion,
        "gates": [
            {
                "id": gate,
                "state": verdict.gates.get(gate, "advisory"),
                "counts": counts,
                "left_out": left[gate],
            }
            for gate, counts in sorted(gates.items(), key=lambda item: _gate_rank(item[0]))
        ],
        "requirements": states,
        "outcomes": subjects,
        "severities": severities,
        "why": _explained(verdict.why),
        "why_not": _explained(verdict.why_not),
    }


def _gate_rank(gate: str) -> tuple[int, str]:
    return (GATE_ORDER.index(gate) if gate in GATE_ORDER else len(GATE_ORDER)), gate


def _requirements(
    world: FactWorld, outcomes: list[Outcome], verdict: Verdict, origins: Origins
) -> list[Json]:
    by_card: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_card.setdefault(outcome.requirement.card.id, []).append(outcome)
    found = []
    for requirement in world.book.requirements:
        card = requirement.card
        found.append(
            {
                "id": card.id,
                "pack": card.pack,
                "title": card.title.to_json(),
                "clause": facts.clause(world, card.pack, card.clause),
                "kind": card.kind,
                "modality": card.modality,
                "how": card.mode,
                "gate": card.gate,
                "binding": card.binding,
                "assertion": card.assertion.text if card.assertion else "",
                "where": [{"name": name, "formula": text.text} for name, text in card.where],
                "status": verdict.statuses[card.id],
                "outcomes": [_outcome(outcome, origins) for outcome in by_card[card.id]],
            }
        )
    return found


def _outcome(outcome: Outcome, origins: Origins) -> dict[str, Json]:
    entry: dict[str, Any] = {
        "subject": outcome.subject,
        "state": outcome.state,
        "places": places(origins.of_outcome(outcome), 12),
    }
    if outcome.reasons:
        entry["reasons"] = [reason(item) for item in outcome.reasons]
    if outcome.trace is not None and (outcome.state == FAIL or not outcome.subject):
        entry["working"] = working(outcome.trace)
    return entry


def _about(outcome: Outcome, exempt: bool) -> str:
    """What a person is asked: an exemption, a figure near its limit, or the card's own question."""
    if any(reason.kind == "assumed" for reason in outcome.reasons):
        return "assumed"
    if any(reason.kind == "undetermined" for reason in outcome.reasons):
        return "uncertainty"
    return "exemption" if exempt or not outcome.requirement.card.question else "requirement"


def _judgements(outcomes: list[Outcome], origins: Origins) -> list[Json]:
    found = []
    for outcome in outcomes:
        card = outcome.requirement.card
        if outcome.state == NEEDS_JUDGEMENT:
            exempt = any(reason.kind == "stated" for reason in outcome.reasons)
            found.append(
                {
                    "rule": card.id,
                    "subject": outcome.subject,
                    "title": card.title.to_json(),
                    "about": _about(outcome, exempt),
                    "question": card.question.to_json() if card.question else None,
                    "guidance": card.guidance.to_json() if card.guidance else None,
                    "binding": card.binding,
                    "places": places(origins.of_outcome(outcome), 12),
                }
            )
    return found
