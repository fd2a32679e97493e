"""Tables shown as they were submitted: the entity, its facilities, sources, meters, functions."""

from typing import Any

from checker.facts.world import FactWorld
from checker.lang.values import Unknown
from checker.result.encode import Json, typed

MAX_ROWS = 300
"""Rows of a register that are shown; all of them were judged."""
SHOWN = {
    "T01": ("name", "credit_code", "industry_code", "address", "legal_representative"),
    "T02": ("facility_id", "name", "included", "tenure", "account", "exclusion_reason"),
    "T03": ("source_id", "facility_id", "kind", "item", "equipment", "quantified"),
    "T06": ("meter_id", "name", "level", "energy", "collection", "calibrated_on", "valid_until"),
    "T07": ("meter_id", "month", "start", "end"),
    "T17": ("function", "present", "online", "screenshot", "log"),
}


def registers(world: FactWorld) -> list[Json]:
    """The tables that were submitted, with the columns a reader looks for."""
    return [
        _register(world, code, names) for code, names in SHOWN.items() if code in _tables(world)
    ]


def _tables(world: FactWorld) -> Any:
    return world.source.tables


def _register(world: FactWorld, code: str, names: tuple[str, ...]) -> dict[str, Json]:
    found = world.table(code)
    rows = [] if type(found) is Unknown else list(found)
    spec = world.source.tables[code].spec
    return {
        "table": code,
        "title": {"zh": spec.title, "en": spec.title_en},
        "columns": [
            {"name": name, "title": {"zh": column.title, "en": column.title_en}}
            for name, column in ((name, spec.columns[name]) for name in names)
        ],
        "count": len(rows),
        "rows": [
            {
                "key": row.key,
                "place": row.anchor().to_json(),
                "values": [typed(row.read(name), spec.columns[name].unit) for name in names],
            }
            for row in rows[:MAX_ROWS]
        ],
    }
