"""Texts and pictures of PDF pages, made in a process of their own that may die without harm."""

import base64
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from checker.dossier.files import DossierFiles

_ROOT = Path(__file__).resolve().parent.parent.parent
"""Where the child finds this package. ``-P`` keeps the current folder, which may be a submission,
out of its way."""
TIMEOUT = 30
"""Seconds for one file."""
MAX_FILES = 400
"""Documents of a dossier that are read; others count as not readable."""
MAX_CHARACTERS = 40_000_000


def page_texts(files: DossierFiles, paths: Sequence[str]) -> Iterator[tuple[str, list[str] | None]]:
    """Texts of the pages of each file; None for a file that cannot be read, or came after the
    limits were reached."""
    reader: _Reader | None = None
    left = MAX_CHARACTERS
    for number, path in enumerate(paths):
        if number >= MAX_FILES or left <= 0:
            yield path, None
            continue
        reader = reader or _Reader()
        with _on_disk(files, path) as place:
            texts = reader.read(place)
        if texts is _DIED:
            reader = None
            yield path, None
        else:
            assert texts is None or isinstance(texts, list)
            left -= sum(map(len, texts or ()))
            yield path, texts
    if reader is not None:
        reader.close()


def page_picture(files: DossierFiles, path: str, page: int) -> bytes | None:
    """A page as a PNG picture; None when there is none to show."""
    reader = _Reader()
    with _on_disk(files, path) as place:
        answer = reader.ask({"path": str(place), "page": page})
    if answer is _DIED:
        return None
    reader.close()
    return base64.b64decode(answer) if isinstance(answer, str) else None


class _on_disk:  # noqa: N801  (used as a context)
    """A file of the dossier as a path; members of an archive are lent a temporary file."""

    def __init__(self, files: DossierFiles, path: str) -> None:
        self.files, self.path = files, path
        self.folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Path:
        if self.files.archive is None:
            return (self.files.root / self.path).resolve()
        self.folder = tempfile.TemporaryDirectory()
        place = Path(self.folder.name) / f"readable{PurePosixPath(self.path).suffix}"
        place.write_bytes(self.files.read(self.path))
        return place

    def __exit__(self, *error: object) -> None:
        if self.folder is not None:
            self.folder.cleanup()


_DIED = object()


class _Reader:
    """The reading process; stopped when a file takes too long."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "checker.evidence.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
        )

    def read(self, place: Path) -> object:
        """Page texts, None for no PDF, ``_DIED`` when the process ended or was stopped."""
        return self.ask(str(place))

    def ask(self, question: object) -> object:
        """The answer of the process, ``_DIED`` when it ended or was stopped."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        watch = threading.Timer(TIMEOUT, self.process.kill)
        watch.start()
        try:
            self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except (BrokenPipeError, OSError):
            answer = ""
        finally:
            watch.cancel()
        if not answer.endswith("\n"):
            self.close()
            return _DIED
        return json.loads(answer)

    def close(self) -> None:
        """End the process."""
        for stream in (self.process.stdin, self.process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except BrokenPipeError:
                continue
        self.process.wait()
