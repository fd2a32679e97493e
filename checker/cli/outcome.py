"""Exit codes and error output shared by the commands."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from checker.errors import DossierError, EngineFault, PackError, Problem, UsageError, ZcfError
from checker.report.messages import LANGUAGES, problem_text

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
            click.echo(f"{problem.anchor}: {_printable(text)}", err=True)
        quote = problem.args.get("quote")
        if quote:
            click.echo("    " + str(quote).replace("\n", "\n    "), err=True)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


@contextmanager
def reported(lang: str) -> Iterator[None]:
    """Turn the checker's errors into messages and an exit code."""
    try:
        yield
    except ZcfError as error:
        print_problems(error.problems, lang)
        code = next(code for kind, code in _CODES if isinstance(error, kind))
        raise click.exceptions.Exit(code) from None
