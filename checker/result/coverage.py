"""What was examined: tables and months, files with their hashes, and what was left aside."""

from datetime import date
from pathlib import PurePosixPath

from checker.dossier.load import Dossier
from checker.dossier.schema import table_specs
from checker.dossier.table import Table
from checker.result.encode import Json


def _months(table: Table, months: tuple[str, ...]) -> list[Json]:
    """Months with at least one row, per group (energy, array, contract …) of the table."""
    spec = table.spec
    month_column = "month" if "month" in spec.columns else "start" if spec.code == "T05" else ""
    if not month_column or spec.columns[month_column].kind not in ("month", "date"):
        return []
    others = [name for name in spec.key if name not in (month_column, "material")]
    groups: dict[str, set[str]] = {}
    for row in table.rows():
        month = row.read(month_column)
        if isinstance(month, date):
            month = f"{month:%Y-%m}"
        names = [str(value) for name in others if isinstance(value := row.read(name), str)]
        groups.setdefault(" · ".join(names), set()).add(str(month))
    return [
        {"group": name, "present": [month in found for month in months]}
        for name, found in sorted(groups.items())
    ]


def tables(dossier: Dossier) -> list[Json]:
    """State of every table: submitted, declared nil, empty or not submitted."""
    found = []
    for code, spec in table_specs().items():
        table = dossier.tables.get(code)
        nil = dossier.nil.get(spec.nil_topic)
        state = "submitted" if table and len(table) else "nil" if nil else "missing"
        if state == "missing" and spec.optional:
            state = "optional"
        elif state == "missing" and table is not None:
            state = "empty"
        entry: dict[str, Json] = {
            "code": code,
            "title": {"zh": spec.title, "en": spec.title_en},
            "state": state,
            "rows": len(table) if table else 0,
            "place": dossier.expected_place(code).to_json(),
            "months": _months(table, dossier.months) if table else [],
        }
        if nil:
            entry["nil"] = nil.reason
        found.append(entry)
    return found


def inputs(dossier: Dossier) -> list[Json]:
    """Every file of the dossier with size, hash and what was done with it."""
    if dossier.files is None:
        return []
    used = {table.file for table in dossier.tables.values()} | {"dossier.yaml"}
    used |= dossier.read_files
    cited: dict[str, list[str]] = {}
    for one in dossier.evidence.entries.values():
        cited.setdefault(one.path, []).append(one.evidence_id)
    found = []
    for path, entry in sorted(dossier.files.entries.items()):
        role = "read" if path in used else "evidence" if path in cited else "not_used"
        found.append(
            {
                "path": path,
                "bytes": entry.size,
                "sha256": dossier.files.sha256(path),
                "role": role,
                "evidence_ids": sorted(cited.get(path, ())),
                "kind": PurePosixPath(path).suffix.lower().lstrip("."),
            }
        )
    return found
