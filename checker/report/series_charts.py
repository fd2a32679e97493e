"""Geometry of the plots of meter series: points and boxes in drawing units, no drawing library."""

from collections.abc import Mapping, Sequence
from typing import Any

WIDTH, HEIGHT = 640, 220
_LEFT, _TOP, _BOTTOM = 56, 16, 190
_SPIKY = 3
"""A highest value so many times that of a hundredth of the time is left outside the plot."""
MAX_METERS = 40
"""Rows of the heat map; those with the lowest coverage come first."""
_SEASONS = ("spring", "summer", "autumn", "winter")
_SUPPLY, _USE = ("import", "generation", "discharge"), ("load", "charge", "export", "loss")


def series_charts(series: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """All plots of the series section, or None when there are no series."""
    if series is None:
        return None
    return {
        "coverage": coverage(series),
        "typical": typical(series),
        "duration": duration(series),
        "balance": balance(series),
        "residual": residual(series),
    }


def coverage(series: Mapping[str, Any]) -> dict[str, Any]:
    """Heat map: meters down, months across; a class from 0 (nothing) to 4 (whole)."""
    rows = sorted(series["coverage"], key=lambda row: min(row["shares"], default=1.0))
    months = series["months"]
    step = min(44, (WIDTH - 150) // max(1, len(months)))
    shown = [
        {
            "name": row["meter"],
            "role": row["role"],
            "y": 20 + index * 20,
            "cells": [
                {"x": 150 + i * step, "level": _level(share), "percent": _percent(share)}
                for i, share in enumerate(row["shares"])
            ],
        }
        for index, row in enumerate(rows[:MAX_METERS])
    ]
    heads = [{"x": 150 + i * step + step / 2, "text": m[5:]} for i, m in enumerate(months)]
    left_out = max(0, len(rows) - MAX_METERS)
    height = 26 + 20 * len(shown)
    return {"rows": shown, "heads": heads, "step": step, "height": height, "left_out": left_out}


def _level(share: float) -> int:
    if share >= 1:
        return 4
    return 3 if share >= 0.95 else 2 if share >= 0.8 else 1 if share > 0 else 0


def _percent(share: float) -> str:
    """Never rounded up to a whole."""
    return "" if share >= 1 else f"{int(share * 1000) / 10:g}"


def _line(values: Sequence[float], top: float, left: float, width: float) -> str:
    if not values or top <= 0:
        return ""
    step = width / max(1, len(values) - 1)
    points = (
        f"{left + i * step:.1f},{_BOTTOM - max(0.0, value) / top * (_BOTTOM - _TOP):.1f}"
        for i, value in enumerate(values)
    )
    return " ".join(points)


def typical(series: Mapping[str, Any]) -> dict[str, Any] | None:
    """Mean day of each season: load, generation and import on one scale."""
    curves = series["typical"]
    values = [v for season in curves.values() for curve in season.values() for v in curve]
    top = max(values, default=0.0)
    if not top:
        return None
    panel = (WIDTH - _LEFT) / 4
    panels = []
    for index, season in enumerate(name for name in _SEASONS if name in curves):
        left = _LEFT + index * panel
        lines = [
            {"name": name, "points": _line(curve, top, left, panel - 14)}
            for name, curve in curves[season].items()
        ]
        panels.append({"season": season, "x": left, "width": panel - 14, "lines": lines})
    return {"panels": panels, "top": top}


def duration(series: Mapping[str, Any]) -> dict[str, Any] | None:
    """Load and import from the highest to the lowest over the share of time."""
    load, bought = series["load_duration"], series["import_duration"]
    highest = max([*load, *bought], default=0.0)
    if not highest:
        return None
    usual = max(load[1], bought[1])
    clipped = highest > _SPIKY * usual > 0
    top = 1.2 * usual if clipped else highest
    load, bought = [min(v, top) for v in load], [min(v, top) for v in bought]
    width = WIDTH - _LEFT - 10
    lines = [{"name": "load", "points": _line(load, top, _LEFT, width)}]
    lines.append({"name": "import", "points": _line(bought, top, _LEFT, width)})
    ticks = [{"x": _LEFT + width * share / 100, "text": share} for share in (0, 25, 50, 75, 100)]
    return {"lines": lines, "top": top, "ticks": ticks, "clipped": clipped, "highest": highest}


def balance(series: Mapping[str, Any]) -> dict[str, Any] | None:
    """Two stacks a month: where power came from, and where it went."""
    rows = series["balance"]
    top = max((sum(row[n] for n in names) for row in rows for names in (_SUPPLY, _USE)), default=0)
    if not top:
        return None
    step = (WIDTH - _LEFT) / len(rows)
    columns = []
    for index, row in enumerate(rows):
        left = _LEFT + index * step
        for side, names in enumerate((_SUPPLY, _USE)):
            x = left + side * step * 0.42
            columns.append({"x": round(x, 1), "parts": _stack(row, names, top)})
    heads = [{"x": _LEFT + (i + 0.42) * step, "text": r["month"][5:]} for i, r in enumerate(rows)]
    return {"columns": columns, "width": round(step * 0.38, 1), "heads": heads, "top": top}


def _stack(row: Mapping[str, Any], names: Sequence[str], top: float) -> list[dict[str, Any]]:
    y, parts = float(_BOTTOM), []
    for name in names:
        height = row[name] / top * (_BOTTOM - _TOP)
        y -= height
        box = {"name": name, "y": round(y, 1), "height": round(height, 1), "value": row[name]}
        parts.append({**box, "month": row["month"]})
    return parts


def residual(series: Mapping[str, Any]) -> dict[str, Any] | None:
    """Histogram of what does not add up in an interval; the scale of heights is by square root."""
    counts, edges = series["residual_counts"], series["residual_edges"]
    if not counts:
        return None
    top = float(max(counts)) ** 0.5
    step = (WIDTH - _LEFT - 10) / len(counts)
    bars = []
    for index, count in enumerate(counts):
        height = count**0.5 / top * (_BOTTOM - _TOP) if top else 0
        x, y = _LEFT + index * step, _BOTTOM - height
        bars.append({"x": round(x, 1), "y": round(y, 1), "height": round(height, 1), "n": count})
    ends = [{"x": _LEFT, "text": edges[0]}, {"x": WIDTH - 10, "text": edges[-1]}]
    middle = {"x": (_LEFT + WIDTH - 10) / 2, "text": 0}
    return {"bars": bars, "width": round(step - 1, 1), "top": max(counts), "ticks": [*ends, middle]}
