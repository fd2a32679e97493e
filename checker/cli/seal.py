"""``zcf-check seal DOSSIER``: a signed bundle for the archive."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from checker.cli.given import DESK_FOLDER, DOSSIER, LANG, read_result, today
from checker.cli.options import check_options, options_of
from checker.cli.outcome import reported
from checker.report.messages import LANGUAGES, label


@click.command("seal")
@DOSSIER
@click.option("--key", "key_file", type=click.Path(path_type=Path), help="Private key (PEM).")
@click.option("--new-key", type=click.Path(path_type=Path), help="First make a key pair here.")
@click.option(
    "--result",
    "result_file",
    type=click.Path(path_type=Path),
    help="The result this seal is for; another outcome is refused.",
)
@DESK_FOLDER
@click.option("--with-dossier", is_flag=True, help="Put the dossier into the bundle as well.")
@click.option("--redacted", is_flag=True, help="For sharing: a result without the company's texts.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("zcf-bundle.zip"),
    show_default=True,
    help="Bundle to write; never inside the dossier.",
)
@LANG
@check_options
def command(
    dossier: Path,
    key_file: Path | None,
    new_key: Path | None,
    result_file: Path | None,
    desk_folder: Path | None,
    with_dossier: bool,
    redacted: bool,
    out: Path,
    lang: str,
    **given: Any,
) -> None:
    """Check DOSSIER and seal result, packs, options and ledger in one signed archive."""
    from checker.bundle.redact import redacted_bundle
    from checker.bundle.seal import seal
    from checker.cli.write import refuse_inside, save
    from checker.engagement.desk_folder import FOLDER, LEDGER
    from checker.errors import Problem, UsageError
    from checker.places import Anchor

    with reported(lang):
        refuse_inside(dossier, out)
        if out.exists():
            raise UsageError(Problem("seal.exists", Anchor("--out"), {"path": str(out)}, "blocker"))
        if redacted and with_dossier:
            raise UsageError(Problem("seal.redacted_dossier", Anchor("--redacted"), {}, "blocker"))
        if new_key is None and key_file is None:
            raise UsageError(Problem("key.needed", Anchor("--key"), {}, "blocker"))
        expected = read_result(result_file) if result_file else None
        if expected is not None and not _is_given("as_of"):
            given["as_of"] = date.fromisoformat(expected["run"]["as_of"])
        folder = desk_folder or dossier / FOLDER
        with _key(dossier, key_file, new_key) as key:
            sealed = seal(
                dossier, options_of(**given), key, folder / LEDGER,
                with_dossier=with_dossier, expected=expected,
            )  # fmt: skip
            content = redacted_bundle(dossier, sealed.result, key) if redacted else sealed.content
        for line in _told(sealed.result, folder, lang):
            click.echo(line, err=True)
        for written in save(out.parent, {out.name: content}):
            click.echo(f"→ {written}  run {sealed.result['run']['id']}")


def _is_given(name: str) -> bool:
    """True for an option somebody wrote."""
    source = click.get_current_context().get_parameter_source(name)
    return source is ParameterSource.COMMANDLINE


@contextmanager
def _key(dossier: Path, key_file: Path | None, new_key: Path | None) -> Iterator[Any]:
    """The private key; a new one is taken away again when nothing is sealed with it."""
    from checker.bundle.signing import new_key as make_key
    from checker.bundle.signing import read_private
    from checker.cli.write import refuse_inside

    made: list[Path] = []
    if key_file is None and new_key is not None:
        refuse_inside(dossier, new_key)
        made = [new_key, make_key(new_key)]
    try:
        yield read_private(key_file or made[0])
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise
    for path in made:
        click.echo(f"→ {path}")


def _told(result: dict[str, Any], folder: Path, lang: str) -> list[str]:
    """What a reader of the bundle will ask: was it reviewed, and did the review agree?"""
    from checker.engagement.desk_folder import record

    beside = record(folder, result, today()) if folder.is_dir() else {}
    last = (beside.get("reviews") or [None])[-1]
    if last is None or not last["holds"]:
        key = "seal.no_review"
    elif last["decision"] == "returned":
        key = "seal.returned"
    else:
        key = "seal.after_review" if last["after"] else ""
    return [label(key, one) for one in (LANGUAGES if lang == "both" else (lang,)) if key]
