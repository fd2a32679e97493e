"""Electricity month by month: own use, green power and the rest of purchases."""

from collections.abc import Mapping
from decimal import Decimal

from checker.facts.world import FactWorld
from checker.lang.units import find_unit
from checker.result.encode import Json, number


def monthly(world: FactWorld) -> list[Json]:
    """One entry for every month of the period, in MWh; a month without any data is all zero."""

    def parts(name: str) -> Mapping[str, Decimal]:
        return world.facts[name].parts if name in world.book.by_id else {}

    own, green = parts("generation.self_used"), parts("green.purchased")
    bought = parts("electricity.billed") or parts("electricity.ledger_purchased")
    total = parts("electricity.ledger_consumption")
    unit, nothing, found = find_unit("MWh"), Decimal(0), []
    for month in world.months:
        mine, traded = own.get(month, nothing), green.get(month, nothing)
        rest = bought.get(month, total.get(month, nothing) - mine) - traded
        series = {"own": mine, "green": traded, "grid": max(nothing, rest)}
        entry = {name: number(value, unit) for name, value in series.items()}
        found.append({"month": month, "unit": "MWh", **entry})
    return found
