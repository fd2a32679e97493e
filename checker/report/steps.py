"""A working as lines of text: every part with its value."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from checker.lang.trace import Step
from checker.lang.units import Unit
from checker.lang.values import Unknown
from checker.report.messages import label

MAX_LINES = 30


def step_lines(steps: Iterable[Step], lang: str) -> Iterator[str]:
    """The first steps, indented by depth."""
    for index, step in enumerate(steps):
        if index == MAX_LINES:
            yield "…"
            return
        yield f"{'  ' * step.depth}{step.text} = {shown(step.value, step.unit, lang)}"


def shown(value: Any, unit: Unit | None, lang: str) -> str:
    """A value in its unit; an unknown one with its reasons."""
    if type(value) is Unknown:
        why = "; ".join(f"{label('reason.' + r.kind, lang)} {r.what}" for r in value.sorted()[:3])
        return f"{label('ui.unknown', lang)} ({why})"
    if isinstance(value, bool):
        return label("value.true" if value else "value.false", lang)
    if isinstance(value, Decimal):
        number = unit.from_base(value) if unit else value
        name = unit.name if unit and unit.name != "1" else ""
        return f"{float(number):.10g} {name}".rstrip()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return label("value.rows", lang, count=len(value))
    return str(getattr(value, "key", value))
