"""Writes a result and its renderings: whole files or none, never inside the dossier."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from checker.cli.outcome import print_problems
from checker.engagement.whole import write_whole
from checker.errors import Problem, UsageError
from checker.places import Anchor
from checker.report.formats import Job, render

ANNOTATED = "annotated"


def refuse_inside(dossier: Path, out: Path) -> None:
    """The output folder must not lie inside the dossier (or be it)."""
    inner, outer = out.resolve(), dossier.resolve()
    if outer.is_dir() and (inner == outer or outer in inner.parents):
        raise UsageError(Problem("usage.output_inside", Anchor("--out"), {"path": str(out)}))


def write_files(job: Job, out: Path, formats: Sequence[str]) -> list[Path]:
    """Write the formats asked for and return their paths; raises ``UsageError`` when it cannot.

    Everything is rendered before anything is written. A copy of the clerk's workbook cannot be made
    where there is none: with other formats asked for as well that is said, and they are written.
    """
    if job.dossier is not None:
        refuse_inside(job.dossier, out)
    try:
        return save(out, render(job, formats))
    except UsageError as error:
        others = [name for name in formats if name != ANNOTATED]
        if error.problems[0].key != "usage.no_workbook" or not others:
            raise
        print_problems(error.problems, job.lang)
        return save(out, render(job, others))


def save(out: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder; raises ``UsageError`` when it cannot."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            write_whole(out / name, content)
    except OSError as error:
        args = {"path": str(out), "detail": error.strerror or str(error)}
        raise UsageError(Problem("usage.cannot_write", Anchor("--out"), args)) from None
    return [out / name for name in files]
