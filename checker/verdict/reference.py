"""The reference evaluator: naive, stratified, independent of any engine.

It runs on every check. Where durable_rules runs too, both must agree on every derived fact and on
every support; where it cannot be installed, this evaluator decides alone and the report says so.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from checker.verdict.rules import (
    Derivation,
    Fact,
    Pattern,
    Rule,
    Var,
    instance,
    match,
    stratify,
)

Match: TypeAlias = tuple[dict[str, str], tuple[Fact, ...]]


class _Base:
    """Known facts, found by kind or by kind and one argument."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.all: set[Fact] = set()
        self.index: dict[tuple[str, ...] | tuple[str, int, str], list[Fact]] = {}
        for fact in sorted(facts):
            self.add(fact)

    def add(self, fact: Fact) -> None:
        self.all.add(fact)
        self.index.setdefault((fact[0],), []).append(fact)
        for position, text in enumerate(fact[1:], start=1):
            self.index.setdefault((fact[0], position, text), []).append(fact)

    def candidates(self, pattern: Pattern, bindings: dict[str, str]) -> list[Fact]:
        """The shortest list that holds every fact ``pattern`` can match."""
        kind = str(pattern[0])
        best = self.index.get((kind,), [])
        for position, part in enumerate(pattern[1:], start=1):
            text = bindings.get(part.name) if isinstance(part, Var) else part
            if text is not None:
                found = self.index.get((kind, position, text), [])
                best = found if len(found) < len(best) else best
        return best


def derive(rules: Sequence[Rule], facts: Iterable[Fact]) -> Derivation:
    """All facts that follow from ``facts``, with all their supports."""
    given = frozenset(facts)
    base = _Base(given)
    supports: dict[Fact, set[tuple[str, tuple[Fact, ...]]]] = {}
    for stratum in stratify(rules):
        while True:
            new: set[Fact] = set()
            for rule in stratum:
                for bindings, used in _matches(rule, base):
                    head = instance(rule.head, bindings)
                    supports.setdefault(head, set()).add((rule.name, used))
                    if head not in base.all:
                        new.add(head)
            if not new:
                break
            for fact in sorted(new):
                base.add(fact)
    return Derivation(given, {fact: frozenset(found) for fact, found in supports.items()})


def _matches(rule: Rule, base: _Base) -> list[Match]:
    """Bindings under which all patterns of the body match and none of ``unless`` does."""
    partial: list[Match] = [({}, ())]
    for pattern in rule.body:
        partial = [
            (extended, (*used, fact))
            for bindings, used in partial
            for fact in base.candidates(pattern, bindings)
            if (extended := match(pattern, fact, bindings)) is not None
        ]
    return [
        (bindings, used)
        for bindings, used in partial
        if not any(
            match(pattern, fact, bindings) is not None
            for pattern in rule.unless
            for fact in base.candidates(pattern, bindings)
        )
    ]
