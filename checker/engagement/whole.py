"""Writes a file whole or not at all; reads one that is a file and not too big."""

import os
import stat
from pathlib import Path


def plain_bytes(path: Path, limit: int) -> bytes:
    """Content of a regular file; raises ``OSError`` for links, pipes and folders, ``ValueError``
    for one above the limit. What lies beside a dossier is somebody else's."""
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise FileNotFoundError(path)
    if found.st_size > limit:
        raise ValueError(path)
    return path.read_bytes()


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the target and move into place, so that no half file is ever seen.

    What stood there before stays until the new content is on the disk; raises ``OSError``.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
