"""Files of a pack as an editor sees them: the line that names their schema, texts to replace."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from checker.errors import Problem
from checker.packs.pack import Pack
from checker.places import Anchor
from checker.workshop.scaffold import PLACEHOLDERS

MODELINE = "# yaml-language-server: $schema="
_BY_FOLDER = {
    "requirements": "requirement",
    "cases": "cases",
    "quantities": "quantities",
    "factors": "factors",
    "decisions": "decisions",
}


def schema_of(inner: Path) -> str:
    """Name of the schema of a file, by its path inside the pack."""
    return _BY_FOLDER.get(inner.parts[0], inner.parts[0].removesuffix(".yaml"))


def file_problems(packs: Sequence[Pack]) -> Iterator[Problem]:
    """Files whose first line names no schema, or another one."""
    for pack in packs:
        folder = pack.head.folder
        for path in sorted(folder.rglob("*.yaml")):
            if not path.is_file() or path.is_symlink():
                continue  # loading has refused it already
            inner = path.relative_to(folder)
            wanted = f"{schema_of(inner)}.schema.json"
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            first = text.partition("\n")[0][:500].strip()
            yield from _left_over(f"{pack.head.id}/{inner.as_posix()}", text)
            if not first.startswith(MODELINE) or not first.endswith(f"/{wanted}"):
                anchor = Anchor(f"{pack.head.id}/{inner.as_posix()}", line=1, column=1)
                yield Problem("lint.modeline", anchor, {"schema": wanted}, "info")


_TEXTS = "|".join(map(re.escape, PLACEHOLDERS))
_TEMPLATE = re.compile(rf'(?:^|[:{{,"]\s*)({_TEXTS})(?=\s*(?:[",}}#]|$))')


def _left_over(file: str, text: str) -> Iterator[Problem]:
    """Texts of the template that nobody replaced."""
    if not any(placeholder in text for placeholder in PLACEHOLDERS):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        match = _TEMPLATE.search(line)
        if match is not None and not line.lstrip().startswith("#"):
            args = {"file": file.rpartition("/")[2], "text": match.group(1)}
            anchor = Anchor(file, line=number, column=match.start(1) + 1)
            yield Problem("lint.template", anchor, args, "major")
