"""Compiles verdict rules to the small part of durable_rules that was found safe.

Only equality with constants, equality joins, existence and negation; fixed property names; no
numbers, no text of users, no arithmetic, no ``any``. Sizes are limited well below the points at
which the library loops or crashes (measured: 512 alternatives, 64 joins, 255 equal patterns).
"""

import json
from collections.abc import Sequence
from typing import Any

from checker.errors import PackError, Problem
from checker.places import Anchor
from checker.verdict.rules import MAX_PATTERNS, Pattern, Rule, Var
from checker.verdict.symbols import Symbols, slot_aliases

ALIASES = slot_aliases(MAX_PATTERNS)
TICK = "$tick"
MAX_ALTERNATIVES, MAX_JOINS, MAX_EQUAL, MAX_RULES = 500, 60, 250, 4000


class Network:
    """One stratum as a ruleset; counts conditions to stay below the limits."""

    def __init__(self, rules: Sequence[Rule], symbols: Symbols) -> None:
        self.symbols = symbols
        self.children: dict[tuple[str, ...], set[str]] = {}
        self.joins: dict[tuple[str, ...], int] = {}
        self.equal: dict[tuple[str, ...], int] = {}
        if len(rules) > MAX_RULES:
            raise _too_large("rules")
        self.definition = {rule.name: self.rule(rule) for rule in rules}
        tick = {"t": {"k": symbols.of(TICK)}}
        self.definition[TICK] = {"all": [tick], "run": TICK}
        self.check_limits()

    def rule(self, rule: Rule) -> dict[str, Any]:
        """One rule in the library's form."""
        bound: dict[str, tuple[str, str]] = {}
        patterns = []
        for position, pattern in enumerate(rule.body):
            alias = ALIASES[position]
            patterns.append({alias: self.pattern(pattern, "k:", bound)})
            for index, part in enumerate(pattern[1:]):
                if isinstance(part, Var):
                    bound.setdefault(part.name, (alias, f"p{index}"))
        for position, pattern in enumerate(rule.unless, start=len(rule.body)):
            patterns.append({f"n{position}$not": self.pattern(pattern, "n:", bound)})
        return {"all": patterns, "dist": 0, "run": rule.name}

    def pattern(
        self, pattern: Pattern, prefix: str, bound: dict[str, tuple[str, str]]
    ) -> dict[str, Any]:
        """Conditions of one pattern: constants and existence first, joins last."""
        constants: list[dict[str, Any]] = [{"k": self.symbols.of(f"{prefix}{pattern[0]}")}]
        joins: list[dict[str, Any]] = []
        for index, part in enumerate(pattern[1:]):
            name = f"p{index}"
            if not isinstance(part, Var):
                constants.append({name: self.symbols.of(part)})
            elif part.name in bound:
                alias, prop = bound[part.name]
                joins.append({name: {alias: prop}})
            else:
                constants.append({"$ex": {name: 1}})
        self.count(constants, joins)
        conditions = constants + joins
        return {"$and": conditions} if len(conditions) > 1 else conditions[0]

    def count(self, constants: list[dict[str, Any]], joins: list[dict[str, Any]]) -> None:
        """Where the pattern hangs in the library's tree of conditions."""
        path: tuple[str, ...] = ()
        for condition in constants:
            text = json.dumps(condition, sort_keys=True)
            self.children.setdefault(path, set()).add(text)
            path = (*path, text)
        counter = self.joins if joins else self.equal
        counter[path] = counter.get(path, 0) + 1

    def check_limits(self) -> None:
        """Refuse a network near the library's cliffs."""
        for path, children in self.children.items():
            if len(children) + self.joins.get(path, 0) > MAX_ALTERNATIVES:
                raise _too_large("alternatives")
        if max(self.joins.values(), default=0) > MAX_JOINS:
            raise _too_large("joins")
        if max(self.equal.values(), default=0) > MAX_EQUAL:
            raise _too_large("equal patterns")


def _too_large(what: str) -> PackError:
    anchor = Anchor("verdict.yaml")
    return PackError(Problem("verdict.too_large", anchor, {"what": what}, "blocker"))
