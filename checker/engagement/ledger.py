"""Appends to the judgement ledger: the whole file is written beside and moved into place."""

from pathlib import Path
from typing import Any

from checker.engagement.chain import Record, extended, head_file, texts_of
from checker.engagement.judgement import Judgement, record_of
from checker.engagement.lock import locked
from checker.engagement.standing import read_ledger
from checker.engagement.subjects import Subjects
from checker.engagement.whole import write_whole
from checker.errors import Problem, UsageError
from checker.places import Anchor


def append(path: Path, judgement: Judgement, result: dict[str, Any]) -> Record:
    """Record a judgement; raises ``DossierError`` when the ledger is broken, ``UsageError`` when
    the judgement cannot be made or the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path):
            records = read_ledger(path)
            record = extended(records, record_of(judgement, Subjects(result)))
            lines, head = texts_of([*records, record])
            if not records:  # cut off here, the ledger is empty and not broken
                write_whole(head_file(path), texts_of([])[1])
            write_whole(path, lines)
            write_whole(head_file(path), head)
    except OSError as error:
        args = {"path": str(path), "detail": error.strerror or str(error)}
        raise UsageError(Problem("usage.cannot_write", Anchor(path.name), args)) from None
    return record
