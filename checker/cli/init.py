"""``zcf-check init DIR``: an empty dossier to fill in."""

from datetime import datetime
from pathlib import Path

import click

from checker.cli.options import SHANGHAI
from checker.cli.outcome import reported
from checker.dossier.header import header_schema


def _choice(name: str) -> click.Choice[str]:
    return click.Choice(header_schema()["properties"][name]["enum"])


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--sector", type=_choice("sector"), required=True, help="Sector of the plant.")
@click.option("--province", type=_choice("province"), required=True, help="Province, in Chinese.")
@click.option("--year", type=click.IntRange(2020, 2100), help="Reporting year; default: last year.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="Language of messages.")
def command(folder: Path, sector: str, province: str, year: int | None, lang: str) -> None:
    """Write an empty dossier: dossier.yaml, the workbook and the evidence folders."""
    from checker.skeleton.folder import write_dossier

    with reported(lang):
        last_year = datetime.now(SHANGHAI).year - 1
        for path in write_dossier(folder, sector, province, year or last_year):
            click.echo(f"→ {path}")
