"""Where an expression stands in a pack, so that an author's error gets file, line and column."""

from dataclasses import dataclass

from checker.errors import Arg, ExprError, Problem
from checker.places import Anchor

_AROUND = 70
"""Characters quoted on each side of the place of an error."""


@dataclass(frozen=True, eq=False)
class Source:
    """The text of an expression and the place of its first character.

    ``content`` is the whole file, to find the line and column inside a text folded over several
    lines (``column`` is 0 there).
    """

    text: str
    file: str = "expression"
    line: int = 1
    column: int = 1
    content: str = ""

    def error(self, key: str, pos: int, **args: Arg) -> ExprError:
        """An author's error at 0-based ``pos``; the text is quoted with a caret under it."""
        start = max(0, pos - _AROUND)
        quoted = self.text[start : pos + _AROUND].replace("\n", " ")
        before, after = "…" if start else "", "…" if pos + _AROUND < len(self.text) else ""
        caret = f"{before}{quoted}{after}\n{' ' * (pos - start + len(before))}^"
        line, column = self._place(pos)
        anchor = Anchor(self.file, line=line, column=column)
        return ExprError(Problem(key, anchor, {**args, "at": pos + 1, "quote": caret}, "blocker"))

    def _place(self, pos: int) -> tuple[int, int]:
        """Line and column of a position; a line break inside a text counts as one space."""
        if not self.content:
            return self.line, self.column + pos if self.column else 0
        left, skipped = pos, self._skipped()
        for number, written in enumerate(self.content.split("\n")[self.line - 1 :], self.line):
            text = written[skipped:].strip()
            if left <= len(text):
                return number, len(written) - len(written[skipped:].lstrip()) + left + 1
            left -= len(text) + 1
            skipped = 0
        return self.line, 0

    def _skipped(self) -> int:
        """Characters of the first line before the text: indentation, keys, an opening quote."""
        if not self.column:
            return 0
        first = self.content.split("\n", self.line)[self.line - 1]
        quoted = first[self.column - 1 : self.column] in ('"', "'")
        return self.column - 1 + quoted
