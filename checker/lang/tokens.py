"""Splits an expression into tokens."""

import re
from typing import NamedTuple

from checker.lang.source import Source

MAX_LENGTH = 4000

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?)"
    r'|(?P<text>"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')'
    r"|(?P<unit>\[[^\]\"']{1,30}\])"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<op>&&|\|\||==|!=|<=|>=|[-+*/!<>()\[\].,?:]))"
)


_MEANT = {"=": "==", "≤": "<=", "≥": ">=", "≠": "!=", "×": "*", "÷": "/", "&": "&&", "|": "||"}
_MEANT |= {"%": "[%]", "（": "(", "）": ")", "，": ",", "“": '"', "”": '"', "【": "[", "】": "]"}


def _meant(text: str, stray: int) -> str:
    """What an author probably meant by a stray character."""
    pair = {"=<": "<=", "=>": ">="}.get(text[stray : stray + 2])
    return pair or _MEANT.get(text[stray], "")


class Token(NamedTuple):
    """A token: ``kind`` is number, text, unit, name, op or end."""

    kind: str
    value: str
    pos: int


def tokenize(source: Source) -> list[Token]:
    """All tokens and a final ``end``; raises ``ExprError`` at the first stray character."""
    text = source.text
    if len(text) > MAX_LENGTH:
        raise source.error("expr.too_long", 0, limit=MAX_LENGTH)
    tokens: list[Token] = []
    add, match_at = tokens.append, _TOKEN.match
    pos, after_number = 0, False
    end = len(text.rstrip())
    while pos < end:
        match = match_at(text, pos)
        if match is None:
            stray = len(text) - len(text[pos:].lstrip())
            raise source.error(
                "expr.character", stray, character=text[stray], hint=_meant(text, stray)
            )
        kind = match.lastgroup or "op"
        start, pos = match.span(kind)
        if kind == "unit" and not after_number:  # a list, not a unit: take the bracket alone
            add(Token("op", "[", start))
            pos = start + 1
            continue
        add(Token(kind, match[kind], start))
        after_number = kind == "number"
    add(Token("end", "", len(text)))
    return tokens
