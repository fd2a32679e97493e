"""Run-time values: known values and the unknown with its reasons.

A known value is ``Decimal`` (base units), ``str``, ``bool``, ``date``, ``Quantity``, a row or a
list of rows. ``Unknown`` is the third truth value: it travels through every operation and keeps
why it is unknown, so that it ends as NOT_EVALUATED with a named cause.
"""

from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from checker.places import Anchor

ABSENT = "absent"
"""Nothing was submitted here (no table, no such unit): a fallback may be used."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a value is unknown: ``kind`` names the message, ``what`` the thing that is missing.

    Kinds: ``absent`` (not submitted), ``blank`` (cell empty), ``token`` (NE or C), ``invalid``
    (could not be read), ``undefined`` (division by zero, maximum of nothing), ``no_factor``,
    ``no_parameter`` (nothing in force, or published value unknown), ``vacuous`` (no rows),
    ``budget``.
    """

    kind: str
    what: str
    anchor: Anchor | None = None

    def sort_key(self) -> tuple[str, str, str]:
        return (self.kind, self.what, str(self.anchor or ""))


class Unknown:
    """An unknown value with its reasons; ``absent`` when all of them are ``absent``."""

    __slots__ = ("reasons",)

    def __init__(self, *reasons: Reason) -> None:
        self.reasons: frozenset[Reason] = frozenset(reasons)

    @property
    def absent(self) -> bool:
        """True when nothing was submitted, rather than something unreadable."""
        return all(reason.kind == ABSENT for reason in self.reasons)

    @property
    def missing(self) -> bool:
        """True when nothing was given: not submitted, or left empty."""
        return all(reason.kind in (ABSENT, "blank") for reason in self.reasons)

    def sorted(self) -> tuple[Reason, ...]:
        """Reasons in a stable order."""
        return tuple(sorted(self.reasons, key=Reason.sort_key))

    def __repr__(self) -> str:
        return "unknown(" + "; ".join(f"{r.kind} {r.what}" for r in self.sorted()) + ")"


def join(*values: Any) -> Unknown:
    """One unknown with the reasons of all unknowns among ``values``."""
    merged = Unknown()
    merged.reasons = frozenset[Reason]().union(
        *(value.reasons for value in values if type(value) is Unknown)
    )
    return merged


class Row(Protocol):
    """Something with named, typed values: a table row or the dossier header."""

    @property
    def key(self) -> str:
        """Name of the row for people: table and business key."""

    def read(self, name: str) -> Any:
        """Value of a field, or ``Unknown`` with the reason."""

    def anchor(self, name: str = "") -> Anchor:
        """Place of a field, or of the row."""


Rows: TypeAlias = "RowList"


class RowList(list[Any]):
    """Rows of one table; ``nil`` is the declared reason when there is nothing to list."""

    __slots__ = ("nil",)

    def __init__(self, rows: Any = (), nil: "Nil | None" = None) -> None:
        super().__init__(rows)
        self.nil = nil


@dataclass(frozen=True)
class Nil:
    """An explicit statement that something does not occur, with its reason and place."""

    topic: str
    reason: str
    anchor: Anchor
