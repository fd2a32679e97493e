"""Static types of expressions, and the scope of names they are checked against."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from checker.lang.units import PURE, Dimension, Unit, describe

if TYPE_CHECKING:
    from checker.lang.nodes import Node


@dataclass(frozen=True)
class Num:
    """A number of one dimension."""

    dimension: Dimension = PURE

    def __str__(self) -> str:
        return describe(self.dimension)


@dataclass(frozen=True)
class Text:
    """Text; ``options`` lists the codes of a closed list, empty for free text."""

    options: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "text"


@dataclass(frozen=True)
class Bool:
    """true, false or unknown."""

    def __str__(self) -> str:
        return "condition"


@dataclass(frozen=True)
class Date:
    """A calendar day."""

    def __str__(self) -> str:
        return "date"


@dataclass(frozen=True)
class AnyQuantity:
    """A number whose unit stands in the row; only ``to()`` and ``agrees()`` take it."""

    def __str__(self) -> str:
        return "quantity with its own unit"


@dataclass(frozen=True)
class RowOf:
    """One row of a table, or the dossier header."""

    table: str

    def __str__(self) -> str:
        return f"row of {self.table}"


@dataclass(frozen=True)
class RowsOf:
    """Rows of a table."""

    table: str

    def __str__(self) -> str:
        return f"rows of {self.table}"


@dataclass(frozen=True)
class TextList:
    """A list of text constants, or of months."""

    def __str__(self) -> str:
        return "list of text"


Type: TypeAlias = Num | Text | Bool | Date | AnyQuantity | RowOf | RowsOf | TextList


@dataclass(frozen=True)
class FieldType:
    """Type of a field and the unit in which people see it."""

    type: Type
    unit: Unit | None = None


@dataclass(frozen=True, eq=False)
class FactorType:
    """A factor family: unit of its values, names of its keys, and the values each key has."""

    unit: Unit
    keys: tuple[str, ...]
    known: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, eq=False)
class DecisionType:
    """A decision table: unit of its values, names and types of its inputs."""

    unit: Unit
    inputs: Mapping[str, FieldType]


@dataclass(frozen=True, eq=False)
class Scope:
    """All names an expression may use.

    ``tables`` maps a table (or ``dossier``) to its fields; ``facts`` and ``parameters`` map ids
    to type and unit; ``factors`` maps families, ``decisions`` decision tables. ``locals`` are the
    names bound by ``as`` and by
    list functions; ``parts`` maps a total to the figures that add to it;
    ``where`` holds the named parts of a card.
    """

    tables: Mapping[str, Mapping[str, FieldType]]
    facts: Mapping[str, FieldType] = field(default_factory=dict)
    parameters: Mapping[str, FieldType] = field(default_factory=dict)
    factors: Mapping[str, FactorType] = field(default_factory=dict)
    decisions: Mapping[str, DecisionType] = field(default_factory=dict)
    locals: Mapping[str, Type] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where: Mapping[str, "Node"] = field(default_factory=dict)

    def bind(self, name: str, type_: Type) -> "Scope":
        """The same scope with one more local name."""
        bound = {**self.locals, name: type_}
        return replace(self, locals=bound)

    def define(self, name: str, node: "Node") -> "Scope":
        """The same scope with one more named expression."""
        return replace(self, where={**self.where, name: node})

    def parts_of(self, total: str) -> tuple[str, ...]:
        """Figures that add to a total, in the order of the packs."""
        return self.parts.get(total, ())


_WORDS: dict[type, str] = {
    Num: "number 数",
    Text: "text 文字",
    Bool: "condition 条件",
    Date: "date 日期",
    AnyQuantity: "quantity with its own unit 带单位的数量",
    RowOf: "row 行",
    RowsOf: "rows of a table 表的行",
    TextList: "list of text 文字列表",
}


def words_of(kinds: Iterable[type]) -> str:
    """Names of types for an author."""
    return " / ".join(_WORDS[kind] for kind in kinds)
