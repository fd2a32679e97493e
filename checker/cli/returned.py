"""Which kind of file came back, and what is taken from it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from checker.engagement.answer import HUMAN
from checker.engagement.desk_folder import beside, kept_papers, papers
from checker.engagement.readback import answers, read_about
from checker.engagement.rounds import earlier
from checker.engagement.shapes import SHAPES
from checker.errors import DossierError, Problem, UsageError
from checker.places import Anchor
from checker.report.formats import Job
from checker.report.messages import LANGUAGES
from checker.report.rows import MACHINE, finding_rows, status_codes
from checker.report.writers.inert import visible

Answers: TypeAlias = Mapping[str, Mapping[str, str]]
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
        return _visit(file, result, folder, day)
    raise DossierError(Problem("readback.kind", Anchor(str(file)), {}, "blocker"))


def _answers(
    file: Path, result: Mapping[str, Any], folder: Path, day: date
) -> tuple[str, Any, Notes]:
    """Answers to the findings of this check, or of a check that was kept as a round.

    A workbook is read against the result it was written from. Of an earlier one only answers to
    findings that are still there count, and only where none has been given since.
    """
    from checker.report.writers.findings_book import SHEET
    from checker.report.writers.sheets import ABOUT

    about = read_about(file, ABOUT)
    run = result["run"]["id"]
    asked = result if about.get("run") == run else earlier(folder, about.get("run", ""))
    if asked is None:
        args = {"run": run, "other": about.get("run", "?")}
        raise DossierError(Problem("readback.other_run", Anchor(file.name), args, "blocker"))
    lang = about.get("lang", "")
    if lang not in (*LANGUAGES, "both"):
        raise DossierError(Problem("readback.no_findings", Anchor(file.name), {}, "blocker"))
    rows = finding_rows(asked, lang)
    shown = [{name: visible(text, 32_000) for name, text in row.items()} for row in rows]
    given = answers(file, SHEET, shown, MACHINE, status_codes())
    known = {name for entry in result["inputs"] for name in entry["evidence_ids"]}
    notes: Notes = [
        ("readback.evidence_unknown", {"name": one})
        for one in sorted({answer["evidence"] for answer in given.values()})
        if one and one not in known
    ]
    before = papers(folder, result).get("responses", {})
    numbers = {f["fingerprint"]: f["id"] for f in result["findings"]}
    if asked is not result:
        notes += _gone(given, numbers, rows)
    taken, more = _joined(given, before, numbers, late=asked is not result)
    return "responses.json", taken, [*notes, *more]


def _joined(
    given: Answers, known: Answers, numbers: Mapping[str, str], *, late: bool = False
) -> tuple[dict[str, dict[str, str]], Notes]:
    """Answers beside those there are: of two that differ the given one counts, a late one does not.

    A blank takes nothing away; answers to what is not in ``numbers`` are left. Each is told.
    """
    found = {mark: dict(answer) for mark, answer in known.items()}
    notes: Notes = []
    for mark, answer in given.items():
        if mark not in numbers:
            continue
        mine = found.setdefault(mark, dict.fromkeys(HUMAN, ""))
        for name, value in answer.items():
            before = mine[name]
            if value and before and before != value:
                notes.append(_differs(numbers[mark], before[:60], value[:60], late))
            mine[name] = (before or value) if late else (value or before)
    kept = sum(
        bool(known.get(mark, {}).get(name) and not value)
        for mark, answer in given.items()
        for name, value in answer.items()
    )
    if kept and not late:
        notes.append(("readback.kept_blank", {"count": str(kept)}))
    return found, notes


def _differs(name: str, before: str, given: str, late: bool) -> tuple[str, dict[str, Any]]:
    """The note on an answer that was replaced, or that came too late to be taken."""
    if late:
        return "readback.late_kept", {"name": name, "kept": before, "late": given}
    return "readback.replaced", {"name": name, "before": before, "after": given}


def _gone(given: Answers, open_: Mapping[str, str], rows: list[dict[str, str]]) -> Notes:
    """Answers of an earlier list to findings that are no longer there."""
    gone = [r["id"] for r in rows if r["mark"] not in open_ and any(given[r["mark"]].values())]
    args = {"count": str(len(gone)), "names": ", ".join(gone)}
    return [("readback.late_gone", args)] if gone else []


def _visit(
    file: Path, result: Mapping[str, Any], folder: Path, day: date
) -> tuple[str, Any, Notes]:
    from checker.engagement.visit import against, merged, read_visit
    from checker.report.site import site_items

    items, all_of_them = site_items(result), kept_papers(folder, "visit")
    new = read_visit(file.read_bytes(), file.name, result, items)
    visit, told = merged(all_of_them.get(result["run"]["id"]), new)
    notes = [*told, *against(visit, result, items)]
    return "visit.json", {**all_of_them, result["run"]["id"]: visit}, notes


def _narratives(
    file: Path, result: Mapping[str, Any], folder: Path, day: date
) -> tuple[str, Any, Notes]:
    """Words of the fields; every other text is compared with the report as it was printed.

    Working papers of that day are in the file; the chains are cut to the lines they had.
    """
    from checker.report.writers.word_back import printed, read_back

    content = file.read_bytes() if file.stat().st_size <= MAX_BYTES else b""
    then, run = printed(content), result["run"]["id"]
    if then.run != run:
        args = {"run": run, "other": then.run[:40] or "?"}
        raise DossierError(Problem("readback.of_another", Anchor(file.name), args, "blocker"))
    upto = then.lines, then.reviews, then.rounds
    at_print = beside(folder, result, then.day or day, then.record, upto)
    if "unasked" in then.record:  # printed without a look at the chains
        at_print = dict(then.record)
    returned = read_back(content, Job(result, then.lang, at_print, document=then.document))
    notes: Notes = [
        ("readback.differs", {"before": before or "∅", "after": after or "∅"})
        for before, after in returned.differences
    ]
    now = papers(folder, result)
    changed = [name for name in sorted(then.record) if name in SHAPES
               and then.record[name] != now.get(name)]  # fmt: skip
    if changed:
        notes.append(("readback.since", {"names": ", ".join(changed)}))
    before, all_of_them = now.get("narratives", {}), kept_papers(folder, "narratives")
    notes += [
        ("readback.replaced", {"name": name, "before": before[name][:60], "after": text[:60]})
        for name, text in returned.narratives.items()
        if before.get(name, text) != text
    ]
    return "narratives.json", {**all_of_them, run: {**before, **returned.narratives}}, notes
