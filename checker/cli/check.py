"""``zcf-check check DOSSIER``: the main job."""

import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import click

from checker.cli.outcome import FINDINGS, NOT_EVALUATED, OK, reported
from checker.report.messages import label

LEVELS = ("blocker", "major", "minor", "observation", "info", "never")
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def today_in_shanghai() -> date:
    """Today where the programme is."""
    return datetime.now(SHANGHAI).date()


def read_day(ctx: click.Context, param: click.Parameter, value: str | None) -> date:
    """An ISO date; today in Shanghai when none is given."""
    if value is None:
        return today_in_shanghai()
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date; write 2026-11-24") from None


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


def split_packs(names: tuple[str, ...]) -> tuple[list[str], list[Path]]:
    """``--pack`` takes the id of a shipped pack or a folder."""
    folders = [Path(name) for name in names if Path(name).is_dir()]
    return [name for name in names if not Path(name).is_dir()], folders


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
    "--as-of",
    callback=read_day,
    help="Day on which rules, factors and validity are judged; default: today in Shanghai.",
)
@click.option(
    "--pack", "packs", multiple=True, help="A further pack: the id of a shipped one, or a folder."
)
@click.option(
    "--tailoring", type=click.Path(path_type=Path), help="What this engagement selects or tightens."
)
@click.option(
    "--waivers", type=click.Path(path_type=Path), help="Findings accepted for a time, with reasons."
)
@click.option("--no-waivers", is_flag=True, help="List the waivers, but let none count.")
@click.option(
    "--engagement",
    type=click.Path(path_type=Path),
    help="Who checks for whom, with what materiality; shown in the report.",
)
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
    as_of: date,
    packs: tuple[str, ...],
    tailoring: Path | None,
    waivers: Path | None,
    no_waivers: bool,
    engagement: Path | None,
    fail_on: str,
) -> None:
    """Check a dossier (folder or zip) and write result.json and the report."""
    from checker.check import Options, check
    from checker.cli.write import write_files
    from checker.engagement.desk_folder import FOLDER, record
    from checker.report.formats import Job, read_formats
    from checker.report.terminal import summary

    interactive = sys.stderr.isatty()

    def step(key: str) -> None:
        if interactive:
            click.echo(
                f"\r\033[K{label(key, 'en' if lang == 'en' else 'zh')} …", nl=False, err=True
            )

    with reported(lang or "zh", clear=interactive):
        wanted = read_formats(formats)
        names, folders = split_packs(packs)
        options = Options(
            as_of, names, folders, tailoring, waivers, engagement, no_waivers, today_in_shanghai()
        )
        result = check(dossier, options, step)
        spoken = lang or str(result["dossier"].get("language", {}).get("value", "zh"))
        step("step.report")
        beside = record(dossier / FOLDER, result, today_in_shanghai())
        written = write_files(Job(result, spoken, beside, dossier), out, wanted)
        if interactive:
            click.echo("\r\033[K", nl=False, err=True)
        for line in summary(result, spoken):
            click.echo(line)
        click.echo()
        for path in written:
            click.echo(f"→ {path}")
    raise click.exceptions.Exit(exit_code(result, fail_on))
