"""``rules lint``: everything that can be said about packs without a dossier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from checker.errors import Problem
from checker.packs.cards import SEVERITIES
from checker.places import Anchor
from checker.workshop.apart import Apart, load_apart
from checker.workshop.lint_cards import card_problems
from checker.workshop.lint_cases import case_problems
from checker.workshop.lint_files import file_problems
from checker.workshop.lint_values import value_problems


@dataclass(frozen=True, eq=False)
class Report:
    """Problems by file and line; ``broken`` packs do not load, ``checked`` ones were reviewed."""

    problems: tuple[Problem, ...]
    broken: tuple[str, ...]
    checked: tuple[str, ...]
    folders: dict[str, Path]

    def count(self, *severities: str) -> int:
        """How many problems have one of the severities."""
        return sum(problem.severity in severities for problem in self.problems)


def lint(folders: Sequence[Path], as_of: date) -> Report:
    """Review the packs of the folders, or all shipped ones; a broken pack does not hide others."""
    apart = load_apart(folders, as_of)
    problems = [*apart.problems, *_review(apart)]
    unique = {(p.key, str(p.anchor), str(p.args)): p for p in problems}
    ordered = sorted(unique.values(), key=_place)
    checked = tuple(pack.head.id for pack in apart.own)
    return Report(tuple(ordered), tuple(sorted(apart.broken & apart.named)), checked, apart.folders)


def _review(apart: Apart) -> list[Problem]:
    book, own = apart.book, apart.own
    if book is None or not own:
        return []
    kinds = {pack.head.id: pack.head.kind for pack in apart.packs}
    found = [
        *card_problems(own, book, kinds),
        *value_problems(own, book),
        *case_problems(own, book),
    ]
    return [*found, *file_problems(own)]


def _place(problem: Problem) -> tuple[str, int, int, int, str]:
    anchor: Anchor = problem.anchor
    rank = SEVERITIES.index(problem.severity)
    return anchor.file, anchor.line, anchor.column, rank, problem.key
