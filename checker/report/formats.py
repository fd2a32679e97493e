"""The formats of a report: their files and writers, each imported when it is asked for."""

import importlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checker.errors import Problem, UsageError
from checker.places import Anchor

FORMATS: Mapping[str, tuple[str, str]] = {
    "html": ("report.html", "page"),
    "json": ("result.json", "canonical"),
    "pdf": ("report.pdf", "pdf"),
    "docx": ("report.docx", "word"),
    "md": ("report.md", "markdown"),
    "xlsx": ("findings.xlsx", "findings_book"),
    "annotated": ("annotated.xlsx", "annotated"),
    "sarif": ("findings.sarif", "sarif"),
    "junit": ("junit.xml", "junit"),
    "oscal": ("oscal.json", "oscal"),
}
"""Name of a format: file it is written to, module under ``checker.report.writers``."""


@dataclass(frozen=True)
class Job:
    """What a writer is given: the result, what people recorded, the language, the dossier.

    ``document`` is the report, the letter or the site checklist.

    ``dossier`` is None when only a result is at hand; ``before`` is the result of an earlier run;
    ``base`` leads from the report to the files of the dossier, empty when nothing does.
    """

    result: Mapping[str, Any]
    lang: str
    record: Mapping[str, Any] = field(default_factory=dict)
    dossier: Path | None = None
    before: Mapping[str, Any] | None = None
    document: str = "report"
    base: str = ""


def read_formats(text: str, known: Collection[str] = FORMATS) -> list[str]:
    """The formats asked for, in the order given; raises ``UsageError`` for an unknown one."""
    wanted = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [part for part in wanted if part not in known]
    if unknown or not wanted:
        args = {"name": ", ".join(unknown) or "–", "known": ", ".join(known)}
        raise UsageError(Problem("usage.format", Anchor("--format"), args))
    return wanted


def render(job: Job, formats: Sequence[str]) -> dict[str, bytes]:
    """Every format as file name and bytes; nothing is written here."""
    found = {}
    for name in formats:
        file, module = FORMATS[name]
        writer = importlib.import_module(f"checker.report.writers.{module}")
        found[file.replace("report", job.document)] = writer.render(job)
    return found
