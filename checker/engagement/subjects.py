"""What may be judged in a result, and what each judgement rests on."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from checker.canonical import canonical

Result: TypeAlias = Mapping[str, Any]
Key: TypeAlias = tuple[str, str]
"""Rule and subject."""
_PASSING = ("id", "waived_by")
"""Parts of a finding that may differ while what was found is the same."""


class Subjects:
    """Findings and questions by rule and subject, looked up once for a result."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.entries: dict[Key, Mapping[str, Any]] = {
            (f["rule"], f["subject"]): f for f in result["findings"]
        }
        self.entries |= {(q["rule"], q["subject"]): q for q in result["judgements"]}
        self.files = {one["path"]: one["sha256"] for one in result["inputs"]}
        self.evidence: dict[str, list[str]] = {}
        for one in result["inputs"]:
            for name in one["evidence_ids"]:
                self.evidence.setdefault(name, []).append(one["sha256"])
        self.outcomes: dict[Key, list[Any]] = {}
        for requirement in result["requirements"]:
            for outcome in requirement["outcomes"]:
                key = requirement["id"], outcome["subject"]
                self.outcomes.setdefault(key, [requirement["assertion"]]).append(outcome)
        self.compared: dict[str, list[Any]] = {}
        for row in result["comparisons"]:
            self.compared.setdefault(row["row"], []).append(row)
        self.known: dict[Key, str] = {}

    def hash(self, key: Key) -> str:
        """Hash of what a judgement rests on, empty when there is nothing to judge.

        Of a finding what was found, where, and the figures compared; of a question its working and
        the evidence behind it. When it changes, the judgement has to be made anew.
        """
        if key not in self.known:
            self.known[key] = self._hash(key) if key in self.entries else ""
        return self.known[key]

    def _hash(self, key: Key) -> str:
        entry, outcome = self.entries[key], self.outcomes.get(key)
        told = {name: value for name, value in entry.items() if name not in _PASSING}
        pages = {self.files.get(p["file"], "") for p in entry["places"] if p.get("page")}
        cited = {self.evidence_hash(name) for name in _texts(outcome) if name in self.evidence}
        basis = {
            "entry": _unplaced(told),
            "evidence": sorted(pages | cited),
            "outcome": _unplaced(outcome),
            "compared": _unplaced(self.compared.get(key[1], [])) if key[1] else [],
        }
        return hashlib.sha256(canonical(basis).encode()).hexdigest()

    def evidence_hash(self, evidence_id: str) -> str:
        """Hash of a cited piece of evidence, empty when none is cited."""
        return " ".join(sorted(set(self.evidence.get(evidence_id, ()))))


_WHERE = ("place", "places")


def _unplaced(value: Any) -> Any:
    """A value without the places in it: a row inserted above changes nothing of what was found."""
    if isinstance(value, Mapping):
        return {name: _unplaced(inner) for name, inner in value.items() if name not in _WHERE}
    return [_unplaced(inner) for inner in value] if isinstance(value, list | tuple) else value


def _texts(value: Any) -> Iterator[str]:
    """All texts in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
