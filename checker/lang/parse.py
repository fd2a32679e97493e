"""Parser of the expression language: CEL syntax, a documented subset (docs/expressions.md)."""

import re
from decimal import Decimal

from checker.lang import syntax as tree
from checker.lang.source import Source
from checker.lang.syntax import Syntax
from checker.lang.tokens import Token, tokenize

MAX_DEPTH = 40
MAX_SIZE = 150
_PRECEDENCE = {"||": 1, "&&": 2, "+": 4, "-": 4, "*": 5, "/": 5}
_PRECEDENCE |= dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), 3)
_ESCAPE = re.compile(r"\\(.)")


class _Parser:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = tokenize(source)
        self.index = 0
        self.depth = 0
        self.size = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def at(self, *operators: str) -> bool:
        token = self.token
        if token.kind == "op":
            return token.value in operators
        return token.kind == "name" and token.value == "in" and "in" in operators

    def advance(self) -> Token:
        token = self.token
        self.index += 1
        return token

    def accept(self, operator: str) -> Token | None:
        token = self.tokens[self.index]
        if token.value != operator or token.kind != "op":
            return None
        self.index += 1
        return token

    def grow(self, token: Token) -> None:
        """Count operators and members: a chain of them nests as deep as it is long."""
        self.size += 1
        if self.size > MAX_SIZE:
            raise self.source.error("expr.too_many", token.pos, limit=MAX_SIZE)

    def expect(self, operator: str, opened: int | None = None) -> Token:
        """``opened`` is where the bracket stands that ``operator`` closes."""
        token = self.accept(operator)
        if token is None:
            self.refuse_words()
            found, place = self.token.value, self.token.pos
            if found:
                raise self.source.error("expr.expected", place, expected=operator, found=found)
            if opened is None:
                raise self.source.error("expr.ends", place, expected=operator)
            raise self.source.error("expr.not_closed", opened, expected=operator)
        return token

    def refuse_words(self) -> None:
        """``and``, ``or`` and ``not`` are written with signs."""
        meant = {"and": "&&", "or": "||", "not": "!"}.get(self.token.value)
        if meant is not None and self.token.kind == "name":
            args = {"found": self.token.value, "meant": meant}
            raise self.source.error("expr.word", self.token.pos, **args)

    def whole(self) -> Syntax:
        node = self.expression()
        if self.token.kind != "end":
            self.refuse_words()
            found = self.token.value
            raise self.source.error("expr.unexpected", self.token.pos, found=found, hint="")
        return node

    def expression(self) -> Syntax:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.source.error("expr.too_deep", self.token.pos, limit=MAX_DEPTH)
        node = self.binary(1)
        if self.tokens[self.index].value == "?" and (mark := self.accept("?")):
            yes = self.expression()
            self.expect(":")
            node = tree.Choice(mark.pos, node, yes, self.expression())
        self.depth -= 1
        return node

    def binary(self, lowest: int) -> Syntax:
        """Operators of at least precedence ``lowest``, left to right."""
        node = self.unary()
        while True:
            token = self.tokens[self.index]
            level = _PRECEDENCE.get(token.value, 0)
            if level < lowest or token.kind not in ("op", "name"):
                return node
            self.index += 1
            self.grow(token)
            node = tree.Binary(token.pos, token.value, node, self.binary(level + 1))

    def unary(self) -> Syntax:
        operators: list[Token] = []
        while self.tokens[self.index].kind == "op" and self.at("!", "-"):
            operators.append(self.advance())
            if len(operators) > MAX_DEPTH:
                raise self.source.error("expr.too_deep", operators[-1].pos, limit=MAX_DEPTH)
        node = self.primary()
        if self.tokens[self.index].value == ".":
            node = self.postfix(node)
        for operator in reversed(operators):
            node = tree.Unary(operator.pos, operator.value, node)
        return node

    def postfix(self, node: Syntax) -> Syntax:
        while self.accept("."):
            name = self.name()
            self.grow(name)
            if self.at("("):
                node = self.list_call(node, name)
            else:
                node = tree.Member(name.pos, node, name.value)
        return node

    def name(self) -> Token:
        if self.token.kind != "name":
            raise self.source.error("expr.name_expected", self.token.pos, found=self.token.value)
        return self.advance()

    def list_call(self, target: Syntax, name: Token) -> Syntax:
        opened = self.expect("(").pos
        variable = self.name().value
        bodies: list[Syntax] = []
        while self.accept(","):
            bodies.append(self.expression())
        self.expect(")", opened)
        return tree.ListCall(name.pos, target, name.value, variable, tuple(bodies))

    def arguments(self) -> tuple[Syntax, ...]:
        opened = self.expect("(").pos
        found: list[Syntax] = []
        while not self.at(")"):
            found.append(self.expression())
            if not self.accept(","):
                break
        self.expect(")", opened)
        return tuple(found)

    def primary(self) -> Syntax:
        token = self.token
        if token.kind == "number":
            return self.number()
        if token.kind == "text":
            self.advance()
            return tree.Literal(token.pos, _ESCAPE.sub(r"\1", token.value[1:-1]))
        if token.kind == "name" and not self.at("in"):
            self.advance()
            if token.value in ("true", "false"):
                return tree.Literal(token.pos, token.value == "true")
            if self.at("("):
                return tree.Call(token.pos, token.value, self.arguments())
            return tree.Name(token.pos, token.value)
        if self.accept("("):
            node = self.expression()
            self.expect(")", token.pos)
            return node
        if self.accept("["):
            return self.text_list(token.pos)
        raise self.source.error("expr.value_expected", token.pos, found=token.value or "…")

    def number(self) -> Syntax:
        token = self.advance()
        unit = ""
        if self.token.kind == "unit":
            unit = self.advance().value[1:-1].strip()
        return tree.Literal(token.pos, Decimal(token.value), unit)

    def text_list(self, pos: int) -> Syntax:
        items: list[str] = []
        while not self.at("]"):
            if self.token.kind != "text":
                raise self.source.error("expr.list_of_text", self.token.pos)
            items.append(_ESCAPE.sub(r"\1", self.advance().value[1:-1]))
            if not self.accept(","):
                break
        self.expect("]")
        return tree.Literal(pos, tuple(items))


_trees: dict[str, Syntax] = {}


def parse(source: Source) -> Syntax:
    """Syntax tree of one expression; raises ``ExprError`` with line, column and a caret.

    Positions count from the start of the expression, so one tree serves every place of a text.
    """
    found = _trees.get(source.text)
    if found is None:
        found = _trees[source.text] = _Parser(source).whole()
    return found
