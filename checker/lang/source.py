"""Where an expression stands in a pack, so that an author's error gets file, line and column."""

from dataclasses import dataclass

from checker.errors import Arg, ExprError, Problem
from checker.places import Anchor


@dataclass(frozen=True, eq=False)
class Source:
    """The text of an expression and the place of its first character."""

    text: str
    file: str = "expression"
    line: int = 1
    column: int = 1

    def error(self, key: str, pos: int, **args: Arg) -> ExprError:
        """An author's error at 0-based ``pos``; the text is quoted with a caret under it."""
        caret = self.text.replace("\n", " ") + "\n" + " " * pos + "^"
        column = self.column + pos if self.column else 0  # a folded text has no one column
        anchor = Anchor(self.file, line=self.line, column=column)
        return ExprError(Problem(key, anchor, {**args, "at": pos + 1, "quote": caret}, "blocker"))
