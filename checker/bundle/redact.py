"""A result for sharing: findings stay readable, what the company wrote is blacked out.

Every text of the dossier (header, cells, file names, names of months and closed lists left aside)
is replaced by a numbered mark wherever it occurs in the result, also inside longer texts. Figures
stay: they are what is shared. The signed statement names the hash of the whole result.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from checker.bundle.seal import ENVELOPE, PUBLIC, RESULT, archive, statement
from checker.bundle.signing import envelope, public_pem
from checker.dossier.load import Dossier, load_dossier
from checker.dossier.schema import Column, table_specs
from checker.result.encode import dumps

MARK = "〔隐去{}〕"
_OPEN_KINDS = ("text",)
_KEPT = frozenset(
    ("sector", "province", "stage", "applies_for", "language", "schema", "gases", "accounting")
)
_DATE = re.compile(
    r"(?:19|20)\d\d(?:[-/.年](?:0?[1-9]|1[0-2])(?:[-/.月]\d{1,2})?)?[月日]?\Z|\d{1,4}\Z"
)
MIN_LENGTH = 2
_NAMES = frozenset(("rule", "id", "requirement", "figure", "fact", "pack", "fingerprint", "sha256"))
"""Entries that name things of ours; they are no texts of the company."""


def redacted_bundle(dossier: Path, result: Mapping[str, Any], key: Ed25519PrivateKey) -> bytes:
    """A bundle with the redacted result only."""
    hidden = redacted(result, secrets(load_dossier(dossier)))
    files = {RESULT: dumps(hidden).encode(), PUBLIC: public_pem(key.public_key())}
    told = statement(files, {**hidden, "inputs": []})
    whole = hashlib.sha256(dumps(dict(result)).encode()).hexdigest()
    told["predicate"]["redacted_from"] = {"sha256": whole}
    files[ENVELOPE] = envelope(told, key)
    return archive(files)


def secrets(dossier: Dossier) -> list[str]:
    """Texts the company wrote, the longest first."""
    found = set(_header(dossier)) | set(_cells(dossier))
    if dossier.files is not None:
        found |= {name for name in dossier.files.entries if "/" in name or "." in name}
        found |= {Path(name).stem for name in dossier.files.entries}
    kept = {text for text in found if len(text) >= MIN_LENGTH and not _DATE.match(text)}
    kept -= {"dossier.yaml", "dossier", *(spec.title for spec in table_specs().values())}
    return sorted(kept, key=lambda text: (-len(text), text))


def _header(dossier: Dossier) -> Iterator[str]:
    for name, value in dossier.header.values.items():
        if isinstance(value, str) and not name.startswith(tuple(_KEPT)):
            yield value
    for nil in dossier.nil.values():
        yield nil.reason


def _cells(dossier: Dossier) -> Iterator[str]:
    for table in dossier.tables.values():
        names = [name for name, column in table.spec.columns.items() if _is_open(column)]
        for row in table.rows():
            for name in names:
                value = row.read(name)
                if isinstance(value, str):
                    yield value


def _is_open(column: Column) -> bool:
    return column.kind in _OPEN_KINDS and not column.options


def _whole(text: str) -> str:
    """A pattern for a text; one of letters and digits has to stand by itself."""
    pattern = re.escape(text)
    before = r"(?<![A-Za-z0-9-])" if text[0].isascii() else ""
    return before + pattern + (r"(?![A-Za-z0-9-])" if text[-1].isascii() else "")


def redacted(result: Mapping[str, Any], texts: list[str]) -> dict[str, Any]:
    """The result with every secret text replaced by its mark."""
    marks = {text: MARK.format(number) for number, text in enumerate(texts, start=1)}
    parts = [
        re.compile("|".join(map(_whole, texts[start : start + 2_000])))
        for start in range(0, len(texts), 2_000)
    ]

    def hide(value: Any) -> Any:
        if isinstance(value, str):
            for part in parts:
                value = part.sub(lambda match: marks[match.group()], value)
            return value
        if isinstance(value, Mapping):
            return {
                hide(name): inner if name in _NAMES else hide(inner)
                for name, inner in value.items()
            }
        return [hide(inner) for inner in value] if isinstance(value, list) else value

    fixed = ("composition", "schema", "run", "factors", "parameters", "decisions", "engagement")
    shown = {name: value if name in fixed else hide(value) for name, value in result.items()}
    shown["engagement"] = None
    return shown
