"""Static check of look-ups: factors, measured parameters, and the parts of a total."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from checker.lang import syntax as tree
from checker.lang.nodes import Node
from checker.lang.types import Num, Text
from checker.lang.units import Unit, display_unit, find_unit, unit_names

if TYPE_CHECKING:
    from checker.lang.check import Checker


def _factor(checker: "Checker", call: tree.Call) -> Node:
    """``factor("family", key, …)``, or ``factor_of_year("family", year, key, …)``.

    The family is a constant, keys and year are text.
    """
    kids = [checker.check(argument) for argument in call.arguments]
    if not kids or kids[0].op != "const" or not isinstance(kids[0].data, str):
        raise checker.source.error("expr.factor_family", call.pos)
    family = kids[0].data
    families = checker.scope.factors
    if family not in families:
        hint = checker.suggest(family, families)
        raise checker.source.error("expr.unknown_factor", call.pos, name=family, hint=hint)
    wanted = families[family]
    pinned = call.name == "factor_of_year"
    if len(kids) - 1 != len(wanted.keys) + pinned:
        keys = ", ".join(["year", *wanted.keys] if pinned else wanted.keys)
        raise checker.source.error("expr.factor_keys", call.pos, name=family, keys=keys)
    known = wanted.known or (frozenset(),) * len(wanted.keys)
    for kid, argument, values in zip(
        kids[1:], call.arguments[1:], ((frozenset(),) if pinned else ()) + known, strict=True
    ):
        checker.need(kid, argument.pos, Text)
        if values and kid.op == "const" and kid.data not in values:
            hint = checker.suggest(kid.data, values)
            raise checker.source.error("expr.factor_key", argument.pos, name=kid.data, hint=hint)
    text = f"{call.name}({', '.join(kid.text for kid in kids)})"
    type_ = Num(wanted.unit.dimension)
    return Node("factor", type_, text, tuple(kids[1:]), (family, pinned), wanted.unit)


def _constant(checker: "Checker", kid: Node, pos: int, example: str) -> str:
    """A text written in the expression itself."""
    if kid.op != "const" or not isinstance(kid.data, str):
        raise checker.source.error("expr.constant_text", pos, example=example)
    return kid.data


def _unit(checker: "Checker", written: str, pos: int) -> Unit:
    unit = find_unit(written)
    if unit is None:
        hint = checker.suggest(written, unit_names())
        raise checker.source.error("expr.unit", pos, unit=written, hint=hint)
    return unit


def _measured(checker: "Checker", call: tree.Call) -> Node:
    """``measured("parameter", "unit", subject[, part[, month]])``: a value of table T30.

    Parameter and unit are constants; the type follows from the unit.
    """
    example = 'measured("ncv", "GJ/t", r.energy, r.facility_id, r.month)'
    kids = [checker.check(argument) for argument in call.arguments]
    if not 3 <= len(kids) <= 5:
        raise checker.source.error("expr.argument_count", call.pos, name=call.name, example=example)
    name = _constant(checker, kids[0], call.arguments[0].pos, example)
    written = _constant(checker, kids[1], call.arguments[1].pos, example)
    if not name.isidentifier():
        raise checker.source.error("expr.constant_text", call.arguments[0].pos, example=example)
    unit = _unit(checker, written, call.arguments[1].pos)
    for kid, argument in zip(kids[2:], call.arguments[2:], strict=True):
        checker.need(kid, argument.pos, Text)
    text = f"measured({', '.join(kid.text for kid in kids)})"
    return Node("measured", Num(unit.dimension), text, tuple(kids[2:]), (name, unit), unit)


def _parts(checker: "Checker", call: tree.Call) -> Node:
    """``parts("process.co2")``: the sum of all figures whose cards say ``adds_to`` that total."""
    example = 'parts("process.co2")'
    if len(call.arguments) != 1:
        raise checker.source.error("expr.argument_count", call.pos, name=call.name, example=example)
    argument = call.arguments[0]
    total = _constant(checker, checker.check(argument), argument.pos, example)
    scope = checker.scope
    if total not in scope.facts:
        hint = checker.suggest(total, scope.facts)
        raise checker.source.error("expr.unknown_fact", argument.pos, name=total, hint=hint)
    kids = tuple(checker.leaf("fact", name, scope.facts[name]) for name in scope.parts_of(total))
    type_ = scope.facts[total].type
    unit = scope.facts[total].unit or display_unit(
        type_.dimension if isinstance(type_, Num) else ()
    )
    return Node("parts", type_, f'parts("{total}")', kids, total, unit)


def _decide(checker: "Checker", call: tree.Call) -> Node:
    """``decide("table", input, …)``: the value of the rule of a decision table that fits."""
    example = 'decide("furnace_quota", e.level, to(e.capacity, "t"))'
    kids = [checker.check(argument) for argument in call.arguments]
    if not kids:
        raise checker.source.error("expr.argument_count", call.pos, name=call.name, example=example)
    name = _constant(checker, kids[0], call.arguments[0].pos, example)
    tables = checker.scope.decisions
    if name not in tables:
        hint = checker.suggest(name, tables)
        raise checker.source.error(
            "expr.unknown_decision", call.arguments[0].pos, name=name, hint=hint
        )
    wanted = tables[name]
    if len(kids) - 1 != len(wanted.inputs):
        inputs = ", ".join(wanted.inputs)
        raise checker.source.error("expr.decision_inputs", call.pos, name=name, inputs=inputs)
    for kid, argument, field in zip(
        kids[1:], call.arguments[1:], wanted.inputs.values(), strict=True
    ):
        if type(kid.type) is not type(field.type) or (
            isinstance(kid.type, Num) and kid.type != field.type
        ):
            raise checker.source.error(
                "expr.type", argument.pos, wanted=str(field.type), found=str(kid.type)
            )
    text = f"decide({', '.join(kid.text for kid in kids)})"
    return Node("decide", Num(wanted.unit.dimension), text, tuple(kids[1:]), name, wanted.unit)


LOOKUPS: dict[str, Callable[["Checker", tree.Call], Node]] = {
    "factor": _factor,
    "factor_of_year": _factor,
    "measured": _measured,
    "parts": _parts,
    "decide": _decide,
}
"""Functions that look something up by name; their types follow from what the packs hold."""
