"""``clauses.yaml`` of a pack: the clauses of its documents, and the cards that cover them."""

from dataclasses import dataclass
from pathlib import Path

from checker.errors import PackError, Problem
from checker.packs.across import unique
from checker.packs.cards import Bilingual
from checker.packs.shape import Shape
from checker.places import Anchor
from checker.yamltext import read_yaml

FILE = "clauses.yaml"


@dataclass(frozen=True, eq=False)
class CoveredClause:
    """A clause, what it says, the ids of the cards for it, or why there is none."""

    id: str
    clause: str
    says: Bilingual
    cards: tuple[str, ...]
    reason: Bilingual | None
    anchor: Anchor


def read_clauses(folder: Path) -> list[CoveredClause]:
    """The clauses of a pack folder; none without the file. Raises ``PackError``."""
    path = folder / FILE
    if not path.is_file():
        return []
    problems: list[Problem] = []
    document = read_yaml(path.read_bytes(), f"{folder.name}/{FILE}", pack=True)
    shape = Shape(document, (), problems)
    found = [_clause(inner) for inner in shape.each("clauses")]
    shape.close()
    unique(found, problems)
    if problems:
        raise PackError(problems)
    return found


def _clause(shape: Shape) -> CoveredClause:
    name, clause, says = shape.text("id"), shape.text("clause"), shape.both("says")
    cards, reason = shape.texts("cards"), shape.maybe_both("reason")
    if not cards and reason is None:
        shape.report("pack.clause_open", shape.path, name=name)
    if cards and reason is not None:
        shape.report("pack.exclusive", shape.at("reason"), names="cards / reason")
    anchor = shape.document.anchor(shape.path, name)
    shape.close()
    return CoveredClause(name, clause, says, cards, reason, anchor)
