"""One-file HTML report: Jinja in a sandbox, everything escaped, no external request."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from checker.packs.cards import SEVERITIES
from checker.report import charts
from checker.report.outline.basis import engagement
from checker.report.outline.blocks import Block, Paragraph, Source
from checker.report.outline.figures import levers
from checker.report.outline.found import number_before, told_of
from checker.report.outline.instruments import AFTER, LEDGER
from checker.report.outline.parts import field, techniques
from checker.report.outline.report import APPENDICES, NOTHING, SECTIONS, numbered
from checker.report.series_charts import series_charts
from checker.report.speaker import speaking
from checker.report.voice import Voice
from checker.report.writers.inert import TURNING
from checker.requirements.outcome import STATES
from checker.resources import templates_dir


def policy_hash(text: str) -> str:
    """A script or style sheet as a content security policy names it."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def render_html(
    result: Mapping[str, Any], lang: str, record: Mapping[str, Any] = NOTHING, base: str = ""
) -> str:
    """The report in ``zh``, ``en`` or ``both``; the same arguments give the same bytes.

    ``base`` leads from the report to the files of the dossier, which places then link to.
    """
    folder = templates_dir()
    jinja = speaking(result, lang, base)
    responses = record.get("responses", {})
    named = {f["id"]: responses.get(f["fingerprint"], {}).get("owner") for f in result["findings"]}
    source = Source(result, Voice(result, lang), record)
    style = "".join((folder / name).read_text(encoding="utf-8") for name in STYLES)
    script = (folder / "report.js").read_text(encoding="utf-8")
    template = jinja.get_template("report.html.j2")
    page = template.render(
        r=result,
        lang=lang,
        style=Markup(style),
        script=Markup(script),
        style_hash=Markup(policy_hash(style)),
        script_hash=Markup(policy_hash(script)),
        emissions=charts.emissions(result),
        shares=charts.shares(result),
        workings=_workings(result),
        charts=series_charts(result["series"]),
        monthly=charts.monthly_energy(result),
        parts=_parts(source),
        told=lambda finding: [*number_before(source, finding), *told_of(source, finding)],
        responses=responses,
        owners=sorted({entry["owner"] for entry in responses.values() if entry["owner"]}),
        owners_of=lambda action: ", ".join(
            sorted({named[name] for name in action["findings"] if named.get(name)})
        ),
        ledger=LEDGER,
        after=AFTER,
        states=STATES,
        severities=SEVERITIES,
        contents=numbered(SECTIONS, APPENDICES),
        fields={name: field(source, name) for name in ("summary", "findings")},
        kind_of=lambda block: type(block).__name__,
    )
    return TURNING.sub(lambda match: f"[U+{ord(match.group()):04X}]", page)


STYLES = ("report.css", "chart.css")
FROM_BLOCKS = (
    "entity", "digital", "misstatements", "judgements", "rounds", "site", "limits", "signatures",
)  # fmt: skip
"""Sections that are the same in every format."""


def _parts(source: Source) -> dict[str, list[Block]]:
    """Sections made of blocks, and the pieces of others that are."""
    return {
        **{name: SECTIONS[name](source) for name in FROM_BLOCKS},
        "paths": levers(source),
        "engagement": engagement(source),
        "techniques": [Paragraph(techniques(source), "soft")],
    }


def _workings(result: Mapping[str, Any]) -> dict[str, Any]:
    """Workings of outcomes by rule and subject, for the findings that rest on them."""
    return {
        f"{requirement['id']}|{outcome['subject']}": outcome["working"]
        for requirement in result["requirements"]
        for outcome in requirement["outcomes"]
        if "working" in outcome
    }
