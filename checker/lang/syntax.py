"""Syntax tree of an expression, before types are known. ``pos`` is the 0-based column."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, eq=False)
class Literal:
    """A number (with an optional unit), a text, true/false, or a list of texts."""

    pos: int
    value: Decimal | str | bool | tuple[str, ...]
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Name:
    """A bare name."""

    pos: int
    name: str


@dataclass(frozen=True, eq=False)
class Member:
    """``target.name``."""

    pos: int
    target: "Syntax"
    name: str


@dataclass(frozen=True, eq=False)
class Call:
    """``name(arguments)``."""

    pos: int
    name: str
    arguments: tuple["Syntax", ...]


@dataclass(frozen=True, eq=False)
class ListCall:
    """``target.name(variable, bodies)``: a function over the rows of a list."""

    pos: int
    target: "Syntax"
    name: str
    variable: str
    bodies: tuple["Syntax", ...]


@dataclass(frozen=True, eq=False)
class Unary:
    """``!operand`` or ``-operand``."""

    pos: int
    operator: str
    operand: "Syntax"


@dataclass(frozen=True, eq=False)
class Binary:
    """``left operator right``."""

    pos: int
    operator: str
    left: "Syntax"
    right: "Syntax"


@dataclass(frozen=True, eq=False)
class Choice:
    """``condition ? yes : no``."""

    pos: int
    condition: "Syntax"
    yes: "Syntax"
    no: "Syntax"


Syntax: TypeAlias = Literal | Name | Member | Call | ListCall | Unary | Binary | Choice
