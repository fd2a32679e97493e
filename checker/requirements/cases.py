"""Cases beside the cards: small made-up dossiers with what a card must give on them.

A case of a requirement expects a state; a case of a quantity gives its figure, or ``unknown``.

A case names what differs from a plain valid header: tables with rows, facts given outright,
topics declared not to occur, evidence that is there or missing.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from checker.dossier.evidence import EvidenceFile, EvidenceIndex
from checker.dossier.header import Header, parse_quantity
from checker.dossier.headrow import RawTable
from checker.dossier.load import Dossier
from checker.dossier.schema import all_specs
from checker.dossier.typed import type_table
from checker.errors import Arg, PackError, Problem
from checker.facts.quantities import Facts
from checker.facts.world import Fact, FactWorld
from checker.lang.values import Nil, Unknown
from checker.packs.book import Quantity, Requirement, RuleBook
from checker.places import Anchor
from checker.registry.derive import derive_claims
from checker.requirements.evaluate import evaluate
from checker.requirements.outcome import STATES, Outcome
from checker.yamltext import YamlDocument, read_yaml

AS_OF = "2026-11-24"
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


@dataclass(frozen=True, eq=False)
class Case:
    """One case: the card it is for, its data, and the state (or figure) expected."""

    card: str
    name: str
    expect: str
    data: dict[str, Any]
    anchor: Anchor


def read_cases(folder: Path) -> Iterator[Case]:
    """Cases of a pack folder, from ``cases/<ID>.yaml``; raises ``PackError`` on a bad file."""
    for path in sorted((folder / "cases").glob("*")):
        if path.suffix == ".md":
            continue
        if path.suffix != ".yaml" or not path.is_file():
            found: dict[str, Arg] = {"file": f"cases/{path.name}"}
            anchor = Anchor(f"{folder.name}/cases/{path.name}")
            raise PackError(Problem("pack.unknown_file", anchor, found, "blocker"))
        document = read_yaml(path.read_bytes(), f"{folder.name}/cases/{path.name}", pack=True)
        entries = document.data.get("cases") if isinstance(document.data, dict) else None
        if not isinstance(entries, list):
            args: dict[str, Arg] = {"name": "cases", "known": "cases: [{name, expect, …}, …]"}
            raise PackError(Problem("pack.case", Anchor(document.file, line=1), args, "blocker"))
        for index, data in enumerate(entries):
            for name, known in _wrong(data):
                args = {"name": name, "known": known}
                anchor = document.anchor(("cases", index, name), path.stem)
                raise PackError(Problem("pack.case", anchor, args, "blocker"))
            anchor = document.anchor(("cases", index), path.stem)
            yield Case(path.stem, data["name"], data.get("expect", data.get("gives")), data, anchor)


def _wrong(data: Any) -> Iterator[tuple[str, str]]:
    """Keys of a case that are unknown or of another form, each with what is wanted."""
    if not isinstance(data, dict):
        yield "case", "{name, expect, …}"
        return
    for name in data:
        if name not in _FORMS:
            yield name, ", ".join(_FORMS)
    for name, (known, fits) in _FORMS.items():
        if (name in data and not fits(data[name])) or (name not in data and name == "name"):
            yield name, known
    if ("expect" in data) == ("gives" in data):
        yield "expect / gives", "expect: PASS … / gives: number unit"


def _is_day(value: Any) -> bool:
    try:
        return len(value) == len(AS_OF) and bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _is_tables(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
        for rows in value.values()
    )


_FORMS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "name": ("text", lambda value: isinstance(value, str) and bool(value.strip())),
    "expect": (" / ".join(STATES), lambda value: value in STATES),
    "gives": ("number unit / unknown", lambda value: isinstance(value, str)),
    "as_of": ("2026-11-24", _is_day),
    "header": ("{path.in.dossier: value, …}", _is_mapping),
    "tables": ("{T05: [{column: value, …}, …], …}", _is_tables),
    "facts": ("{figure: number unit, …}", _is_mapping),
    "nil": ("[topic, …]", _is_texts),
    "evidence": ("[id, …]", _is_texts),
    "missing_evidence": ("[id, …]", _is_texts),
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


def state_of(outcomes: list[Outcome]) -> str:
    """The worst state among outcomes, in the order the verdict uses."""
    return min((outcome.state for outcome in outcomes), key=STATES.index)
