"""The expression language: syntax, static checks, three-valued logic, trace."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.errors import ExprError
from checker.lang.check import check_expression
from checker.lang.evaluate import compile_node
from checker.lang.serials import overlapping
from checker.lang.source import Source
from checker.lang.trace import trace
from checker.lang.types import AnyQuantity, Bool, Date, FactorType, FieldType, Num, Scope, Text
from checker.lang.units import Quantity, find_unit
from checker.lang.values import ABSENT, Nil, Reason, RowList, Unknown
from checker.lang.world import Env
from checker.places import Anchor

ENERGY = find_unit("kWh")
MASS = find_unit("t")
assert ENERGY is not None and MASS is not None
FIELDS = {
    "energy": FieldType(Num(ENERGY.dimension), ENERGY),
    "kind": FieldType(Text(("direct", "traded"))),
    "name": FieldType(Text()),
    "month": FieldType(Text()),
    "day": FieldType(Date()),
    "ok": FieldType(Bool()),
    "amount": FieldType(AnyQuantity()),
    "first": FieldType(Text()),
    "last": FieldType(Text()),
}
SCOPE = Scope(
    {"T": FIELDS, "dossier": {"name": FieldType(Text())}},
    {"a.x": FieldType(Num(ENERGY.dimension), ENERGY), "a.y": FieldType(Num(ENERGY.dimension))},
    {"limit": FieldType(Num(ENERGY.dimension), ENERGY)},
    {"ef": FactorType(find_unit("kgCO2/kWh"), ("area",))},  # type: ignore[arg-type]
)


class FakeRow:
    def __init__(self, key: str, values: dict[str, Any]) -> None:
        self.key = key
        self.values = values

    def read(self, name: str) -> Any:
        value = self.values.get(name)
        return Unknown(Reason("blank", f"T.{name}", self.anchor(name))) if value is None else value

    def anchor(self, name: str = "") -> Anchor:
        return Anchor("T.csv", line=int(self.values.get("line", 1)), label=name)


@dataclass
class FakeWorld:
    rows: list[FakeRow] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    nil: Nil | None = None
    as_of: date = date(2026, 11, 24)
    months: tuple[str, ...] = ("2025-01", "2025-02", "2025-03")
    dossier: Any = field(default_factory=lambda: FakeRow("dossier", {"name": "厂"}))

    def table(self, name: str) -> Any:
        return (
            RowList(self.rows, self.nil) if self.rows or self.nil else Unknown(Reason(ABSENT, name))
        )

    def fact(self, name: str) -> Any:
        return self.facts.get(name, Unknown(Reason(ABSENT, name)))

    def parameter(self, name: str) -> Any:
        return Decimal(36)

    def factor(self, family: str, keys: tuple[str, ...], year: str) -> Any:
        return Decimal("0.5") if keys == ("福建",) else Unknown(Reason(ABSENT, "factor"))

    def evidence(self, evidence_id: str) -> Any:
        return evidence_id == "E1"

    def agrees(self, declared: Quantity, figure: str) -> Any:
        return True


def value_of(text: str, world: FakeWorld | None = None, **local: Any) -> Any:
    node = check_expression(Source(text), SCOPE)
    return compile_node(node)(Env(world or FakeWorld(), local))


def row(line: int = 1, **values: Any) -> FakeRow:
    return FakeRow(f"T[{line}]", {"line": line, **values})


KWH = Decimal("3.6")
TWO = FakeWorld(
    [
        row(1, energy=KWH, kind="direct", month="2025-01"),
        row(2, energy=2 * KWH, kind="traded", month="2025-03"),
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("T.sum(r, r.energy) == 3[kWh]", True),
        ("T.sum(r, r.energy) == 0.003[MWh]", True),
        ("T.filter(r, r.kind == 'direct').sum(r, r.energy) / 1[kWh] == 1", True),
        ("T.count(r, r.kind in ['direct', 'traded']) == 2", True),
        ("T.exists(r, r.energy > 1[kWh]) && !T.all(r, r.energy > 1[kWh])", True),
        ("T.max(r, r.energy) - T.min(r, r.energy) == 1[kWh]", True),
        ("size(T.gaps(r, r.month)) == 1", True),
        ("T.only(r, r.kind == 'direct').energy == 1[kWh]", True),
        ("size(T.duplicates(r, r.kind)) == 0", True),
        ("size(T.distinct(r, r.kind)) == 2", True),
        ("-T.sum(r, r.energy) < 0[kWh]", True),
        ("abs(-T.sum(r, r.energy)) == 3[kWh]", True),
        ("(size(T) == 2 ? T.max(r, r.energy) : T.min(r, r.energy)) == 2[kWh]", True),
        ("T.sum(r, r.energy) * factor('ef', '福建') > 0[tCO2]", True),
        ("has(T.only(r, r.kind == 'direct').name)", False),
        ("year(-1) == '2024' && dossier.name == '厂'", True),
        ("T.all(r, starts_with(r.month, '2025'))", True),
        ("later('2025-11', 2) == '2026-01' && dossier.name != ''", True),
        ("T.max(r, r.energy) - T.min(r, r.energy) <= param.limit", True),
    ],
)
def test_values(text: str, expected: bool) -> None:
    assert value_of(text, TWO) is expected


def test_decimals_not_floats() -> None:
    world = FakeWorld(facts={"a.x": Decimal("0.1"), "a.y": Decimal("0.2")})
    assert value_of("a.x + a.y == 0.3[MJ]", world) is True


UNKNOWN_X = FakeWorld(facts={"a.y": Decimal(1)})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.x > 0[kWh] && a.y < 0[kWh]", False),
        ("a.y < 0[kWh] && a.x > 0[kWh]", False),
        ("a.x > 0[kWh] || a.y > 0[kWh]", True),
        ("a.y > 0[kWh] || a.x > 0[kWh]", True),
        ("a.x > 0[kWh] && a.y > 0[kWh]", None),
        ("a.x > 0[kWh] || a.y < 0[kWh]", None),
        ("!(a.x > 0[kWh])", None),
        ("a.x + a.y > 0[kWh]", None),
        ("(a.x > 0[kWh] ? a.y : a.y) > 0[kWh]", None),
        ("has(a.x)", False),
        ("first(a.x, a.y) == a.y", True),
        ("a.y / (a.y - a.y) > 0", None),
    ],
)
def test_three_valued_logic(text: str, expected: bool | None) -> None:
    found = value_of(text, UNKNOWN_X)
    assert (type(found) is Unknown) if expected is None else found is expected


def test_an_unknown_names_its_reasons() -> None:
    found = value_of("a.x > 0[kWh] && T.sum(r, r.energy) > 0[kWh]", FakeWorld([row(4)]))
    assert [reason.what for reason in found.sorted()] == ["a.x", "T.energy"]
    assert found.sorted()[1].anchor.line == 4


def test_first_does_not_skip_what_could_not_be_read() -> None:
    broken = FakeWorld(facts={"a.x": Unknown(Reason("invalid", "a.x")), "a.y": Decimal(1)})
    assert type(value_of("first(a.x, a.y) > 0[kWh]", broken)) is Unknown


def test_all_of_no_rows_is_unknown_and_sum_of_declared_nil_is_zero() -> None:
    declared = FakeWorld(nil=Nil("topic", "reason", Anchor("dossier.yaml")))
    assert type(value_of("T.all(r, r.ok)", declared)) is Unknown
    assert value_of("T.sum(r, r.energy) == 0[kWh]", declared) is True
    assert type(value_of("T.sum(r, r.energy) == 0[kWh]", FakeWorld())) is Unknown


def test_exists_decides_although_another_row_is_unknown() -> None:
    world = FakeWorld([row(1), row(2, energy=KWH)])
    assert value_of("T.exists(r, r.energy > 0[kWh])", world) is True
    assert type(value_of("T.all(r, r.energy > 0[kWh])", world)) is Unknown
    assert value_of("T.all(r, r.energy > 9[kWh])", world) is False


def test_to_skips_other_dimensions() -> None:
    world = FakeWorld([row(1, amount=Quantity(Decimal(2), MASS))])
    assert value_of("T.sum(r, to(r.amount, 'kg')) == 2[t]", world) is True
    found = value_of("T.sum(r, to(r.amount, 'kWh')) == 2[kWh]", world)
    assert type(found) is Unknown and found.absent


def test_overlaps_and_serials() -> None:
    spans = [("A001", "A010"), ("A010", "A020"), ("A021", "A030")]
    world = FakeWorld([row(i, first=first, last=last) for i, (first, last) in enumerate(spans)])
    assert value_of("size(T.overlaps(r, r.first, r.last)) == 2", world) is True
    assert value_of("T.all(r, serials(r.first, r.last) >= 10)", world) is True
    months = [row(i, first="1", last="9", month=f"2025-0{i}") for i in (1, 2)]
    grouped = "size(T.overlaps(r, r.first, r.last, r.month)) == 0"
    assert value_of(grouped, FakeWorld(months)) is True


def test_equality_survives_units_without_an_exact_factor() -> None:
    world = FakeWorld(facts={"a.x": Decimal(36), "a.y": Decimal("0.36")})
    assert value_of("a.x * factor('ef', '福建') / a.x == factor('ef', '福建')", world) is True
    assert value_of("a.y / 3 * 3 == a.y", world) is True
    assert value_of("a.y / 3 * 3 < a.y", world) is False
    assert value_of("a.y / 3 * 3 >= a.y", world) is True


@pytest.mark.parametrize(
    ("text", "key", "at"),
    [
        ("a.x >= 5[t]", "expr.mixed", 5),
        ("a.x + 1 > 0", "expr.mixed", 5),
        ("a.z > 0", "expr.unknown_fact", 3),
        ("b > 0", "expr.unknown_name", 1),
        ("T.all(r, r.enrgy > 0)", "expr.unknown_field", 12),
        ("T.all(r, r.kind == 'dirct')", "expr.option", 17),
        ("T.all(r, r.kind in ['dirct'])", "expr.option", 17),
        ("param.limt > 0", "expr.unknown_parameter", 7),
        ("factor('eff', '福建') > 0", "expr.unknown_factor", 1),
        ("factor('ef') > 0", "expr.factor_keys", 1),
        ("sizes(T) > 0", "expr.unknown_function", 1),
        ("T.al(r, r.ok)", "expr.unknown_function", 3),
        ("a.x > 5[kwhh]", "expr.unit", 7),
        ("a.x >", "expr.value_expected", 6),
        ("a.x > 0[kWh] )", "expr.unexpected", 14),
        ("a.x # 1", "expr.character", 5),
        ("1 < 2", "expr.reads_nothing", 1),
        ("!a.x", "expr.type", 1),
        ("a.x && true", "expr.type", 5),
        ("dossier.name.x == 'y'", "expr.no_fields", 14),
        ("a.x.sum(r, 1) > 0", "expr.not_rows", 5),
        ("abs(a.x, a.y) > 0[kWh]", "expr.argument_count", 1),
        ("(" * 60 + "a.x" + ")" * 60 + " > 0[kWh]", "expr.too_deep", 41),
        ("a.x > 0[kWh]" + " && a.x > 0[kWh]" * 400, "expr.too_long", 1),
    ],
)
def test_author_errors_have_a_position(text: str, key: str, at: int) -> None:
    with pytest.raises(ExprError) as caught:
        check_expression(Source(text, "card.yaml", 7, 11), SCOPE)
    problem = caught.value.problems[0]
    assert (problem.key, problem.args["at"]) == (key, at)
    assert (problem.anchor.line, problem.anchor.column) == (7, 11 + at - 1)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a.xx > 0[kWh]", "a.x"),
        ("T.all(r, r.knd == 'direct')", "kind"),
        ("param.limt > 0", "limit"),
    ],
)
def test_did_you_mean(text: str, hint: str) -> None:
    with pytest.raises(ExprError) as caught:
        check_expression(Source(text), SCOPE)
    assert caught.value.problems[0].args["hint"] == hint


def test_step_budget() -> None:
    rows = [row(i, energy=KWH) for i in range(400)]
    text = "T.all(a, T.all(b, T.all(c, T.all(d, a.energy == d.energy))))"
    found = value_of(text, FakeWorld(rows))
    assert type(found) is Unknown
    assert {reason.kind for reason in found.reasons} == {"budget"}


def test_trace_shows_every_part_with_its_place() -> None:
    node = check_expression(Source("T.sum(r, r.energy) > 2[kWh]"), SCOPE)
    steps = trace(node, Env(TWO)).steps
    shape = [(step.depth, step.op) for step in steps]
    assert shape == [(0, "binary"), (1, "list"), (2, "row"), (2, "row")]
    assert steps[0].value is True
    assert [step.anchor.line for step in steps[2:]] == [1, 2]  # type: ignore[union-attr]


NUMBERS = st.one_of(st.none(), st.integers(-3, 3).map(Decimal))


@given(NUMBERS, NUMBERS, st.sampled_from(["&&", "||"]), st.booleans())
def test_kleene_tables(x: Decimal | None, y: Decimal | None, operator: str, negate: bool) -> None:
    """Against a direct reading of Kleene's tables."""
    facts = {name: value for name, value in (("a.x", x), ("a.y", y)) if value is not None}
    left = None if x is None else x > 0
    right = None if y is None else y > 0
    decided = operator == "||"
    if decided in (left, right):
        expected: bool | None = decided
    else:
        expected = None if None in (left, right) else not decided
    text = f"a.x > 0[MJ] {operator} a.y > 0[MJ]"
    if negate:
        text = f"!({text})"
        expected = None if expected is None else not expected
    found = value_of(text, FakeWorld(facts=facts))
    assert (type(found) is Unknown) if expected is None else found is expected


@given(st.text(alphabet="aTr.()[]<>=!&|+-*/?:,'\"0123456789 xykWh", max_size=40))
def test_any_text_is_checked_or_refused(text: str) -> None:
    try:
        node = check_expression(Source(text), SCOPE)
    except ExprError:
        return
    compile_node(node)(Env(TWO))


def test_a_serial_is_the_same_in_another_case_or_width() -> None:
    spans = [("GEC2025001", "GEC2025010", ()), ("gec-2025005", "ＧＥＣ2025006", ())]
    assert overlapping(spans) == [0, 1]
    assert overlapping([spans[0], ("GEC2025011", "GEC2025012", ())]) == []


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ('T.sum(r, to(r.amount, "kgce")) / T.sum(r, to(r.amount, "t"))', "kgce/t"),
        ("2[kgce] / 1[t] * 3", "kgce/t"),
        ("2[tCO2] / 1[MWh]", "kgCO2/kWh"),
    ],
)
def test_a_ratio_is_shown_in_the_units_it_was_written_in(text: str, unit: str) -> None:
    """Not in base units under the name of a dimension, such as coal/mass."""
    node = check_expression(Source(text), SCOPE, literal=True)
    assert node.unit is not None
    assert node.unit.name == unit
