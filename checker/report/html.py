"""One-file HTML report: Jinja in a sandbox, everything escaped, no external request."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

from checker.packs.cards import SEVERITIES
from checker.report import charts
from checker.report.environment import environment
from checker.report.links import href
from checker.report.messages import LANGUAGES
from checker.report.numbers import show_number, show_quantity
from checker.report.outline.basis import engagement
from checker.report.outline.blocks import Block, Paragraph, Source
from checker.report.outline.figures import levers
from checker.report.outline.found import number_before, told_of
from checker.report.outline.instruments import AFTER, LEDGER
from checker.report.outline.parts import field, techniques
from checker.report.outline.report import APPENDICES, NOTHING, SECTIONS, numbered
from checker.report.series_charts import series_charts
from checker.report.voice import Voice
from checker.report.words import Words
from checker.report.writers.inert import TURNING
from checker.requirements.outcome import STATES
from checker.resources import templates_dir


class _Speaker:
    """Renders in one language, or in both with the English set apart."""

    def __init__(self, result: Mapping[str, Any], lang: str, base: str = "") -> None:
        self.base = base
        self.files = frozenset(entry["path"] for entry in result["inputs"])
        self.words = [Words(result, one) for one in (LANGUAGES if lang == "both" else (lang,))]
        self.labels: dict[str, Markup] = {}

    def say(self, render: Callable[[Words], str]) -> Markup:
        """Text of every language, the second one marked for the style sheet."""
        texts = list(dict.fromkeys(render(words) for words in self.words))
        shown = escape(texts[0])
        for text in texts[1:]:
            shown += Markup(' <span class="en" lang="en">{}</span>').format(text)
        return shown

    def plain(self, texts: Mapping[str, str]) -> str:
        """A bilingual text on one line without markup, for charts."""
        return " / ".join(dict.fromkeys(words.both(texts) for words in self.words))

    def label(self, key: str, /, **args: Any) -> Markup:
        """A label; those without arguments are looked up once."""
        if args:
            return self.say(lambda words: words.label(key, **args))
        if key not in self.labels:
            self.labels[key] = self.say(lambda words: words.label(key))
        return self.labels[key]

    def place(self, place: Mapping[str, Any]) -> Markup:
        """A place, linked to its file where the way is known."""
        text, address = self.say(lambda w: w.place(place)), href(self.base, place, self.files)
        return Markup('<a class="file" href="{}">{}</a>').format(address, text) if address else text

    def functions(self) -> dict[str, Callable[..., str]]:
        """Functions of the templates: ``t`` for labels, others for parts of the result."""
        return {
            "t": self.label,
            "plain": self.plain,
            "both": lambda texts: self.say(lambda w: w.both(texts)),
            "typed": lambda value: self.say(lambda w: w.typed(value)),
            "place": self.place,
            "message": lambda finding: self.say(lambda w: w.message(finding)),
            "document": lambda clause: self.say(lambda w: w.document(clause)),
            "reasoned": lambda fact: self.say(lambda w: w.reasoned(fact)),
            "cause": lambda gap: self.say(lambda w: w.cause(gap)),
            "reason": lambda reason: self.say(lambda w: w.reason(reason)),
            "likely": lambda cause: self.say(lambda w: w.likely(cause)),
            "action": lambda action: self.say(lambda w: w.action(action)),
            "value": lambda fact: self.say(lambda w: show_quantity(fact["value"], fact["unit"])),
            "name": lambda code: self.say(lambda w: w.name_of(code)),
            "coded": lambda column, code: self.say(lambda w: w.coded(column, code)),
        }


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
    jinja = environment()
    speaker = _Speaker(result, lang, base)
    jinja.globals.update(speaker.functions())
    jinja.filters["percent"] = lambda text: show_quantity(text, "%")
    jinja.filters["round_number"] = lambda text: show_number(text, "kWh/kWp")
    responses = record.get("responses", {})
    source = Source(result, Voice(result, lang), record)
    style = (folder / "report.css").read_text(encoding="utf-8")
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
        owners_of=lambda action: _owners(result, responses, action),
        ledger=LEDGER,
        after=AFTER,
        states=STATES,
        severities=SEVERITIES,
        contents=numbered(SECTIONS, APPENDICES),
        fields={name: field(source, name) for name in ("summary", "findings")},
        kind_of=lambda block: type(block).__name__,
    )
    return TURNING.sub(lambda match: f"[U+{ord(match.group()):04X}]", page)


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


def _owners(
    result: Mapping[str, Any], responses: Mapping[str, Any], action: Mapping[str, Any]
) -> str:
    """Who was named for the findings of an action."""
    marks = [f["fingerprint"] for f in result["findings"] if f["id"] in action["findings"]]
    return ", ".join(sorted({o for m in marks if (o := responses.get(m, {}).get("owner"))}))


def _workings(result: Mapping[str, Any]) -> dict[str, Any]:
    """Workings of outcomes by rule and subject, for the findings that rest on them."""
    return {
        f"{requirement['id']}|{outcome['subject']}": outcome["working"]
        for requirement in result["requirements"]
        for outcome in requirement["outcomes"]
        if "working" in outcome
    }
