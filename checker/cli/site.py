"""``zcf-check site RESULT``: the checklist for the visit."""

from pathlib import Path

import click

from checker.cli.given import LANG, read_result
from checker.cli.outcome import reported


@click.command("site")
@click.argument("result_file", metavar="RESULT", type=click.Path(path_type=Path))
@click.option(
    "--format", "formats", default="html", show_default=True, help="html (phone), docx, pdf, md."
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("zcf-report"), show_default=True
)
@LANG
def command(result_file: Path, formats: str, out: Path, lang: str) -> None:
    """Write the checklist: meters to read, questions to ask, papers to look for.

    The HTML file works offline on a phone and exports site.json for `readback`.
    """
    from checker.cli.write import save, write_files
    from checker.report.formats import Job, read_formats

    with reported(lang):
        wanted = read_formats(formats, ("html", "docx", "pdf", "md"))
        job = Job(read_result(result_file), lang, {"unasked": True}, document="site")
        written = []
        if "html" in wanted:
            from checker.report.writers import site_sheet

            written += save(out, {"site.html": site_sheet.render(job)})
        others = [name for name in wanted if name != "html"]
        written += write_files(job, out, others) if others else []
        for path in written:
            click.echo(f"→ {path}")
