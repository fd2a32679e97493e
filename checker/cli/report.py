"""``zcf-check report RESULT``: render an existing result, with what people recorded beside it."""

from pathlib import Path

import click

from checker.cli.given import LANG, read_result, recorded
from checker.cli.outcome import reported


@click.command("report")
@click.argument("result_file", metavar="RESULT", type=click.Path(path_type=Path))
@click.option("--dossier", type=click.Path(path_type=Path), help="For the annotated workbook.")
@click.option(
    "--desk-folder",
    type=click.Path(path_type=Path),
    help="Judgements, answers and rounds to show; default: _zcf in the dossier given.",
)
@click.option("--before", type=click.Path(path_type=Path), help="An earlier result, for SARIF.")
@click.option("--format", "formats", default="html", show_default=True, help="As for check.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("zcf-report"), show_default=True
)
@click.option(
    "--link-files", is_flag=True, help="Places in report.html open the file of the dossier given."
)
@LANG
def command(
    result_file: Path,
    dossier: Path | None,
    desk_folder: Path | None,
    before: Path | None,
    formats: str,
    out: Path,
    link_files: bool,
    lang: str,
) -> None:
    """Render RESULT (a result.json) anew. Nothing is checked again and no figure changes."""
    from checker.cli.write import write_files
    from checker.report.formats import Job, read_formats
    from checker.report.links import base_of

    with reported(lang):
        wanted = read_formats(formats)
        result = read_result(result_file)
        earlier = read_result(before) if before else None
        beside = recorded(result, desk_folder, dossier, lang)
        base = base_of(dossier, out) if link_files else ""
        job = Job(result, lang, beside, dossier, earlier, base=base)
        for path in write_files(job, out, wanted):
            click.echo(f"→ {path}")
