"""The engagement file: who checks for whom, at what level, with what materiality, who reviews."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from checker.errors import PackError
from checker.packs.cards import SEVERITIES
from checker.packs.given import read_given
from checker.packs.shape import Shape

FORMAT = "zcf-engagement/1"
LEVELS = ("reasonable", "limited", "agreed_procedures", "self_check")


@dataclass(frozen=True, eq=False)
class Engagement:
    """An engagement; ``materiality_percent`` is None when none was agreed."""

    file: str
    sha256: str
    client: str
    body: str
    level: str
    materiality_percent: Decimal | None
    materiality_basis: str
    team: tuple[str, ...]
    reviewers: tuple[str, ...]
    conflict_statement: str
    countersign: tuple[str, ...]
    """Severities that nobody may lower or accept alone."""

    def to_json(self) -> dict[str, str | list[str] | None]:
        """All of it, for the result."""
        percent = self.materiality_percent
        return {
            "file": self.file,
            "sha256": self.sha256,
            "client": self.client,
            "body": self.body,
            "level": self.level,
            "materiality_percent": None if percent is None else format(percent, "f"),
            "materiality_basis": self.materiality_basis,
            "team": list(self.team),
            "reviewers": list(self.reviewers),
            "conflict_statement": self.conflict_statement,
            "countersign": list(self.countersign),
        }


def read_engagement(path: Path) -> Engagement:
    """Read an engagement; raises ``UsageError`` without the file, ``PackError`` with problems."""
    shape, digest = read_given(path, FORMAT)
    client, body = shape.text("client"), shape.text("body")
    level = shape.choice("level", LEVELS)
    percent, basis = _materiality(shape.optional("materiality"))
    team, reviewers = shape.texts("team"), shape.texts("reviewers")
    statement = shape.text("conflict_statement", required=False)
    countersign = shape.texts("countersign")
    for name in countersign:
        shape.one_of("countersign", name, SEVERITIES)
    if not team:
        shape.report("pack.missing", shape.path, name="team", of=shape.owner())
    for index, name in enumerate(reviewers):
        if name in team:  # a reviewer does not review his own work
            shape.report("engagement.reviewer", (*shape.at("reviewers"), index), name=name)
    shape.close()
    if shape.problems:
        raise PackError(shape.problems)
    return Engagement(
        path.name,
        digest,
        client,
        body,
        level,
        percent,
        basis,
        team,
        reviewers,
        statement,
        countersign,
    )


def _materiality(shape: Shape | None) -> tuple[Decimal | None, str]:
    if shape is None:
        return None, ""
    percent, basis = shape.number("percent"), shape.text("basis")
    if percent is not None and not 0 < percent <= 100:
        shape.report("engagement.percent", shape.at("percent"))
    shape.close()
    return percent, basis
