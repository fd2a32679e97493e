"""Makes a bundle: everything needed to check a check again, in one signed archive."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from checker.bundle.signing import PREDICATE, STATEMENT, envelope, public_pem
from checker.canonical import without_env
from checker.check import Options, check
from checker.dossier.files import open_dossier
from checker.engagement.chain import head_file
from checker.engagement.review import read_reviews
from checker.engagement.rounds import LIST, MAX_BYTES, RUNS, file_of, kept, rounds
from checker.engagement.standing import read_ledger
from checker.engagement.whole import plain_bytes
from checker.errors import DossierError, Problem, UsageError
from checker.packs.heads import pack_folders, shipped_folders
from checker.places import Anchor
from checker.report.writers.steady import steady
from checker.result.encode import dumps

ENVELOPE, PUBLIC, RESULT, OPTIONS = "statement.dsse.json", "key.pub", "result.json", "options.json"
DOSSIER, PACKS, GIVEN, DESK = "dossier/", "packs/", "given/", "desk/"


ROLES = ("tailoring", "waivers", "engagement")
"""Files an engagement gives a check; each is kept under its role, whatever its name."""
BESIDE = (
    "reviews.jsonl",
    "reviews.jsonl.head",
    "responses.json",
    "narratives.json",
    "visit.json",
    "sample.json",
)
"""What people recorded besides judgements."""


@dataclass(frozen=True)
class Sealed:
    """A bundle as bytes, with the result it holds."""

    content: bytes
    result: dict[str, Any]


def seal(
    dossier: Path,
    options: Options,
    key: Ed25519PrivateKey,
    ledger: Path | None = None,
    *,
    with_dossier: bool = False,
    expected: Mapping[str, Any] | None = None,
) -> Sealed:
    """Check the dossier and seal what the check rests on.

    ``expected`` is a result the seal is meant for; raises ``UsageError`` when the check gives
    another one, ``DossierError`` when the ledger is broken.
    """
    result = check(dossier, options)
    if expected is not None and stable(expected) != stable(result):
        raise UsageError(Problem("seal.other_result", Anchor(str(dossier)), {}, "blocker"))
    files: dict[str, bytes] = {
        RESULT: dumps(result).encode(),
        OPTIONS: _options(options, result),
        PUBLIC: public_pem(key.public_key()),
    }
    files |= dict(_packs(options))
    files |= dict(_given(options))
    if ledger is not None and read_ledger(ledger):
        files[f"{DESK}{ledger.name}"] = plain_bytes(ledger, MAX_BYTES)
        files[f"{DESK}{ledger.name}.head"] = plain_bytes(head_file(ledger), MAX_BYTES)
    files |= dict(_beside(ledger.parent)) if ledger is not None else {}
    if with_dossier:
        files |= _submitted(dossier)
    if wrong := next(filter(leaves, files), "") or _twice(files):
        raise UsageError(Problem("seal.name", Anchor(wrong), {"path": wrong}, "blocker"))
    files[ENVELOPE] = envelope(statement(files, result), key)
    return Sealed(archive(files), result)


def _beside(folder: Path) -> Iterable[tuple[str, bytes]]:
    """What people recorded besides judgements, and the rounds with their results."""
    listed = rounds(folder)
    for entry in listed:
        kept(folder, entry)  # raises when it was changed
    names = [f"{RUNS}/{name}" for name in (*map(file_of, listed), LIST, f"{LIST}.head")]
    read_reviews(folder)
    for name in (*(names if listed else ()), *BESIDE):
        if not (folder / name).exists():
            continue
        try:
            yield f"{DESK}{name}", plain_bytes(folder / name, MAX_BYTES)
        except (OSError, ValueError):  # a link, a pipe, too big
            raise DossierError(Problem("usage.desk_file", Anchor(name), {}, "blocker")) from None


_FORBIDDEN = re.compile(r'[\\:*?"<>|\x00-\x1f]|[. ](?:/|\Z)')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?\Z", re.IGNORECASE)


def leaves(name: str) -> bool:
    """True for a name that leaves its folder on some system, or that some system cannot keep."""
    path = PurePosixPath(name)
    plain = str(path) == name  # no //, no ./, no / at the end
    odd = _FORBIDDEN.search(name) or any(map(_DEVICES.match, path.parts))
    return not plain or path.is_absolute() or ".." in path.parts or bool(odd)


def _twice(names: Iterable[str]) -> str:
    """The first name that another one equals but for the size of its letters."""
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            return name
        seen.add(name.casefold())
    return ""


def _submitted(dossier: Path) -> dict[str, bytes]:
    """The files of the dossier; one that was refused cannot be kept and is named."""
    opened = open_dossier(dossier)
    if opened.problems:
        refused = opened.problems[0].anchor.file
        raise UsageError(Problem("seal.refused", Anchor(refused), {"path": refused}, "blocker"))
    return {f"{DOSSIER}{name}": opened.read(name) for name in sorted(opened.entries)}


def stable(result: Mapping[str, Any]) -> str:
    """The text of a result without the block that may differ between machines."""
    return dumps(without_env(result))


def _options(options: Options, result: Mapping[str, Any]) -> bytes:
    """What the check was asked for; packs of the caller's folders go by their names."""
    own = [path.name for path in pack_folders(options.folders)] if options.folders else []
    document = {
        "as_of": options.as_of.isoformat(),
        "packs": sorted({*options.packs, *own}),
        **{role: path.name if (path := getattr(options, role)) else "" for role in ROLES},
        "ignore_waivers": options.ignore_waivers,
        "version": result["run"]["version"],
    }
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _packs(options: Options) -> Iterable[tuple[str, bytes]]:
    """Every pack there was to choose from: what was not chosen decides, too."""
    given = pack_folders(options.folders) if options.folders else []
    for folder in [*shipped_folders(), *given]:
        for path in sorted(folder.rglob("*")):
            inner = path.relative_to(folder)
            if path.is_file() and inner.parts[0] != "cases":
                yield f"{PACKS}{folder.name}/{inner.as_posix()}", path.read_bytes()


def _given(options: Options) -> Iterable[tuple[str, bytes]]:
    for role in ROLES:
        path = getattr(options, role)
        if path is not None:
            yield f"{GIVEN}{role}/{path.name}", path.read_bytes()


def statement(files: Mapping[str, bytes], result: Mapping[str, Any]) -> dict[str, Any]:
    """An in-toto statement about files and the run they come from."""
    return {
        "_type": STATEMENT,
        "subject": [
            {"name": name, "digest": {"sha256": hashlib.sha256(content).hexdigest()}}
            for name, content in sorted(files.items())
        ],
        "predicateType": PREDICATE,
        "predicate": {
            "run": result["run"],
            "inputs": [
                {"path": entry["path"], "sha256": entry["sha256"]} for entry in result["inputs"]
            ],
        },
    }


def archive(files: Mapping[str, bytes]) -> bytes:
    """A zip archive, the same bytes for the same files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return steady(stream.getvalue(), "1980-01-01")
