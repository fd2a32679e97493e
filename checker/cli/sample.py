"""``zcf-check sample DOSSIER``: a sample to trace, and what it says once it was looked at."""

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checker.cli.given import AS_OF, DESK_FOLDER, DOSSIER, LANG, RESULT, result_of
from checker.cli.outcome import NOT_EVALUATED, OK, reported
from checker.report.messages import LANGUAGES, label, printable

if TYPE_CHECKING:
    from checker.engagement.sampling import Plan


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

    Exit code 2 after reading back while rows of the sample were not looked at.
    """
    from checker.cli.write import refuse_inside, save
    from checker.dossier.load import load_dossier
    from checker.engagement.sampling import extrapolate, plan
    from checker.report.writers.sample_book import sample_book

    code = OK
    with reported(lang):
        result = result_of(dossier, result_file, as_of)
        size = size if read_back is None else _size_of(read_back, size)
        drawn = plan(load_dossier(dossier), result, size)
        if read_back is None:
            refuse_inside(dossier, out)
            files = {"sample.xlsx": sample_book(drawn, result, lang, size)}
            for path in save(out, files):
                click.echo(f"→ {path}  n = {len(drawn.taken)}, seed {drawn.seed[:16]}")
        else:
            found = extrapolate(drawn, _seen(read_back, drawn, result))
            _print(found, lang)
            code = NOT_EVALUATED if any(one.open for one in found) else OK
    raise click.exceptions.Exit(code)


def _size_of(path: Path, size: int) -> int:
    """The size a sheet was drawn with."""
    from checker.engagement.readback import read_sheet
    from checker.report.writers.sample_book import ABOUT

    about = {str(row[0]): str(row[1]) for row in read_sheet(path, ABOUT) if len(row) > 1}
    return int(about["size"]) if about.get("size", "").isdecimal() else size


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


def _seen(path: Path, drawn: "Plan", result: dict[str, Any]) -> dict[str, Decimal | None]:
    """What was found, by row; raises ``DossierError`` for another sample or no number."""
    from checker.engagement.readback import read_sheet
    from checker.errors import DossierError, Problem
    from checker.places import Anchor
    from checker.report.writers.inert import visible
    from checker.report.writers.sample_book import ABOUT, COLUMNS, SHEET

    about = {str(row[0]): str(row[1]) for row in read_sheet(path, ABOUT) if len(row) > 1}
    if about.get("run") != result["run"]["id"] or about.get("seed") != drawn.seed:
        args = {"run": result["run"]["id"], "other": about.get("run", "?")}
        raise DossierError(Problem("readback.other_run", Anchor(path.name), args, "blocker"))
    known = {visible(unit.key): unit for unit in drawn.taken}
    problems: list[Problem] = []
    seen: dict[str, Decimal | None] = {}
    for number, row in enumerate(read_sheet(path, SHEET)[2:], start=3):
        cells = dict(zip(COLUMNS, (str(v) if v is not None else "" for v in row), strict=False))
        unit = known.get(cells.get("key", ""))
        if unit is None or cells["amount"] != format(unit.amount.normalize(), "f"):
            anchor = Anchor(path.name, SHEET, f"A{number}")
            problems.append(Problem("readback.changed", anchor, {"name": "key, amount"}, "blocker"))
            continue
        try:
            value = Decimal(cells["found"].replace(",", "")) if cells["found"].strip() else None
        except InvalidOperation:
            anchor = Anchor(path.name, SHEET, f"H{number}")
            args = {"value": cells["found"][:40]}
            problems.append(Problem("readback.number", anchor, args, "blocker"))
            continue
        if value is not None and not value.is_finite():
            anchor = Anchor(path.name, SHEET, f"H{number}")
            problems.append(Problem("readback.number", anchor, {"value": str(value)}, "blocker"))
            continue
        seen[unit.key] = value
    if problems:
        raise DossierError(problems)
    return seen
