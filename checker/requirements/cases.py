"""The made-up dossiers of cases, and what a card gives on them.

A case of a requirement expects a state; a case of a quantity gives its figure, or ``unknown``.

A case names what differs from a plain valid header: tables with rows, facts given outright,
topics declared not to occur, evidence that is there or missing.
"""

import copy
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from checker.dossier.evidence import EvidenceFile, EvidenceIndex
from checker.dossier.header import Header, parse_quantity
from checker.dossier.headrow import RawTable
from checker.dossier.load import Dossier
from checker.dossier.schema import all_specs
from checker.dossier.typed import type_table
from checker.errors import PackError, Problem
from checker.facts.quantities import Facts
from checker.facts.world import Fact, FactWorld
from checker.lang.values import Nil, Unknown
from checker.packs.book import Quantity, Requirement, RuleBook
from checker.places import Anchor
from checker.registry.derive import derive_claims
from checker.requirements.case_files import AS_OF, Case
from checker.requirements.evaluate import evaluate
from checker.requirements.outcome import (
    FAIL,
    NEEDS_JUDGEMENT,
    NOT_EVALUATED,
    PASS,
    STATES,
    Outcome,
)
from checker.yamltext import YamlDocument

_HEADER: dict[str, Any] = {
    "schema": "zcf-dossier/1",
    "name": "示例工厂",
    "credit_code": "91350500MA0000001X",
    "sector": "light-industry",
    "province": "福建",
    "period": {"start": "2025-01-01", "end": "2025-12-31"},
    "stage": "application",
    "applies_for": [],
    "ets_member": False,
    "gases": ["CO2"],
    "boundary": {"covers_whole_plant": True, "statement": "全厂区"},
    "accounting": {"standard": "GB/T 32150", "edition": "2015"},
}


def header_document(changes: dict[str, Any]) -> YamlDocument:
    """The made-up header with the changes of a case."""
    data = copy.deepcopy(_HEADER)
    for path, value in changes.items():
        *parents, last = path.split(".")
        target = data
        for step in parents:
            target = target.setdefault(step, {})
        target[last] = value
    return YamlDocument("dossier.yaml", data)


def _table(code: str, rows: list[dict[str, Any]], problems: list[Problem]) -> Any:
    spec = all_specs()[code]
    names = list(dict.fromkeys(name for row in rows for name in row))
    heads = []
    for name in names:
        unit = spec.columns[name].unit if name in spec.columns else None
        heads.append(f"{name}[{unit.name}]" if unit else name)
    cells = [["" if row.get(n) is None else str(row[n]) for n in names] for row in rows]
    return type_table(RawTable(f"tables/{code}.csv", "", [heads, *cells]), spec, problems)


def dossier_of(case: Case) -> Dossier:
    """The made-up dossier of a case."""
    data = case.data
    dossier = Dossier("case", Header(header_document(data.get("header") or {}), frozenset()))
    for code, rows in (data.get("tables") or {}).items():
        dossier.tables[code] = _table(code, rows, dossier.problems)
    derive_claims(dossier)
    for topic in data.get("nil") or []:
        dossier.nil[topic] = Nil(topic, "不发生", Anchor("dossier.yaml"))
    states = [(name, "ok") for name in data.get("evidence") or []]
    states += [(name, "missing") for name in data.get("missing_evidence") or []]
    entries = {n: EvidenceFile(n, f"{n}.pdf", state, Anchor("T19")) for n, state in states}
    dossier.evidence = EvidenceIndex(bool(entries), entries)
    return dossier


def _given(case: Case) -> dict[str, Decimal]:
    given: dict[str, Decimal] = {}
    for name, text in (case.data.get("facts") or {}).items():
        quantity = parse_quantity(text)
        if quantity is None:
            args = {"name": name, "known": "number unit"}
            raise PackError(Problem("pack.case", case.anchor, args, "blocker"))
        given[name] = quantity.base()
    return given


def world_of(case: Case, book: RuleBook) -> FactWorld:
    """What the case's card sees; facts given outright replace computed ones."""
    as_of = date.fromisoformat(str(case.data.get("as_of", AS_OF)))
    world = FactWorld(dossier_of(case), replace(book, as_of=as_of))
    world.facts = Facts(world, {name: Fact(name, value) for name, value in _given(case).items()})
    return world


def run_case(case: Case, requirement: Requirement, book: RuleBook) -> list[Outcome]:
    """Outcomes of the requirement on the case."""
    return evaluate(requirement, world_of(case, book))


def figure_of(case: Case, quantity: Quantity, book: RuleBook) -> Any:
    """The figure of a quantity on the case: base units, or ``Unknown``."""
    return world_of(case, book).fact(quantity.card.id)


def fits(case: Case, quantity: Quantity, value: Any) -> bool:
    """True when a figure is the one the case gives, at the digits it is written with."""
    if type(value) is Unknown or case.expect == "unknown":
        return type(value) is Unknown and case.expect == "unknown"
    wanted = parse_quantity(case.expect)
    if wanted is None or wanted.unit.dimension != quantity.card.unit.dimension:
        return False
    exponent = wanted.amount.as_tuple().exponent
    assert isinstance(exponent, int)
    half = Decimal(5).scaleb(exponent - 1)
    return abs(wanted.unit.from_base(value) - wanted.amount) <= half


def as_expected(case: Case, outcomes: Sequence[Outcome]) -> bool:
    """True when the worst state, and the number of subjects by state if given, are as expected."""
    wanted = case.data.get("states")
    counted = Counter(outcome.state for outcome in outcomes)
    return state_of(outcomes) == case.expect and (wanted is None or dict(counted) == wanted)


def lacking_states(requirement: Requirement, own: Sequence[Case]) -> tuple[str, ...]:
    """States that the cases of a card should show and do not: good, failing, not evaluated.

    A card without an assertion owes none; a state explained as unreachable is not missed.
    """
    if requirement.assertion is None or not own:
        return ()
    good = NEEDS_JUDGEMENT if requirement.card.mode == "judged" else PASS
    shown = {case.expect for case in own} | set(own[0].notes.unreachable)
    return tuple(state for state in (good, FAIL, NOT_EVALUATED) if state not in shown)


def state_of(outcomes: Sequence[Outcome]) -> str:
    """The worst state among outcomes, in the order the verdict uses."""
    return min((outcome.state for outcome in outcomes), key=STATES.index)
