"""``zcf-check check DOSSIER``: the main job."""

import sys
from pathlib import Path
from typing import Any

import click

from checker.cli.options import check_options, options_of, today_in_shanghai
from checker.cli.outcome import FINDINGS, NOT_EVALUATED, OK, reported
from checker.report.messages import label

LEVELS = ("blocker", "major", "minor", "observation", "info", "never")


def exit_code(result: dict[str, Any], fail_on: str) -> int:
    """1 with a finding at or above the level, else 2 while a gate is incomplete, else 0.

    A closed gate counts as major, however slight the finding that closed it. Findings that a
    waiver covers do not count, unless waivers are ignored.
    """
    bad = LEVELS[: LEVELS.index(fail_on) + 1] if fail_on != "never" else ()
    state, gates, severities = _counted(result)
    if any(severities.get(level) for level in bad):
        return FINDINGS
    if "major" in bad and "closed" in gates:
        return FINDINGS
    return NOT_EVALUATED if state == "incomplete" or "incomplete" in gates else OK


def _counted(result: dict[str, Any]) -> tuple[str, list[str], dict[str, int]]:
    """Conclusion, gates and severities: with waivers, unless none was given or they are ignored."""
    waivers = result["waivers"]
    if waivers is not None and not waivers["ignored"]:
        found = waivers["conclusion"]
        return found["state"], list(found["gates"].values()), found["severities"]
    found = result["conclusion"]
    return found["state"], [gate["state"] for gate in found["gates"]], found["severities"]


@click.command("check")
@click.argument("dossier", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("zcf-report"),
    show_default=True,
    help="Folder to write to; never inside the dossier.",
)
@click.option(
    "--lang",
    type=click.Choice(["zh", "en", "both"]),
    help="Language of the report; default: the dossier's, else zh.",
)
@click.option(
    "--format",
    "formats",
    default="html,json",
    show_default=True,
    help="What to write: html, json, pdf, docx, md, xlsx, annotated, sarif, junit, oscal.",
)
@click.option(
    "--link-files",
    is_flag=True,
    help="Places in report.html open the file, for reading where the dossier lies.",
)
@check_options
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    default="major",
    show_default=True,
    help="Least severity that ends with exit code 1.",
)
def command(
    dossier: Path,
    out: Path,
    lang: str | None,
    formats: str,
    fail_on: str,
    link_files: bool,
    **given: Any,
) -> None:
    """Check a dossier (folder or zip) and write result.json and the report."""
    from checker.check import check
    from checker.cli.write import write_files
    from checker.engagement.desk_folder import FOLDER, record
    from checker.report.formats import Job, read_formats
    from checker.report.links import base_of
    from checker.report.terminal import summary

    interactive = sys.stderr.isatty()

    def step(key: str) -> None:
        if interactive:
            click.echo(
                f"\r\033[K{label(key, 'en' if lang == 'en' else 'zh')} …", nl=False, err=True
            )

    with reported(lang or "zh", clear=interactive):
        wanted = read_formats(formats)
        options = options_of(today=today_in_shanghai(), **given)
        result = check(dossier, options, step)
        spoken = lang or str(result["dossier"].get("language", {}).get("value", "zh"))
        step("step.report")
        beside = record(dossier / FOLDER, result, today_in_shanghai())
        base = base_of(dossier, out) if link_files else ""
        written = write_files(Job(result, spoken, beside, dossier, base=base), out, wanted)
        if interactive:
            click.echo("\r\033[K", nl=False, err=True)
        for line in summary(result, spoken):
            click.echo(line)
        click.echo()
        for path in written:
            click.echo(f"→ {path}")
    raise click.exceptions.Exit(exit_code(result, fail_on))
