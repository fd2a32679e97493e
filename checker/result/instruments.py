"""Certificates and credits as listed, with what their serials say: the register of the report."""

from typing import Any

from checker.dossier.table import TableRow
from checker.facts.world import FactWorld
from checker.lang.values import Unknown
from checker.result.encode import Json, typed

MAX_ROWS = 500
"""Rows of each list that are shown; all of them were judged."""
_CERTIFICATES = ("first", "last", "quantity", "produced", "kind", "holder", "status", "use_year")
_CREDITS = ("registry", "project", "kind", "first", "last", "quantity", "vintage", "retired_on")
_SERIALS = ("shared", "shared_with")


def instruments(world: FactWorld) -> dict[str, Json]:
    """Rows of C02 and C01, and how many there are."""
    certificates = _rows(world, "C02")
    credits_ = _rows(world, "C01")
    return {
        "certificates": [
            _entry(row, (*_CERTIFICATES, "rows", "codes", *_SERIALS))
            for row in certificates[:MAX_ROWS]
        ],
        "certificate_rows": len(certificates),
        "credits": [
            _entry(row, (*_CREDITS, "beneficiary", "status", "article6", "units", *_SERIALS))
            for row in credits_[:MAX_ROWS]
        ],
        "credit_rows": len(credits_),
    }


def _rows(world: FactWorld, code: str) -> list[Any]:
    rows = world.table(code)
    return [] if type(rows) is Unknown else list(rows)


def _entry(row: TableRow, names: tuple[str, ...]) -> dict[str, Json]:
    columns = row.table.spec.columns
    return {
        "key": row.key,
        "place": row.anchor().to_json(),
        "values": {name: typed(row.read(name), columns[name].unit) for name in names},
    }
