"""Files a caller gives beside the packs (tailoring, waivers): read, with their format and hash."""

import hashlib
from pathlib import Path

from checker.errors import Problem, UsageError
from checker.packs.shape import Shape
from checker.places import Anchor
from checker.yamltext import MAX_BYTES, read_yaml


def read_given(path: Path, form: str) -> tuple[Shape, str]:
    """The file as a shape that collects problems, and its SHA-256.

    ``form`` is the value its ``format`` must have. Raises ``UsageError`` without the file,
    ``PackError`` when it is no YAML.
    """
    try:
        content = path.read_bytes()
    except OSError:
        args = {"path": str(path)}
        raise UsageError(Problem("usage.no_file", Anchor(str(path)), args, "blocker")) from None
    shape = Shape(read_yaml(content[: MAX_BYTES + 1], path.name, pack=True), (), [])
    if shape.text("format") != form:
        shape.report("pack.format", ("format",), wanted=form)
    return shape, hashlib.sha256(content).hexdigest()
