"""YAML syntax errors in an author's words, where the cause can be seen in the text."""

import re

from checker.errors import Problem
from checker.places import Anchor

_PARSER_DEPTH = "nesting depth"
"""Newer libyaml gives up on nesting by itself, before it has told us of the level we allow."""
_TYPED_WIDE = re.compile(r"^\s*(?:- )?[^\s:#'\"]+[：　]")


def syntax_problem(file: str, exc: Exception, content: str, depth: int) -> Problem:
    """A syntax error in our words where the cause can be seen in the text."""
    mark = getattr(exc, "problem_mark", None)
    at_mark = Anchor(file, line=mark.line + 1, column=mark.column + 1) if mark else Anchor(file)
    detail = str(getattr(exc, "problem", None) or str(exc).splitlines()[0])
    if _PARSER_DEPTH in detail:
        return Problem("yaml.too_deep", at_mark, {"limit": depth}, "blocker")
    at = mark.line if mark else 0
    lines = content.split("\n")
    for number in range(max(0, at - 1), min(at + 1, len(lines))):
        line = lines[number]
        anchor = Anchor(file, line=number + 1, column=1)
        if _TYPED_WIDE.match(line):
            text = line.strip()[:40]
            return Problem("yaml.wide_punctuation", anchor, {"text": text}, "blocker")
        if "\t" in line[: len(line) - len(line.lstrip())]:
            return Problem("yaml.tab", anchor, {}, "blocker")
    quote = _open_quote(lines[: at + 1])
    if quote is not None:
        return Problem("yaml.quote", Anchor(file, line=quote[0], column=quote[1]), {}, "blocker")
    if "mapping values" in detail:
        return Problem("yaml.colon", at_mark, {}, "blocker")
    before = max(1, at)
    return Problem("yaml.syntax", at_mark, {"detail": detail[:120], "before": before}, "blocker")


def _open_quote(lines: list[str]) -> tuple[int, int] | None:
    """Line and column of the first value that begins with a quotation mark and has no second."""
    for number, line in enumerate(lines, start=1):
        match = _QUOTED.search(line)
        if match is not None and line.count('"') % 2 and not line.lstrip().startswith("#"):
            return number, match.start(1) + 1
    return None


_QUOTED = re.compile(r"""(?:^|[:,\[{-])\s*(")""")
