"""Suggests cases for changes that no case notices; an author decides whether they are right."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from checker.errors import ZcfError
from checker.facts.quantities import compute
from checker.facts.world import FactWorld
from checker.lang.units import Unit
from checker.lang.values import Unknown
from checker.packs.book import Quantity, Requirement, RuleBook
from checker.requirements.case_files import Case
from checker.requirements.cases import state_of, world_of
from checker.requirements.evaluate import evaluate
from checker.workshop.mutate import Mutant, as_expected
from checker.workshop.reads import Reads
from checker.workshop.variants import Variant, pairs, plain, variants

DIGITS = 8
PAIRS = 3_000
_OWN = ("name", "expect", "gives", "states")
_ROUNDS = 45


@dataclass(frozen=True, eq=False)
class Suggestion:
    """A case as data, with the changes it would notice."""

    data: dict[str, Any]
    kills: tuple[Mutant, ...]


def suggestions(
    card: Requirement | Quantity, cases: Sequence[Case], mutants: Sequence[Mutant], book: RuleBook
) -> list[Suggestion]:
    """Few cases that notice as many of the mutants as can be found."""
    left, found = list(mutants), []
    reads = Reads(card, book)
    for maker in (_singles, _crossings, _doubles):
        if not left:
            break
        tried = list(_tried(card, cases, left, book, maker(card, cases, reads, book)))
        while tried and left:
            best = max(tried, key=lambda item: sum(m in left for m in item.kills))
            kills = tuple(m for m in best.kills if m in left)
            if not kills:
                break
            found.append(replace(best, kills=kills))
            left = [m for m in left if m not in kills]
    return found


def reached(card: Requirement, cases: Sequence[Case], book: RuleBook) -> dict[str, dict[str, Any]]:
    """Data that reach a state the case file calls unreachable, by state."""
    claimed = set(cases[0].notes.unreachable)
    found: dict[str, dict[str, Any]] = {}
    for maker in (_singles, _crossings):
        for _, data in maker(card, cases, Reads(card, book), book):
            state = _state(card, cases[0], data, book)
            if state in claimed and state not in found:
                own = {name: value for name, value in data.items() if name not in _OWN}
                found[state] = {"name": f"reaches {state}", "expect": state, **own}
            if len(found) == len(claimed):
                return found
    return found


def _tried(
    card: Requirement | Quantity,
    cases: Sequence[Case],
    mutants: Sequence[Mutant],
    book: RuleBook,
    candidates: Iterable[Variant],
) -> Iterator[Suggestion]:
    for label, data in candidates:
        case = replace(cases[0], name=label, data=data)
        world = _world(case, book)
        if world is None:
            continue
        key, expected = _result(card, world)
        rest = {k: v for k, v in data.items() if k not in _OWN}
        whole = {"name": label, key: expected, **rest}
        case = replace(case, expect=expected, data=whole)
        kills = tuple(m for m in mutants if not as_expected(m.version, case, world))
        if kills:
            yield Suggestion(whole, kills)


def _world(case: Case, book: RuleBook) -> FactWorld | None:
    """The world of a candidate; None when its data cannot be read."""
    try:
        world = world_of(case, book)
    except (ZcfError, ValueError, TypeError):
        return None
    clean = all(p.key in ("column.missing", "cell.blank") for p in world.source.problems)
    return world if clean else None


def _result(card: Requirement | Quantity, world: FactWorld) -> tuple[str, str]:
    if isinstance(card, Requirement):
        return "expect", state_of(evaluate(card, world))
    return "gives", written(compute(card, world).value, card.card.unit)


def written(value: Any, unit: Unit) -> str:
    """A figure with enough digits to notice a slip."""
    if type(value) is Unknown:
        return "unknown"
    shown = unit.from_base(value)
    places = DIGITS - 1 - shown.adjusted() if shown else 0
    rounded = round(shown, max(0, places))
    return f"{format(plain(rounded), 'f')} {unit.name}"


def _singles(card: Any, cases: Sequence[Case], reads: Reads, book: RuleBook) -> Iterator[Variant]:
    for case in cases:
        yield case.name, case.data
        for label, data in variants(case.data, reads):
            yield f"{case.name}: {label}", data


def _doubles(card: Any, cases: Sequence[Case], reads: Reads, book: RuleBook) -> Iterator[Variant]:
    for case in cases:
        for label, data in pairs(case.data, reads, PAIRS // len(cases)):
            yield f"{case.name}: {label}", data


def _crossings(
    card: Requirement | Quantity, cases: Sequence[Case], reads: Reads, book: RuleBook
) -> Iterator[Variant]:
    """Cases just at the line: one number moved until the state turns."""
    if isinstance(card, Quantity):
        return
    for case in cases:
        here = _state(card, case, case.data, book)
        for place, number in _slots(case.data):
            for factor in ("0", "0.5", "2", "100"):
                other = number * Decimal(factor)
                there = _state(card, case, _put(case.data, place, other), book)
                if here and there and there != here:
                    yield from _bisect(card, case, place, (number, other), here, book)
                    break


def _state(card: Requirement, case: Case, data: dict[str, Any], book: RuleBook) -> str:
    world = _world(replace(case, data=data), book)
    return state_of(evaluate(card, world)) if world else ""


def _bisect(
    card: Requirement,
    case: Case,
    place: tuple[Any, ...],
    ends: tuple[Decimal, Decimal],
    here: str,
    book: RuleBook,
) -> Iterator[Variant]:
    same, other = ends
    for _ in range(_ROUNDS):
        middle = (same + other) / 2
        if _state(card, case, _put(case.data, place, middle), book) == here:
            same = middle
        else:
            other = middle
    name = ".".join(str(step) for step in place[1:])
    for digits in range(1, 13):
        for end in (same, other):
            places = digits - 1 - end.adjusted() if end else 0
            near = plain(round(end, places))
            step = Decimal(1).scaleb(-places)
            for value in (near, near + step, near - step):
                label = f"{case.name}: {name} = {plain(value)}"
                yield label, _put(case.data, place, plain(value))


def _slots(data: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], Decimal]]:
    """Numbers of a case with their places."""
    for code, rows in (data.get("tables") or {}).items():
        for index, row in enumerate(rows):
            for name, value in row.items():
                if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
                    yield ("tables", code, index, name), Decimal(value)
    for name, text in (data.get("facts") or {}).items():
        yield ("facts", name), Decimal(str(text).split(" ")[0])


def _put(data: dict[str, Any], place: tuple[Any, ...], value: Decimal) -> dict[str, Any]:
    """A copy with one number replaced."""
    head, *rest = place
    if head == "facts":
        unit = str(data["facts"][rest[0]]).partition(" ")[2]
        return {**data, "facts": {**data["facts"], rest[0]: f"{value:f} {unit}"}}
    code, index, name = rest
    rows = list(data["tables"][code])
    rows[index] = {**rows[index], name: value}
    return {**data, "tables": {**data["tables"], code: rows}}
