"""Misstatements added up: net, gross and worst, against the engagement's threshold.

Of every declared figure the error is recomputed minus declared. Where a declared figure is a sum of
other declared figures, their errors are added with their signs (net) and without (gross); a
declared part that cannot be recomputed may be wrong by all of itself, and is added to the worst
case. A figure's class is ``material`` when net or gross passes the threshold, and ``decision`` when
an indicator's conclusion differs between what was reported and what was recomputed, or anywhere
within the worst case, however small the error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checker.diagnose.cone import Cone, signed_terms
from checker.diagnose.declared import Declared
from checker.engagement.read import Engagement
from checker.facts.world import FactWorld
from checker.lang.units import CONTEXT, find_unit
from checker.result.encode import Json, number, typed

UNSET, BELOW, MATERIAL, NOT_KNOWN = "threshold_unset", "below", "material", "not_known"


@dataclass(frozen=True)
class _Error:
    """Signed error of a declared figure and what may be wrong besides, in base units."""

    figure: str
    error: Decimal | None
    declared: Decimal


def misstatements(
    world: FactWorld,
    declared: Sequence[Declared],
    indicators: Sequence[Mapping[str, Any]],
    engagement: Engagement | None,
) -> dict[str, Json]:
    """The summary: one entry a declared figure, and the indicators whose conclusion it turns."""
    cone = Cone(world.book)
    errors = _errors(declared)
    percent = engagement.materiality_percent if engagement else None
    figures = [_figure(world, cone, name, errors, percent) for name in errors]
    return {
        "threshold_percent": None if percent is None else format(percent, "f"),
        "figures": figures,
        "decisions": _decisions(indicators, figures),
    }


def _errors(declared: Sequence[Declared]) -> dict[str, list[_Error]]:
    """Errors of the period's figures; where only months are declared, these are added.

    A figure stated more than once counts once: other statements are contradictions, if they differ.
    """
    whole = {item.figure for item in declared if not item.period}
    found: dict[str, list[_Error]] = {}
    seen: set[tuple[str, str]] = set()
    for item in declared:
        if (item.period and item.figure in whole) or (item.figure, item.period) in seen:
            continue
        seen.add((item.figure, item.period))
        known = item.agrees is not None
        error = CONTEXT.subtract(item.recomputed, item.value.base()) if known else None
        found.setdefault(item.figure, []).append(_Error(item.figure, error, item.value.base()))
    return found


def _parts(cone: Cone, world: FactWorld, name: str, errors: Mapping[str, Any]) -> dict[str, int]:
    """Declared figures a sum is made of, each with its sign; itself when it is no such sum."""
    found: dict[str, int] = {}
    waiting = [(1, name)]
    while waiting:
        sign, figure = waiting.pop()
        quantity = world.book.by_id.get(figure)
        inner = figure == name or figure not in errors
        if quantity is None or not inner or not cone.is_sum(quantity):
            found[figure] = found.get(figure, 0) + sign
            continue
        waiting += [(sign * turned, part) for turned, part in signed_terms(quantity.formula)]
    listed = {figure: sign for figure, sign in found.items() if figure in errors and sign}
    return listed if listed else {name: 1}


def _figure(
    world: FactWorld,
    cone: Cone,
    name: str,
    errors: Mapping[str, list[_Error]],
    percent: Decimal | None,
) -> dict[str, Json]:
    parts = _parts(cone, world, name, errors)
    own = sum((one.declared for one in errors[name]), Decimal(0))
    net = gross = unknown = Decimal(0)
    apart = [one.error for one in errors[name]] if name not in parts else []
    for part, sign in parts.items():
        for one in errors[part]:
            if one.error is None:
                unknown += abs(one.declared)
            else:
                net += sign * one.error
                gross += abs(one.error)
    if apart and None not in apart:  # its own error may be larger than those of declared parts
        own_error = sum((error for error in apart if error is not None), Decimal(0))
        net, gross = max(net, own_error, key=abs), max(gross, abs(own_error))
    elif apart:
        unknown = max(unknown, abs(own))
    unit = world.book_unit(name)
    worst = gross + unknown
    return {
        "figure": name,
        "parts": sorted(parts),
        "declared": typed(own, unit),
        **{key: typed(value, unit) for key, value in (("net", net), ("gross", gross))},
        "worst": typed(worst, unit),
        **{
            f"{key}_percent": _share(value, own)
            for key, value in (("net", net), ("gross", gross), ("worst", worst))
        },
        "unknown_parts": sum(one.error is None for part in parts for one in errors[part]),
        "class": _class(max(abs(net), gross), worst, own, percent),
    }


def _share(value: Decimal, whole: Decimal) -> str | None:
    return number(CONTEXT.divide(CONTEXT.multiply(value, 100), abs(whole))) if whole else None


def _class(error: Decimal, worst: Decimal, whole: Decimal, percent: Decimal | None) -> str:
    """What cannot be recomputed is not below a threshold: it is not known."""
    if percent is None:
        return UNSET
    if error * 100 > percent * abs(whole):
        return MATERIAL
    return NOT_KNOWN if worst * 100 > percent * abs(whole) else BELOW


def _decisions(
    indicators: Sequence[Mapping[str, Any]], figures: Sequence[Mapping[str, Any]]
) -> list[Json]:
    """Reported indicators and what became of them; one that cannot be recomputed is not known."""
    worst = {entry["figure"]: _base(entry["worst"]) for entry in figures}
    found = []
    for entry in indicators:
        said, real = _base(entry["reported"]), _base(entry["recomputed"])
        limit = _base(entry["limit"])
        if said is None or limit is None:
            continue
        holds = _holds(said, limit, entry["sense"])
        after = None if real is None else _holds(real, limit, entry["sense"])
        reach = worst.get(entry["fact"]) or Decimal(0)
        within = {_holds(said + way * reach, limit, entry["sense"]) for way in (-1, 1)}
        found.append(
            {
                "requirement": entry["requirement"],
                "title": entry["title"],
                "as_reported": holds,
                "as_recomputed": after,
                "turns": (after is not None and after != holds) or within != {holds},
            }
        )
    return found


def _holds(value: Decimal, limit: Decimal, sense: str) -> bool:
    return value >= limit if sense == "at_least" else value <= limit


def _base(value: Mapping[str, Any] | None) -> Decimal | None:
    """A typed number in base units, so that two units can be compared."""
    if value is None or value["type"] != "number":
        return None
    unit = find_unit(value["unit"] or "1")
    return unit.to_base(Decimal(value["value"])) if unit is not None else None
