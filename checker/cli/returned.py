"""Which kind of file came back, and what is taken from it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from checker.engagement.desk_folder import record
from checker.engagement.readback import answers, read_sheet
from checker.errors import DossierError, Problem, UsageError
from checker.places import Anchor
from checker.report.formats import Job
from checker.report.rows import HUMAN, MACHINE, STATUSES, finding_rows
from checker.report.writers.inert import visible

Notes: TypeAlias = list[tuple[str, dict[str, Any]]]
MAX_BYTES = 50_000_000


def take(file: Path, result: Mapping[str, Any], folder: Path, day: date) -> tuple[str, Any, Notes]:
    """File to keep it in, what to keep, and what to tell."""
    kind = file.suffix.lower()
    if not file.is_file():
        args = {"path": str(file)}
        raise UsageError(Problem("usage.no_file", Anchor(str(file)), args, "blocker"))
    if kind == ".xlsx":
        return _answers(file, result)
    if kind == ".docx":
        return _narratives(file, result, folder, day)
    if kind == ".json":
        return _visit(file, result)
    raise DossierError(Problem("readback.kind", Anchor(str(file)), {}, "blocker"))


def _answers(file: Path, result: Mapping[str, Any]) -> tuple[str, Any, Notes]:
    from checker.report.writers.findings_book import ABOUT, SHEET

    about = {str(row[0]): str(row[1]) for row in read_sheet(file, ABOUT) if len(row) > 1}
    if about.get("run") != result["run"]["id"]:
        args = {"run": result["run"]["id"], "other": about.get("run", "?")}
        raise DossierError(Problem("readback.other_run", Anchor(file.name), args, "blocker"))
    rows = finding_rows(result, about.get("lang", "zh"))
    shown = [{name: visible(text, 32_000) for name, text in row.items()} for row in rows]
    return "responses.json", answers(file, SHEET, shown, MACHINE, HUMAN, STATUSES), []


def _visit(file: Path, result: Mapping[str, Any]) -> tuple[str, Any, Notes]:
    from checker.engagement.visit import against, read_visit
    from checker.report.site import site_items

    items = site_items(result)
    content = file.read_bytes() if file.is_file() else b""
    visit = read_visit(content, file.name, result, items)
    return "visit.json", visit, list(against(visit, result, items))


def _narratives(
    file: Path, result: Mapping[str, Any], folder: Path, day: date
) -> tuple[str, Any, Notes]:
    from checker.report.writers.word_back import printed, read_back

    content = file.read_bytes() if file.is_file() and file.stat().st_size <= MAX_BYTES else b""
    document, lang, lines = printed(content)
    at_print = record(folder, result, day, lines)
    bare = {name: part for name, part in at_print.items() if name not in ("review", "rounds")}
    returned = min(
        (read_back(content, Job(result, lang, one, document=document)) for one in (at_print, bare)),
        key=lambda one: len(one.differences),
    )
    notes: Notes = [
        ("readback.differs", {"before": before or "∅", "after": after or "∅"})
        for before, after in returned.differences
    ]
    before = record(folder, result, day).get("narratives", {})
    return "narratives.json", {**before, **returned.narratives}, notes
