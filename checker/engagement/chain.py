"""A hash-chained file of records: one JSON line each, every line sealed by the one after it.

A line holds its number, the hash of the line before and its own hash. ``<file>.head`` keeps the
number of lines and the last hash, so that the last line cannot be changed or dropped unseen either;
the report prints the same head on paper.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from checker.canonical import canonical
from checker.engagement.whole import plain_bytes
from checker.errors import DossierError, Problem
from checker.places import Anchor

Record: TypeAlias = dict[str, Any]
START = "0" * 64
MAX_BYTES = 64_000_000
MAX_LINE = 100_000


def sealed(record: Mapping[str, Any]) -> str:
    """Hash of a record, its own hash left out."""
    body = {name: value for name, value in record.items() if name != "hash"}
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def head_file(path: Path) -> Path:
    """Where the head of a chain is kept."""
    return path.with_name(path.name + ".head")


def read_chain(path: Path) -> list[Record]:
    """All records; raises ``DossierError`` with the line when the chain is broken.

    A chain that is one line ahead of its head was interrupted while it was written, and holds.
    """
    if not os.path.lexists(path) and not os.path.lexists(head_file(path)):
        return []
    try:  # the head first: a line that is being added is then one ahead of it, which holds
        head = json.loads(plain_bytes(head_file(path), MAX_BYTES).decode())
        count, last = int(head["count"]), str(head["head"])
        content = plain_bytes(path, MAX_BYTES)
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise broken(path, 0, "chain.no_head") from None
    records: list[Record] = []
    before = START
    try:
        lines = content.decode("utf-8").split("\n")[:-1]
    except UnicodeDecodeError as error:
        raise broken(path, content[: error.start].count(b"\n") + 1, "chain.line") from None
    for number, line in enumerate(lines, start=1):
        record = _record(path, number, line, before)
        before = record["hash"]
        records.append(record)
    if content and not content.endswith(b"\n"):
        raise broken(path, len(records) + 1, "chain.cut")
    at_head = records[count - 1]["hash"] if 0 < count <= len(records) else START
    if len(records) < count or len(records) > count + 1 or at_head != last:
        raise broken(path, len(records), "chain.head")
    return records


def _record(path: Path, number: int, line: str, before: str) -> Record:
    try:
        record = json.loads(line) if len(line) <= MAX_LINE else None
        whole = isinstance(record, dict) and canonical(record) == line
    except (ValueError, RecursionError):
        record, whole = None, False
    if not isinstance(record, dict):
        raise broken(path, number, "chain.line")
    if record.get("n") != number or record.get("prev") != before:
        raise broken(path, number, "chain.order")
    if not whole or record.get("hash") != sealed(record):
        raise broken(path, number, "chain.changed")
    return record


def extended(records: Sequence[Record], body: Mapping[str, Any]) -> Record:
    """A new record at the end of a chain."""
    before = records[-1]["hash"] if records else START
    record: Record = {**body, "n": len(records) + 1, "prev": before}
    return {**record, "hash": sealed(record)}


def texts_of(records: Sequence[Record]) -> tuple[bytes, bytes]:
    """The bytes of a chain and of its head."""
    lines = "".join(canonical(record) + "\n" for record in records)
    head = {"count": len(records), "head": records[-1]["hash"] if records else START}
    return lines.encode(), (canonical(head) + "\n").encode()


def broken(path: Path, line: int, key: str) -> DossierError:
    """The error for a chain that does not hold."""
    return DossierError(Problem(key, Anchor(path.name, line=line), {}, "blocker"))
