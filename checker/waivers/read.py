"""Reads a file of waivers: who accepts which finding, why, on what evidence, until when."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from checker.errors import PackError
from checker.packs.across import unique
from checker.packs.given import read_given
from checker.packs.shape import Shape
from checker.places import Anchor

FORMAT = "zcf-waivers/1"


@dataclass(frozen=True, eq=False)
class Waiver:
    """Accepts the failure of a card, on one subject or (``subject`` empty) on all.

    It counts from ``granted_on`` to ``expires_on``, both days included (Asia/Shanghai).
    """

    id: str
    card: str
    subject: str
    reason: str
    approver: str
    evidence: str
    granted_on: date
    expires_on: date
    anchor: Anchor

    def in_force(self, day: date) -> bool:
        """True from the day it was granted to the day it expires."""
        return self.granted_on <= day <= self.expires_on


@dataclass(frozen=True, eq=False)
class WaiverFile:
    """The waivers of one file, with its hash."""

    file: str
    sha256: str
    waivers: tuple[Waiver, ...]


def read_waivers(path: Path) -> WaiverFile:
    """Read waivers; raises ``UsageError`` without the file, ``PackError`` with all problems."""
    shape, digest = read_given(path, FORMAT)
    waivers = tuple(filter(None, (_waiver(inner) for inner in shape.each("waivers"))))
    shape.close()
    unique(waivers, shape.problems)
    if shape.problems:
        raise PackError(shape.problems)
    return WaiverFile(path.name, digest, waivers)


def _waiver(shape: Shape) -> Waiver | None:
    granted = shape.day("granted_on", required=True)
    expires = shape.day("expires_on", required=True)
    if granted and expires and expires < granted:
        shape.report("waiver.dates", shape.at("expires_on"))
    waiver = Waiver(
        shape.text("id"),
        shape.text("card"),
        shape.text("subject", required=False),
        shape.text("reason"),
        shape.text("approver"),
        shape.text("evidence"),
        granted or date.min,
        expires or date.min,
        shape.document.anchor(shape.path, str(shape.data.get("id", ""))),
    )
    shape.close()
    return waiver if granted and expires else None
