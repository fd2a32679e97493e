"""``zcf-check rules lint``."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.outcome import FINDINGS, NOT_EVALUATED, OK, reported
from checker.cli.rules.common import AS_OF, FOLDERS, LANG, say, shown_path
from checker.report.messages import label, problem_text

if TYPE_CHECKING:
    from checker.errors import Problem
    from checker.workshop.lint import Report

FORMATS = ("text", "json", "sarif")


@click.command("lint")
@FOLDERS
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Warnings fail as well.")
@click.option("--advice/--no-advice", default=True, help="Print advice, which never fails.")
@LANG
@AS_OF
def command(
    folders: tuple[Path, ...], form: str, strict: bool, advice: bool, lang: str, as_of: date
) -> None:
    """Review the packs in FOLDERS: what does not load, and what a reviewer would object to.

    Exit code 2 when a pack does not load, 1 with errors (with --strict also with warnings), else 0.
    """
    from checker.report.sarif import sarif
    from checker.workshop.lint import lint

    with reported(lang):
        report = lint(folders, as_of)
    shown = [p for p in report.problems if advice or p.severity not in ("info", "observation")]
    if form == "sarif":
        click.echo(sarif(shown, lambda file: shown_path(report.folders, file)), nl=False)
    elif form == "json":
        click.echo(_json(shown, report, lang))
    else:
        _print(shown, report, lang)
    raise click.exceptions.Exit(_code(report, strict))


def _code(report: "Report", strict: bool) -> int:
    if report.broken or report.count("blocker"):
        return NOT_EVALUATED
    failing = ("major", "minor") if strict else ("major",)
    return FINDINGS if report.count(*failing) else OK


def _place(problem: "Problem", report: "Report") -> str:
    anchor = problem.anchor
    place = shown_path(report.folders, anchor.file)
    if anchor.line:
        place += f":{anchor.line}" + (f":{anchor.column}" if anchor.column else "")
    return place


def _print(shown: "list[Problem]", report: "Report", lang: str) -> None:
    for problem in shown:
        level = label("lint.level." + problem.severity, lang)
        text = problem_text(problem.key, problem.args, lang)
        say([f"{_place(problem, report)}: {level}: {text} [{problem.key}]"])
        quote = problem.args.get("quote")
        if quote:
            say(f"    {line}" for line in str(quote).split("\n"))
    for name in report.broken:
        click.echo(label("lint.broken", lang, name=name))
    counts = {
        "packs": len(report.checked),
        "errors": report.count("blocker", "major"),
        "warnings": report.count("minor"),
        "advice": report.count("info", "observation"),
    }
    click.echo(label("lint.done", lang, **counts))


def _json(shown: "list[Problem]", report: "Report", lang: str) -> str:
    entries = [
        {
            "code": problem.key,
            "severity": problem.severity,
            "file": shown_path(report.folders, problem.anchor.file),
            "line": problem.anchor.line,
            "column": problem.anchor.column,
            "message": problem_text(problem.key, problem.args, lang),
        }
        for problem in shown
    ]
    document = {"problems": entries, "broken": report.broken, "checked": report.checked}
    return json.dumps(document, ensure_ascii=False, indent=1)
