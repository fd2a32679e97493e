"""One writer at a time: a file beside the ledger that only one process can make."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checker.errors import Problem, UsageError
from checker.places import Anchor

WAIT = 5.0
"""Seconds to wait for another writer."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file; raises ``UsageError`` when another process keeps it."""
    lock = path.with_name(path.name + ".lock")
    until = time.monotonic() + WAIT
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            if time.monotonic() > until:
                args = {"path": str(lock)}
                raise UsageError(Problem("usage.locked", Anchor(path.name), args)) from None
            time.sleep(0.05)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
