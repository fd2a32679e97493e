"""The sampling sheet: rows to trace to their evidence, a column for what was found."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import xlsxwriter

from checker.engagement.sampling import UNREADABLE, Plan
from checker.report.messages import label
from checker.report.voice import Voice
from checker.report.writers.inert import visible
from checker.report.writers.sheets import write_about

SHEET = "抽样 Sample"
COLUMNS = ("key", "stratum", "why", "where", "evidence", "amount", "unit", "found", "note")
OPEN = ("found", "note")
_WIDTHS = (30, 20, 12, 40, 14, 16, 8, 16, 40)


def sample_rows(plan: Plan, voice: Voice) -> list[dict[str, str]]:
    """The rows as written, without what a person fills in; rows without an amount stand last."""
    return [
        {
            "key": visible(unit.key),
            "stratum": visible(unit.stratum),
            "why": voice.label(f"sample.{unit.why}")[0],
            "where": visible(voice.place(unit.place)[0]),
            "evidence": visible(unit.evidence_id),
            "amount": "?" if unit.why == UNREADABLE else format(unit.amount.normalize(), "f"),
            "unit": unit.unit,
            **dict.fromkeys(OPEN, ""),
        }
        for unit in (*plan.taken, *plan.unreadable)
    ]


def sample_book(plan: Plan, result: Mapping[str, Any], lang: str, size: int) -> bytes:
    """The sheet as bytes, the same for the same plan."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "in_memory": True})
    book.set_properties({"created": datetime.fromisoformat(result["run"]["as_of"])})
    sheet = book.add_worksheet(SHEET)
    sheet.protect("", {"sort": True, "autofilter": True})
    head = book.add_format({"bold": True, "bg_color": "#E8ECF1", "border": 1})
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    open_ = book.add_format({"locked": False, "bg_color": "#FFFBE6", "border": 1})
    voice = Voice(result, "zh" if lang == "both" else lang)
    one = voice.lang
    for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, label(f"sample.{name}", one), head)
        sheet.write_string(1, column, name)
    for row, values in enumerate(sample_rows(plan, voice), start=2):
        for column, name in enumerate(COLUMNS):
            look = open_ if name in OPEN else cell
            sheet.write_string(row, column, values[name], look)
    sheet.freeze_panes(2, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{result['run']['id']}&R&P / &N")
    write_about(book, _about(plan, result, lang, size, one), 30)
    book.close()
    return stream.getvalue()


def _about(
    plan: Plan, result: Mapping[str, Any], lang: str, size: int, one: str
) -> list[tuple[str, str, str]]:
    """What the sheet says of itself: title, value, and a name for reading back."""
    lines = [
        (label("ui.run_id", one), result["run"]["id"], "run"),
        (label("sample.seed", one), plan.seed, "seed"),
        (label("sample.size", one), str(size), "size"),
        (label("ui.language", one), lang, "lang"),
        ("n", str(len(plan.taken)), ""),
    ]
    lines += [(name, f"N = {n}, Σ = {total:f}", "") for name, (n, total) in plan.strata.items()]
    if plan.unreadable:
        lines.append(("", label("sample.left_out", one, count=len(plan.unreadable)), ""))
    return [*lines, ("", label("sample.how", one), "")]
