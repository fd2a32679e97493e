"""Which dossiers come out otherwise under changed packs, by which card, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checker.check import Options, check
from checker.errors import Problem, UsageError, ZcfError
from checker.places import Anchor


@dataclass(frozen=True, eq=False)
class Moved:
    """A requirement of a dossier whose status changed; ``reasons`` as the new result gives them."""

    id: str
    before: str
    after: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Effect:
    """One dossier: conclusion before and after, what moved, or the error that stopped it."""

    dossier: Path
    before: str
    after: str
    moved: tuple[Moved, ...]
    error: Problem | None = None


def impact(dossiers: Sequence[Path], old: Options, new: Options) -> Iterator[Effect]:
    """Check every dossier under both sets of packs; an error in one does not stop the others."""
    for path in dossiers:
        try:
            before, after = check(path, old), check(path, new)
        except ZcfError as error:
            yield Effect(path, "", "", (), error.problems[0])
            continue
        states = (before["conclusion"]["state"], after["conclusion"]["state"])
        yield Effect(path, *states, tuple(_moved(before, after)))


def _moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Moved]:
    old = {entry["id"]: entry["status"] for entry in before["requirements"]}
    new = {entry["id"]: entry for entry in after["requirements"]}
    for name in sorted({*old, *new}):
        was = old.get(name, "—")
        now = new[name]["status"] if name in new else "—"
        if was != now:
            yield Moved(name, was, now, _reasons(new.get(name)))


def _reasons(entry: Mapping[str, Any] | None) -> tuple[str, ...]:
    """What decided: the top of the working, or what is missing."""
    if entry is None:
        return ()
    found: list[str] = []
    for outcome in entry["outcomes"]:
        steps = outcome.get("working", {}).get("steps", [])
        found += [step["text"] for step in steps[:1]]
        found += [f"{reason['kind']} {reason['what']}" for reason in outcome.get("reasons", [])]
    return tuple(dict.fromkeys(found))[:3]


def dossiers_in(folder: Path) -> list[Path]:
    """Dossiers at or below a folder: folders with ``dossier.yaml``, and zip files.

    Raises ``UsageError`` when there is none: no dossier is not "nothing changed".
    """
    if (folder / "dossier.yaml").is_file() or folder.suffix == ".zip":
        return [folder]
    found = [path.parent for path in sorted(folder.rglob("dossier.yaml"))]
    found += sorted(folder.rglob("*.zip"))
    if not found:
        anchor = Anchor(str(folder))
        raise UsageError(Problem("usage.no_dossier", anchor, {"path": str(folder)}, "blocker"))
    return found
