"""The whole report: its sections in order, numbered, and lettered appendices."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from checker.report.outline import back, basis, figures, found, front, instruments, meters
from checker.report.outline.blocks import Builder, Outline, Section, Source
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
    "misstatements": found.misstatements,
    "judgements": found.judgements,
    "rounds": found.rounds,
    "site": found.site,
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


def outline(result: Mapping[str, Any], lang: str, record: Mapping[str, Any] = NOTHING) -> Outline:
    """The report in ``zh``, ``en`` or ``both``; ``record`` is what people added to the result."""
    source = Source(result, Voice(result, lang), record)
    numbered = [(str(number), name) for number, name in enumerate(SECTIONS, start=1)]
    numbered += [(chr(ord("A") + index), name) for index, name in enumerate(APPENDICES)]
    builders = {**SECTIONS, **APPENDICES}
    return Outline(
        source.voice.label("ui.title"),
        source.voice.label("ui.disclaimer"),
        front.cover(source),
        result["run"]["id"],
        tuple(
            Section(name, number, source.voice.label(f"ui.{name}"), tuple(builders[name](source)))
            for number, name in numbered
        ),
        lang,
    )
