"""Runs again whenever a file of the packs changes."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from checker.packs.heads import pack_folders
from checker.resources import rules_dir

PAUSE = 0.5
"""Seconds between two looks at the files."""


def watched(folders: Sequence[Path], pause: float = PAUSE) -> Iterator[None]:
    """Once at the start, then after every change; ends when the user interrupts."""
    seen: dict[Path, tuple[int, int]] | None = None
    try:
        while True:
            now = _stamps(folders)
            if now != seen:
                seen = now
                click.echo("—")
                yield None
            time.sleep(pause)
    except KeyboardInterrupt:
        return


def _stamps(folders: Sequence[Path]) -> dict[Path, tuple[int, int]]:
    """Time and size of every file of the packs; a file that goes away meanwhile is left out."""
    found = {}
    for folder in pack_folders(folders) or [rules_dir()]:
        for path in folder.rglob("*"):
            try:
                status = path.stat()
            except OSError:
                continue
            found[path] = (status.st_mtime_ns, status.st_size)
    return found
