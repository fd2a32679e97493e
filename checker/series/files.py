"""Which files table T36 speaks of, and which files nobody speaks of."""

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from checker.dossier.files import DossierFiles
from checker.dossier.load import Dossier
from checker.errors import Problem
from checker.places import Anchor
from checker.series.channel import Channel

FOLDER = "series"
ENDINGS = (".csv", ".parquet")
_NOTES = (".md", ".txt")


def series_paths(files: DossierFiles | None) -> list[str]:
    """Files of the folder ``series/``, whatever they are; notes are left out."""
    return [
        path
        for path in sorted(files.entries if files is not None else ())
        if PurePosixPath(path).parts[0] == FOLDER and not path.lower().endswith(_NOTES)
    ]


def has_series(dossier: Dossier) -> bool:
    """True when a dossier has series, or says so in table T36."""
    table = dossier.tables.get("T36")
    return bool(table is not None and len(table)) or bool(series_paths(dossier.files))


def groups(dossier: Dossier, found: Sequence[Channel]) -> Iterator[tuple[list[str], list[Channel]]]:
    """Channels that share files, with those files; ``*`` in a file name stands for several."""
    files, problems = dossier.files, dossier.problems
    assert files is not None
    by_file: dict[str, list[Channel]] = {}
    for channel in found:
        by_file.setdefault(channel.file, []).append(channel)
    readable = {path: None for path in sorted(files.entries) if path.lower().endswith(ENDINGS)}
    others = {path: None for path in sorted(files.entries) if path not in readable}
    for wanted, group in by_file.items():
        paths = _paths(readable, wanted)
        if not paths:
            key = "series.format" if _paths(others, wanted) else "series.file_missing"
            anchor = group[0].row.anchor("file")
            problems.append(Problem(key, anchor, {"path": wanted}, "major"))
        yield paths, group
    named = {
        path for wanted in _written(dossier) for path in _paths({**readable, **others}, wanted)
    }
    for path in series_paths(files):
        if path not in named:
            name = PurePosixPath(path).name
            problems.append(Problem("series.unlisted", Anchor(path), {"name": name}, "major"))


def _written(dossier: Dossier) -> list[str]:
    """Files that rows of T36 name, whether or not the rows can be used."""
    table = dossier.tables.get("T36")
    texts = (row.read("file") for row in (table.rows() if table is not None else ()))
    return [text.replace("\\", "/").removeprefix("./") for text in texts if isinstance(text, str)]


def _paths(readable: Mapping[str, None], wanted: str) -> list[str]:
    for candidate in (wanted, f"{FOLDER}/{wanted}"):
        if "*" in candidate:
            matching = [path for path in readable if fnmatch.fnmatchcase(path, candidate)]
        else:
            matching = [candidate] if candidate in readable else []
        if matching:
            return matching
    return []
