"""``zcf-check seal DOSSIER``: a signed bundle for the archive."""

from pathlib import Path
from typing import Any

import click

from checker.cli.given import DESK_FOLDER, DOSSIER, LANG, read_result
from checker.cli.options import check_options, options_of
from checker.cli.outcome import reported


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
    from checker.bundle.signing import new_key as make_key
    from checker.bundle.signing import read_private
    from checker.cli.write import refuse_inside, save
    from checker.engagement.desk_folder import FOLDER, LEDGER
    from checker.errors import Problem, UsageError
    from checker.places import Anchor

    with reported(lang):
        refuse_inside(dossier, out)
        if new_key is not None:
            refuse_inside(dossier, new_key)
            click.echo(f"→ {new_key}\n→ {make_key(new_key)}")
        if redacted and with_dossier:
            raise UsageError(Problem("seal.redacted_dossier", Anchor("--redacted"), {}, "blocker"))
        path = key_file or new_key
        if path is None:
            raise UsageError(Problem("key.needed", Anchor("--key"), {}, "blocker"))
        key = read_private(path)
        ledger = (desk_folder or dossier / FOLDER) / LEDGER
        expected = read_result(result_file) if result_file else None
        sealed = seal(
            dossier, options_of(**given), key, ledger, with_dossier=with_dossier, expected=expected
        )
        content = redacted_bundle(dossier, sealed.result, key) if redacted else sealed.content
        for written in save(out.parent, {out.name: content}):
            click.echo(f"→ {written}  run {sealed.result['run']['id']}")
