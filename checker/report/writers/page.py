"""The HTML report as bytes."""

from checker.report.formats import Job
from checker.report.html import render_html


def render(job: Job) -> bytes:
    """One file with everything in it."""
    return render_html(job.result, job.lang, job.record, job.base).encode()
