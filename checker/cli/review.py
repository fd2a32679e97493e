"""``zcf-check review DOSSIER``: sign-off by a reviewer who is not in the team."""

from pathlib import Path

import click

from checker.cli.given import DESK_FOLDER, DOSSIER, LANG, now, read_result, today
from checker.cli.outcome import reported
from checker.report.messages import LANGUAGES, label


@click.command("review")
@DOSSIER
@click.option("--result", "result_file", type=click.Path(path_type=Path), required=True)
@DESK_FOLDER
@click.option("--who", required=True, help="Your name, as the engagement file has it.")
@click.option("--decision", type=click.Choice(["agreed", "returned"]), required=True)
@click.option("--comment", default="", help="Required with returned.")
@LANG
def command(
    dossier: Path,
    result_file: Path,
    desk_folder: Path | None,
    who: str,
    decision: str,
    comment: str,
    lang: str,
) -> None:
    """Record a review. It is bound to the hash of the result and does not hold for another one."""
    from checker.engagement.desk_folder import desk_folder as folder_of
    from checker.engagement.desk_folder import record
    from checker.engagement.review import sign_off

    with reported(lang):
        result = read_result(result_file)
        folder = folder_of(dossier, desk_folder)
        said = {"who": who, "when": now(), "decision": decision, "comment": comment}
        entry = sign_off(folder, result, record(folder, result, today()), said)
        for one in LANGUAGES if lang == "both" else (lang,):
            told = label(f"review.{entry['decision']}", one)
            click.echo(f"{entry['who']} · {told} · {entry['result_sha256']}")
