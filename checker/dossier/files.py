"""The files of a submission, from a folder or from a zip, within limits.

Nothing is unpacked to disk. Names that leave the dossier, links, too many files and archives that
would grow beyond the limits are refused with their name; the other files are still read.
"""

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from checker.errors import DossierError, Problem, UsageError
from checker.places import Anchor

if TYPE_CHECKING:
    import zipfile

MAX_FILES = 20_000
MAX_FILE_BYTES = 512_000_000
MAX_SERIES_BYTES = 8_000_000_000
"""Meter series in a folder are read as streams, never as a whole."""
MAX_ZIP_RATIO = 200
_SKIPPED = frozenset({"_zcf", "__MACOSX", ".git"})
_SKIPPED_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, eq=False)
class FileEntry:
    """A file of the dossier: its path inside the dossier and its size."""

    path: str
    size: int


@dataclass(slots=True)
class DossierFiles:
    """All files by path (``/`` as separator); ``problems`` names what was refused."""

    root: Path
    entries: dict[str, FileEntry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    archive: "zipfile.ZipFile | None" = None
    members: dict[str, str] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)

    def read(self, path: str) -> bytes:
        """Content of a file."""
        if self.archive is not None:
            with self.archive.open(self.members[path]) as stream:
                content = stream.read(self.entries[path].size + 1)
        else:
            content = (self.root / path).read_bytes()
        self._digests[path] = hashlib.sha256(content).hexdigest()
        return content

    def sha256(self, path: str) -> str:
        """Hash of a file, of the bytes as read."""
        if path not in self._digests:
            if self.archive is not None:
                self.read(path)
            else:
                with (self.root / path).open("rb") as stream:
                    digest = hashlib.file_digest(stream, "sha256")
                self._digests[path] = digest.hexdigest()
        return self._digests[path]

    def find(self, name: str) -> str | None:
        """Path of the one file called ``name`` (in any case), at the top or in any folder."""
        if name in self.entries:
            return name
        found = [p for p in self.entries if PurePosixPath(p).name.lower() == name.lower()]
        return found[0] if len(found) == 1 else None

    def refuse(self, key: str, path: str, **args: str | int) -> None:
        """Note a file that was left out."""
        self.problems.append(Problem(key, Anchor(path), args, "major"))


def open_dossier(path: Path) -> DossierFiles:
    """List the files of a dossier folder or zip.

    Raises ``UsageError`` when there is nothing at ``path``, ``DossierError`` when it is empty or
    no archive.
    """
    if path.is_dir():
        files = _from_folder(path)
    elif path.is_file():
        files = _from_zip(path)
    else:
        raise UsageError(Problem("usage.no_dossier", Anchor(str(path)), {"path": str(path)}))
    if not files.entries:
        empty = Problem("dossier.empty", Anchor(path.name), {"path": path.name}, "blocker")
        raise DossierError([empty, *files.problems])
    return files


def _from_folder(root: Path) -> DossierFiles:
    files = DossierFiles(root)
    for folder, names, found in os.walk(root, followlinks=False):
        names[:] = sorted(name for name in names if name not in _SKIPPED)
        for name in sorted(found):
            full = Path(folder) / name
            path = full.relative_to(root).as_posix()
            if name in _SKIPPED_FILES or name.startswith("~$"):
                continue
            if not _is_text(path):
                files.refuse("file.name_not_text", path.encode("utf-8", "replace").decode())
            elif full.is_symlink():
                files.refuse("file.link", path)
            elif not full.is_file():
                files.refuse("file.not_regular", path)
            elif len(files.entries) >= MAX_FILES:
                files.refuse("file.too_many", path, limit=MAX_FILES)
                return files
            else:
                size = full.stat().st_size
                limit = MAX_SERIES_BYTES if path.startswith("series/") else MAX_FILE_BYTES
                if size > limit:
                    files.refuse("file.too_big", path, limit=limit)
                else:
                    files.entries[path] = FileEntry(path, size)
    return files


def _is_text(name: str) -> bool:
    """False for a name whose bytes are no UTF-8: no report could show it."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _member_name(info: "zipfile.ZipInfo") -> str:
    """Name of a member; archives made on Chinese Windows carry GB18030 names."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def _from_zip(path: Path) -> DossierFiles:
    import zipfile  # noqa: PLC0415  (only when the dossier is a zip)

    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError):
        raise DossierError(
            Problem("dossier.not_zip", Anchor(path.name), {"path": path.name}, "blocker")
        ) from None
    files = DossierFiles(path, archive=archive)
    infos = sorted(archive.infolist(), key=lambda info: info.filename)
    for info in infos[: MAX_FILES + 1]:
        name = _member_name(info).replace("\\", "/")
        if info.is_dir():
            continue
        if len(files.entries) >= MAX_FILES:
            files.refuse("file.too_many", name, limit=MAX_FILES)
            break
        _add_member(files, info, name)
    _strip_common_folder(files)
    return files


def _add_member(files: DossierFiles, info: "zipfile.ZipInfo", name: str) -> None:
    pure = PurePosixPath(name)
    if not pure.parts or pure.is_absolute() or ".." in pure.parts or ":" in pure.parts[0]:
        files.refuse("file.outside", name)
    elif _SKIPPED & set(pure.parts) or pure.name in _SKIPPED_FILES:
        return
    elif info.flag_bits & 0x1:
        files.refuse("file.encrypted", name)
    elif info.file_size > MAX_FILE_BYTES:
        files.refuse("file.too_big", name, limit=MAX_FILE_BYTES)
    elif info.file_size > 1_000_000 and info.file_size > MAX_ZIP_RATIO * info.compress_size:
        files.refuse("file.bomb", name, ratio=MAX_ZIP_RATIO)
    elif (info.external_attr >> 28) == 0xA:
        files.refuse("file.link", name)
    else:
        files.entries[name] = FileEntry(name, info.file_size)
        files.members[name] = info.filename
        _try_member(files, name)


def _try_member(files: DossierFiles, name: str) -> None:
    """Read a member once for its hash; a damaged one is left out by name."""
    import zipfile  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    try:
        files.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        files.refuse("file.damaged", name)
        del files.entries[name], files.members[name]


def _strip_common_folder(files: DossierFiles) -> None:
    """A zip of the folder, rather than of its content, reads the same."""
    if "dossier.yaml" in files.entries:
        return
    tops = {path.split("/", 1)[0] for path in files.entries}
    if len(tops) != 1 or any("/" not in path for path in files.entries):
        return
    cut = len(tops.pop()) + 1
    files.members = {path[cut:]: member for path, member in files.members.items()}
    files._digests = {path[cut:]: digest for path, digest in files._digests.items()}
    files.entries = {p[cut:]: FileEntry(p[cut:], e.size) for p, e in files.entries.items()}
