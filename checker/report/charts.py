"""Geometry of the report's charts: figures of the result laid out as bars, no drawing library."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

_SOURCES = ("fuel.combustion", "process.co2", "electricity.location_based", "heat.emissions")
_SHARES = ("generation.self_used", "electricity.covered", "electricity.purchased")
_SERIES = ("own", "green", "grid")
WIDTH = 640
FULL = 600
"""Length of the longest bar."""


def _facts(result: Mapping[str, Any]) -> dict[str, Any]:
    return {fact["id"]: fact for fact in result["facts"]}


def _bars(facts: Mapping[str, Any], names: Sequence[str]) -> list[dict[str, Any]]:
    known = [facts[name] for name in names if name in facts]
    values = [Decimal(fact["value"]) for fact in known if fact["known"]]
    top = max(values, default=Decimal(0))
    bars = []
    for index, fact in enumerate(known):
        value = Decimal(fact["value"]) if fact["known"] else None
        length = round(float(value / top) * FULL, 1) if value is not None and top else 0
        bars.append({"fact": fact, "y": index * 44, "length": length, "known": fact["known"]})
    return bars


def emissions(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Horizontal bars of emissions by source; unknown sources are listed as unknown."""
    return _bars(_facts(result), _SOURCES)


def shares(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Horizontal bars of own use, covered and purchased electricity."""
    return _bars(_facts(result), _SHARES)


def monthly_energy(result: Mapping[str, Any]) -> dict[str, Any] | None:
    """Stacked columns of electricity by month, or None when no month is known."""
    months = result["coverage"]["months"]
    rows = [{name: Decimal(row[name]) for name in _SERIES} for row in result["monthly"]]
    top = max((sum(row.values()) for row in rows), default=Decimal(0))
    if not top:
        return None
    step = (WIDTH - 60) / len(months)
    columns = []
    for index, (month, row) in enumerate(zip(months, rows, strict=True)):
        y, parts = 200.0, []
        for series in _SERIES:
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
