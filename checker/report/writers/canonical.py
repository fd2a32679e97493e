"""The result itself, as canonical JSON."""

from checker.report.formats import Job
from checker.result.encode import dumps


def render(job: Job) -> bytes:
    """``result.json``: the product; every other format only renders it."""
    return dumps(dict(job.result)).encode()
