"""Values, places and workings as JSON: numbers are decimal strings, nothing is rounded twice."""

import hashlib
from datetime import date
from decimal import Context, Decimal
from typing import Any, TypeAlias

from checker.canonical import canonical
from checker.lang.trace import Step, Trace
from checker.lang.units import Quantity, Unit
from checker.lang.values import Reason, RowList, Unknown
from checker.places import Anchor

Json: TypeAlias = Any
_DIGITS = Context(prec=15)
"""Digits kept in ``result.json``; comparisons were made before, at 34 digits."""


def number(value: Decimal, unit: Unit | None = None) -> str:
    """A base value in its unit, as a plain decimal text of at most 15 significant digits."""
    amount = unit.from_base(value) if unit else value
    text = format(_DIGITS.plus(amount).normalize(_DIGITS), "f")
    return "0" if text in ("-0", "0E+1") else text


def typed(value: Any, unit: Unit | None = None) -> dict[str, Json]:
    """A value with its type, as message argument or in a working."""
    if type(value) is Unknown:
        return {"type": "unknown", "reasons": [reason(item) for item in value.sorted()]}
    if isinstance(value, bool):
        return {"type": "boolean", "value": value}
    if isinstance(value, Decimal):
        name = unit.name if unit and unit.name != "1" else ""
        return {"type": "number", "value": number(value, unit), "unit": name}
    if isinstance(value, Quantity):
        written = format(value.amount, "f")
        return {"type": "number", "value": written, "unit": value.unit.name, "written": True}
    if isinstance(value, date):
        return {"type": "date", "value": value.isoformat()}
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return {"type": "list", "value": list(value)}
    if isinstance(value, RowList | list | tuple):
        return {"type": "count", "value": len(value)}
    if isinstance(value, str):
        return {"type": "text", "value": value}
    return {"type": "row", "value": getattr(value, "key", str(value))}


def reason(item: Reason) -> dict[str, Json]:
    """Why something is unknown or does not apply."""
    found: dict[str, Json] = {"kind": item.kind, "what": item.what}
    if item.anchor:
        found["place"] = item.anchor.to_json()
    return found


def places(anchors: tuple[Anchor, ...], limit: int = 60) -> list[Json]:
    """Places as objects; at most ``limit`` are listed."""
    return [anchor.to_json() for anchor in anchors[:limit]]


def _step(step: Step) -> dict[str, Json]:
    found: dict[str, Json] = {
        "depth": step.depth,
        "text": step.text,
        "value": typed(step.value, step.unit),
    }
    if step.ref:
        found["ref"] = f"{step.op}:{step.ref}"
    if step.anchor:
        found["place"] = step.anchor.to_json()
    return found


def working(trace: Trace | None) -> dict[str, Json]:
    """A working: its steps, and how many were left out."""
    if trace is None:
        return {"steps": [], "omitted": 0}
    return {"steps": [_step(step) for step in trace.steps], "omitted": trace.omitted}


def dumps(result: dict[str, Json]) -> str:
    """Canonical text of a result: sorted keys, one form, a final line break."""
    return canonical(result) + "\n"


def run_id(result: dict[str, Json]) -> str:
    """Identity of a run: the hash of all it rests on (inputs and packs by hash, day, version)
    and of what was found.

    The rest of the result follows from these; two results of one run id are the same bytes but for
    ``env``.
    """
    parts = ("schema", "run", "composition", "inputs", "conclusion", "findings")
    fixed = {name: result[name] for name in parts}
    return hashlib.sha256(canonical(fixed).encode()).hexdigest()[:16]
