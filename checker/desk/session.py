"""What the desk works on: one result, the ledger beside it, and the dossier to look things up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from checker.dossier.files import DossierFiles, open_dossier
from checker.engagement.desk_folder import LEDGER, record
from checker.engagement.judgement import ANSWERS, REASONS, VIEWS, Judgement
from checker.engagement.ledger import append
from checker.packs.cards import SEVERITIES

QUESTION, FINDING = "question", "finding"


@dataclass(frozen=True)
class Item:
    """One thing to walk past: a question or a finding, with what was decided, if anything."""

    key: str
    kind: str
    entry: Mapping[str, Any]
    decided: Mapping[str, Any] | None
    working: Mapping[str, Any] | None

    @property
    def choices(self) -> tuple[str, ...]:
        """Decisions a person may take on it."""
        if self.kind == QUESTION:
            return ANSWERS
        return VIEWS if self.entry["waivable"] else ("confirmed",)

    @property
    def softer(self) -> tuple[str, ...]:
        """Severities it may be lowered to."""
        if self.kind == QUESTION:
            return ()
        return SEVERITIES[SEVERITIES.index(self.entry["severity"]) + 1 :]


@dataclass
class Session:
    """The desk's state; the ledger is read anew after every judgement."""

    dossier: Path
    folder: Path
    result: Mapping[str, Any]
    today: date
    files: DossierFiles = field(init=False)
    hashes: Mapping[str, str] = field(init=False)
    evidence: Mapping[str, tuple[str, ...]] = field(init=False)
    """Files of each evidence id."""
    record: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.files = open_dossier(self.dossier)
        self.hashes = {entry["path"]: entry["sha256"] for entry in self.result["inputs"]}
        found: dict[str, tuple[str, ...]] = {}
        for entry in self.result["inputs"]:
            for name in entry["evidence_ids"]:
                found[name] = (*found.get(name, ()), entry["path"])
        self.evidence = found
        self.refresh()

    def refresh(self) -> None:
        """Read the ledger; raises ``DossierError`` when it is broken."""
        self.record = record(self.folder, self.result, self.today)

    def items(self) -> list[Item]:
        """Questions first, then findings, as the report lists them."""
        settled, effective = self.record.get("settled", {}), self.record.get("effective", {})
        workings = self._workings()
        questions = [
            Item(key, QUESTION, entry, settled.get(key), workings.get(key))
            for entry in self.result["judgements"]
            for key in (f"{entry['rule']}|{entry['subject']}",)
        ]
        return questions + [
            Item(key, FINDING, entry, effective.get(entry["fingerprint"]), workings.get(key))
            for entry in self.result["findings"]
            for key in (f"{entry['rule']}|{entry['subject']}",)
        ]

    def _workings(self) -> dict[str, Any]:
        return {
            f"{requirement['id']}|{outcome['subject']}": outcome["working"]
            for requirement in self.result["requirements"]
            for outcome in requirement["outcomes"]
            if "working" in outcome
        }

    def judge(self, given: Mapping[str, Any], when: str) -> None:
        """Record a judgement; raises ``UsageError`` when it cannot be made."""
        names = [name for name in Judgement.__dataclass_fields__ if name != "when"]
        fields = {name: str(given.get(name, "")) for name in names}
        append(self.folder / LEDGER, Judgement(when=when, **fields), dict(self.result))
        self.refresh()

    @property
    def people(self) -> tuple[str, ...]:
        """Who may judge, where the engagement names a team."""
        return tuple((self.result["engagement"] or {}).get("team", ()))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Codes of reasons."""
        return REASONS
