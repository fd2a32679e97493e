"""The whole report: its sections in order, numbered, and lettered appendices."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from checker.report.outline import (
    back,
    basis,
    figures,
    follow_up,
    found,
    front,
    instruments,
    letter,
    meters,
    misstated,
)
from checker.report.outline.blocks import Builder, Outline, Pairs, Section, Source
from checker.report.voice import Voice

NOTHING: Mapping[str, Any] = MappingProxyType({})
SECTIONS: Mapping[str, Builder] = {
    "summary": front.summary,
    "fix_first": front.fix_first,
    "scope": basis.scope,
    "entity": basis.entity,
    "coverage": basis.completeness,
    "recalculation": figures.recalculation,
    "indicators": figures.indicators,
    "instruments": instruments.instruments,
    "series": meters.meters,
    "digital": meters.digital,
    "findings": found.findings,
    "misstatements": misstated.misstatements,
    "judgements": found.judgements,
    "rounds": follow_up.rounds,
    "site": follow_up.site,
    "validity": basis.validity,
    "limits": back.limits,
    "signatures": back.signatures,
}
APPENDICES: Mapping[str, Builder] = {
    "manifest": back.manifest,
    "rules": back.rules,
    "factors": back.factors,
    "environment": back.environment,
}


LETTER: Mapping[str, Builder] = {
    "letter_opening": letter.opening,
    "letter_asked": letter.asked,
    "letter_refused": letter.refused,
    "letter_statements": misstated.contradictions,
    "letter_missing": letter.missing,
    "letter_closing": letter.closing,
}
SITE: Mapping[str, Builder] = {"site": follow_up.site, "signatures": back.signatures}


@dataclass(frozen=True)
class _Plan:
    """A document: its title, its sections and appendices."""

    title: str
    sections: Mapping[str, Builder]
    appendices: Mapping[str, Builder]
    cover: Callable[[Source], Pairs]
    compact: bool = True


_PLANS = {
    "report": _Plan("ui.title", SECTIONS, APPENDICES, front.cover, compact=False),
    "letter": _Plan("letter.title", LETTER, NOTHING, letter.head),
    "site": _Plan("ui.site", SITE, NOTHING, follow_up.head),
}


def numbered(sections: Iterable[str], appendices: Iterable[str]) -> list[tuple[str, str]]:
    """Names of sections with their numbers, of appendices with their letters."""
    found = [(str(number), name) for number, name in enumerate(sections, start=1)]
    return found + [(chr(ord("A") + index), name) for index, name in enumerate(appendices)]


def outline(
    result: Mapping[str, Any],
    lang: str,
    record: Mapping[str, Any] = NOTHING,
    document: str = "report",
) -> Outline:
    """A document in ``zh``, ``en`` or ``both``: the report, the letter or the site checklist.

    ``record`` is what people added to the result.
    """
    source, plan = Source(result, Voice(result, lang), record), _PLANS[document]
    builders = {**plan.sections, **plan.appendices}
    return Outline(
        source.voice.label(plan.title),
        source.voice.label("ui.disclaimer"),
        plan.cover(source),
        result["run"]["id"],
        tuple(
            Section(name, number, source.voice.label(f"ui.{name}"), tuple(builders[name](source)))
            for number, name in numbered(plan.sections, plan.appendices)
        ),
        lang,
        plan.compact,
    )
