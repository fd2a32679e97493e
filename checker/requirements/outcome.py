"""The outcome of a requirement on a subject."""

from dataclasses import dataclass
from functools import partial
from string import ascii_uppercase
from typing import Any

from checker.lang.trace import Trace
from checker.lang.values import Reason
from checker.packs.book import Requirement
from checker.places import Anchor

PASS = "PASS"
FAIL = "FAIL"
NOT_APPLICABLE = "NOT_APPLICABLE"
NOT_EVALUATED = "NOT_EVALUATED"
NEEDS_JUDGEMENT = "NEEDS_JUDGEMENT"
STATES = (FAIL, NOT_EVALUATED, NEEDS_JUDGEMENT, PASS, NOT_APPLICABLE)


@dataclass(frozen=True, eq=False)
class Outcome:
    """State of a requirement on one subject (``""`` for the whole dossier).

    ``reasons`` say why it could not be evaluated or does not apply; ``shown`` are the typed
    arguments of the card's message; ``trace`` is the working of the deciding expression.
    """

    requirement: Requirement
    subject: str
    state: str
    reasons: tuple[Reason, ...] = ()
    shown: tuple[tuple[str, Any], ...] = ()
    trace: Trace | None = None
    anchor: Anchor | None = None

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """Places of the outcome itself: what was read, the subject, what is missing.

        Cells of the row judged come first, then the cells it was compared with.
        """
        found = list(self.trace.anchors()) if self.trace else []
        found += [self.anchor] if self.anchor else []
        found += [reason.anchor for reason in self.reasons if reason.anchor]
        if self.anchor:
            found.sort(key=partial(_elsewhere, _row_of(self.anchor)))
        return tuple(dict.fromkeys(found))


def _row_of(anchor: Anchor) -> tuple[str, str, int, str]:
    """The line of a text file, or the row of a sheet."""
    return anchor.file, anchor.sheet, anchor.line, anchor.cell.lstrip(ascii_uppercase)


def _elsewhere(row: tuple[str, str, int, str], anchor: Anchor) -> bool:
    return _row_of(anchor) != row
