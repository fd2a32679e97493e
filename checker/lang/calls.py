"""Static check of functions and list functions."""

from datetime import date
from typing import TYPE_CHECKING

from checker.lang import syntax as tree
from checker.lang.functions import FUNCTIONS, LIST_FUNCTIONS, Signature
from checker.lang.lookups import LOOKUPS
from checker.lang.nodes import Node
from checker.lang.types import AnyQuantity, Bool, Date, Num, RowOf, RowsOf, Text, TextList, Type
from checker.lang.units import find_unit, unit_names

if TYPE_CHECKING:
    from checker.lang.check import Checker

_KINDS: dict[str, tuple[type, ...]] = {
    "num": (Num,),
    "text": (Text,),
    "date": (Date,),
    "bool": (Bool,),
    "qty": (AnyQuantity,),
    "rows": (RowsOf, TextList),
    "any": (Num, Text, Date, Bool, AnyQuantity),
    "same": (Num, Text, Date),
}
_RESULTS: dict[str, Type] = {"bool": Bool(), "pure": Num(), "date": Date(), "text": Text()}


def _expand(signature: Signature, count: int) -> tuple[str, ...] | None:
    """Kinds for ``count`` arguments, or None when the number is wrong."""
    kinds = signature.arguments
    if kinds and kinds[-1].endswith("?"):
        kinds = kinds[:-1] if count < len(kinds) else (*kinds[:-1], kinds[-1][:-1])
    if kinds and kinds[-1].endswith("*"):
        if count < len(kinds):
            return None
        return (*kinds[:-1], *[kinds[-1][:-1]] * (count - len(kinds) + 1))
    return kinds if count == len(kinds) else None


def check_call(checker: "Checker", call: tree.Call) -> Node:
    """Checked form of ``name(arguments)``."""
    if call.name in LOOKUPS:
        return LOOKUPS[call.name](checker, call)
    signature = FUNCTIONS.get(call.name)
    if signature is None:
        hint = checker.suggest(call.name, [*FUNCTIONS, *LOOKUPS])
        raise checker.source.error("expr.unknown_function", call.pos, name=call.name, hint=hint)
    kinds = _expand(signature, len(call.arguments))
    if kinds is None:
        raise checker.source.error(
            "expr.argument_count", call.pos, name=call.name, example=signature.example
        )
    kids = []
    for kind, argument in zip(kinds, call.arguments, strict=True):
        kids.append(checker.need(checker.check(argument), argument.pos, *_KINDS[kind]))
    if call.name == "date" and kids[0].op == "const":
        _real_day(checker, str(kids[0].data), call.arguments[0].pos)
    if call.name == "agrees" and kids[1].op == "const":
        _known_figure(checker, str(kids[1].data), call.arguments[1].pos)
    if "same" in kinds:
        for kid, argument in zip(kids[1:], call.arguments[1:], strict=True):
            checker.alike(call.name, kids[0], kid, argument.pos)
    return _typed_call(checker, call, tuple(kids), signature)


def _real_day(checker: "Checker", text: str, pos: int) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise checker.source.error("expr.date", pos, text=text) from None


def _known_figure(checker: "Checker", name: str, pos: int) -> None:
    if name not in checker.scope.facts:
        hint = checker.suggest(name, checker.scope.facts)
        raise checker.source.error("expr.unknown_fact", pos, name=name, hint=hint)


def _typed_call(
    checker: "Checker", call: tree.Call, kids: tuple[Node, ...], signature: Signature
) -> Node:
    text = f"{call.name}({', '.join(kid.text for kid in kids)})"
    unit = None
    type_: Type
    if signature.result == "first":
        type_ = kids[0].type
        unit = next((kid.unit for kid in kids if kid.unit), None)
    elif signature.result == "unit":
        unit = find_unit(kids[1].data) if kids[1].op == "const" else None
        if unit is None:
            written = str(kids[1].data if kids[1].op == "const" else kids[1].text)
            hint = checker.suggest(written, unit_names())
            raise checker.source.error("expr.unit", call.arguments[1].pos, unit=written, hint=hint)
        type_ = Num(unit.dimension)
    else:
        type_ = _RESULTS[signature.result]
    return Node("call", type_, text, kids, call.name, unit)


def check_list_call(checker: "Checker", call: tree.ListCall) -> Node:
    """Checked form of ``rows.name(variable, bodies)``."""
    target = checker.check(call.target)
    if not isinstance(target.type, RowsOf):
        raise checker.source.error("expr.not_rows", call.pos, type=str(target.type))
    signature = LIST_FUNCTIONS.get(call.name)
    if signature is None:
        hint = checker.suggest(call.name, LIST_FUNCTIONS)
        raise checker.source.error("expr.unknown_function", call.pos, name=call.name, hint=hint)
    kinds = _expand(signature, len(call.bodies))
    if kinds is None or (call.name == "overlaps" and len(call.bodies) < 2):
        raise checker.source.error(
            "expr.argument_count", call.pos, name=call.name, example=signature.example
        )
    row = RowOf(target.type.table)
    scope = checker.scope
    if call.variable in scope.tables or call.variable in scope.facts or call.variable == "param":
        args = {"name": call.variable, "what": call.variable}
        raise checker.source.error("pack.shadow", call.pos, **args)
    bodies = []
    for kind, body in zip(kinds, call.bodies, strict=True):
        node = checker.within(call.variable, row, body)
        bodies.append(checker.need(node, body.pos, *_KINDS[kind]))
    inner = ", ".join([call.variable, *(body.text for body in bodies)])
    text = f"{target.text}.{call.name}({inner})"
    type_ = _list_type(signature.result, target.type, bodies)
    unit = bodies[0].unit if signature.result == "body" else None
    return Node("list", type_, text, (target, *bodies), (call.name, call.variable), unit)


def _list_type(result: str, rows: RowsOf, bodies: list[Node]) -> Type:
    if result == "rows":
        return rows
    if result == "row":
        return RowOf(rows.table)
    if result == "body":
        return bodies[0].type
    if result == "months":
        return TextList()
    return Bool() if result == "bool" else Num()
