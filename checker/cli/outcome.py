"""Exit codes and error output shared by the commands."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from checker.errors import DossierError, EngineFault, PackError, Problem, UsageError, ZcfError
from checker.places import Anchor
from checker.report.messages import LANGUAGES, printable, problem_text

PIPE_CLOSED = 141
"""What a shell gives for a program whose reader went away."""
OK, FINDINGS, NOT_EVALUATED, USAGE, FAULT = 0, 1, 2, 3, 4
_CODES: tuple[tuple[type[ZcfError], int], ...] = (
    (UsageError, USAGE),
    (PackError, NOT_EVALUATED),
    (DossierError, NOT_EVALUATED),
    (EngineFault, FAULT),
)


def print_problems(problems: tuple[Problem, ...], lang: str) -> None:
    """All problems on standard error: place, what is wrong, what to do."""
    for problem in problems:
        for one in LANGUAGES if lang == "both" else (lang,):
            text = problem_text(problem.key, problem.args, one)
            click.echo(printable(f"{problem.anchor}: {text}"), err=True)
        quote = problem.args.get("quote")
        if quote:
            for line in str(quote).split("\n"):
                click.echo("    " + printable(line), err=True)


def _clear(wanted: bool) -> None:
    if wanted:
        click.echo("\r\033[K", nl=False, err=True)


@contextmanager
def reported(lang: str, *, clear: bool = False) -> Iterator[None]:
    """Turn errors into messages and an exit code; ``clear`` wipes a progress line first."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(PIPE_CLOSED) from None
    except ZcfError as error:
        _clear(clear)
        print_problems(error.problems, lang)
        code = next(code for kind, code in _CODES if isinstance(error, kind))
        raise click.exceptions.Exit(code) from None
    except Exception as error:  # a fault of ours: said as such, never a verdict
        detail = f"{type(error).__name__}: {error}"[:300]
        _clear(clear)
        fault = Problem("fault.unexpected", Anchor("zcf-check"), {"detail": detail}, "blocker")
        print_problems((fault,), lang)
        raise click.exceptions.Exit(FAULT) from error
