"""``zcf-check letter RESULT``: the questions to the factory as a letter."""

from pathlib import Path

import click

from checker.cli.given import LANG, read_result, recorded
from checker.cli.options import read_day
from checker.cli.outcome import reported


@click.command("letter")
@click.argument("result_file", metavar="RESULT", type=click.Path(path_type=Path))
@click.option(
    "--due",
    callback=lambda ctx, param, value: read_day(ctx, param, value).isoformat() if value else "",
    help="Day by which an answer is asked for.",
)
@click.option("--dossier", type=click.Path(path_type=Path), help="Its judgements are respected.")
@click.option("--desk-folder", type=click.Path(path_type=Path), help="Judgements to respect.")
@click.option("--format", "formats", default="docx", show_default=True, help="docx, pdf, md.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("zcf-report"), show_default=True
)
@LANG
def command(
    result_file: Path,
    due: str,
    dossier: Path | None,
    desk_folder: Path | None,
    formats: str,
    out: Path,
    lang: str,
) -> None:
    """Write the letter: each question is one finding; what was accepted is not asked again."""
    from checker.cli.write import write_files
    from checker.errors import Problem, UsageError
    from checker.places import Anchor
    from checker.report.formats import Job, read_formats

    with reported(lang):
        wanted = read_formats(formats, ("docx", "pdf", "md"))
        result = read_result(result_file)
        if due and due < result["run"]["as_of"]:
            raise UsageError(Problem("letter.due_past", Anchor("--due"), {"day": due}, "blocker"))
        beside = {**recorded(result, desk_folder, dossier, lang), "due": due}
        job = Job(result, lang, beside, document="letter")
        for path in write_files(job, out, wanted):
            click.echo(f"→ {path}")
