"""What a case may name: cards, facts, tables, columns, header keys and topics that exist.

A misspelt name would leave data out and make the case pass for the wrong reason.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checker.dossier.header import header_paths, nil_topics, parse_quantity, validate_header
from checker.dossier.schema import all_specs
from checker.errors import Arg, Problem
from checker.nearest import nearest
from checker.packs.book import Requirement, RuleBook
from checker.requirements.case_files import Case
from checker.requirements.cases import header_document


def check_case(case: Case, book: RuleBook, cards: Mapping[str, Requirement]) -> Iterator[Problem]:
    """Problems of one case, each at its place."""
    known = cards if "expect" in case.data else book.by_id
    if case.card not in known and (case.card in cards or case.card in book.by_id):
        args: dict[str, Arg] = {
            "name": case.card,
            "key": "gives" if "expect" in case.data else "expect",
        }
        yield Problem("pack.case_kind", case.anchor, args, "blocker")
        return
    if case.card not in known:
        yield _unknown(case, case.card, known)
        return
    data = case.data
    if "gives" in data and case.expect != "unknown":
        yield from _facts(case, book, {case.card: case.expect})
    yield from _facts(case, book, _mapping(data, "facts"))
    headers = {".".join(map(str, path)) for path in header_paths().values()}
    unknown = [name for name in _mapping(data, "header") if name not in headers]
    for name in unknown:
        yield _unknown(case, name, headers)
    if not unknown:
        yield from _header(case)
    for topic in data.get("nil") or []:
        if topic not in nil_topics():
            yield _unknown(case, str(topic), nil_topics())
    for code, rows in _mapping(data, "tables").items():
        yield from _table(case, code, rows)


def _header(case: Case) -> Iterator[Problem]:
    """What is wrong with the values a case puts into the header; empty ones are allowed."""
    document = header_document(_mapping(case.data, "header"))
    for problem in validate_header(document):
        value = str(problem.args.get("value", ""))
        if problem.key != "header.required" and value != "None":
            args = {"name": f"header {problem.args.get('name')}: {value}", "known": "—"}
            known = problem.args.get("allowed") or problem.args.get("wanted") or problem.key
            yield Problem("pack.case", case.anchor, {**args, "known": str(known)}, "blocker")


def _facts(case: Case, book: RuleBook, given: Mapping[str, Any]) -> Iterator[Problem]:
    for name, text in given.items():
        if name not in book.by_id:
            yield _unknown(case, name, book.by_id)
            continue
        quantity, unit = parse_quantity(text), book.by_id[name].card.unit
        if quantity is None or quantity.unit.dimension != unit.dimension:
            args = {"name": f"{name}: {text}", "unit": unit.name}
            yield Problem("pack.case_unit", case.anchor, args, "blocker")


def _table(case: Case, code: str, rows: Any) -> Iterator[Problem]:
    spec = all_specs().get(code)
    if spec is None:
        yield _unknown(case, code, all_specs())
        return
    for row in rows if isinstance(rows, list) else []:
        for name in row if isinstance(row, dict) else ():
            if name not in spec.columns:
                yield _unknown(case, f"{code}.{name}", [f"{code}.{c}" for c in spec.columns])


def _mapping(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def _unknown(case: Case, name: str, known: Iterable[str]) -> Problem:
    args = {"name": name, "hint": nearest(name, known, 0.4)}
    return Problem("pack.case_name", case.anchor, args, "blocker")
