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
    from checker.report.writers.findings_book import ABOUT, SHEET

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
    if asked is result:
        taken, more = _merged(given, before, numbers)
    else:
        taken, more = _late(given, before, numbers, {row["mark"]: row["id"] for row in rows})
    return "responses.json", taken, [*notes, *more]


def _merged(
    given: Answers, known: Answers, numbers: Mapping[str, str]
) -> tuple[dict[str, dict[str, str]], Notes]:
    """Answers of a sheet over those there are; a blank takes nothing away. Both is told."""
    found = {mark: dict(answer) for mark, answer in known.items()}
    notes: Notes = []
    kept = 0
    for mark, answer in given.items():
        mine = found.setdefault(mark, dict.fromkeys(HUMAN, ""))
        for name, value in answer.items():
            kept += bool(mine[name] and not value)
            if value and mine[name] and mine[name] != value:
                args = {"name": numbers[mark], "before": mine[name][:60], "after": value[:60]}
                notes.append(("readback.replaced", args))
            mine[name] = value or mine[name]
    if kept:
        notes.append(("readback.kept_blank", {"count": str(kept)}))
    return found, notes


def _late(
    given: Answers, known: Answers, open_: Mapping[str, str], numbers: Mapping[str, str]
) -> tuple[dict[str, dict[str, str]], Notes]:
    """Answers to an earlier check beside those there are; what was not taken is told."""
    found = {mark: dict(answer) for mark, answer in known.items()}
    notes: Notes = []
    gone = [numbers[m] for m, said in given.items() if m not in open_ and any(said.values())]
    if gone:
        args = {"count": str(len(gone)), "names": ", ".join(gone)}
        notes.append(("readback.late_gone", args))
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
