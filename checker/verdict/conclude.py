"""From outcomes to the conclusion: facts for the verdict rules, both evaluators, the answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checker.errors import EngineFault
from checker.requirements.outcome import NOT_EVALUATED, Outcome
from checker.verdict import durable
from checker.verdict.explain import Explanation, why, why_not
from checker.verdict.reference import derive
from checker.verdict.rules import Derivation, Fact, Rule

CONCLUSIONS = ("objections", "incomplete", "judgement", "no_objections")
"""From worst to best; none of them says certified."""

READING = "reading"
"""Gate of what was submitted but could not be read."""


@dataclass(frozen=True, eq=False)
class Verdict:
    """Status per requirement, state per gate, and the conclusion with its explanation.

    ``engine`` is ``durable_rules`` when both evaluators ran and agreed, else ``reference``.
    """

    stage: str
    conclusion: str
    statuses: dict[str, str]
    gates: dict[str, str]
    why: tuple[Explanation, ...]
    why_not: tuple[Explanation, ...]
    engine: str


def verdict_facts(stage: str, outcomes: Iterable[Outcome], unread: bool = False) -> set[Fact]:
    """The few symbols the verdict needs: outcomes, and the gates of what counts.

    ``unread``: something submitted could not be read, or contradicts itself (a row twice); that
    alone leaves the check incomplete.
    """
    facts: set[Fact] = {("stage", stage)}
    if unread:
        facts |= {("isgate", READING), ("counts", READING, READING)}
        facts.add(("outcome", READING, NOT_EVALUATED))
    for outcome in outcomes:
        card = outcome.requirement.card
        facts.add(("outcome", card.id, outcome.state))
        if card.binding:
            facts |= {("isgate", card.gate), ("counts", card.gate, card.id)}
    return facts


def decide(rules: Sequence[Rule], facts: set[Fact]) -> tuple[Derivation, str]:
    """Derive with both evaluators; any difference is a fault, never a verdict."""
    expected = derive(rules, facts)
    if not durable.available():
        return expected, "reference"
    found = durable.DurableEngine(rules).derive(facts)
    if found.supports != expected.supports:
        differing = sorted(set(found.supports) ^ set(expected.supports))[:5]
        raise EngineFault(f"the evaluators disagree: {differing or 'supports'}")
    return found, "durable_rules"


def conclude(
    rules: Sequence[Rule], stage: str, outcomes: Sequence[Outcome], unread: bool = False
) -> Verdict:
    """The verdict on a dossier at a stage; raises ``EngineFault`` rather than guess."""
    derivation, engine = decide(rules, verdict_facts(stage, outcomes, unread))
    statuses = {fact[1]: fact[2] for fact in derivation.of_kind("status")}
    expected = {outcome.requirement.card.id for outcome in outcomes}
    if unread:
        expected.add(READING)
    if set(statuses) != expected or len(derivation.of_kind("status")) != len(expected):
        missing = sorted(set(statuses) ^ expected)[:5]
        raise EngineFault(f"requirements without exactly one status: {missing}")
    found = [fact for fact in derivation.of_kind("conclusion") if fact[1] == stage]
    if len(found) != 1 or found[0][2] not in CONCLUSIONS:
        raise EngineFault(f"no single conclusion: {found}")
    best: Fact = ("conclusion", stage, CONCLUSIONS[-1])
    against = () if found[0] == best else tuple(why_not(rules, derivation, best))
    statuses.pop(READING, None)
    return Verdict(
        stage,
        found[0][2],
        statuses,
        {fact[1]: fact[2] for fact in derivation.of_kind("gate")},
        tuple(why(derivation, found[0])),
        against,
        engine,
    )
