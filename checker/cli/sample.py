"""``zcf-check sample DOSSIER``: a sample to trace, and what it says once it was looked at."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from checker.cli.given import AS_OF, DESK_FOLDER, DOSSIER, LANG, RESULT, result_of
from checker.cli.outcome import NOT_EVALUATED, OK, reported
from checker.report.messages import LANGUAGES, label, printable

SAMPLE = "sample.json"
"""What a sample gave, kept beside the dossier for the reports."""


@click.command("sample")
@DOSSIER
@RESULT
@DESK_FOLDER
@click.option("--size", type=click.IntRange(1, 5000), default=60, show_default=True)
@click.option(
    "--read-back", type=click.Path(path_type=Path), help="A filled-in sheet: errors are projected."
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("zcf-report"), show_default=True
)
@LANG
@AS_OF
def command(
    dossier: Path,
    result_file: Path | None,
    desk_folder: Path | None,
    size: int,
    read_back: Path | None,
    out: Path,
    lang: str,
    as_of: date,
) -> None:
    """Draw a stratified monetary-unit sample with a seed from the dossier, or read one back.

    What was read back stands in the reports of this result.

    Exit code 2 after reading back while rows of the sample were not looked at.
    """
    from checker.cli.sample_back import seen, size_of, together
    from checker.cli.write import refuse_inside, save
    from checker.dossier.load import load_dossier
    from checker.engagement.desk_folder import desk_folder as folder_of
    from checker.engagement.desk_folder import kept_papers
    from checker.engagement.sampling import extrapolate, plan, to_json
    from checker.report.writers.sample_book import sample_book

    code = OK
    with reported(lang):
        result = result_of(dossier, result_file, as_of)
        size = size if read_back is None else size_of(read_back, size)
        drawn = plan(load_dossier(dossier), result, size)
        if read_back is None:
            refuse_inside(dossier, out)
            files = {"sample.xlsx": sample_book(drawn, result, lang, size)}
            for path in save(out, files):
                click.echo(f"→ {path}  n = {len(drawn.taken)}, seed {drawn.seed[:16]}")
        else:
            folder, run = folder_of(dossier, desk_folder), result["run"]["id"]
            every = kept_papers(folder, "sample")
            entered, replaced = together(every.get(run), seen(read_back, drawn, result), drawn)
            found = extrapolate(drawn, entered)
            for one in (lang,) if lang != "both" else LANGUAGES:
                for key, args in replaced:
                    click.echo(printable(label(key, one, **args)), err=True)
            _print(found, lang)
            kept = {**every, run: to_json(drawn, found, entered, size)}
            text = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True)
            for path in save(folder, {SAMPLE: f"{text}\n".encode()}):
                click.echo(f"→ {path}")
            code = NOT_EVALUATED if any(one.open for one in found) else OK
        if drawn.unreadable:
            for each in LANGUAGES if lang == "both" else (lang,):
                told = label("sample.left_out", each, count=len(drawn.unreadable))
                click.echo(printable(told), err=True)
    raise click.exceptions.Exit(code)


def _print(found: list[Any], lang: str) -> None:
    for one in found:
        args = {
            "stratum": one.stratum,
            "n": one.n,
            "all": one.N,
            "found": f"{one.found:f}",
            "projected": "?" if one.projected is None else f"{one.projected:.6g}",
            "open": one.open,
        }
        for each in LANGUAGES if lang == "both" else (lang,):
            click.echo(printable(label("sample.line", each, **args)))
