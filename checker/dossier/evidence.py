"""The evidence index (T19): which id stands for which file, and whether the file is there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from checker.dossier.files import DossierFiles
from checker.dossier.table import Table
from checker.errors import Problem
from checker.lang.values import Unknown
from checker.places import Anchor

_READ_BY_US = (".yaml", ".csv", ".xlsx", ".parquet", ".md")
_SIGNATURES = {".pdf": b"%PDF", ".png": b"\x89PNG", ".jpg": b"\xff\xd8", ".jpeg": b"\xff\xd8"}


@dataclass(frozen=True, eq=False)
class EvidenceFile:
    """One indexed file; ``state`` is ok, missing, empty, not_as_named, or circular (our input)."""

    evidence_id: str
    path: str
    state: str
    anchor: Anchor


@dataclass(slots=True)
class EvidenceIndex:
    """Evidence by id, and files that no entry names."""

    submitted: bool = False
    entries: dict[str, EvidenceFile] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)


def _state(path: str, files: DossierFiles, read: frozenset[str]) -> str:
    if path in read:
        return "circular"
    entry = files.entries.get(path)
    if entry is None:
        return "missing"
    if entry.size == 0:
        return "empty"
    signature = _SIGNATURES.get(PurePosixPath(path).suffix.lower())
    if signature is None:
        return "ok"
    content = files.read(path)
    whole = signature != b"%PDF" or b"%%EOF" in content[-2048:]  # else cut off, or only a header
    return "ok" if whole and content.startswith(signature) else "not_as_named"


def index_evidence(
    table: Table | None, files: DossierFiles, problems: list[Problem], read: frozenset[str]
) -> EvidenceIndex:
    """Resolve T19 against the files; a file that is missing or empty is a problem.

    ``read`` are the files the figures themselves come from: they prove nothing.
    """
    index = EvidenceIndex(submitted=table is not None)
    named: set[str] = set()
    for row in table.rows() if table else []:
        evidence_id, path = row.read("evidence_id"), row.read("path")
        if type(evidence_id) is Unknown or type(path) is Unknown:
            continue
        path = str(path).replace("\\", "/").removeprefix("./")
        named.add(path)
        anchor = row.anchor("path")
        state = _state(path, files, read)
        if evidence_id in index.entries:
            args = {"id": str(evidence_id)}
            problems.append(Problem("evidence.twice", row.anchor("evidence_id"), args, "minor"))
            continue
        index.entries[evidence_id] = EvidenceFile(evidence_id, path, state, anchor)
        if state != "ok":
            args = {"id": str(evidence_id), "path": path}
            problems.append(Problem(f"evidence.{state}", anchor, args, "major"))
    index.unused = sorted(
        path
        for path in files.entries
        if path not in named and not path.lower().endswith(_READ_BY_US)
    )
    return index


def report_unindexed(
    cited: Iterable[tuple[str, str, Anchor]], index: EvidenceIndex, problems: list[Problem]
) -> None:
    """Ids that are cited but stand in no entry of the index (when one was submitted)."""
    for table, evidence_id, anchor in cited if index.submitted else ():
        if evidence_id not in index.entries:
            args = {"table": table, "id": evidence_id}
            problems.append(Problem("evidence.not_indexed", anchor, args, "minor"))
