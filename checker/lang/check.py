"""Static check: every name must exist, every unit must fit, every option must be listed."""

from collections.abc import Iterable
from decimal import Decimal

from checker.lang import syntax as tree
from checker.lang.calls import check_call, check_list_call
from checker.lang.nodes import Node
from checker.lang.parse import parse
from checker.lang.source import Source
from checker.lang.syntax import Syntax
from checker.lang.types import (
    Bool,
    Date,
    FieldType,
    Num,
    RowOf,
    RowsOf,
    Scope,
    Text,
    TextList,
    Type,
    words_of,
)
from checker.lang.units import (
    Dimension,
    Unit,
    combine,
    display_unit,
    find_display,
    find_unit,
    unit_names,
)
from checker.nearest import nearest

ORDERED = ("<", "<=", ">", ">=")


class Checker:
    """Turns syntax into checked nodes for one expression."""

    def __init__(self, source: Source, scope: Scope) -> None:
        self.source = source
        self.scope = scope

    def suggest(self, name: str, known: Iterable[str]) -> str:
        """Nearest known name, or an empty text."""
        return nearest(name, known, 0.6)

    def check(self, node: Syntax) -> Node:
        """Checked form of ``node``."""
        match node:
            case tree.Literal():
                return self.literal(node)
            case tree.Name():
                return self.name(node)
            case tree.Member():
                return self.member(node)
            case tree.Call():
                return check_call(self, node)
            case tree.ListCall():
                return check_list_call(self, node)
            case tree.Unary():
                return self.unary(node)
            case tree.Binary():
                return self.binary(node)
            case tree.Choice():
                return self.choice(node)

    def within(self, name: str, type_: Type, node: Syntax) -> Node:
        """Check ``node`` with one more local name, then forget it."""
        outer = self.scope
        self.scope = outer.bind(name, type_)
        try:
            return self.check(node)
        finally:
            self.scope = outer

    def literal(self, node: tree.Literal) -> Node:
        value = node.value
        if isinstance(value, bool):
            return Node("const", Bool(), str(value).lower(), data=value)
        if isinstance(value, str):
            return Node("const", Text(), f'"{value}"', data=value)
        if isinstance(value, tuple):
            return Node("const", TextList(), "[" + ", ".join(value) + "]", data=value)
        if not node.unit:
            return Node("const", Num(), f"{value}", data=value)
        unit = find_unit(node.unit)
        if unit is None:
            hint = self.suggest(node.unit, unit_names())
            raise self.source.error("expr.unit", node.pos, unit=node.unit, hint=hint)
        text = f"{value} {unit.name}"
        return Node("const", Num(unit.dimension), text, data=unit.to_base(value), unit=unit)

    def name(self, node: tree.Name) -> Node:
        scope = self.scope
        if node.name in scope.where:
            part = scope.where[node.name]
            return Node("named", part.type, node.name, (part,), node.name, part.unit)
        if node.name in scope.locals:
            return Node("local", scope.locals[node.name], node.name, data=node.name)
        if node.name == "dossier" and "dossier" in scope.tables:
            return Node("local", RowOf("dossier"), "dossier", data="dossier")
        if node.name in scope.tables:
            return Node("table", RowsOf(node.name), node.name, data=node.name)
        if node.name in scope.facts:
            return self.leaf("fact", node.name, scope.facts[node.name])
        raise self.unknown_name(node.name, node.pos)

    def unknown_name(self, name: str, pos: int) -> Exception:
        scope = self.scope
        known = {*scope.where, *scope.locals, *scope.tables, *scope.facts, "param"}
        below = sorted(fact for fact in scope.facts if fact.startswith(f"{name}."))
        if find_unit(name) is not None:
            return self.source.error("expr.bare_unit", pos, name=name)
        hint = below[0] if below else self.suggest(name, known)
        return self.source.error("expr.unknown_name", pos, name=name, hint=hint)

    def leaf(self, op: str, name: str, field: FieldType) -> Node:
        text = f"param.{name}" if op == "param" else name
        return Node(op, field.type, text, data=name, unit=field.unit)

    def member(self, node: tree.Member) -> Node:
        dotted = _dotted(node)
        if dotted and not self.is_bound(dotted.split(".")[0]):
            return self.dotted(dotted, node.pos)
        target = self.check(node.target)
        if not isinstance(target.type, RowOf):
            raise self.source.error("expr.no_fields", node.pos, type=str(target.type))
        fields = self.scope.tables[target.type.table]
        if node.name not in fields:
            hint = self.suggest(node.name, fields)
            table = target.type.table
            raise self.source.error(
                "expr.unknown_field", node.pos, name=node.name, table=table, hint=hint
            )
        field = fields[node.name]
        text = f"{target.text}.{node.name}"
        return Node("field", field.type, text, (target,), node.name, field.unit)

    def is_bound(self, name: str) -> bool:
        scope = self.scope
        return name in scope.locals or name in scope.tables or name in scope.where

    def dotted(self, name: str, pos: int) -> Node:
        root, _, rest = name.partition(".")
        if root == "param":
            if rest not in self.scope.parameters:
                hint = self.suggest(rest, self.scope.parameters)
                raise self.source.error("expr.unknown_parameter", pos, name=rest, hint=hint)
            return self.leaf("param", rest, self.scope.parameters[rest])
        if name not in self.scope.facts:
            hint = self.suggest(name, self.scope.facts)
            raise self.source.error("expr.unknown_fact", pos, name=name, hint=hint)
        return self.leaf("fact", name, self.scope.facts[name])

    def need(self, node: Node, pos: int, *kinds: type) -> Node:
        """Refuse a node whose type is none of ``kinds``."""
        if not isinstance(node.type, kinds):
            wanted = words_of(kinds)
            raise self.source.error("expr.type", pos, wanted=wanted, found=str(node.type))
        return node

    def unary(self, node: tree.Unary) -> Node:
        operand = self.check(node.operand)
        if node.operator == "!":
            self.need(operand, node.pos, Bool)
            return Node("not", Bool(), f"!({operand.text})", (operand,))
        self.need(operand, node.pos, Num)
        return Node("neg", operand.type, f"-{operand.text}", (operand,), unit=operand.unit)

    def binary(self, node: tree.Binary) -> Node:
        left, right = self.check(node.left), self.check(node.right)
        operator = node.operator
        if operator in ("&&", "||"):
            self.need(left, node.pos, Bool)
            self.need(right, node.pos, Bool)
            type_: Type = Bool()
        elif operator == "in":
            type_ = self.membership(left, right, node.pos)
        elif operator in ("+", "-", "*", "/"):
            type_ = self.arithmetic(operator, left, right, node.pos)
        else:
            type_ = self.comparison(operator, left, right, node.pos)
        text = f"({left.text} {operator} {right.text})"
        unit = left.unit or right.unit if operator in ("+", "-") else None
        if unit is None and isinstance(type_, Num):
            unit = _shown(operator, left, right, type_.dimension)
        return Node("binary", type_, text, (left, right), operator, unit)

    def membership(self, left: Node, right: Node, pos: int) -> Type:
        self.need(left, pos, Text)
        self.need(right, pos, TextList)
        if right.op == "const":
            for item in right.data:
                self.listed(left, item, pos)
        return Bool()

    def listed(self, node: Node, option: str, pos: int) -> None:
        """A constant compared with a closed list must be one of its codes."""
        if isinstance(node.type, Text) and node.type.options and option not in node.type.options:
            hint = self.suggest(option, node.type.options)
            known = ", ".join(node.type.options)
            raise self.source.error("expr.option", pos, option=option, hint=hint, known=known)

    def arithmetic(self, operator: str, left: Node, right: Node, pos: int) -> Type:
        self.need(left, pos, Num)
        self.need(right, pos, Num)
        assert isinstance(left.type, Num)
        assert isinstance(right.type, Num)
        if operator in ("*", "/"):
            sign = 1 if operator == "*" else -1
            return Num(combine(left.type.dimension, right.type.dimension, sign))
        self.alike(operator, left, right, pos)
        return left.type

    def alike(self, operator: str, left: Node, right: Node, pos: int) -> None:
        same = type(left.type) is type(right.type)
        if same and isinstance(left.type, Num):
            same = left.type == right.type
        if not same:
            args = {"left": _told(left), "right": _told(right)}
            raise self.source.error("expr.mixed", pos, operator=operator, **args)

    def comparison(self, operator: str, left: Node, right: Node, pos: int) -> Type:
        self.alike(operator, left, right, pos)
        kinds = (Num, Text, Date) if operator in ORDERED else (Num, Text, Date, Bool)
        self.need(left, pos, *kinds)
        for one, other in ((left, right), (right, left)):
            if other.op == "const" and isinstance(other.data, str):
                self.listed(one, other.data, pos)
            bare = other.op == "const" and other.unit is None and isinstance(other.data, Decimal)
            if one.is_percent and bare and other.data != 0:
                raise self.source.error("expr.percent", pos, number=str(other.data))
        return Bool()

    def choice(self, node: tree.Choice) -> Node:
        condition = self.check(node.condition)
        self.need(condition, node.pos, Bool)
        yes, no = self.check(node.yes), self.check(node.no)
        self.alike("? :", yes, no, node.pos)
        text = f"({condition.text} ? {yes.text} : {no.text})"
        return Node("choice", yes.type, text, (condition, yes, no), unit=yes.unit or no.unit)


def _told(node: Node) -> str:
    """Type of a node for its author, with the unit people see."""
    return f"{node.type} [{node.unit.name}]" if node.unit is not None else str(node.type)


def _shown(operator: str, left: Node, right: Node, dimension: Dimension) -> Unit | None:
    """How people see a product or ratio: in the units of its parts (kgce/t) unless one is set."""
    listed = find_display(dimension)
    if listed or not dimension:
        return listed
    one, other = left.unit, right.unit
    if operator == "/" and one and other and not {"/", "·"} & {*one.name, *other.name}:
        ratio = find_unit(f"{one.name}/{other.name}")
        if ratio is not None and ratio.dimension == dimension:
            return ratio
    alike = [unit for unit in (one, other) if unit is not None and unit.dimension == dimension]
    return alike[0] if alike else display_unit(dimension)


def _dotted(node: Syntax) -> str:
    parts: list[str] = []
    while isinstance(node, tree.Member):
        parts.append(node.name)
        node = node.target
    if not isinstance(node, tree.Name):
        return ""
    return ".".join([node.name, *reversed(parts)])


def check_expression(source: Source, scope: Scope, *, literal: bool = False) -> Node:
    """Parse and check one expression; raises ``ExprError`` with place and nearest known name.

    An expression that reads nothing from the dossier or the facts is refused, because it could
    only ever pass or fail in silence; ``literal`` allows it (limits, shown values).
    """
    node = Checker(source, scope).check(parse(source))
    if not literal and not reads_something(node):
        raise source.error("expr.reads_nothing", 0)
    return node


def reads_something(node: Node) -> bool:
    """True when a node reads a table, a field, a fact or the evidence index."""
    if node.op in ("table", "field", "fact", "local", "measured", "parts"):
        return True
    if node.op == "call" and node.data == "evidence":
        return True
    return any(reads_something(kid) for kid in node.kids)
