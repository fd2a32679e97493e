"""Which kind of file came back, and what is taken from it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from checker.engagement.answer import HUMAN
from checker.engagement.desk_folder import record
from checker.engagement.readback import answers, read_sheet
from checker.engagement.rounds import earlier
from checker.errors import DossierError, Problem, UsageError
from checker.places import Anchor
from checker.report.formats import Job
from checker.report.rows import MACHINE, finding_rows, status_codes
from checker.report.writers.inert import visible

Answers: TypeAlias = Mapping[str, Mapping[str, str]]
_LATER = ("review", "rounds", "before", "responses", "visit", "sample")
"""What people add to a record after a report was printed."""
Notes: TypeAlias = list[tuple[str, dict[str, Any]]]
MAX_BYTES = 50_000_000


def take(file: Path, result: Mapping[str, Any], folder: Path, day: date) -> tuple[str, Any, Notes]:
    """File to keep it in, what to keep, and what to tell."""
    kind = file.suffix.lower()
    if not file.is_file():
        args = {"path": str(file)}
        raise UsageError(Problem("usage.no_file", Anchor(str(file)), args, "blocker"))
    if kind == ".xlsx":
        return _answers(file, result, folder, day)
    if kind == ".docx":
        return _narratives(file, result, folder, day)
    if kind == ".json":
        return _visit(file, result)
    raise DossierError(Problem("readback.kind", Anchor(str(file)), {}, "blocker"))


def _answers(
    file: Path, result: Mapping[str, Any], folder: Path, day: date
) -> tuple[str, Any, Notes]:
    """Answers to the findings of this check, or of a check that was kept as a round.

    A workbook is read against the result it was written from. Of an earlier one only answers to
    findings that are still there count, and only where none has been given since.
    """
    from checker.report.writers.findings_book import ABOUT, SHEET

    about = {str(row[0]): str(row[1]) for row in read_sheet(file, ABOUT) if len(row) > 1}
    run = result["run"]["id"]
    asked = result if about.get("run") == run else earlier(folder, about.get("run", ""))
    if asked is None:
        args = {"run": run, "other": about.get("run", "?")}
        raise DossierError(Problem("readback.other_run", Anchor(file.name), args, "blocker"))
    rows = finding_rows(asked, about.get("lang", "zh"))
    shown = [{name: visible(text, 32_000) for name, text in row.items()} for row in rows]
    given = answers(file, SHEET, shown, MACHINE, status_codes())
    known = {name for entry in result["inputs"] for name in entry["evidence_ids"]}
    notes: Notes = [
        ("readback.evidence_unknown", {"name": one})
        for one in sorted({answer["evidence"] for answer in given.values()})
        if one and one not in known
    ]
    if asked is result:
        return "responses.json", given, notes
    known = record(folder, result, day).get("responses", {})
    taken, late = _late(given, known, {f["fingerprint"]: f["id"] for f in result["findings"]})
    return "responses.json", taken, [*notes, *late]


def _late(
    given: Answers, known: Answers, open_: Mapping[str, str]
) -> tuple[dict[str, dict[str, str]], Notes]:
    """Answers to an earlier check beside those there are; what was not taken is told."""
    found = {mark: dict(answer) for mark, answer in known.items()}
    notes: Notes = []
    gone = sum(any(answer.values()) for mark, answer in given.items() if mark not in open_)
    if gone:
        notes.append(("readback.late_gone", {"count": str(gone)}))
    for mark, answer in given.items():
        if mark not in open_:
            continue
        mine = found.setdefault(mark, dict.fromkeys(HUMAN, ""))
        for name, value in answer.items():
            if value and mine[name] and mine[name] != value:
                args = {"name": open_[mark], "kept": mine[name][:60], "late": value[:60]}
                notes.append(("readback.late_kept", args))
            mine[name] = mine[name] or value
    return found, notes


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
    bare = {name: part for name, part in at_print.items() if name not in _LATER}
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
