"""Table V01: what was looked up in the evidence and found, and what is odd about the files."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from checker.dossier.content_id import hash_of, hash_of_cid, is_cid
from checker.dossier.derived import DerivedTable, table_of
from checker.dossier.evidence import EvidenceFile
from checker.dossier.load import Dossier
from checker.errors import Arg, Problem
from checker.evidence.kinds import DOCUMENTS
from checker.evidence.wanted import Wanted, plain_text, stands_in, wanted
from checker.lang.values import Unknown
from checker.places import Anchor

Pages: TypeAlias = Mapping[str, list[str] | None]
_SHORT = 80
"""Characters from which on two equal pages are worth a question."""


def derive_evidence(dossier: Dossier) -> None:
    """Add table V01, the problems of the files, and the texts of all documents of the index.

    What rows cite is read first: the limits of reading meet it last.
    """
    if dossier.files is None or not dossier.evidence.entries:
        return
    dossier.problems.extend(_hashes(dossier))
    dossier.problems.extend(_same_files(dossier))
    items = list(wanted(dossier))
    entries = dossier.evidence.entries
    cited = sorted({entries[i.evidence_id].path for i in items if i.evidence_id in entries})
    others = sorted({e.path for e in entries.values() if e.state == "ok"} - set(cited))
    pages = _read(dossier, [p for p in (*cited, *others) if p.lower().endswith(DOCUMENTS)])
    dossier.page_texts.update({path: texts for path, texts in pages.items() if texts})
    dossier.problems.extend(_page_ranges(dossier, pages))
    dossier.problems.extend(_same_pages(pages))
    dossier.tables["V01"] = _table(items, entries, pages)


def _read(dossier: Dossier, paths: list[str]) -> Pages:
    if not paths or dossier.files is None:
        return {}
    from checker.evidence.pages import page_texts  # noqa: PLC0415  (a process of its own)

    usable = [path for path in paths if path in dossier.files.entries]
    found = dict(page_texts(dossier.files, usable))
    dossier.read_files.update(path for path, texts in found.items() if texts is not None)
    return found


def _table(items: list[Wanted], entries: Mapping[str, EvidenceFile], pages: Pages) -> DerivedTable:
    plain = {path: [plain_text(text) for text in texts] for path, texts in pages.items() if texts}
    rows: list[tuple[Anchor, Mapping[str, Any]]] = []
    for item in items:
        entry = entries.get(item.evidence_id)
        if entry is None or entry.state != "ok":
            continue  # reported where the index was read
        state, page = _look(item, entry.path, pages, plain)
        row = {
            "source": item.row.key,
            "table": item.table,
            "evidence_id": item.evidence_id,
            "what": item.title,
            "wanted": item.shown,
            "state": state,
            "page": page or None,
        }
        rows.append((Anchor(entry.path, page=page, label=f"{item.row.key} {item.title}"), row))
    return table_of("V01", rows)


def _look(
    item: Wanted, path: str, pages: Pages, plain: Mapping[str, list[tuple[str, str, str]]]
) -> tuple[str, int]:
    """State and page (from 1) of one item."""
    if not path.lower().endswith(".pdf"):
        return "not_text", 0
    texts = pages.get(path)
    if texts is None or not any(text.strip() for text in texts):
        return "unreadable", item.page
    found = [index + 1 for index, page in enumerate(plain[path]) if stands_in(item, page)]
    if not found:
        blank = any(not text.strip() for text in texts)  # an image page might show it
        return ("unreadable" if blank else "missing"), item.page
    if item.page and item.page not in found:
        return "elsewhere", found[0]
    return "found", item.page or found[0]


def _hashes(dossier: Dossier) -> Iterator[Problem]:
    """Hashes and CIDs of the index against the files."""
    table, files = dossier.tables.get("T19"), dossier.files
    for row in table.rows() if table is not None and files is not None else ():
        entry = dossier.evidence.entries.get(str(row.read("evidence_id")))
        if entry is None or files is None or entry.path not in files.entries:
            continue
        for column in ("sha256", "cid"):
            text = row.read(column)
            if type(text) is Unknown:
                continue
            args: dict[str, Arg] = {"id": entry.evidence_id, "text": str(text)[:80]}
            wanted_hash = hash_of(text) if column == "sha256" else hash_of_cid(text)
            if wanted_hash is None:
                known = column == "cid" and is_cid(text)
                key = "evidence.cid_not_checkable" if known else "evidence.hash_form"
                severity = "observation" if known else "minor"
                yield Problem(key, row.anchor(column), args, severity)
            elif wanted_hash != files.sha256(entry.path):
                yield Problem("evidence.hash_differs", row.anchor(column), args, "major")


def _same_files(dossier: Dossier) -> Iterator[Problem]:
    """One content under several names of the index."""
    files = dossier.files
    seen: dict[str, str] = {}
    by_path = {entry.path: entry for entry in dossier.evidence.entries.values()}
    for entry in (by_path[path] for path in sorted(by_path)):
        if files is None or entry.path not in files.entries or not files.entries[entry.path].size:
            continue
        digest = files.sha256(entry.path)
        first = seen.setdefault(digest, entry.path)
        if first != entry.path:
            args: dict[str, Arg] = {"path": entry.path, "other": first}
            yield Problem("evidence.same_file", entry.anchor, args, "observation")


def _same_pages(pages: Pages) -> Iterator[Problem]:
    """One page of text in two places."""
    seen: dict[str, tuple[str, int]] = {}
    printed = ((path, texts) for path, texts in pages.items() if path.lower().endswith(".pdf"))
    for path, texts in printed:
        for number, text in enumerate(texts or (), start=1):
            plain = " ".join(text.split())
            if len(plain) < _SHORT:
                continue
            mark = hashlib.sha256(plain.encode()).hexdigest()
            other, page = seen.setdefault(mark, (path, number))
            if (other, page) != (path, number):
                anchor = Anchor(path, page=number)
                args: dict[str, Arg] = {"name": PurePosixPath(other).name, "page": page}
                yield Problem("evidence.same_page", anchor, args, "observation")


def _page_ranges(dossier: Dossier, pages: Pages) -> Iterator[Problem]:
    """Page ranges of the index that go beyond the file."""
    table = dossier.tables.get("T19")
    for row in table.rows() if table is not None else ():
        entry = dossier.evidence.entries.get(str(row.read("evidence_id")))
        texts = pages.get(entry.path) if entry is not None else None
        last = row.read("page_to")
        if texts and type(last) is not Unknown and int(last) > len(texts):
            args: dict[str, Arg] = {"page": int(last), "pages": len(texts)}
            yield Problem("evidence.page_beyond", row.anchor("page_to"), args, "minor")
