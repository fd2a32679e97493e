"""``zcf-check desk DOSSIER``: the auditor's page on this machine."""

import socket
from contextlib import suppress
from datetime import date
from pathlib import Path

import click

from checker.cli.given import AS_OF, DESK_FOLDER, DOSSIER, RESULT, now, result_of, today
from checker.cli.outcome import reported


@click.command("desk")
@DOSSIER
@RESULT
@DESK_FOLDER
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh")
@AS_OF
def command(
    dossier: Path,
    result_file: Path | None,
    desk_folder: Path | None,
    port: int,
    lang: str,
    as_of: date,
) -> None:
    """Walk through findings and questions in a browser and record judgements.

    The page is served to this machine only and asks for nothing from outside.
    """
    from checker.engagement.desk_folder import desk_folder as folder_of
    from checker.errors import Problem, UsageError
    from checker.places import Anchor

    with reported(lang):
        try:
            import uvicorn

            from checker.desk.app import application, new_token
        except ImportError:
            raise UsageError(Problem("desk.extra", Anchor("desk"), {}, "blocker")) from None
        from checker.desk.session import Session

        result = result_of(dossier, result_file, as_of)
        session = Session(dossier, folder_of(dossier, desk_folder), result, today())
        token = new_token()
        try:
            listener = socket.create_server(("127.0.0.1", port))
        except OSError as error:
            args: dict[str, str | int] = {"port": port, "detail": error.strerror or str(error)}
            raise UsageError(Problem("desk.port", Anchor("--port"), args, "blocker")) from None
        taken = listener.getsockname()[1]
        click.echo(f"http://127.0.0.1:{taken}/?token={token}&lang={lang}")
        config = uvicorn.Config(
            application(session, token, now), log_level="warning", access_log=False
        )
        with suppress(KeyboardInterrupt):  # the usual way to end it
            uvicorn.Server(config).run(sockets=[listener])
