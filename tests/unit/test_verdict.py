"""The verdict: both evaluators agree on random programs, and every guard of the fence holds."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.errors import EngineFault, PackError
from checker.resources import rules_dir
from checker.verdict import conclude, durable
from checker.verdict.conclude import CONCLUSIONS, decide
from checker.verdict.explain import why, why_not
from checker.verdict.network import Network
from checker.verdict.reference import derive
from checker.verdict.rules import Fact, Pattern, Rule, Var, read_rules, stratify, variables
from checker.verdict.symbols import Names, Symbols, fnv32, slot_aliases
from checker.yamltext import read_yaml

needs_engine = pytest.mark.skipif(not durable.available(), reason="durable_rules is not installed")
X, Y, Z = Var("x"), Var("y"), Var("z")


def shipped() -> list[Rule]:
    path = rules_dir() / "core" / "verdict.yaml"
    return read_rules([read_yaml(path.read_bytes(), "verdict.yaml", pack=True)])


# --- random programs ---------------------------------------------------------------------------
KINDS = {"a": 1, "b": 2, "c": 2, "d": 3, "e": 1}
VALUES = ["u", "v", "w"]


@st.composite
def patterns(draw: Any, names: list[str]) -> Pattern:
    kind = draw(st.sampled_from(sorted(KINDS)))
    free = list(names)
    parts: list[str | Var] = [kind]
    for _ in range(KINDS[kind]):
        if free and draw(st.booleans()):
            name = draw(st.sampled_from(free))
            free.remove(name)
            parts.append(Var(name))
        else:
            parts.append(draw(st.sampled_from(VALUES)))
    return tuple(parts)


@st.composite
def programs(draw: Any) -> tuple[list[Rule], set[Fact]]:
    rules = []
    for index in range(draw(st.integers(1, 6))):
        body = tuple(draw(st.lists(patterns(["x", "y", "z"]), min_size=1, max_size=3)))
        bound = sorted(variables(body))
        unless = tuple(draw(st.lists(patterns(bound), max_size=2)))
        rules.append(Rule(f"r{index}", draw(patterns(bound)), body, unless))
    facts = set()
    for _ in range(draw(st.integers(0, 12))):
        kind = draw(st.sampled_from(sorted(KINDS)))
        facts.add((kind, *(draw(st.sampled_from(VALUES)) for _ in range(KINDS[kind]))))
    return rules, facts


@needs_engine
@settings(max_examples=3000, deadline=None)
@given(programs())
def test_both_evaluators_agree_on_facts_and_supports(program: tuple[list[Rule], set[Fact]]) -> None:
    rules, facts = program
    try:
        stratify(rules)
    except PackError:
        return
    assert durable.DurableEngine(rules).derive(facts).supports == derive(rules, facts).supports


OUTCOMES = st.lists(
    st.tuples(
        st.sampled_from(["PASS", "FAIL", "NOT_EVALUATED", "NEEDS_JUDGEMENT", "NOT_APPLICABLE"]),
        st.booleans(),
        st.integers(0, 2),
    ),
    max_size=8,
)


@settings(max_examples=300, deadline=None)
@given(OUTCOMES)
def test_there_is_always_exactly_one_conclusion(outcomes: list[tuple[str, bool, int]]) -> None:
    """Against a direct reading: the worst state of any binding requirement decides."""
    facts: set[Fact] = {("stage", "s")}
    for index, (state, binding, gate) in enumerate(outcomes):
        name = f"R{index}"
        facts.add(("outcome", name, state))
        if binding:
            facts |= {("isgate", f"g{gate}"), ("counts", f"g{gate}", name)}
    derivation, _ = decide(shipped(), facts)
    states = {state for state, binding, _ in outcomes if binding}
    if "FAIL" in states:
        expected = "objections"
    elif "NOT_EVALUATED" in states:
        expected = "incomplete"
    elif "NEEDS_JUDGEMENT" in states:
        expected = "judgement"
    else:
        expected = "no_objections" if "PASS" in states else "incomplete"
    assert derivation.of_kind("conclusion") == [("conclusion", "s", expected)]
    assert expected in CONCLUSIONS


# --- the faults of the library, each answered by a guard -----------------------------------------
CLAIM = Rule("finding", ("finding", X), (("claim", X),), (("registry", X),))


@needs_engine
@pytest.mark.parametrize("claims", [["1"], ["1", "2"], ["2", "1"], ["1", "2", "3"]])
def test_negation_does_not_depend_on_the_order_of_arrival(claims: list[str]) -> None:
    facts: set[Fact] = {("claim", name) for name in claims} | {("registry", "2")}
    found = durable.DurableEngine([CLAIM]).derive(facts)
    assert set(found.supports) == {("finding", name) for name in claims if name != "2"}


@needs_engine
def test_a_negated_fact_does_not_withdraw_unrelated_rules() -> None:
    other = Rule("seen", ("seen", X), (("claim", X),))
    found = durable.DurableEngine([CLAIM, other]).derive({("claim", "1"), ("registry", "1")})
    assert set(found.supports) == {("seen", "1")}


@needs_engine
def test_texts_of_one_hash_stay_two_things() -> None:
    """The library compares 32-bit hashes; ``prop579`` and ``prop867514`` collide."""
    assert fnv32("prop579") == fnv32("prop867514")
    rule = Rule("r", ("out", X), (("in", X),))
    found = durable.DurableEngine([rule]).derive({("in", "prop579"), ("in", "prop867514")})
    assert len(found.supports) == 2


@needs_engine
@pytest.mark.parametrize(
    "text", ["", "1", "true", "null", "名称", "a'\"\n\0", "x" * 70_000, "sid", "$s", "\ud800"]
)
def test_any_text_survives(text: str) -> None:
    rule = Rule("r", ("out", X), (("in", X),))
    found = durable.DurableEngine([rule]).derive({("in", text), ("in", text + "1")})
    assert set(found.supports) == {("out", text), ("out", text + "1")}


@needs_engine
def test_facts_no_rule_reads_are_no_fault() -> None:
    rule = Rule("r", ("out", X), (("in", X),))
    found = durable.DurableEngine([rule]).derive({("other", "x"), ("in", "y")})
    assert set(found.supports) == {("out", "y")}


@needs_engine
def test_no_facts_at_all() -> None:
    assert durable.DurableEngine([CLAIM]).derive(set()).supports == {}


@needs_engine
def test_endless_firing_is_stopped() -> None:
    grow = [Rule("pairs", ("pair", X, Y), (("n", X), ("n", Y)))]
    facts: set[Fact] = {("n", str(i)) for i in range(20)}
    with pytest.raises(EngineFault, match="firings"):
        durable.DurableEngine(grow, max_firings=100).derive(facts)


@needs_engine
def test_an_error_in_an_action_is_raised_after_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library swallows exceptions of actions, KeyboardInterrupt among them."""

    def broken(self: Any, rule: Rule, context: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(durable._Run, "derived", broken)
    with pytest.raises(EngineFault, match="KeyboardInterrupt"):
        durable.DurableEngine([CLAIM]).derive({("claim", "1")})


@needs_engine
def test_a_lost_fact_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    count = durable._Run.count_back

    def lose(self: Any, ruleset: Any) -> None:
        self.stored.add("f9999999")
        count(self, ruleset)

    monkeypatch.setattr(durable._Run, "count_back", lose)
    with pytest.raises(EngineFault, match="lost"):
        durable.DurableEngine([CLAIM]).derive({("claim", "1")})


@needs_engine
def test_a_session_that_stops_half_way_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable._Run, "action", lambda self, name: lambda context: None)
    with pytest.raises(EngineFault, match="stopped"):
        durable.DurableEngine([CLAIM]).derive({("claim", "1")})


@needs_engine
def test_a_disagreement_is_a_fault_and_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = derive([CLAIM], set())
    monkeypatch.setattr(conclude, "derive", lambda rules, facts: wrong)
    with pytest.raises(EngineFault, match="disagree"):
        decide([CLAIM], {("claim", "1")})


def test_without_the_library_the_reference_decides_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(durable, "_library", lambda: None)
    derivation, engine = decide([CLAIM], {("claim", "1")})
    assert engine == "reference"
    assert derivation.holds(("finding", "1"))


@needs_engine
def test_many_sessions_leave_nothing_behind() -> None:
    for index in range(300):
        facts: set[Fact] = {("claim", str(index)), ("claim", "x"), ("registry", "x")}
        found = durable.DurableEngine([CLAIM]).derive(facts)
        assert set(found.supports) == {("finding", str(index))}


@needs_engine
def test_a_chain_over_many_facts() -> None:
    rules = [
        Rule("reach", ("reach", X, Y), (("edge", X, Y),)),
        Rule("step", ("reach", X, Z), (("reach", X, Y), ("edge", Y, Z))),
    ]
    facts: set[Fact] = {("edge", str(i), str(i + 1)) for i in range(30)}
    found = durable.DurableEngine(rules).derive(facts)
    assert len(found.supports) == 30 * 31 // 2
    assert found.supports == derive(rules, facts).supports


# --- parts of the fence --------------------------------------------------------------------------
def test_names_skip_taken_hashes() -> None:
    taken = {fnv32("f0000000"), fnv32("f0000002")}
    names = Names("f", taken)
    assert [names.new(), names.new()] == ["f0000001", "f0000003"]


def test_symbols_are_one_to_one() -> None:
    symbols = Symbols()
    texts = [f"text {i}" for i in range(2000)] + ["", "text 1"]
    found = {symbols.of(text): text for text in texts}
    assert len(found) == 2001
    assert all(symbols.text(symbol) == text for symbol, text in found.items())
    assert all(symbol.isascii() and symbol.isalnum() for symbol in found)


def test_aliases_hash_to_their_position() -> None:
    for position, alias in enumerate(slot_aliases(12)):
        assert fnv32(alias) % 16 == position


@pytest.mark.parametrize(
    ("count", "pattern"),
    [(501, lambda i: ("in", str(i))), (251, lambda i: ("in", X))],
    ids=["alternatives", "equal patterns"],
)
def test_networks_near_the_cliffs_are_refused(count: int, pattern: Any) -> None:
    rules = [Rule(f"r{i}", ("out", str(i)), (pattern(i),)) for i in range(count)]
    with pytest.raises(PackError):
        Network(rules, Symbols())


def test_negation_through_a_circle_is_refused() -> None:
    rules = [Rule("r", ("a", X), (("b", X),), (("c", X),)), Rule("s", ("c", X), (("a", X),))]
    with pytest.raises(PackError) as caught:
        stratify(rules)
    assert caught.value.problems[0].key == "verdict.circle"


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ("{id: r, then: [a, $x], if: [[b, $y]]}", "verdict.unbound"),
        ("{id: r, then: [a, $x], if: [[b, $x]], unless: [[c, $y]]}", "verdict.unbound"),
        ("{id: r, then: [a, $x], if: [[b, $x, $x]]}", "verdict.variable_twice"),
        ("{id: r, then: [a], if: []}", "verdict.shape"),
        ("{id: r, then: [a], if: [[b]], unles: [[c]]}", "verdict.shape"),
        ("{id: r, then: [$a], if: [[$a]]}", "verdict.shape"),
        ("{id: r, then: [a, 1], if: [[b]]}", "verdict.shape"),
    ],
)
def test_rules_that_do_not_load(entry: str, key: str) -> None:
    document = read_yaml(f"rules:\n  - {entry}\n", "v.yaml", pack=True)
    with pytest.raises(PackError) as caught:
        read_rules([document])
    assert [problem.key for problem in caught.value.problems] == [key]


def test_why_and_why_not() -> None:
    facts: set[Fact] = {("claim", "1"), ("claim", "2"), ("registry", "2")}
    derivation = derive([CLAIM], facts)
    lines = why(derivation, ("finding", "1"))
    assert [(line.fact, line.state) for line in lines] == [
        (("finding", "1"), "derived"),
        (("claim", "1"), "given"),
    ]
    against = why_not([CLAIM], derivation, ("finding", "2"))
    assert [(line.fact, line.state) for line in against[1:]] == [(("registry", "2"), "present")]
    missing = why_not([CLAIM], derivation, ("finding", "3"))
    assert [(line.fact, line.state) for line in missing[1:]] == [(("claim", "3"), "missing")]
