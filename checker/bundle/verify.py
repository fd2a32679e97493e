"""Verifies a bundle: signature, hashes, and the check itself, done again with the sealed packs."""

import hashlib
import io
import json
import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from checker.bundle.seal import (
    DESK,
    DOSSIER,
    ENVELOPE,
    GIVEN,
    OPTIONS,
    PACKS,
    PUBLIC,
    RESULT,
    leaves,
    stable,
)
from checker.bundle.signing import STATEMENT, key_id, opened, read_public
from checker.check import Options, check
from checker.dossier.files import open_dossier
from checker.engagement.desk_folder import LEDGER
from checker.engagement.review import read_reviews
from checker.engagement.rounds import kept, rounds
from checker.engagement.shapes import WRONG_SHAPE
from checker.engagement.standing import read_ledger
from checker.errors import DossierError, Problem, ZcfError
from checker.places import Anchor

MAX_FILES = 100_000
MAX_BYTES = 4_000_000_000
_DAMAGED = (zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError)
HOLDS, FAILS, NOT_DONE = "holds", "fails", "not_done"


@dataclass(frozen=True)
class Step:
    """One thing that was looked at: whether it holds, with detail for a person."""

    key: str
    state: str
    args: Mapping[str, str] = field(default_factory=dict)
    problem: Problem | None = None


def verify(bundle: Path, trusted: Ed25519PublicKey | None, dossier: Path | None) -> list[Step]:
    """Signature, hashes, ledger and replay, in this order; a step that fails ends the rest.

    Raises ``DossierError`` when the file is no bundle, ``UsageError`` when the dossier named is not
    there.
    """
    files = _files(bundle)
    if dossier is not None:
        open_dossier(dossier)
    steps: list[Step] = []
    try:
        for step in _steps(files, trusted, dossier):
            steps.append(step)
            if step.state == FAILS:
                break
    except WRONG_SHAPE:  # signed by somebody, and yet of another shape
        steps.append(Step("verify.shape", FAILS))
    return steps


def _files(bundle: Path) -> dict[str, bytes]:
    """Members of the archive, within limits; names that leave it are refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(bundle.read_bytes())) as archive:
            members = archive.infolist()
            names = [member.filename for member in members]
            if len(names) > MAX_FILES or sum(m.file_size for m in members) > MAX_BYTES:
                raise ValueError("size")
            if len(set(names)) < len(names) or any(map(leaves, names)):
                raise ValueError("names")
            files = {name: archive.read(name) for name in names}
    except (OSError, ValueError, zipfile.BadZipFile, *_DAMAGED):
        raise _no_bundle(bundle) from None
    if not {ENVELOPE, PUBLIC, RESULT} <= set(files):
        raise _no_bundle(bundle)
    return files


def _no_bundle(bundle: Path) -> DossierError:
    return DossierError(Problem("verify.no_bundle", Anchor(str(bundle)), {}, "blocker"))


def _steps(
    files: Mapping[str, bytes], trusted: Ed25519PublicKey | None, dossier: Path | None
) -> Iterator[Step]:
    key = trusted or read_public(files[PUBLIC], PUBLIC)
    statement = opened(files[ENVELOPE], key)
    name = {"key": key_id(key)}
    if statement is None or statement.get("_type") != STATEMENT:
        yield Step("verify.signature", FAILS, name)
        return
    yield Step("verify.signature", HOLDS, name)
    if trusted is None:
        yield Step("verify.key", NOT_DONE, name)
    else:
        yield Step("verify.key", HOLDS, name)
    wrong = _wrong(files, statement)
    yield Step("verify.hashes", FAILS if wrong else HOLDS, {"name": wrong})
    yield from _ledger(files)
    if OPTIONS in files:
        yield _replay(files, dossier)
    else:  # a redacted one
        yield Step("verify.redacted", NOT_DONE)


def _wrong(files: Mapping[str, bytes], statement: Mapping[str, Any]) -> str:
    """The first file that is missing, added or changed; empty when all fit."""
    try:
        sealed = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
    except (KeyError, TypeError):
        return ENVELOPE
    here = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != ENVELOPE
    }
    for name in sorted({*sealed, *here}):
        if sealed.get(name) != here.get(name):
            return str(name)
    return ""


def _ledger(files: Mapping[str, bytes]) -> Iterator[Step]:
    found = {name: files[name] for name in files if name.startswith(DESK)}
    if not found:
        return
    with tempfile.TemporaryDirectory() as folder:
        _unpack(found, DESK, Path(folder))
        try:
            records = read_ledger(Path(folder) / LEDGER)
            read_reviews(Path(folder))
            for entry in rounds(Path(folder)):
                kept(Path(folder), entry)
        except DossierError as error:
            yield Step("verify.ledger", FAILS, problem=error.problems[0])
            return
    head = records[-1]["hash"] if records else ""
    yield Step("verify.ledger", HOLDS, {"detail": f"{len(records)} · {head}"})


def _replay(files: Mapping[str, bytes], dossier: Path | None) -> Step:
    """Check again with the sealed packs and options, and compare."""
    inner = {name: content for name, content in files.items() if name.startswith(DOSSIER)}
    if dossier is None and not inner:
        return Step("verify.no_dossier", NOT_DONE)
    sealed = json.loads(files[RESULT])
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _unpack(inner, DOSSIER, folder / "dossier")
        _unpack({n: c for n, c in files.items() if n.startswith(PACKS)}, PACKS, folder / "packs")
        _unpack({n: c for n, c in files.items() if n.startswith(GIVEN)}, GIVEN, folder / "given")
        try:
            options = _options(json.loads(files[OPTIONS]), folder)
            result = check(dossier or folder / "dossier", options)
        except ZcfError as error:
            return Step("verify.replay", FAILS, problem=error.problems[0])
        except (KeyError, ValueError, TypeError):
            return Step("verify.replay", FAILS, {"detail": OPTIONS})
    if stable(sealed) == stable(result):
        return Step("verify.replay", HOLDS, {"detail": result["run"]["id"]})
    return Step("verify.replay", FAILS, {"detail": first_difference(sealed, result)})


def _unpack(files: Mapping[str, bytes], prefix: str, folder: Path) -> None:
    for name, content in files.items():
        path = folder / name.removeprefix(prefix)
        if not path.resolve().is_relative_to(folder.resolve()):
            raise DossierError(Problem("verify.no_bundle", Anchor(name), {}, "blocker"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _options(written: Mapping[str, Any], folder: Path) -> Options:
    def given(role: str) -> Path | None:
        name = PurePosixPath(written[role]).name
        return folder / "given" / role / name if name else None

    return Options(
        date.fromisoformat(written["as_of"]),
        tuple(written["packs"]),
        (folder / "packs",),
        given("tailoring"),
        given("waivers"),
        given("engagement"),
        bool(written["ignore_waivers"]),
        alone=True,
    )


CAUSES = ("inputs", "composition")
ORDER = (*CAUSES, "facts", "requirements", "findings", "conclusion")
"""Where a difference is looked for first: causes before effects."""


def first_difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The first cause and the first fact that differ, named to be found, with both values."""
    names = [*ORDER, *sorted({*old, *new} - {*ORDER, "env"})]
    found = [(name, _differs(old.get(name), new.get(name), name)) for name in names]
    causes = [text for name, text in found if text and name in CAUSES]
    effects = [text for name, text in found if text and name not in CAUSES]
    return "; ".join([*causes[:1], *effects[:1]])


def _differs(old: Any, new: Any, path: str) -> str:
    if old == new:
        return ""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted({*old, *new}):
            if found := _differs(old.get(name), new.get(name), f"{path}.{name}"):
                return found
    if isinstance(old, list) and isinstance(new, list):
        for index, (one, other) in enumerate(zip(old, new, strict=False)):
            if found := _differs(one, other, f"{path}[{_name(one, index)}]"):
                return found
        return f"{path}: {len(old)} → {len(new)}"
    return f"{path}: {_short(old)} → {_short(new)}"


def _name(entry: Any, index: int) -> str:
    if isinstance(entry, dict):
        for name in ("id", "path", "subject", "rule"):
            if entry.get(name):
                return str(entry[name])
    return str(index)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 200 else text[:200] + "…"
