"""Why a fact holds, and why one does not: the derivation walked back to what was given."""

from collections.abc import Sequence
from dataclasses import dataclass

from checker.verdict.rules import Derivation, Fact, Pattern, Rule, Var, instance, match

MAX_DEPTH = 8
MAX_SUPPORTS = 12


@dataclass(frozen=True)
class Explanation:
    """A line of an explanation.

    ``state`` is ``given``, ``derived``, ``missing`` (no such fact) or ``present`` (a fact that
    should not be there); ``rule`` names the rule that connects it to the line above.
    """

    depth: int
    fact: Fact
    state: str
    rule: str = ""


def why(derivation: Derivation, fact: Fact) -> list[Explanation]:
    """All supports of a fact, down to given facts; each fact is opened once."""
    lines: list[Explanation] = []
    opened: set[Fact] = set()

    def walk(current: Fact, depth: int, rule: str) -> None:
        state = "given" if current in derivation.given else "derived"
        lines.append(Explanation(depth, current, state, rule))
        if current in opened or depth >= MAX_DEPTH:
            return
        opened.add(current)
        for name, used in sorted(derivation.supports.get(current, ()))[:MAX_SUPPORTS]:
            for part in used:
                walk(part, depth + 1, name)

    walk(fact, 0, "")
    return lines


def why_not(rules: Sequence[Rule], derivation: Derivation, goal: Fact) -> list[Explanation]:
    """For every rule that could give ``goal``: the first pattern without a fact, or the fact that
    stands against it."""
    lines = [Explanation(0, goal, "missing")]
    known = sorted({*derivation.given, *derivation.supports})
    for rule in rules:
        bindings = match(rule.head, goal, {})
        if bindings is None:
            continue
        lines.extend(_first_obstacle(rule, known, bindings))
    return lines


def _first_obstacle(rule: Rule, known: list[Fact], start: dict[str, str]) -> list[Explanation]:
    partial = [start]
    for pattern in rule.body:
        extended = [
            found
            for bindings in partial
            for fact in known
            if (found := match(pattern, fact, bindings)) is not None
        ]
        if not extended:
            return [Explanation(1, _shown(pattern, partial[0]), "missing", rule.name)]
        partial = extended
    against = sorted(
        {
            fact
            for bindings in partial
            for pattern in rule.unless
            for fact in known
            if match(pattern, fact, bindings) is not None
        }
    )
    return [Explanation(1, fact, "present", rule.name) for fact in against[:MAX_SUPPORTS]]


def _shown(pattern: Pattern, bindings: dict[str, str]) -> Fact:
    filled = {
        part.name: bindings.get(part.name, f"${part.name}")
        for part in pattern
        if isinstance(part, Var)
    }
    return instance(pattern, filled)
