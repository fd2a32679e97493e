"""Writes a result and its renderings: whole files or none, never inside the dossier."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from checker.errors import Problem, UsageError
from checker.places import Anchor
from checker.result.encode import dumps


def refuse_inside(dossier: Path, out: Path) -> None:
    """The output folder must not lie inside the dossier (or be it)."""
    inner, outer = out.resolve(), dossier.resolve()
    if outer.is_dir() and (inner == outer or outer in inner.parents):
        raise UsageError(Problem("usage.output_inside", Anchor("--out"), {"path": str(out)}))


def write_whole(path: Path, text: str) -> None:
    """Write beside the target and move into place, so that no half file is ever seen."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write_files(
    result: Mapping[str, Any], dossier: Path, out: Path, lang: str, formats: Sequence[str]
) -> list[Path]:
    """Write the formats asked for and return their paths; raises ``UsageError`` when it cannot."""
    refuse_inside(dossier, out)
    texts = {_NAMES[form]: _render(form, result, lang) for form in formats}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            write_whole(out / name, text)
    except OSError as error:
        args = {"path": str(out), "detail": error.strerror or str(error)}
        raise UsageError(Problem("usage.cannot_write", Anchor("--out"), args)) from None
    return [out / name for name in texts]


_NAMES = {"json": "result.json", "html": "report.html"}


def _render(form: str, result: Mapping[str, Any], lang: str) -> str:
    if form == "json":
        return dumps(dict(result))
    from checker.report.html import render_html

    return render_html(result, lang)
