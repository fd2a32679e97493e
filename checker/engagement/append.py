"""Adds a record to a chain: one writer at a time, the whole file written beside and moved."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from checker.canonical import canonical
from checker.engagement.chain import MAX_LINE, Record, extended, head_file, texts_of
from checker.engagement.lock import locked
from checker.engagement.whole import write_whole
from checker.errors import Problem, UsageError
from checker.places import Anchor


def _made(path: Path, records: list[Record], body: Mapping[str, Any]) -> Record:
    """The new record; what could not be read again is refused: a long line, half characters."""
    try:
        record = extended(records, body)
        if len(canonical(record)) <= MAX_LINE:
            return record
    except UnicodeEncodeError:
        pass
    raise UsageError(Problem("usage.too_long", Anchor(path.name), {}, "blocker"))


def add_record(
    path: Path,
    read: Callable[[], list[Record]],
    make: Callable[[list[Record]], Mapping[str, Any]],
) -> Record:
    """Add what ``make`` gives for the records that ``read`` finds, and return it.

    Raises what they raise, and ``UsageError`` when the file cannot be written or is kept locked.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path):
            records = read()
            record = _made(path, records, make(records))
            lines, head = texts_of([*records, record])
            if not records:  # cut off here, the chain is empty and not broken
                write_whole(head_file(path), texts_of([])[1])
            write_whole(path, lines)
            write_whole(head_file(path), head)
    except OSError as error:
        args = {"path": str(path), "detail": error.strerror or str(error)}
        raise UsageError(Problem("usage.cannot_write", Anchor(path.name), args)) from None
    return record
