"""Parameters, sources, decision tables and clauses: dates, use, and what is left open."""

from collections.abc import Iterator, Sequence
from datetime import date

from checker.errors import Arg, PackError, Problem
from checker.lang.nodes import Node
from checker.packs.book import RuleBook
from checker.packs.cards import FactorFamily, FactorRow, Parameter, ParameterValue
from checker.packs.clauses import read_clauses
from checker.packs.decisions import Decision, uncovered
from checker.packs.pack import Pack
from checker.packs.stale import OWN, is_stale
from checker.places import Anchor
from checker.series.limits import Limits, parameter_of
from checker.yamltext import read_yaml


def value_problems(packs: Sequence[Pack], book: RuleBook) -> Iterator[Problem]:
    """Problems of the values and documents of some packs."""
    read = _read(book)
    for pack in packs:
        for parameter in pack.parameters:
            yield from _parameter(parameter, book.as_of)
            if parameter.id not in read["param"] and parameter.id not in _ENGINE:
                yield _problem("lint.unused", parameter.anchor, parameter.id, "minor")
        for family in pack.families:
            if family.id not in read["factor"] and pack.head.kind not in ("library", "core"):
                yield _problem("lint.unused", family.anchor, family.id, "minor")
        for table in pack.decisions:
            yield from _decision(table)
            if table.id not in read["decide"]:
                yield _problem("lint.unused", table.anchor, table.id, "minor")
        yield from _sources(pack)
        yield from _clauses(pack, book)


_ENGINE = frozenset(map(parameter_of, Limits.__dataclass_fields__))
"""Limits of the detectors of meter series; no card reads them."""


def _problem(key: str, anchor: Anchor, name: str, severity: str, **args: Arg) -> Problem:
    return Problem(key, anchor, {"name": name, **args}, severity)


def _read(book: RuleBook) -> dict[str, set[str]]:
    """What the cards of the book read, by operation."""
    found: dict[str, set[str]] = {"param": set(), "factor": set(), "decide": set()}
    seen: set[int] = set()

    def walk(node: Node) -> None:
        if id(node) in seen:
            return
        seen.add(id(node))
        if node.op in found:
            found[node.op].add(node.data[0] if node.op == "factor" else node.data)
        for kid in node.kids:
            walk(kid)

    for node in book.nodes():
        walk(node)
    return found


def _parameter(parameter: Parameter, day: date) -> Iterator[Problem]:
    """Dates, staleness, and confidence against what is known."""
    first, last = parameter.values[0], parameter.values[-1]
    if first.start > day:
        start = first.start.isoformat()
        yield _problem("lint.not_yet", parameter.anchor, parameter.id, "minor", day=start)
    if last.until is not None and last.until <= day:
        yield _problem(
            "lint.expired", parameter.anchor, parameter.id, "major", day=last.until.isoformat()
        )
    for value in parameter.values:
        yield from _value(parameter, value, day)


def _value(parameter: Parameter, value: ParameterValue, day: date) -> Iterator[Problem]:
    confidence = value.clause.confidence
    if value.value is None and confidence != "U":
        yield _problem("lint.unknown_marked", parameter.anchor, parameter.id, "minor")
    if value.value is not None and confidence == "U":
        yield _problem("lint.unreliable", parameter.anchor, parameter.id, "major")
    if confidence != OWN and value.in_force(day) and is_stale(value.verified_on, day):
        if value.verified_on is None:
            yield _problem("lint.never_verified", parameter.anchor, parameter.id, "minor")
        else:
            seen = value.verified_on.isoformat()
            yield _problem("lint.stale", parameter.anchor, parameter.id, "minor", day=seen)
    if value.verified_on is not None and value.verified_on > day:
        seen = value.verified_on.isoformat()
        yield _problem("lint.verified_later", parameter.anchor, parameter.id, "major", day=seen)


def _decision(table: Decision) -> Iterator[Problem]:
    """Cases no rule fits, unless the table says why."""
    found = uncovered(table)
    if found is None:
        yield _problem("lint.gaps_unseen", table.anchor, table.id, "info")
    elif found and table.gaps is None:
        cases = " / ".join(found)
        yield _problem("lint.gap", table.anchor, table.id, "major", cases=cases)


def _sources(pack: Pack) -> Iterator[Problem]:
    """Documents nothing rests on."""
    used = {card.clause.source for card in pack.quantities}
    used |= {card.clause.source for card in pack.requirements}
    used |= {value.clause.source for one in pack.parameters for value in one.values}
    used |= {row.source for one in pack.families for row in _rows(one)}
    used |= {rule.clause.source for table in pack.decisions for rule in table.rules}
    used |= {p.clause.source for one in pack.amendments for p in one.parameters}
    unused = sorted(set(pack.head.sources) - used)
    if unused:
        path = pack.head.folder / "pack.yaml"
        document = read_yaml(path.read_bytes(), f"{pack.head.id}/pack.yaml", pack=True)
        for name in unused:
            yield _problem("lint.unused", document.key_anchor(("sources", name)), name, "info")


def _rows(family: FactorFamily) -> Iterator[FactorRow]:
    for rows in family.rows.values():
        yield from rows


def _clauses(pack: Pack, book: RuleBook) -> Iterator[Problem]:
    """Cards that ``clauses.yaml`` names and nobody has."""
    known = {requirement.card.id for requirement in book.requirements} | set(book.by_id)
    try:
        clauses = read_clauses(pack.head.folder)
    except PackError as error:
        yield from error.problems
        return
    for clause in clauses:
        for name in clause.cards:
            if name not in known:
                args = {"clause": clause.id}
                yield _problem("lint.clause_card", clause.anchor, name, "major", **args)
