"""Declared figures in the result: beside the recomputed ones, with rounding and likely cause."""

from collections.abc import Sequence

from checker.diagnose.causes import Cause
from checker.diagnose.declared import Declared
from checker.diagnose.factors import DeclaredFactor
from checker.facts.world import FactWorld
from checker.lang.units import CONTEXT
from checker.result.encode import Json, number, typed


def cause(world: FactWorld, found: Cause | None) -> Json:
    """A likely cause as message key and typed arguments; families go by their titles."""
    if found is None:
        return None
    args = {name: typed(value) for name, value in found.args}
    family = world.book.families.get(str(dict(found.args).get("factor")))
    if family is not None:
        args["factor"] = {"type": "name", "value": family.id, "title": family.title.to_json()}
    return {"key": found.key, "args": args}


def factors(world: FactWorld, declared: Sequence[DeclaredFactor]) -> list[Json]:
    """One entry for every declared factor the packs know, with the official value."""
    return [
        {
            "row": item.row.key,
            "title": item.family.title.to_json(),
            "declared": typed(item.value),
            "official": _official(item),
            "agrees": item.agrees,
            "cause": cause(world, item.cause),
            "place": item.row.anchor("value").to_json(),
        }
        for item in declared
    ]


def _official(item: DeclaredFactor) -> Json:
    if item.official is None:
        return None
    value = item.family.unit.to_base(item.official.value)
    keys = " / ".join([*item.official.keys, item.official.vintage])
    return {**typed(value, item.value.unit), "keys": keys}


def comparisons(world: FactWorld, declared: Sequence[Declared]) -> list[Json]:
    """One entry for every declared figure."""
    return [_comparison(world, item) for item in declared]


def _comparison(world: FactWorld, item: Declared) -> dict[str, Json]:
    entry: dict[str, Json] = {
        "figure": item.figure,
        "row": item.row.key,
        "period": item.period,
        "declared": typed(item.value),
        "recomputed": typed(item.recomputed, item.value.unit),
        "agrees": item.agrees,
        "rounding": item.rounding,
        "cause": cause(world, item.cause),
        "place": item.row.anchor(item.column).to_json(),
    }
    if item.agrees is not None:
        gap = CONTEXT.subtract(item.value.base(), item.recomputed)
        entry["difference"] = typed(gap, item.value.unit)
        if item.recomputed:
            share = CONTEXT.divide(CONTEXT.multiply(gap, 100), abs(item.recomputed))
            entry["difference_percent"] = number(share)
    return entry
