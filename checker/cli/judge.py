"""``zcf-check judge DOSSIER``: record a judgement, or list what there is to judge."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from checker.cli.given import AS_OF, DESK_FOLDER, DOSSIER, LANG, RESULT, now, result_of, today
from checker.cli.outcome import reported


@click.command("judge")
@DOSSIER
@RESULT
@DESK_FOLDER
@click.option(
    "--list",
    "listing",
    is_flag=True,
    help="List what there is to judge and what was judged; records nothing.",
)
@click.option("--finding", help="Number of the finding it is about, such as F007.")
@click.option("--rule", help="Rule the judgement is about, instead of --finding.")
@click.option("--subject", default="", help="Its subject, where the rule judges rows.")
@click.option("--decision", help="holds, holds_not; of a finding: accepted, lowered, confirmed.")
@click.option("--severity", default="", help="With lowered: minor, observation or info.")
@click.option(
    "--reason-code",
    help="evidence_seen, seen_on_site, explanation, immaterial, agreed_with_scheme, "
    "corrected_elsewhere, other.",
)
@click.option("--reason", help="In words; required.")
@click.option("--who", help="Your name.")
@click.option("--role", help="Your role in the engagement.")
@click.option("--organisation", help="Your organisation.")
@click.option("--evidence", "evidence_id", default="", help="Evidence id of the index.")
@click.option("--valid-until", default="", help="Last day it counts, such as 2027-03-31.")
@click.option("--countersigner", default="", help="Who countersigns; not yourself.")
@LANG
@AS_OF
def command(
    dossier: Path,
    result_file: Path | None,
    desk_folder: Path | None,
    listing: bool,
    lang: str,
    as_of: date,
    finding: str | None,
    **given: str | None,
) -> None:
    """Record what a person decides, in an append-only, hash-chained ledger.

    The result is never changed: the judgement stands beside it, with name, reason and evidence.
    """
    from checker.engagement.desk_folder import LEDGER
    from checker.engagement.desk_folder import desk_folder as folder_of

    with reported(lang):
        result = result_of(dossier, result_file, as_of)
        ledger = folder_of(dossier, desk_folder) / LEDGER
        if not listing:
            _record(ledger, result, given | _of(result, finding, given["rule"]))
        _print(ledger, result, lang, listing)


def _of(result: dict[str, Any], name: str | None, rule: str | None) -> dict[str, str | None]:
    """Rule and subject of a finding; raises ``UsageError`` for a number there is not."""
    from checker.errors import Problem, UsageError
    from checker.places import Anchor

    if name is None:
        return {}
    if rule is not None:
        raise UsageError(Problem("judge.both", Anchor("judge"), {}, "blocker"))
    for finding in result["findings"]:
        if finding["id"] == name.strip().upper():
            return {"rule": finding["rule"], "subject": finding["subject"]}
    raise UsageError(Problem("judge.no_finding", Anchor("judge"), {"name": name}, "blocker"))


def _record(ledger: Path, result: dict[str, Any], given: dict[str, str | None]) -> None:
    from checker.engagement.judgement import Judgement
    from checker.engagement.ledger import append
    from checker.errors import Problem, UsageError
    from checker.places import Anchor

    missing = [
        f"--{name.replace('_', '-')}"
        for name in ("rule", "decision", "reason_code", "reason", "who", "role", "organisation")
        if not given[name]
    ]
    if missing:
        args = {"name": ", ".join(missing)}
        raise UsageError(Problem("judge.blank", Anchor("judge"), args, "blocker"))
    fields = {name: value or "" for name, value in given.items()}
    append(ledger, Judgement(when=now(), **fields), result)


def _print(ledger: Path, result: dict[str, Any], lang: str, listing: bool) -> None:
    """Everything when it was asked for, else the line that was added."""
    from checker.engagement.desk_folder import record
    from checker.report.judged import ledger_lines, subject_lines
    from checker.report.messages import printable

    beside = record(ledger.parent, result, today())
    lines = list(subject_lines(result, beside, lang)) if listing else []
    for line in (*lines, *ledger_lines(result, beside, lang, 0 if listing else 1)):
        click.echo(printable(line))
