"""What the commands after a check are given: a result, from its file or by checking anew."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from checker.cli.options import read_day

F = TypeVar("F", bound=Callable[..., Any])
MAX_BYTES = 500_000_000
DOSSIER = click.argument("dossier", type=click.Path(path_type=Path))
RESULT = click.option(
    "--result",
    "result_file",
    type=click.Path(path_type=Path),
    help="result.json of the check; without it the dossier is checked anew.",
)
DESK_FOLDER = click.option(
    "--desk-folder",
    type=click.Path(path_type=Path),
    help="Where judgements and rounds are kept; default: _zcf in the dossier.",
)
LANG = click.option(
    "--lang", type=click.Choice(["zh", "en", "both"]), default="zh", help="Language."
)
AS_OF = click.option(
    "--as-of", callback=read_day, help="Day of the check; default: today in Shanghai."
)


def read_result(path: Path) -> dict[str, Any]:
    """A result of this schema; raises ``DossierError`` for anything else."""
    from checker.errors import DossierError, Problem
    from checker.places import Anchor
    from checker.result.build import SCHEMA

    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("size")
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise DossierError(Problem("usage.result", Anchor(str(path)), {}, "blocker")) from None
    if isinstance(found, dict) and found.get("schema") == SCHEMA:
        return dict(found)
    args = {"wanted": SCHEMA}
    raise DossierError(Problem("usage.result_schema", Anchor(str(path)), args, "blocker"))


def result_of(dossier: Path, result_file: Path | None, as_of: date) -> dict[str, Any]:
    """The result given, or that of a check as of the day."""
    if result_file is not None:
        found = read_result(result_file)
        refuse_other(dossier, found)
        return found
    from checker.check import Options, check

    made: dict[str, Any] = check(dossier, Options(as_of))
    return made


def refuse_other(dossier: Path, result: dict[str, Any]) -> None:
    """Raise ``UsageError`` when a file is not the one the result was made from."""
    from checker.dossier.files import open_dossier
    from checker.errors import Problem, UsageError
    from checker.places import Anchor

    files = open_dossier(dossier)
    for entry in result["inputs"]:
        path = entry["path"]
        if path not in files.entries or files.sha256(path) != entry["sha256"]:
            args = {"path": path}
            raise UsageError(Problem("usage.other_dossier", Anchor(path), args, "blocker"))


def today() -> date:
    """The day judgements are weighed on: today in Shanghai."""
    from checker.cli.options import today_in_shanghai

    return today_in_shanghai()


def recorded(
    result: dict[str, Any], desk_folder: Path | None, dossier: Path | None, lang: str
) -> dict[str, Any]:
    """What people recorded beside a result; says so when nobody told where to look."""
    from checker.engagement.desk_folder import FOLDER, record
    from checker.report.messages import label

    folder = desk_folder or (dossier / FOLDER if dossier and dossier.is_dir() else None)
    if folder is None:
        click.echo(label("report.no_desk", "en" if lang == "en" else "zh"), err=True)
    return record(folder, result, today())


def now() -> str:
    """This moment in Shanghai, to the second."""
    from datetime import datetime

    from checker.cli.options import SHANGHAI

    return datetime.now(SHANGHAI).isoformat(timespec="seconds")
