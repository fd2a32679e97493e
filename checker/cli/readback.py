"""``zcf-check readback FILE``: take over what people filled in; changed figures are told."""

import json
from pathlib import Path

import click

from checker.cli.given import LANG, read_result, today
from checker.cli.outcome import FINDINGS, OK, reported
from checker.report.messages import LANGUAGES, label, printable


@click.command("readback")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--result", "result_file", type=click.Path(path_type=Path), required=True)
@click.option(
    "--desk-folder",
    type=click.Path(path_type=Path),
    required=True,
    help="Where answers and narratives are kept, such as DOSSIER/_zcf.",
)
@LANG
def command(file: Path, result_file: Path, desk_folder: Path, lang: str) -> None:
    """Read FILE back: findings.xlsx (answers), report.docx (narratives) or site.json (visit).

    A findings workbook with changed machine cells is refused, with the cells. Exit code 1 when a
    Word report differs from the result or a reading from the dossier.
    """
    from checker.cli.returned import take

    with reported(lang):
        result = read_result(result_file)
        name, content, notes = take(file, result, desk_folder, today())
        from checker.cli.write import save

        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        for path in save(desk_folder, {name: text.encode()}):
            click.echo(f"→ {path}")
        for key, args in notes:
            for one in LANGUAGES if lang == "both" else (lang,):
                click.echo(printable(label(key, one, **args)))
    told = [key for key, _ in notes if key != "readback.since"]
    raise click.exceptions.Exit(FINDINGS if told else OK)
