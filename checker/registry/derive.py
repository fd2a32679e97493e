"""Tables C01 (credits) and C02 (certificates): the submitted rows with what their serials say."""

import bisect
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from checker.dossier.load import Dossier
from checker.dossier.schema import derived_specs
from checker.dossier.table import Table, TableRow
from checker.lang.serials import same_serial
from checker.lang.values import Reason, Unknown
from checker.registry.grammar import Block, find_registry, read_block
from checker.registry.intervals import Span, shared

MANY = 2_000
"""From so many certificate rows on, rows that differ in codes and quantity only stand together."""
_OWN = ("first", "last", "quantity", "locator", "remark")


def derive_claims(dossier: Dossier) -> None:
    """Add C01 and C02 for the tables T20 and T11 that were submitted."""
    credits_, certificates = dossier.tables.get("T20"), dossier.tables.get("T11")
    if credits_ is not None and "T20" not in dossier.unreadable:
        dossier.tables["C01"] = credit_blocks(credits_, dossier.tables.get("T29"))
    if certificates is not None and "T11" not in dossier.unreadable:
        dossier.tables["C02"] = certificate_blocks(certificates)


def _copy(table: Table, code: str, rows: Iterable[int]) -> Table:
    """Chosen rows of a table under a derived specification; places stay those of the table."""
    chosen = list(rows)
    columns = {name: [values[i] for i in chosen] for name, values in table.columns.items()}
    lines = [table.lines[i] for i in chosen]
    return Table(
        derived_specs()[code], table.file, table.sheet, columns, lines, dict(table.letters)
    )


def _texts(row: TableRow, *names: str) -> list[str]:
    values = (row.read(name) for name in names)
    return ["" if type(value) is Unknown else str(value) for value in values]


def credit_blocks(table: Table, removals: Table | None) -> Table:
    """C01: every row of T20 with its range of units.

    Ranges of one block are compared as intervals. What a registry does not number cannot be
    compared: it is unknown, with the registry as the reason.
    """
    rows = table.rows()
    blocks = [_block(row) for row in rows]
    met = shared([_span(block) for block in blocks])
    found = _copy(table, "C01", range(len(rows)))
    extra: list[dict[str, Any]] = []
    for index, (row, block) in enumerate(zip(rows, blocks, strict=True)):
        entry = _credit(row, block)
        if index in met:
            other, units = met[index]
            shares = {"shared": Decimal(units), "repeated": Decimal(units)}
            entry |= {**shares, "shared_with": rows[other].key}
        extra.append(entry)
    _mark_removals(extra, rows, blocks, removals)
    for name in ("registry_id", "known", "has_pattern", "follows", "block", "units"):
        found.columns[name] = [entry[name] for entry in extra]
    for name in ("shared", "repeated"):
        found.columns[name] = [entry[name] for entry in extra]
    for name in ("shared_with", "serial_vintage", "serial_project", "removal"):
        found.columns[name] = [entry.get(name) or None for entry in extra]
    return found


def _block(row: TableRow) -> Block | None:
    registry, first, last = _texts(row, "registry", "first", "last")
    return read_block(registry, first, last or first) if first else None


def _span(block: Block | None) -> Span | None:
    if block is None or block.low is None or block.high is None or block.high < block.low:
        return None
    return f"{block.registry}|{block.block}", block.low, block.high


def _credit(row: TableRow, block: Block | None) -> dict[str, Any]:
    (name,) = _texts(row, "registry")
    registry = find_registry(name)
    pattern = bool(registry and registry.patterns)
    numbered = not (registry and registry.unnumbered)
    anchor = row.anchor("first")
    unread = Unknown(Reason("unnumbered" if not numbered else "invalid", f"T20 {name}", anchor))
    units = block.count if block else None
    known = units is not None and numbered
    return {
        "registry_id": registry.id if registry else name,
        "has_pattern": pattern,
        "follows": _follows(row, block) if pattern else None,
        "block": block.block if block else None,
        "units": Decimal(units) if known and units is not None else unread,
        "shared": Decimal(0) if known else unread,
        "repeated": Decimal(0),
        "known": registry is not None,
        "serial_vintage": _vintage(block) if block else "",
        "serial_project": block.field("project") if block else "",
    }


def _follows(row: TableRow, block: Block | None) -> Any:
    """True for a range in the form of its registry; unknown without a serial."""
    first = row.read("first")
    return first if type(first) is Unknown else block is not None and block.form == "registry"


def _vintage(block: Block) -> str:
    """Year in the serial; of a span of days the year in which it ends."""
    return block.field("vintage") or block.field("until")[-4:]


def _mark_removals(
    extra: list[dict[str, Any]],
    rows: list[TableRow],
    blocks: list[Block | None],
    removals: Table | None,
) -> None:
    """Name the removal (T29) whose credit lies inside a range, or is one of its ends."""
    named = [
        (same_serial(serial), serial, name)
        for serial, name in (
            _texts(row, "credit_serial", "removal_id")
            for row in (removals.rows() if removals is not None else ())
        )
        if same_serial(serial)
    ]
    if not named:
        return
    ends = {plain: name for plain, _, name in named}
    registries = sorted({_texts(row, "registry")[0] for row in rows})
    spans: dict[str, list[tuple[int, int, str]]] = {}
    for registry in registries:
        for _, serial, name in named:
            span = _span(read_block(registry, serial, serial))
            if span is not None:
                spans.setdefault(span[0], []).append((span[1], span[2], name))
    for found in spans.values():
        found.sort()
    for entry, row, block in zip(extra, rows, blocks, strict=True):
        first, last = (same_serial(text) for text in _texts(row, "first", "last"))
        inside = _first_inside(spans, _span(block))
        name = ends.get(first) or ends.get(last) or inside
        if name:
            entry["removal"] = name


def _first_inside(spans: dict[str, list[tuple[int, int, str]]], span: Span | None) -> str:
    """The first removal that begins and ends inside a range."""
    listed = spans.get(span[0], []) if span is not None else []
    place = bisect.bisect_left(listed, (span[1], 0, "")) if span is not None else 0
    if span is None or place >= len(listed) or listed[place][1] > span[2]:
        return ""
    return listed[place][2]


def certificate_blocks(table: Table) -> Table:
    """C02: rows of T11 with the codes of their ranges; of very many rows those alike together."""
    rows = table.rows()
    blocks = _certificates(table)
    met = shared([_span(block) for block in blocks])
    groups = _groups(table)
    found = _copy(table, "C02", (members[0] for members in groups))
    _add_up(rows, found, groups)
    columns: dict[str, list[Any]] = {name: [] for name in _COUNTED}
    for members in groups:
        entry = _count(rows, members, blocks, met)
        for name, values in columns.items():
            values.append(entry[name])
    found.columns.update(columns)
    return found


_COUNTED = ("rows", "codes", "wrong_ranges", "shared", "shared_with", "code_length", "all_digits")


def _certificates(table: Table) -> list[Block | None]:
    blank: list[Any] = [None] * len(table)
    firsts, lasts = table.columns.get("first", blank), table.columns.get("last", blank)
    return [
        read_block("gec", first, last if isinstance(last, str) else first)
        if isinstance(first, str)
        else None
        for first, last in zip(firsts, lasts, strict=True)
    ]


def _groups(table: Table) -> list[list[int]]:
    """Rows that stand together: each alone, or by everything but codes and quantity."""
    if len(table) < MANY:
        return [[index] for index in range(len(table))]
    names = tuple(name for name in table.columns if name not in _OWN)
    ids, firsts = table.kinds(names)
    groups: list[list[int]] = [[] for _ in firsts]
    for index, kind in enumerate(ids):
        groups[kind].append(index)
    return groups


def _add_up(rows: list[TableRow], found: Table, groups: list[list[int]]) -> None:
    """Quantity of a group; unknown as soon as one row is."""
    written = rows[0].table.columns.get("quantity") if rows else None
    for place, members in enumerate(groups):
        if len(members) > 1 and written is not None:
            unread = next((i for i in members if type(written[i]) is not Decimal), None)
            found.columns["quantity"][place] = (
                sum((written[i] for i in members), Decimal(0))
                if unread is None
                else rows[unread].read("quantity")
            )


def _count(
    rows: list[TableRow],
    members: list[int],
    blocks: list[Block | None],
    met: dict[int, tuple[int, int]],
) -> dict[str, Any]:
    ranges = [block.count if (block := blocks[i]) else None for i in members]
    written = rows[members[0]].table.columns.get("quantity")
    quantities = [written[i] if written is not None else None for i in members]
    wrong = sum(
        type(quantity) is Decimal and count is not None and quantity != count
        for quantity, count in zip(quantities, ranges, strict=True)
    )
    lost = [i for i, count in zip(members, ranges, strict=True) if count is None]
    unread = (
        Unknown(Reason("invalid", "T11.first", rows[lost[0]].anchor("first"))) if lost else None
    )
    partner = next((met[i][0] for i in members if i in met), None)
    code = same_serial(_texts(rows[members[0]], "first")[0])
    return {
        "rows": Decimal(len(members)),
        "codes": unread or Decimal(sum(count for count in ranges if count is not None)),
        "wrong_ranges": unread or Decimal(wrong),
        "shared": unread or Decimal(sum(met[i][1] for i in members if i in met)),
        "shared_with": rows[partner].key if partner is not None else None,
        "code_length": Decimal(len(code)),
        "all_digits": code.isdigit(),
    }
