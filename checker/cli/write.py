"""Writes a result and its renderings: whole files or none, never inside the dossier."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from checker.errors import Problem, UsageError
from checker.places import Anchor
from checker.report.formats import Job, render


def refuse_inside(dossier: Path, out: Path) -> None:
    """The output folder must not lie inside the dossier (or be it)."""
    inner, outer = out.resolve(), dossier.resolve()
    if outer.is_dir() and (inner == outer or outer in inner.parents):
        raise UsageError(Problem("usage.output_inside", Anchor("--out"), {"path": str(out)}))


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the target and move into place, so that no half file is ever seen."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write_files(job: Job, out: Path, formats: Sequence[str]) -> list[Path]:
    """Write the formats asked for and return their paths; raises ``UsageError`` when it cannot.

    Everything is rendered before anything is written.
    """
    if job.dossier is not None:
        refuse_inside(job.dossier, out)
    return save(out, render(job, formats))


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
