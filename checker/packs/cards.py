"""The cards of a pack: what a rule author writes, as frozen data."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from checker.lang.source import Source
from checker.lang.units import Unit
from checker.places import Anchor

_Day: TypeAlias = date
NOWHERE = "none"
"""What a process card says that adds to no total: a memo item or a comparison."""
PACK_KINDS = ("core", "library", "guideline", "list", "sector", "local", "guide")
CARD_KINDS = ("guideline", "integrity", "list", "local", "recommendation", "information")
MODALITIES = ("must", "imperative", "encouraged", "may", "none")
MODES = ("executable", "judged", "informational")
GATES = (
    "integrity",
    "identity",
    "accounting",
    "energy_mix",
    "efficiency",
    "chain",
    "digital",
    "offset",
    "disclosure",
    "list",
    "sector",
)
SEVERITIES = ("blocker", "major", "minor", "observation", "info")
FINDING_KINDS = (
    "misstatement",
    "nonconformity",
    "evidence_gap",
    "integrity_flag",
    "format",
    "improvement",
)
CONFIDENCES = ("R", "S", "I", "U", "H", "M", "L", "G", "D")
EFFORTS = ("fill", "document", "recalculate", "retest", "invest")
BINDING = frozenset({"guideline", "integrity", "list", "local"})
"""Kinds whose failure closes a gate; recommendations and information never do."""


@dataclass(frozen=True)
class Bilingual:
    """A text in Chinese and English."""

    zh: str
    en: str

    def to_json(self) -> dict[str, str]:
        """Both languages, for ``result.json``."""
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True, eq=False)
class Reference:
    """A document a number or clause comes from; ``confidence`` as marked in the pack.

    ``verified_on``: the day somebody last looked whether it is still in force.
    """

    id: str
    document: str
    number: str
    date: str
    url: str
    confidence: str
    note: str
    verified_on: _Day | None = None


@dataclass(frozen=True)
class Clause:
    """Where a card comes from: a reference of the pack and the heading or table there."""

    source: str
    heading: str
    confidence: str


@dataclass(frozen=True, eq=False)
class ParameterValue:
    """A dated value; ``value`` is None when the published value is unknown."""

    start: date
    until: date | None
    value: Decimal | None
    clause: Clause
    verified_on: date | None
    note: str

    def in_force(self, day: date) -> bool:
        """True from ``start`` up to the day before ``until``."""
        return self.start <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, eq=False)
class Parameter:
    """A threshold or constant with its history; ``values`` are in ``unit``.

    ``source_pack`` owns the documents of its values: another pack once they are amended.
    """

    id: str
    pack: str
    title: Bilingual
    unit: Unit
    values: tuple[ParameterValue, ...]
    anchor: Anchor
    source_pack: str = ""

    @property
    def documents(self) -> str:
        """The pack in whose sources its clauses are looked up."""
        return self.source_pack or self.pack

    def at(self, day: date) -> ParameterValue | None:
        """The value in force on a day."""
        return next((value for value in self.values if value.in_force(day)), None)


@dataclass(frozen=True, eq=False)
class FactorRow:
    """One factor with its full key and its source."""

    keys: tuple[str, ...]
    vintage: str
    value: Decimal
    source: str
    confidence: str
    note: str
    anchor: Anchor


@dataclass(frozen=True, eq=False)
class FactorFamily:
    """Factors of one unit, found by ``keys``; of several vintages the newest usable one.

    ``mistaken_for`` names families whose values are sometimes taken in its place.
    """

    id: str
    pack: str
    title: Bilingual
    unit: Unit
    keys: tuple[str, ...]
    rows: dict[tuple[str, ...], tuple[FactorRow, ...]]
    anchor: Anchor
    mistaken_for: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class QuantityCard:
    """How a figure is computed.

    Either ``formula`` alone, or ``rows``/``variable`` with ``formula`` per row, summed. ``nil`` is
    the topic that makes it zero when the dossier declares it does not occur; ``by`` groups rows.
    ``process`` is the code under which table T14 lists the source (its rows are ``variable``);
    ``adds_to`` names the total the figure is part of. ``empty_is_zero``: no row of the kind adds
    nothing, once the table is submitted. ``where`` names parts of the formula.
    """

    id: str
    pack: str
    title: Bilingual
    unit: Unit
    clause: Clause
    anchor: Anchor
    formula: Source
    rows: Source | None = None
    variable: str = ""
    nil: str = ""
    by: Source | None = None
    note: Bilingual | None = None
    process: str = ""
    adds_to: str = ""
    empty_is_zero: bool = False
    where: tuple[tuple[str, Source], ...] = ()


@dataclass(frozen=True, eq=False)
class Indicator:
    """A fact against a limit; the assertion of the card follows from it."""

    value: Source
    limit: Source
    at_least: bool


@dataclass(frozen=True, eq=False)
class RequirementCard:
    """A requirement: when it applies, on what, what must hold, and what to say when it does not.

    ``where`` names parts that the assertion and the values shown may use.
    """

    id: str
    pack: str
    title: Bilingual
    clause: Clause
    kind: str
    modality: str
    mode: str
    gate: str
    severity: str
    finding: str
    effort: str
    waivable: bool
    anchor: Anchor
    assertion: Source | None = None
    applies_when: Source | None = None
    exempt: Source | None = None
    rows: Source | None = None
    variable: str = ""
    needs: tuple[Source, ...] = ()
    show: dict[str, Source] = field(default_factory=dict)
    message: Bilingual | None = None
    remedy: Bilingual | None = None
    question: Bilingual | None = None
    guidance: Bilingual | None = None
    statement: str = ""
    indicator: Indicator | None = None
    where: tuple[tuple[str, Source], ...] = ()

    @property
    def binding(self) -> bool:
        """True when a failure counts against the conclusion."""
        return self.kind in BINDING
