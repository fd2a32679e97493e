"""``zcf-check``: the command group. Everything heavy is imported by the command that needs it."""

import gc
import sys
from typing import Any

import click

from checker import __version__
from checker.cli.lazy import LazyGroup

COMMANDS = {
    "check": ("checker.cli.check", "Check a dossier and write result.json and the report."),
    "report": ("checker.cli.report", "Render a result again: other formats, with judgements."),
    "judge": ("checker.cli.judge", "Record what a person decides, beside the result."),
    "desk": ("checker.cli.desk", "Walk through findings in a browser on this machine."),
    "readback": ("checker.cli.readback", "Take over what people filled in."),
    "sample": ("checker.cli.sample", "A sample to trace, and errors projected from it."),
    "site": ("checker.cli.site", "The checklist for the visit: print, phone, read back."),
    "diff": ("checker.cli.diff", "What became of each finding between two results."),
    "round": ("checker.cli.round", "Keep a check as the next corrective round."),
    "letter": ("checker.cli.letter", "The questions to the factory as a letter."),
    "review": ("checker.cli.review", "Sign-off by a reviewer, bound to the result."),
    "seal": ("checker.cli.seal", "A signed bundle of a check for the archive."),
    "verify": ("checker.cli.verify", "Verify a bundle and check again."),
    "explain": ("checker.cli.explain", "Print the working of a figure or requirement."),
    "rules": ("checker.cli.rules.group", "Work on rule packs: new, lint, test, show, diff, docs …"),
    "factors": ("checker.cli.factors", "Look up factors and limits with their sources."),
    "init": ("checker.cli.init", "Write an empty dossier with its workbook."),
}


class Commands(LazyGroup):
    """The commands of ``zcf-check``; a path in their place means ``check``."""

    commands_at = COMMANDS

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """``zcf-check DOSSIER`` is ``zcf-check check DOSSIER``."""
        if args and args[0] not in COMMANDS and args[0] not in ("--help", "-h", "--version"):
            args = ["check", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=Commands,
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
