"""The findings as a workbook for the factory: owner, due date and status come back filled in.

Machine columns are protected (no password); what comes back is compared with the result.
"""

import io
from datetime import datetime

import xlsxwriter

from checker.engagement.answer import HUMAN, STATUSES
from checker.report.formats import Job
from checker.report.rows import MACHINE, finding_rows
from checker.report.voice import Voice, joined
from checker.report.writers.inert import visible
from checker.report.writers.sheets import lines_in, write_about

SHEET = "问题清单 Findings"
A3 = 8
"""Paper: fifteen columns stay legible on it."""
HEAD_ROW = 1
"""Row of the codes (from 0); titles stand above, data below."""
_WIDTHS = {"id": 7, "severity": 10, "kind": 15, "what": 54, "remedy": 36, "where": 30, "rule": 20}
_WIDTHS |= {"subject": 15, "clause": 28, "mark": 10, "owner": 14, "due": 12, "status": 12}
_WIDTHS |= {"reply": 34, "evidence": 14}
_FILLS = {"blocker": "#F6D5D7", "major": "#F6D5D7", "minor": "#FBEBCB"}


def render(job: Job) -> bytes:
    """``findings.xlsx``, the same bytes for the same result."""
    stream = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": datetime.fromisoformat(job.result["run"]["as_of"])})
    voice = Voice(job.result, job.lang)
    _findings(book, job, voice)
    write_about(book, _about(job, voice))
    book.close()
    return stream.getvalue()


def _findings(book: xlsxwriter.Workbook, job: Job, voice: Voice) -> None:
    sheet = book.add_worksheet(SHEET)
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True})
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{job.result['run']['id']}&R&P / &N")
    head = book.add_format({"bold": True, "bg_color": "#E8ECF1", "text_wrap": True, "border": 1})
    code = book.add_format({"font_color": "#5B6675", "font_size": 8})
    base = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9DEE5"}
    fixed = book.add_format(base)
    tinted = {key: book.add_format({**base, "bg_color": fill}) for key, fill in _FILLS.items()}
    open_ = book.add_format({**base, "locked": False, "bg_color": "#FFFBE6", "num_format": "@"})
    for column, name in enumerate((*MACHINE, *HUMAN)):
        sheet.write_string(0, column, joined(voice.label(f"column.{name}")), head)
        sheet.write_string(HEAD_ROW, column, name, code)
        sheet.set_column(column, column, _WIDTHS[name])
    rows = finding_rows(job.result, job.lang)
    responses = job.record.get("responses", {})
    for number, (row, finding) in enumerate(
        zip(rows, job.result["findings"], strict=True), start=HEAD_ROW + 1
    ):
        for column, name in enumerate(MACHINE):
            look = tinted.get(finding["severity"], fixed) if name == "severity" else fixed
            sheet.write_string(number, column, visible(row[name], 32_000), look)
        tallest = max(lines_in(row[name], _WIDTHS[name]) for name in MACHINE)
        sheet.set_row(number, min(400, 15 * tallest + 4))
        known = responses.get(row["mark"], {})
        for column, name in enumerate(HUMAN, start=len(MACHINE)):
            said = known.get(name, "")
            shown = joined(voice.label(f"status.{said}")) if name == "status" and said else said
            sheet.write_string(number, column, visible(shown, 32_000), open_)
    last = HEAD_ROW + max(1, len(rows))
    status = len(MACHINE) + HUMAN.index("status")
    sheet.data_validation(
        HEAD_ROW + 1, status, last, status, {"validate": "list", "source": _statuses(voice)}
    )
    sheet.autofilter(HEAD_ROW, 0, last, len(MACHINE) + len(HUMAN) - 1)


def _statuses(voice: Voice) -> list[str]:
    """The states to choose from, in the language of the workbook."""
    return [joined(voice.label(f"status.{name}")) for name in STATUSES]


def _about(job: Job, voice: Voice) -> list[tuple[str, str, str]]:
    """What the book says of itself: title, value, and a name for reading back."""
    run = job.result["run"]
    company = str(job.result["dossier"].get("name", {}).get("value", ""))
    lines = [
        ("ui.company", company, ""),
        ("ui.run_id", run["id"], "run"),
        ("ui.as_of", run["as_of"], ""),
        ("ui.language", job.lang, "lang"),
        ("ui.disclaimer", joined(voice.label("column.how"), "\n"), ""),
    ]
    return [(joined(voice.label(key)), text, name) for key, text, name in lines]
