"""``zcf-check round DOSSIER``: keep this check as the next corrective round."""

from datetime import date
from pathlib import Path

import click

from checker.cli.given import AS_OF, DESK_FOLDER, DOSSIER, LANG, RESULT, result_of
from checker.cli.outcome import reported
from checker.report.messages import LANGUAGES, label


@click.command("round")
@DOSSIER
@RESULT
@DESK_FOLDER
@LANG
@AS_OF
def command(
    dossier: Path, result_file: Path | None, desk_folder: Path | None, lang: str, as_of: date
) -> None:
    """Keep the result beside the dossier and compare it with the round before."""
    from checker.engagement.desk_folder import desk_folder as folder_of
    from checker.engagement.rounds import add_round

    with reported(lang):
        result = result_of(dossier, result_file, as_of)
        entry = add_round(folder_of(dossier, desk_folder), result)
        for one in LANGUAGES if lang == "both" else (lang,):
            told = " · ".join(
                f"{label(f'round.{name}', one)} {count}" for name, count in entry["counts"].items()
            )
            click.echo(f"{label('ui.round', one)} {entry['round']} ({entry['run']}): {told}")
