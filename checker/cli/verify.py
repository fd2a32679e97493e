"""``zcf-check verify BUNDLE``: signature, hashes, ledger, and the check done again."""

from pathlib import Path

import click

from checker.cli.given import LANG
from checker.cli.outcome import FINDINGS, NOT_EVALUATED, OK, reported
from checker.report.messages import LANGUAGES, label, printable, problem_text

_SIGNS = {"holds": "✓", "fails": "✗", "not_done": "–"}


@click.command("verify")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option(
    "--key", "key_file", type=click.Path(path_type=Path), help="Public key you trust (PEM)."
)
@click.option("--dossier", type=click.Path(path_type=Path), help="The dossier, to check it again.")
@LANG
def command(bundle: Path, key_file: Path | None, dossier: Path | None, lang: str) -> None:
    """Verify BUNDLE. Exit code 0 only when everything was done and holds; 1 when something fails,
    2 when something could not be done (no key named, no dossier to check again)."""
    from checker.bundle.signing import read_public
    from checker.bundle.verify import FAILS, NOT_DONE, verify

    with reported(lang):
        trusted = None
        if key_file is not None:
            content = key_file.read_bytes() if key_file.is_file() else b""
            trusted = read_public(content, str(key_file))
        steps = verify(bundle, trusted, dossier)
        for step in steps:
            for one in LANGUAGES if lang == "both" else (lang,):
                args = dict(step.args)
                if step.problem is not None:
                    told = problem_text(step.problem.key, step.problem.args, one)
                    args["detail"] = f"{step.problem.anchor} {told}"
                text = label(f"{step.key}.{step.state}", one, **args)
                click.echo(printable(f"{_SIGNS[step.state]} {text}"))
    states = {step.state for step in steps}
    code = FINDINGS if FAILS in states else NOT_EVALUATED if NOT_DONE in states else OK
    raise click.exceptions.Exit(code)
