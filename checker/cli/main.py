"""``zcf-check``: the command group. Everything heavy is imported by the command that needs it."""

import gc
import importlib
import sys
from typing import Any

import click

from checker import __version__

_COMMANDS = {
    "check": ("checker.cli.check", "Check a dossier and write result.json and the report."),
    "explain": ("checker.cli.explain", "Print the working of a figure or requirement."),
    "rules": ("checker.cli.rules", "Work on rule packs: run the cases beside their cards."),
    "factors": ("checker.cli.factors", "Look up factors and limits with their sources."),
    "init": ("checker.cli.init", "Write an empty dossier with its workbook."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called; a path means ``check``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        entry = _COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = importlib.import_module(entry[0]).command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """``zcf-check DOSSIER`` is ``zcf-check check DOSSIER``."""
        if args and args[0] not in _COMMANDS and args[0] not in ("--help", "-h", "--version"):
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 nothing at or above the failing level; 1 findings; 2 could not be "
    "evaluated; 3 wrong call; 4 internal fault, no verdict.",
)
@click.version_option(__version__, prog_name="zcf-check")
def cli() -> None:
    """Recompute and judge a zero-carbon factory dossier.

    `zcf-check DOSSIER` reads a dossier folder or zip, recomputes every figure it can, and writes
    the result and an audit report. 零碳工厂申报材料机检预审。
    """


def main() -> None:
    """Entry point: click's own usage errors end with exit code 3, like ours."""
    gc.set_threshold(500_000, 20, 100)  # one short run: collecting every 700 objects costs a tenth
    code: Any = 0
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.Abort:
        click.echo("stopped", err=True)
        code = 3
    except click.ClickException as error:
        error.show()
        code = 3
    sys.exit(code if isinstance(code, int) else 0)
