"""The whole way once: dossier + packs → facts → outcomes → verdict → result."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from checker.dossier.load import Dossier, load_dossier
from checker.engagement.read import read_engagement
from checker.evidence.derive import derive_evidence
from checker.facts.quantities import compute_facts, contradictions
from checker.facts.world import FactWorld
from checker.packs.bind import bind
from checker.packs.book import RuleBook
from checker.packs.compose import choices_on, compose
from checker.packs.tailoring import read_tailoring
from checker.registry.derive import derive_claims
from checker.requirements.evaluate import evaluate_all
from checker.result.build import build
from checker.result.encode import Json, run_id
from checker.result.today import today
from checker.series.files import has_series
from checker.series.limits import limits_of
from checker.verdict.conclude import conclude
from checker.verdict.rules import read_rules
from checker.waivers.conclude import accept
from checker.waivers.read import read_waivers

if TYPE_CHECKING:
    from checker.series.pictures import Pictures


@dataclass(frozen=True, eq=False)
class Options:
    """What a caller may choose: the day, packs by name and folder, tailoring, waivers, engagement.

    ``today``: also say what would differ on that day; ``ignore_waivers``: list them, no more;
    ``instead``: packs of the folders take the place of shipped ones of the same id, ``alone``: of
    all shipped ones.
    """

    as_of: date
    packs: Sequence[str] = ()
    folders: Sequence[Path] = ()
    tailoring: Path | None = None
    waivers: Path | None = None
    engagement: Path | None = None
    ignore_waivers: bool = False
    today: date | None = None
    instead: bool = False
    alone: bool = False


def check(path: Path, options: Options, step: Callable[[str], None] = lambda key: None) -> Json:
    """Check the dossier at ``path`` and return its result document.

    ``step`` is told the message key of each stage as it begins. Raises ``UsageError``,
    ``DossierError``, ``PackError`` or ``EngineFault``; never returns a result in their place.
    """
    tailoring = read_tailoring(options.tailoring) if options.tailoring else None
    waivers = read_waivers(options.waivers) if options.waivers else None
    engagement = read_engagement(options.engagement) if options.engagement else None
    step("step.dossier")
    dossier = load_dossier(path)
    step("step.packs")
    composition = compose(
        dossier.header,
        options.as_of,
        folders=options.folders,
        extra=options.packs,
        tailoring=tailoring,
        instead=options.instead,
        alone=options.alone,
    )
    book = bind(composition)
    rules = read_rules(document for pack in composition.packs for document in pack.verdict)
    step("step.facts")
    pictures = read_series(dossier, book)
    derive_claims(dossier)
    derive_evidence(dossier)
    world = FactWorld(dossier, book)
    compute_facts(world)
    step("step.requirements")
    outcomes = evaluate_all(world)
    step("step.verdict")
    problems = [*dossier.problems, *contradictions(world)]
    unread = any(problem.severity in ("blocker", "major") for problem in problems)
    verdict = conclude(rules, str(dossier.header.read("stage")), outcomes, unread)
    accepted = None
    if waivers is not None:
        accepted = accept(
            waivers,
            book,
            dossier.evidence,
            outcomes,
            rules,
            verdict,
            unread=unread,
            ignored=options.ignore_waivers,
        )
    step("step.result")
    result = build(world, composition, outcomes, verdict, problems, pictures, accepted, engagement)
    result["run"]["id"] = run_id(result)
    result["env"] = environment(verdict.engine)
    if options.today is not None and options.today != options.as_of:
        now = choices_on(
            dossier.header,
            options.today,
            folders=options.folders,
            extra=options.packs,
            instead=options.instead,
        )
        result["env"]["today"] = today(world, composition.choices, now, outcomes, options.today)
    return result


def read_series(dossier: Dossier, book: RuleBook) -> "Pictures | None":
    """Derived tables from the meter series, if there are any; what reads them is imported then."""
    if not has_series(dossier):
        return None
    from checker.series.derive import derive  # noqa: PLC0415  (numpy, polars)

    return derive(dossier, limits_of(book))


def environment(engine: str) -> dict[str, Json]:
    """The one block that may differ between machines."""
    return {
        "engine": engine,
        "python": sys.version.split()[0],
        "platform": sys.platform,
    }
