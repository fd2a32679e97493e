"""The working of an expression: every sub-expression with its value and the places it read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checker.lang.evaluate import compile_node
from checker.lang.nodes import Node
from checker.lang.units import Unit
from checker.lang.values import RowList, Unknown
from checker.lang.world import Env
from checker.places import Anchor

MAX_STEPS_SHOWN = 400
MAX_ROWS_SHOWN = 240


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One line of a working. ``op`` is the node's operation, ``ref`` a fact, parameter or factor.

    ``value`` is in base units; ``unit`` is how people see it.
    """

    depth: int
    text: str
    value: Any
    unit: Unit | None
    op: str
    ref: str = ""
    anchor: Anchor | None = None


@dataclass(frozen=True, eq=False)
class Trace:
    """Steps from the whole to its parts, and how many were left out."""

    steps: tuple[Step, ...]
    omitted: int = 0

    def anchors(self) -> tuple[Anchor, ...]:
        """Places read, each once, in reading order."""
        return tuple(dict.fromkeys(step.anchor for step in self.steps if step.anchor))

    def references(self, op: str) -> tuple[str, ...]:
        """Facts, parameters or factors read, each once."""
        return tuple(dict.fromkeys(step.ref for step in self.steps if step.op == op and step.ref))


class _Tracer:
    def __init__(self, env: Env) -> None:
        self.env = env
        self.steps: list[Step] = []
        self.omitted = 0

    def add(self, step: Step) -> None:
        if len(self.steps) < MAX_STEPS_SHOWN or step.op in ("fact", "param", "factor", "decide"):
            self.steps.append(step)
        else:
            self.omitted += 1

    def walk(self, node: Node, depth: int) -> None:
        if node.op in ("const", "local"):
            return
        value = compile_node(node)(self.env)
        anchor, ref = self.origin(node, value)
        self.add(Step(depth, node.text, value, node.unit, node.op, ref, anchor))
        if node.op == "list":
            self.rows(node, value, depth + 1)
            return
        for kid in self.shown(node, value):
            self.walk(kid, depth + 1)

    def shown(self, node: Node, value: Any) -> tuple[Node, ...]:
        """Kids worth showing: of a fallback only the ones up to the value taken."""
        if node.op == "call" and node.data == "first":
            for index, kid in enumerate(node.kids):
                found = compile_node(kid)(self.env)
                if type(found) is not Unknown or not found.absent:
                    return node.kids[index : index + 1]
        if node.op == "choice":
            chosen = compile_node(node.kids[0])(self.env)
            if type(chosen) is not Unknown:
                return (node.kids[0], node.kids[1] if chosen else node.kids[2])
        if node.op == "parts":  # figures of sources that do not occur here add nothing
            return tuple(kid for kid in node.kids if self.env.world.occurs(kid.data))
        return node.kids

    def origin(self, node: Node, value: Any) -> tuple[Anchor | None, str]:
        """Where a leaf was read, and the id it refers to."""
        if node.op == "field":
            row = compile_node(node.kids[0])(self.env)
            return (None if type(row) is Unknown else row.anchor(node.data)), ""
        if node.op in ("fact", "param"):
            return None, node.data
        if node.op == "factor":
            keys = [str(compile_node(kid)(self.env)) for kid in node.kids]
            return None, "/".join([node.data[0], *keys])
        if node.op == "decide":
            return None, node.data
        if node.op == "measured":
            found = [compile_node(kid)(self.env) for kid in node.kids]
            given = tuple("" if type(key) is Unknown else str(key) for key in found)
            return self.env.world.measured_place(node.data[0], given), ""
        if node.op == "list" and node.data[0] == "only" and type(value) is not Unknown:
            return value.anchor(), ""
        return None, ""

    def rows(self, node: Node, value: Any, depth: int) -> None:
        """The rows behind a list function, with the value each of them gave."""
        target, *bodies = node.kids
        name, variable = node.data
        listed = compile_node(target)(self.env)
        if type(listed) is Unknown:
            self.walk(target, depth)
            return
        if listed.nil is not None:
            nil = listed.nil
            self.add(Step(depth, f"nil: {nil.topic}", nil.reason, None, "nil", "", nil.anchor))
        if name in ("filter", "duplicates", "overlaps", "distinct"):
            listed, bodies = (value if isinstance(value, RowList) else RowList()), []
        elif name == "only":
            return
        self.listed(listed, variable, bodies[0] if bodies else None, depth)

    def listed(self, rows: Sequence[Any], variable: str, body: Node | None, depth: int) -> None:
        """A line for each of the first rows, with the value it gave."""
        outer = self.env.locals.get(variable)
        for row in rows[:MAX_ROWS_SHOWN]:
            self.env.locals[variable] = row
            value = compile_node(body)(self.env) if body is not None else True
            field = _first_field(body, variable) if body is not None else ""
            unit = body.unit if body is not None else None
            self.add(Step(depth, row.key, value, unit, "row", "", row.anchor(field)))
        if outer is not None:
            self.env.locals[variable] = outer
        self.omitted += max(0, len(rows) - MAX_ROWS_SHOWN)


def _first_field(node: Node, variable: str) -> str:
    """The column of the row that a body reads first, or an empty text."""
    if node.op == "field" and node.kids[0].data == variable:
        return str(node.data)
    return next((name for kid in node.kids if (name := _first_field(kid, variable))), "")


def trace(node: Node, env: Env) -> Trace:
    """Working of a checked expression in an environment."""
    tracer = _Tracer(env)
    tracer.walk(node, 0)
    return Trace(tuple(tracer.steps), tracer.omitted)


def trace_sum(
    body: Node, variable: str, rows: Sequence[Any], count: int, whole: Step, env: Env
) -> Trace:
    """Working of a sum over ``count`` rows of which ``rows`` are the first."""
    tracer = _Tracer(env)
    tracer.add(whole)
    tracer.listed(rows, variable, body, whole.depth + 1)
    tracer.omitted += count - len(rows)
    return Trace(tuple(tracer.steps), tracer.omitted)
