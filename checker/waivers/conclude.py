"""The conclusion a second time, with what people have accepted."""

from collections.abc import Sequence
from dataclasses import dataclass

from checker.dossier.evidence import EvidenceIndex
from checker.packs.book import RuleBook
from checker.requirements.outcome import Outcome
from checker.verdict.conclude import Verdict, conclude
from checker.verdict.rules import Rule
from checker.waivers.apply import APPLIED, Use, check_names, use, with_waivers
from checker.waivers.read import WaiverFile


@dataclass(frozen=True, eq=False)
class Accepted:
    """A file of waivers as it worked on one check; ``verdict`` is the conclusion with them.

    ``ignored``: the caller asked for the result without waivers; they are listed all the same.
    """

    source: WaiverFile
    uses: tuple[Use, ...]
    verdict: Verdict
    ignored: bool


def accept(
    source: WaiverFile,
    book: RuleBook,
    evidence: EvidenceIndex,
    outcomes: Sequence[Outcome],
    rules: Sequence[Rule],
    verdict: Verdict,
    *,
    unread: bool,
    ignored: bool,
) -> Accepted:
    """Judge every waiver, then conclude with those that count; ``verdict`` is the one without."""
    check_names(source.waivers, book)
    uses = tuple(use(waiver, outcomes, evidence, book.as_of) for waiver in source.waivers)
    if any(one.state == APPLIED for one in uses):
        verdict = conclude(rules, verdict.stage, with_waivers(outcomes, uses), unread)
    return Accepted(source, uses, verdict, ignored)
