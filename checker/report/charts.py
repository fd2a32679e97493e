"""Geometry of the report's charts: figures of the result laid out as bars, no drawing library."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

_SOURCES = ("fuel.combustion", "process.co2", "electricity.location_based", "heat.emissions")
_SHARES = ("generation.self_used", "electricity.covered", "electricity.purchased")
WIDTH = 640


def _facts(result: Mapping[str, Any]) -> dict[str, Any]:
    return {fact["id"]: fact for fact in result["facts"]}


def _bars(facts: Mapping[str, Any], names: Sequence[str]) -> list[dict[str, Any]]:
    known = [facts[name] for name in names if name in facts]
    values = [Decimal(fact["value"]) for fact in known if fact["known"]]
    top = max(values, default=Decimal(0))
    bars = []
    for index, fact in enumerate(known):
        value = Decimal(fact["value"]) if fact["known"] else None
        length = round(float(value / top) * 600, 1) if value is not None and top else 0
        bars.append({"fact": fact, "y": index * 44, "length": length, "known": fact["known"]})
    return bars


def emissions(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Horizontal bars of emissions by source; unknown sources are listed as unknown."""
    return _bars(_facts(result), _SOURCES)


def shares(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Horizontal bars of own use, covered and purchased electricity."""
    return _bars(_facts(result), _SHARES)


def _monthly(facts: Mapping[str, Any], months: Sequence[str]) -> list[dict[str, Decimal]]:
    """Own use, green power and the rest of purchases, month by month, in MWh."""

    def parts(name: str) -> Mapping[str, str]:
        found: Mapping[str, str] = facts[name]["parts"] if name in facts else {}
        return found

    own, green = parts("generation.self_used"), parts("green.purchased")
    bought = parts("electricity.billed") or parts("electricity.ledger_purchased")
    total = parts("electricity.ledger_consumption")
    rows = []
    for month in months:
        mine = Decimal(own.get(month, 0))
        purchased = Decimal(bought[month]) if month in bought else None
        if purchased is None and month in total:
            purchased = Decimal(total[month]) - mine
        traded = Decimal(green.get(month, 0))
        rest = max(Decimal(0), (purchased or Decimal(0)) - traded)
        rows.append({"own": mine, "green": traded, "grid": rest})
    return rows


def monthly_energy(result: Mapping[str, Any]) -> dict[str, Any] | None:
    """Stacked columns of electricity by month, or None when no month is known."""
    months = result["coverage"]["months"]
    rows = _monthly(_facts(result), months)
    top = max((sum(row.values()) for row in rows), default=Decimal(0))
    if not top:
        return None
    step = (WIDTH - 60) / len(months)
    columns = []
    for index, (month, row) in enumerate(zip(months, rows, strict=True)):
        y, parts = 200.0, []
        for series in ("own", "green", "grid"):
            height = float(row[series] / top) * 170
            y -= height
            parts.append(
                {
                    "series": series,
                    "y": round(y, 1),
                    "height": round(height, 1),
                    "value": format(row[series], "f"),
                }
            )
        columns.append({"month": month, "x": round(50 + index * step, 1), "parts": parts})
    return {"columns": columns, "width": round(step * 0.7, 1), "top": format(top, "f")}
