"""durable_rules behind its fence.

Each guard answers a fault that was reproduced by hand: facts lost without an error, sessions that
stop half-way, exceptions swallowed in actions, negation that depends on the order of arrival.
A run either gives exactly what the rules say or ends in ``EngineFault``.
"""

import importlib
import json
import types
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from checker.errors import EngineFault
from checker.verdict.network import ALIASES, TICK, Network
from checker.verdict.rules import Derivation, Fact, Rule, Var, instance, stratify
from checker.verdict.symbols import Names, Symbols, fnv32

MAX_FIRINGS = 200_000
_STORED, _UNREAD = 0, 1
_RESERVED = ("0", "sid-0", "$pulse", TICK, "tick")


def _library() -> tuple[Any, Any] | None:
    """The engine and its C part, or None where they cannot be imported."""
    try:
        engine: types.ModuleType = importlib.import_module("durable.engine")
        native: types.ModuleType = importlib.import_module("durable_rules_engine")
    except ImportError:
        return None
    # The library drops the rest of a session when its wall clock jumps: it gets one that stands.
    engine._unix_now = lambda: 0.0  # type: ignore[attr-defined]
    return engine, native


def available() -> bool:
    """True when durable_rules can be used here."""
    return _library() is not None


def _host(engine: Any, action: Callable[[str], Callable[[Any], None]]) -> Any:
    """A host without the library's background threads, whose actions are ours."""

    class Host(engine.Host):  # type: ignore[misc]
        def _run(self) -> None:
            return None

        def get_action(self, name: str) -> Callable[[Any], None]:
            return action(name)

    return Host()


class DurableEngine:
    """Runs rules on facts, stratum by stratum, each in a session of its own."""

    def __init__(self, rules: Sequence[Rule], max_firings: int = MAX_FIRINGS) -> None:
        library = _library()
        if library is None:
            raise EngineFault("durable_rules is not installed")
        self.engine, self.native = library
        self.rules = {rule.name: rule for rule in rules}
        self.strata = stratify(rules)
        self.max_firings = max_firings

    def derive(self, facts: Iterable[Fact]) -> Derivation:
        """All facts that follow, with all supports; raises ``EngineFault`` on any doubt."""
        run = _Run(self, sorted(set(facts)))
        for stratum in self.strata:
            run.stratum(stratum)
        supports = {fact: frozenset(found) for fact, found in run.supports.items()}
        return Derivation(frozenset(run.given), supports)


class _Run:
    """State of one derivation."""

    def __init__(self, engine: DurableEngine, given: list[Fact]) -> None:
        self.engine = engine
        self.native = engine.native
        self.given = given
        self.symbols = Symbols()
        taken = {fnv32(text) for text in _RESERVED}
        self.ids = Names("f", taken)
        self.copies = Names("n", taken)
        self.id_of: dict[Fact, str] = {}
        self.copy_of: dict[Fact, str] = {}
        self.fact_of: dict[str, Fact] = {}
        self.by_kind: dict[str, list[Fact]] = {}
        self.supports: dict[Fact, set[tuple[str, tuple[Fact, ...]]]] = {}
        self.stored: set[str] = set()
        self.fired = 0
        self.ticked = False
        self.failure: BaseException | None = None
        for fact in given:
            self.know(fact)

    def know(self, fact: Fact) -> None:
        """Give a fact its id."""
        name = self.ids.new()
        self.id_of[fact] = name
        self.fact_of[name] = fact
        self.by_kind.setdefault(fact[0], []).append(fact)

    def stratum(self, rules: Sequence[Rule]) -> None:
        """One session: negated facts first, all facts counted back, all actions run."""
        network = Network(rules, self.symbols)
        host = _host(self.engine.engine, self.action)
        host.set_rulesets({"v": json.loads(json.dumps(network.definition))})
        ruleset = host.get_ruleset("v")
        self.stored, self.ticked = set(), False
        tick = {"id": "tick", "k": self.symbols.of(TICK)}
        code, handle = self.native.assert_fact(ruleset._handle, json.dumps(tick))
        if code != _STORED:
            raise EngineFault(f"tick refused with code {code}")
        negated = {str(pattern[0]) for rule in rules for pattern in rule.unless}
        read = {str(pattern[0]) for rule in rules for pattern in rule.body}
        for kind in sorted(negated):
            for fact in list(self.by_kind.get(kind, ())):
                handle = self.add(fact, ruleset, negated=True)
        for kind in sorted(read):
            for fact in list(self.by_kind.get(kind, ())):
                handle = self.add(fact, ruleset)
        self.fire(ruleset, handle)
        self.count_back(ruleset)
        self.native.delete_state(ruleset._handle, "0")
        self.native.delete_ruleset(ruleset._handle)

    def add(self, fact: Fact, ruleset: Any, *, negated: bool = False) -> Any:
        """Assert one fact; a refused fact is a fault, an unread one is by design not stored."""
        if negated:
            name = self.copy_of.setdefault(fact, "") or self.copies.new()
            self.copy_of[fact] = name
        else:
            name = self.id_of[fact]
        prefix = "n:" if negated else "k:"
        message = {"id": name, "k": self.symbols.of(prefix + fact[0])}
        message |= {f"p{i}": self.symbols.of(part) for i, part in enumerate(fact[1:])}
        code, handle = self.native.assert_fact(ruleset._handle, json.dumps(message))
        if code == _STORED:
            self.stored.add(name)
        elif code != _UNREAD:
            raise EngineFault(f"fact {fact} refused with code {code}")
        return handle

    def fire(self, ruleset: Any, handle: Any) -> None:
        """Run all actions to the end, and make sure that the end was reached."""
        finished: list[Any] = []
        ruleset.do_actions(handle, lambda error, state: finished.append(error))
        if self.failure is not None:
            raise EngineFault(f"{type(self.failure).__name__}: {self.failure}")
        if not finished or not self.ticked:
            raise EngineFault("the engine stopped before all actions had run")
        if finished[0]:
            raise EngineFault(str(finished[0])[:200])

    def count_back(self, ruleset: Any) -> None:
        """The session must hold exactly the facts that were put in."""
        held = json.loads(self.native.get_facts(ruleset._handle, "0"))
        found = {fact["id"] for fact in held if str(fact.get("id", ""))[:1] in ("f", "n")}
        if found != self.stored:
            raise EngineFault(f"facts lost: {sorted(found ^ self.stored)[:5]}")

    def action(self, name: str) -> Callable[[Any], None]:
        """What a rule does when it fires; nothing may escape into the library."""
        if name == TICK:

            def tick(context: Any) -> None:
                self.ticked = True

            return tick
        rule = self.engine.rules[name]

        def act(context: Any) -> None:
            if self.failure is not None:
                return
            try:
                self.derived(rule, context)
            except BaseException as error:  # the library would swallow it
                self.failure = error

        return act

    def derived(self, rule: Rule, context: Any) -> None:
        """Note the support of a firing, and assert its head when it is new."""
        self.fired += 1
        if self.fired > self.engine.max_firings:
            raise EngineFault(f"more than {self.engine.max_firings} firings")
        captured = context._m
        bindings: dict[str, str] = {}
        used: list[Fact] = []
        for position, pattern in enumerate(rule.body):
            message = captured[ALIASES[position]]
            used.append(self.fact_of[message["id"]])
            for index, part in enumerate(pattern[1:]):
                if isinstance(part, Var):
                    bindings[part.name] = self.symbols.text(message[f"p{index}"])
        head = instance(rule.head, bindings)
        self.supports.setdefault(head, set()).add((rule.name, tuple(used)))
        if head not in self.id_of:
            self.know(head)
            self.add(head, context._ruleset)
