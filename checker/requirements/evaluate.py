"""Evaluates requirement cards. Silence is never a pass: what is not known is NOT_EVALUATED."""

from dataclasses import replace
from typing import Any

from checker.diagnose.uncertainty import Uncertainty
from checker.facts.world import FactWorld
from checker.lang.evaluate import compile_node
from checker.lang.nodes import Node
from checker.lang.trace import trace
from checker.lang.types import RowOf, Text
from checker.lang.values import Nil, Reason, RowList, Unknown, join
from checker.lang.world import Budget, Env
from checker.packs.book import Requirement
from checker.requirements.outcome import (
    FAIL,
    NEEDS_JUDGEMENT,
    NOT_APPLICABLE,
    NOT_EVALUATED,
    PASS,
    Outcome,
)


def evaluate_all(world: FactWorld) -> list[Outcome]:
    """Outcomes of every requirement of the book, in its order."""
    uncertainty = Uncertainty(world)
    return [
        outcome
        for requirement in world.book.requirements
        for outcome in evaluate(requirement, world, uncertainty)
    ]


def evaluate(
    requirement: Requirement, world: FactWorld, uncertainty: Uncertainty | None = None
) -> list[Outcome]:
    """Outcomes of one requirement: one, or one for every row it is for."""
    outcomes = _evaluated(requirement, world, uncertainty)
    reason = world.book.left_out.get(requirement.card.id)
    if reason is None or any(outcome.state == FAIL for outcome in outcomes):
        return outcomes  # what fails stays, whatever a tailoring leaves out
    if all(outcome.state == NOT_APPLICABLE for outcome in outcomes):
        return outcomes
    return [Outcome(requirement, "", NOT_EVALUATED, (Reason("left_out", reason),))]


def _evaluated(
    requirement: Requirement, world: FactWorld, uncertainty: Uncertainty | None
) -> list[Outcome]:
    if requirement.rows is None:
        outcome = _judge(requirement, Env(world))
        return [_undetermined(outcome, world, uncertainty or Uncertainty(world))]
    before = _applies_at_all(requirement, world)
    if before is not None:
        return [before]
    rows = compile_node(requirement.rows)(Env(world))
    if type(rows) is Unknown:
        return [_missing(requirement, requirement.rows, rows, Env(world))]
    if not rows:
        return [_no_rows(requirement, rows)]
    outcomes, budget = [], Budget()
    for row in rows:
        env = Env(world, {requirement.card.variable: row}, budget)
        outcomes.append(_judge(requirement, env, row))
    return outcomes


def _applies_at_all(requirement: Requirement, world: FactWorld) -> Outcome | None:
    """A condition that reads no row is decided before the rows: without them nothing is missing."""
    condition = requirement.applies_when
    if condition is None or requirement.card.variable in condition.named("local"):
        return None
    env = Env(world)
    applies = compile_node(condition)(env)
    if type(applies) is Unknown:
        return _missing(requirement, condition, applies, env)
    return None if applies else _not_applicable(requirement, condition, env)


def _not_applicable(
    requirement: Requirement, condition: Node, env: Env, subject: str = "", place: Any = None
) -> Outcome:
    reason = Reason("condition", condition.text)
    working = trace(condition, env)
    return Outcome(requirement, subject, NOT_APPLICABLE, (reason,), (), working, place)


def _undetermined(outcome: Outcome, world: FactWorld, uncertainty: Uncertainty) -> Outcome:
    """An indicator whose declared uncertainty reaches across its limit is for a person."""
    indicator = outcome.requirement.indicator
    if indicator is None or outcome.state not in (PASS, FAIL) or indicator[0].op != "fact":
        return outcome
    interval = uncertainty.of(indicator[0].data)
    limit = compile_node(indicator[1])(Env(world))
    if interval is None or type(limit) is Unknown or abs(interval.value - limit) > interval.half:
        return outcome
    percent = f"{interval.figure} ± {interval.relative * 100:.2g} %"
    return replace(outcome, state=NEEDS_JUDGEMENT, reasons=(Reason("undetermined", percent),))


def _no_rows(requirement: Requirement, rows: RowList) -> Outcome:
    """Nothing to look at: declared so, or no row of the kind the card is for."""
    assert requirement.rows is not None
    nil: Nil | None = rows.nil
    if nil is not None:
        reason = Reason("nil", nil.topic, nil.anchor)
    else:
        reason = Reason("no_rows", requirement.rows.text)
    return Outcome(requirement, "", NOT_APPLICABLE, (reason,))


def _judge(requirement: Requirement, env: Env, row: Any = None) -> Outcome:
    """State on one subject: applicability, needs, assertion, in this order."""
    subject = row.key if row is not None else ""
    place = row.anchor() if row is not None else None
    condition = requirement.applies_when
    if condition is not None:
        applies = compile_node(condition)(env)
        if type(applies) is Unknown:
            return _missing(requirement, condition, applies, env, subject, place)
        if not applies:
            return _not_applicable(requirement, condition, env, subject, place)
    exempt = _exempt(requirement, env, subject, place)
    if exempt is not None:
        return exempt
    needed = [compile_node(need)(env) for need in requirement.needs]
    if any(type(value) is Unknown for value in needed):
        missing = join(*needed)
        return Outcome(requirement, subject, NOT_EVALUATED, missing.sorted(), (), None, place)
    return _assert(requirement, env, subject, place)


def _exempt(requirement: Requirement, env: Env, subject: str, place: Any) -> Outcome | None:
    """A statement that a card does not apply; of a binding card a person has to accept it."""
    node = requirement.exempt
    if node is None:
        return None
    value = compile_node(node)(env)
    if type(value) is Unknown:
        return _missing(requirement, node, value, env, subject, place)
    if not value:
        return None
    state = NEEDS_JUDGEMENT if requirement.card.binding else NOT_APPLICABLE
    reason = Reason("stated", f"T26 {requirement.card.statement}")
    return Outcome(requirement, subject, state, (reason,), (), trace(node, env), place)


def _assert(requirement: Requirement, env: Env, subject: str, place: Any) -> Outcome:
    judged = requirement.card.mode == "judged"
    assertion = requirement.assertion
    if assertion is None:
        return Outcome(requirement, subject, NEEDS_JUDGEMENT, (), (), None, place)
    holds = compile_node(assertion)(env)
    if type(holds) is Unknown:
        return _missing(requirement, assertion, holds, env, subject, place)
    assumed = env.world.assumes(assertion.named("param"))
    state = FAIL if not holds else NEEDS_JUDGEMENT if judged or assumed else PASS
    reasons = tuple(Reason("assumed", f"param.{name}") for name in assumed) if holds else ()
    shown = tuple(
        (name, (compile_node(node)(env), node.unit, _column(node)))
        for name, node in requirement.show.items()
    )
    return Outcome(requirement, subject, state, reasons, shown, trace(assertion, env), place)


def _column(node: Node) -> str:
    """``T05.kind`` for a column with a closed list, so that its codes can be shown by name."""
    if node.op != "field" or not isinstance(node.type, Text) or not node.type.options:
        return ""
    row = node.kids[0].type
    return f"{row.table}.{node.data}" if isinstance(row, RowOf) else ""


def _missing(
    requirement: Requirement,
    node: Node,
    unknown: Unknown,
    env: Env,
    subject: str = "",
    place: Any = None,
) -> Outcome:
    working = trace(node, env)
    return Outcome(requirement, subject, NOT_EVALUATED, unknown.sorted(), (), working, place)
