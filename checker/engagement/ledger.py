"""Appends a judgement to the ledger."""

from pathlib import Path
from typing import Any

from checker.engagement.append import add_record
from checker.engagement.chain import Record
from checker.engagement.judgement import Judgement, record_of
from checker.engagement.standing import read_ledger
from checker.engagement.subjects import Subjects


def append(path: Path, judgement: Judgement, result: dict[str, Any]) -> Record:
    """Record a judgement; raises ``DossierError`` when the ledger is broken, ``UsageError`` when
    the judgement cannot be made or the file cannot be written."""
    subjects = Subjects(result)
    return add_record(path, lambda: read_ledger(path), lambda _: record_of(judgement, subjects))
