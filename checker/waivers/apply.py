"""What waivers do to the outcomes of one check, on one day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from checker.dossier.evidence import EvidenceIndex
from checker.errors import Arg, PackError, Problem
from checker.lang.values import Reason
from checker.nearest import nearest
from checker.packs.book import RuleBook
from checker.requirements.outcome import FAIL, NOT_APPLICABLE, NOT_EVALUATED, Outcome
from checker.waivers.read import Waiver

SOON = timedelta(days=30)
APPLIED = "applied"
STATES = (
    APPLIED,
    "expired",
    "not_yet",
    "refused",
    "no_evidence",
    "not_evaluated",
    "unneeded",
    "unused",
)
"""Only ``applied`` has an effect; each of the others says why there is none."""


@dataclass(frozen=True, eq=False)
class Use:
    """What became of a waiver: its state, the subjects it covers, whether it expires soon."""

    waiver: Waiver
    state: str
    subjects: tuple[str, ...]
    soon: bool


def check_names(waivers: Iterable[Waiver], book: RuleBook) -> None:
    """Raise ``PackError`` for waivers of cards that no pack in force has."""
    known = [requirement.card.id for requirement in book.requirements]
    problems = []
    for waiver in waivers:
        if waiver.card not in known:
            args: dict[str, Arg] = {"name": waiver.card, "hint": nearest(waiver.card, known)}
            problems.append(Problem("waiver.unknown_card", waiver.anchor, args, "blocker"))
    if problems:
        raise PackError(problems)


def use(waiver: Waiver, outcomes: Sequence[Outcome], evidence: EvidenceIndex, day: date) -> Use:
    """The one place that decides whether a waiver counts."""
    own = [o for o in outcomes if o.requirement.card.id == waiver.card]
    if waiver.subject:
        own = [outcome for outcome in own if outcome.subject == waiver.subject]
    failed = tuple(outcome.subject for outcome in own if outcome.state == FAIL)
    soon = waiver.in_force(day) and waiver.expires_on - day <= SOON
    return Use(waiver, _state(waiver, own, failed, evidence, day), failed, soon)


def _state(
    waiver: Waiver,
    own: Sequence[Outcome],
    failed: tuple[str, ...],
    evidence: EvidenceIndex,
    day: date,
) -> str:
    if not waiver.in_force(day):
        return "expired" if day > waiver.expires_on else "not_yet"
    if not own:
        return "unused"
    if not failed:
        states = {outcome.state for outcome in own}
        if NOT_EVALUATED in states:
            return "not_evaluated"
        return "unused" if states == {NOT_APPLICABLE} else "unneeded"
    if not own[0].requirement.card.waivable:
        return "refused"
    entry = evidence.entries.get(waiver.evidence)
    return APPLIED if entry is not None and entry.state == "ok" else "no_evidence"


def with_waivers(outcomes: Sequence[Outcome], uses: Iterable[Use]) -> list[Outcome]:
    """The outcomes as if what is waived did not apply; the machine's own are left as they are."""
    waived = {
        (one.waiver.card, subject): one.waiver
        for one in uses
        if one.state == APPLIED
        for subject in one.subjects
    }
    found = []
    for outcome in outcomes:
        waiver = waived.get((outcome.requirement.card.id, outcome.subject))
        if waiver is not None and outcome.state == FAIL:
            reason = Reason("waived", f"{waiver.id}: {waiver.reason}", waiver.anchor)
            found.append(replace(outcome, state=NOT_APPLICABLE, reasons=(reason,)))
        else:
            found.append(outcome)
    return found
