"""Links from a report to the files of the dossier it was made from."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote


def base_of(dossier: Path | None, out: Path) -> str:
    """Way from a report in ``out`` to a dossier folder, as part of an address; empty when there is
    none: a zip file has no files to open, and another drive no relative way."""
    if dossier is None or not dossier.is_dir():
        return ""
    try:
        way = os.path.relpath(dossier.resolve(), out.resolve())
    except ValueError:  # another drive
        return ""
    return "./" + quote(os.fsencode(Path(way).as_posix()))


def href(base: str, place: Mapping[str, Any], known: frozenset[str]) -> str:
    """Address of a place in a file that was read, with its page; empty when there is none.

    What a dossier names leads into its own folder only: schemes and queries are escaped.
    """
    if not base or place["file"] not in known or ".." in place["file"].split("/"):
        return ""
    page = f"#page={int(place['page'])}" if place.get("page") else ""
    return f"{base}/{quote(place['file'])}{page}"
