"""A sample of rows to trace to their evidence, and what the sample says of the whole.

Strata are the tables that hold activity data, each by its kind of energy, contract or gas. Within a
stratum rows above a share of its total, and rows a finding points to, are taken for certain; of the
rest monetary-unit sampling takes rows in proportion to their amount (systematic, with a start drawn
from the seed). The seed comes from the hashes of the dossier and is printed, so the same dossier
gives the same sample and nobody can choose it.

Errors are projected as monetary-unit sampling does: rows taken for certain as they are; of drawn
rows the mean of error over amount, each counted as often as it was hit, times the amount of all
rows open to be drawn. While a row of the sample was not looked at, the projection is not known.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from checker.dossier.load import Dossier
from checker.engagement.direct import is_direct
from checker.lang.units import CONTEXT
from checker.lang.values import Unknown
from checker.places import row_of

STRATA: Mapping[str, tuple[str, str]] = {
    "T04": ("consumption", "energy"),
    "T05": ("total", "account"),
    "T08": ("generation", "array_id"),
    "T10": ("settled", "kind"),
    "T12": ("heat", "supplier"),
    "T14": ("amount", "gas"),
}
"""Table: column with the amount, column that divides it into strata."""
CERTAIN, ANOMALY, DRAWN, ALL, UNREADABLE = "certain", "anomaly", "drawn", "all", "unreadable"
CERTAIN_SHARE = Decimal("0.10")
"""Share of a stratum from which on a row is taken for certain; a choice of this project."""


@dataclass(frozen=True)
class Unit:
    """One row: stratum, key, amount, place, evidence, why it was taken, how often it was hit.

    ``amount`` has its sign (a credit note is below zero); what a row weighs is its ``size``.
    """

    stratum: str
    key: str
    amount: Decimal
    unit: str
    place: Mapping[str, Any]
    evidence_id: str
    why: str = ""
    hits: int = 1

    @property
    def size(self) -> Decimal:
        """What the row weighs in its stratum."""
        return abs(self.amount)


@dataclass(frozen=True)
class Plan:
    """A sample with the seed it was drawn by, and the size and total of every stratum."""

    seed: str
    taken: tuple[Unit, ...]
    strata: Mapping[str, tuple[int, Decimal]]
    unreadable: tuple[Unit, ...] = ()
    """Rows without a readable amount: in no stratum, to be looked at all the same."""


def seed_of(result: Mapping[str, Any]) -> str:
    """Seed of a dossier: the hash of the hashes of its files."""
    hashes = sorted(f"{entry['path']}\0{entry['sha256']}" for entry in result["inputs"])
    return hashlib.sha256("\0".join(hashes).encode()).hexdigest()


def plan(dossier: Dossier, result: Mapping[str, Any], size: int) -> Plan:
    """A sample of about ``size`` rows, divided over the strata by their number of rows."""
    seed, odd = seed_of(result), _odd_lines(result)
    rows = list(_population(dossier))
    population = [unit for unit in rows if unit.why != UNREADABLE]
    strata: dict[str, list[Unit]] = {}
    for unit in population:
        strata.setdefault(unit.stratum, []).append(unit)
    taken: list[Unit] = []
    for name, units in sorted(strata.items()):
        share = -(-size * len(units) // max(1, len(population)))
        taken += _of_stratum(units, min(len(units), max(1, share)), f"{seed}\0{name}", odd)
    totals = {
        name: (len(units), sum((u.size for u in units), Decimal(0)))
        for name, units in sorted(strata.items())
    }
    unreadable = tuple(unit for unit in rows if unit.why == UNREADABLE)
    return Plan(seed, tuple(taken), totals, unreadable)


def _population(dossier: Dossier) -> Iterable[Unit]:
    for code, (column, by) in STRATA.items():
        table = dossier.tables.get(code)
        if table is None or code in dossier.unreadable:
            continue
        for row in table.rows():
            value = row.read(column)
            unit = table.spec.columns[column].unit
            known = type(value) is not Unknown
            amount = _amount(value, unit) if known else Decimal(0)
            written = unit.name if unit is not None else getattr(value, "unit", None)
            group, evidence = row.read(by), row.read("evidence_id")
            yield Unit(
                f"{code} {group if isinstance(group, str) else '?'} [{_unit_name(written)}]",
                row.key,
                amount,
                _unit_name(written),
                row.anchor(column).to_json(),
                evidence if isinstance(evidence, str) else "",
                "" if known else UNREADABLE,
            )


def _amount(value: Any, unit: Any) -> Decimal:
    """The number of a cell, in the unit of its column or in its own."""
    return Decimal(unit.from_base(value) if unit is not None else getattr(value, "amount", value))


def _unit_name(unit: Any) -> str:
    """A stratum holds amounts of one unit only."""
    return str(getattr(unit, "name", unit) or "")


def _odd_lines(result: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    """Rows that findings point to, by file and line or row of the sheet."""
    found = set()
    for finding in filter(is_direct, result["findings"]):
        found |= {row_of(place) for place in finding["places"]}
    return found


def _of_stratum(
    units: Sequence[Unit], size: int, seed: str, odd: set[tuple[str, str, str]]
) -> list[Unit]:
    total = sum((unit.size for unit in units), Decimal(0))
    sure, rest = [], []
    for unit in units:
        if row_of(unit.place) in odd:
            sure.append(_because(unit, ANOMALY))
        elif total and unit.size >= CERTAIN_SHARE * total and len(units) > 1:
            sure.append(_because(unit, CERTAIN))
        else:
            rest.append(unit)
    wanted = max(1, size - len(sure))  # rows nobody could draw would never be spoken of
    if wanted >= len(rest):
        return sure + [_because(unit, ALL) for unit in rest]
    drawn = _drawn([unit for unit in rest if unit.amount], wanted, seed)
    return sure + [_because(unit, DRAWN) for unit in drawn]


def _drawn(units: Sequence[Unit], size: int, seed: str) -> list[Unit]:
    """Systematic sampling in proportion to the amount; a row may be hit more than once."""
    total = sum((unit.size for unit in units), Decimal(0))
    if not size or not total:
        return []
    step = CONTEXT.divide(total, Decimal(size))
    start = Decimal(int(hashlib.sha256(seed.encode()).hexdigest()[:15], 16)) / Decimal(16**15)
    point, reached = start * step, Decimal(0)
    found: list[Unit] = []
    for unit in units:
        reached += unit.size
        hits = 0
        while point < reached:
            hits += 1
            point += step
        if hits:
            found.append(replace(unit, hits=hits))
    return found


def _because(unit: Unit, why: str) -> Unit:
    return replace(unit, why=why)


@dataclass(frozen=True)
class Extrapolation:
    """Errors of one stratum: found, and projected on all its rows; ``n`` of ``N`` were seen.

    ``projected`` is None where no drawn row was looked at.
    """

    stratum: str
    n: int
    N: int
    total: Decimal
    found: Decimal
    projected: Decimal | None
    open: int


def extrapolate(drawn: Plan, seen: Mapping[str, Decimal | None]) -> list[Extrapolation]:
    """Errors by stratum; ``seen`` holds the amount found for a row, None where none was found."""
    return [_stratum(drawn, seen, name) for name in drawn.strata]


def _stratum(drawn: Plan, seen: Mapping[str, Decimal | None], name: str) -> Extrapolation:
    count, total = drawn.strata[name]
    units = [unit for unit in drawn.taken if unit.stratum == name]
    errors = [(u, v - u.amount) for u in units if (v := seen.get(u.key)) is not None]
    sure = sum((error for unit, error in errors if unit.why != DRAWN), Decimal(0))
    sampled = [(unit, error) for unit, error in errors if unit.why == DRAWN]
    rest = total - sum((unit.size for unit in units if unit.why != DRAWN), Decimal(0))
    projected: Decimal | None = sure
    if sampled:
        shares = [CONTEXT.divide(error, unit.size) * unit.hits for unit, error in sampled]
        hits = sum(unit.hits for unit, _ in sampled)
        projected = sure + CONTEXT.divide(sum(shares, Decimal(0)) * rest, Decimal(hits))
    elif rest > 0:  # rows open to be drawn, none of which was looked at
        projected = None
    if any(seen.get(unit.key) is None for unit in units):
        projected = None  # rows that were looked at first may have been chosen
    return Extrapolation(
        name, len(errors), count, total, sum((error for _, error in errors), Decimal(0)),
        projected, len(units) - len(errors),
    )  # fmt: skip


def to_json(
    drawn: Plan,
    found: Sequence[Extrapolation],
    entered: Mapping[str, Decimal | None],
    size: int,
) -> dict[str, Any]:
    """What is kept of a sample that was looked at; amounts as exact texts."""
    return {
        "seed": drawn.seed,
        "size": size,
        "entered": {key: f"{value:f}" for key, value in entered.items() if value is not None},
        "unreadable": len(drawn.unreadable),
        "strata": [
            {
                "stratum": one.stratum, "n": one.n, "N": one.N, "open": one.open,
                "total": f"{one.total:f}", "found": f"{one.found:f}",
                "projected": None if one.projected is None else f"{one.projected:f}",
            }
            for one in found
        ],
    }  # fmt: skip
