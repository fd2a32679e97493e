"""The checklist for the visit as one HTML file: to print, or to fill in on a phone, offline."""

from markupsafe import Markup

from checker.report.environment import environment
from checker.report.formats import Job
from checker.report.html import policy_hash
from checker.report.outline.blocks import Source
from checker.report.outline.follow_up import site_text
from checker.report.site import site_items
from checker.report.voice import Voice, joined
from checker.report.writers.inert import visible
from checker.resources import templates_dir


def render(job: Job) -> bytes:
    """``site.html``; answers are kept on the phone and exported as ``site.json``."""
    source = Source(job.result, Voice(job.result, job.lang), job.record)
    voice, folder = source.voice, templates_dir() / "site"
    style = (folder / "site.css").read_text(encoding="utf-8")
    script = (folder / "site.js").read_text(encoding="utf-8")
    page = (
        environment()
        .get_template("site/site.html.j2")
        .render(
            r=job.result,
            lang=job.lang,
            items=site_items(job.result),
            style=Markup(style),
            script=Markup(script),
            style_hash=Markup(policy_hash(style)),
            script_hash=Markup(policy_hash(script)),
            t=lambda key, **args: joined(voice.label(key, **args)),
            text=lambda item: joined(site_text(source, item)),
            place=lambda place: voice.place(place)[0],
        )
    )
    return visible(page, len(page)).encode()
