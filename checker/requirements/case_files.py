"""Case files beside the cards: ``cases/<ID>.yaml``, read and checked for their form."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from checker.errors import Arg, PackError, Problem
from checker.nearest import nearest
from checker.places import Anchor
from checker.requirements.outcome import STATES
from checker.yamltext import YamlDocument, read_yaml

AS_OF = "2026-11-24"


@dataclass(frozen=True, eq=False)
class CardNotes:
    """What a case file says about its card: changes nobody can notice, states nobody can reach.

    Both map to the reason.
    """

    equivalent: Mapping[str, str] = field(default_factory=dict)
    unreachable: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Case:
    """One case: the card it is for, its data, and the state (or figure) expected."""

    card: str
    name: str
    expect: str
    data: dict[str, Any]
    anchor: Anchor
    notes: CardNotes = field(default_factory=CardNotes)


def by_card(cases: Iterable[Case]) -> dict[str, list[Case]]:
    """Cases by the card they prove, in the order they stand."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(case.card, []).append(case)
    return found


def read_cases(folder: Path) -> Iterator[Case]:
    """Cases of a pack folder, from ``cases/<ID>.yaml``; raises ``PackError`` on a bad file."""
    for path in sorted((folder / "cases").glob("*")):
        if path.suffix == ".md":
            continue
        if path.suffix != ".yaml" or not path.is_file():
            found: dict[str, Arg] = {"file": f"cases/{path.name}"}
            anchor = Anchor(f"{folder.name}/cases/{path.name}")
            raise PackError(Problem("pack.unknown_file", anchor, found, "blocker"))
        document = read_yaml(path.read_bytes(), f"{folder.name}/cases/{path.name}", pack=True)
        entries = document.data.get("cases") if isinstance(document.data, dict) else None
        if not isinstance(entries, list):
            args: dict[str, Arg] = {"name": "cases", "known": "cases: [{name, expect, …}, …]"}
            raise PackError(Problem("pack.case", Anchor(document.file, line=1), args, "blocker"))
        notes = _notes(document)
        for index, data in enumerate(entries):
            problems = [_told(document, index, path.stem, *wrong) for wrong in _wrong(data)]
            if problems:
                raise PackError(problems)
            anchor = document.anchor(("cases", index), path.stem)
            expect = data.get("expect", data.get("gives"))
            yield Case(path.stem, data["name"], expect, data, anchor, notes)


def _told(document: YamlDocument, index: int, card: str, name: str, known: str) -> Problem:
    """What is wrong with one key of a case: unknown, missing, or of another form."""
    data = document.data["cases"][index]
    path = ("cases", index, name)
    if not isinstance(data, dict) or name not in data:
        args: dict[str, Arg] = {"name": name, "known": known}
        return Problem("pack.case", document.anchor(path, card), args, "blocker")
    if name not in _FORMS:
        args = {"name": name, "known": known, "hint": nearest(name, _FORMS)}
        return Problem("pack.unknown_key", document.key_anchor(path), args, "blocker")
    value = str(data[name])[:60]
    args = {"name": name, "value": value, "known": known, "hint": nearest(value.upper(), STATES)}
    return Problem("pack.case_value", document.anchor(path, card), args, "blocker")


def _notes(document: YamlDocument) -> CardNotes:
    for name in document.data:
        if name not in ("cases", "equivalent", "unreachable"):
            args: dict[str, Arg] = {"name": name, "known": "cases, equivalent, unreachable"}
            raise PackError(Problem("pack.case", document.key_anchor((name,)), args, "blocker"))
    return CardNotes(
        _reasons(document, "equivalent", "change"), _reasons(document, "unreachable", "state")
    )


def _reasons(document: YamlDocument, name: str, key: str) -> dict[str, str]:
    """``name: [{key, reason}, …]`` as reasons by key."""
    found: dict[str, str] = {}
    args: dict[str, Arg]
    listed = document.data.get(name) or []
    if not isinstance(listed, list):
        args = {"name": name, "known": f"[{{{key}: …, reason: …}}, …]"}
        raise PackError(Problem("pack.case", document.key_anchor((name,)), args, "blocker"))
    for index, entry in enumerate(listed):
        if not _is_mapping(entry) or set(entry) != {key, "reason"}:
            args = {"name": name, "known": f"[{{{key}: …, reason: …}}, …]"}
            anchor = document.anchor((name, index))
            raise PackError(Problem("pack.case", anchor, args, "blocker"))
        found[str(entry[key])] = str(entry["reason"])
    return found


def _wrong(data: Any) -> Iterator[tuple[str, str]]:
    """Keys of a case that are unknown or of another form, each with what is wanted."""
    if not isinstance(data, dict):
        yield "case", "{name, expect, …}"
        return
    for name in data:
        if name not in _FORMS:
            yield name, ", ".join(_FORMS)
    for name, (known, fits) in _FORMS.items():
        if (name in data and not fits(data[name])) or (name not in data and name == "name"):
            yield name, known
    if ("expect" in data) == ("gives" in data):
        yield "expect / gives", "expect: PASS … / gives: number unit"


def _is_day(value: Any) -> bool:
    try:
        return len(value) == len(AS_OF) and bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _is_states(value: Any) -> bool:
    """How many subjects end in which state."""
    return _is_mapping(value) and all(
        state in STATES and type(count) is int for state, count in value.items()
    )


def _is_tables(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
        for rows in value.values()
    )


_FORMS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "name": ("text", lambda value: isinstance(value, str) and bool(value.strip())),
    "expect": (" / ".join(STATES), lambda value: value in STATES),
    "gives": ("number unit / unknown", lambda value: isinstance(value, str)),
    "states": ("{FAIL: 1, PASS: 2}", _is_states),
    "as_of": ("2026-11-24", _is_day),
    "header": ("{path.in.dossier: value, …}", _is_mapping),
    "tables": ("{T05: [{column: value, …}, …], …}", _is_tables),
    "facts": ("{figure: number unit, …}", _is_mapping),
    "nil": ("[topic, …]", _is_texts),
    "evidence": ("[id, …]", _is_texts),
    "missing_evidence": ("[id, …]", _is_texts),
}
