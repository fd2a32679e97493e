"""Verdict rules: patterns with variables and stratified negation, read from a pack's YAML.

A fact is a tuple of texts: its kind and its arguments. A pattern is the same with variables
(written ``$name``). A rule derives its head when all patterns of ``body`` match facts and no
pattern of ``unless`` does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from checker.errors import PackError, Problem
from checker.yamltext import YamlDocument

Fact: TypeAlias = tuple[str, ...]
MAX_PATTERNS = 12
MAX_ARGUMENTS = 6


@dataclass(frozen=True)
class Var:
    """A variable of a pattern."""

    name: str


Pattern: TypeAlias = tuple[str | Var, ...]


@dataclass(frozen=True, eq=False)
class Rule:
    """``head`` holds when all of ``body`` match and none of ``unless`` does."""

    name: str
    head: Pattern
    body: tuple[Pattern, ...]
    unless: tuple[Pattern, ...] = ()


@dataclass(frozen=True)
class Derivation:
    """What follows: every derived fact with all its supports ``(rule, facts used)``."""

    given: frozenset[Fact]
    supports: dict[Fact, frozenset[tuple[str, tuple[Fact, ...]]]] = field(default_factory=dict)

    def holds(self, fact: Fact) -> bool:
        """True when a fact was given or derived."""
        return fact in self.given or fact in self.supports

    def of_kind(self, kind: str) -> list[Fact]:
        """Derived facts of a kind, sorted."""
        return sorted(fact for fact in self.supports if fact[0] == kind)


def match(pattern: Pattern, fact: Fact, bindings: dict[str, str]) -> dict[str, str] | None:
    """Bindings extended so that ``pattern`` is ``fact``, or None."""
    if len(pattern) != len(fact):
        return None
    extended = bindings
    for part, text in zip(pattern, fact, strict=True):
        if isinstance(part, Var):
            known = extended.get(part.name)
            if known is None:
                extended = {**extended, part.name: text}
            elif known != text:
                return None
        elif part != text:
            return None
    return extended


def instance(pattern: Pattern, bindings: dict[str, str]) -> Fact:
    """The fact a pattern stands for under full bindings."""
    return tuple(bindings[p.name] if isinstance(p, Var) else p for p in pattern)


def variables(patterns: Iterable[Pattern]) -> set[str]:
    """Names of all variables in patterns."""
    return {part.name for pattern in patterns for part in pattern if isinstance(part, Var)}


def stratify(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules by stratum: a rule stands above every kind it negates.

    Raises ``PackError`` when negation runs through a circle.
    """
    level: dict[str, int] = {}
    for rule in rules:
        for pattern in (rule.head, *rule.body, *rule.unless):
            level.setdefault(str(pattern[0]), 0)
    for _ in range(len(level) + 2):
        changed = False
        for rule in rules:
            needed = [level[str(p[0])] for p in rule.body]
            needed += [level[str(p[0])] + 1 for p in rule.unless]
            head = str(rule.head[0])
            if max(needed, default=0) > level[head]:
                level[head] = max(needed)
                changed = True
        if not changed:
            break
    else:
        from checker.places import Anchor  # noqa: PLC0415

        raise PackError(Problem("verdict.circle", Anchor("verdict.yaml"), {}, "blocker"))
    strata: dict[int, list[Rule]] = {}
    for rule in rules:
        strata.setdefault(level[str(rule.head[0])], []).append(rule)
    return [strata[key] for key in sorted(strata)]


def _pattern(value: Any) -> Pattern | None:
    parts = value if isinstance(value, list) else []
    if not 1 <= len(parts) <= MAX_ARGUMENTS + 1 or not all(isinstance(p, str) for p in parts):
        return None
    if parts[0].startswith("$"):
        return None
    return tuple(Var(p[1:]) if p.startswith("$") else p for p in parts)


def read_rules(documents: Iterable[YamlDocument]) -> list[Rule]:
    """Rules of all verdict files; raises ``PackError`` with every problem."""
    problems: list[Problem] = []
    rules: dict[str, Rule] = {}
    for document in documents:
        data = document.data if isinstance(document.data, dict) else {}
        entries = data.get("rules")
        if not isinstance(entries, list) or not entries or set(data) != {"rules"}:
            problems.append(Problem("verdict.shape", document.anchor(()), {}, "blocker"))
            continue
        for index, entry in enumerate(entries):
            rule, key = _rule(entry)
            if rule is not None and rule.name in rules:
                key = "verdict.twice"
            if rule is None or key:
                anchor = document.anchor(("rules", index))
                problems.append(Problem(key, anchor, {}, "blocker"))
            else:
                rules[rule.name] = rule
    if problems:
        raise PackError(problems)
    found = list(rules.values())
    stratify(found)
    return found


def _rule(entry: Any) -> tuple[Rule | None, str]:
    """A rule and the key of what is wrong with it."""
    allowed = {"id", "then", "if", "unless", "note"}
    if not isinstance(entry, dict) or not set(entry) <= allowed:
        return None, "verdict.shape"
    head = _pattern(entry.get("then"))
    body = [_pattern(pattern) for pattern in entry.get("if") or []]
    unless = [_pattern(pattern) for pattern in entry.get("unless") or []]
    if head is None or not body or None in body or None in unless:
        return None, "verdict.shape"
    if len(body) + len(unless) > MAX_PATTERNS:
        return None, "verdict.too_many_patterns"
    known = [p for p in body if p is not None]
    negated = [p for p in unless if p is not None]
    if not variables([head, *negated]) <= variables(known):
        return None, "verdict.unbound"
    if any(len(variables([p])) < sum(isinstance(x, Var) for x in p) for p in known + negated):
        return None, "verdict.variable_twice"
    return Rule(str(entry.get("id", "")), head, tuple(known), tuple(negated)), ""
