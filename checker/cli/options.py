"""Options of a check, shared by every command that checks; and the day it is."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from checker.check import Options

F = TypeVar("F", bound=Callable[..., Any])
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def today_in_shanghai() -> date:
    """Today where the programme is."""
    return datetime.now(SHANGHAI).date()


def read_day(ctx: click.Context, param: click.Parameter, value: str | None) -> date:
    """An ISO date; today in Shanghai when none is given."""
    if value is None:
        return today_in_shanghai()
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date; write 2026-11-24") from None


_OPTIONS = (
    click.option(
        "--as-of",
        callback=read_day,
        help="Day on which rules, factors and validity are judged; default: today in Shanghai.",
    ),
    click.option(
        "--pack",
        "packs",
        multiple=True,
        help="A further pack: the id of a shipped one, or a folder.",
    ),
    click.option(
        "--tailoring",
        type=click.Path(path_type=Path),
        help="What this engagement selects or tightens.",
    ),
    click.option(
        "--waivers",
        type=click.Path(path_type=Path),
        help="Findings accepted for a time, with reasons.",
    ),
    click.option("--no-waivers", is_flag=True, help="List the waivers, but let none count."),
    click.option(
        "--engagement",
        type=click.Path(path_type=Path),
        help="Who checks for whom, with what materiality; shown in the report.",
    ),
)


def check_options(function: F) -> F:
    """Add the options of a check to a command."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def options_of(
    *,
    as_of: date,
    packs: tuple[str, ...],
    tailoring: Path | None,
    waivers: Path | None,
    no_waivers: bool,
    engagement: Path | None,
    today: date | None = None,
) -> "Options":
    """The options as the check takes them."""
    from checker.check import Options

    names, folders = split_packs(packs)
    return Options(as_of, names, folders, tailoring, waivers, engagement, no_waivers, today)


def split_packs(names: tuple[str, ...]) -> tuple[list[str], list[Path]]:
    """``--pack`` takes the id of a shipped pack or a folder."""
    folders = [Path(name) for name in names if Path(name).is_dir()]
    return [name for name in names if not Path(name).is_dir()], folders
