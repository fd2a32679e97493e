"""Variations of a case: one cell, figure, row or evidence changed at a time."""

import itertools
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from checker.dossier.header import header_fields, header_paths, parse_quantity
from checker.dossier.schema import all_specs
from checker.lang.types import Bool, Date, FieldType, Num, Text
from checker.workshop.reads import Reads

Variant: TypeAlias = tuple[str, dict[str, Any]]
"""What was changed, in words, and the data of the case with that change."""
_SCALES = ("1.01", "0.99", "1.1", "0.9", "2", "0.5", "10", "0.1", "1000", "0.001")
MAX_ROWS = 6
"""Rows of a table that are varied, and up to which rows are added."""
_MONTH = re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_TEXTS = 24
_FIRSTS = 60


def variants(data: Mapping[str, Any], reads: Reads) -> Iterator[Variant]:
    """All single variations of one case's data."""
    for code, rows in (data.get("tables") or {}).items():
        yield from _rows(data, code, rows, reads)
        yield _with(data, f"{code} left out", tables=_without(data["tables"], code))
    yield from _measured(data, reads)
    yield from _days_of_judgement(data)
    yield from _facts(data, reads)
    yield from _header(data, reads)
    yield from _evidence(data, reads)


def _with(data: Mapping[str, Any], label: str, **changed: Any) -> Variant:
    merged = {**data, **changed}
    return label, {key: value for key, value in merged.items() if value not in ({}, [])}


def _without(mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name != key}


def _rows(data: Mapping[str, Any], code: str, rows: list[Any], reads: Reads) -> Iterator[Variant]:
    spec = all_specs().get(code)
    if spec is None:
        return
    for index, row in enumerate(rows[:MAX_ROWS]):
        for name in [*row, *sorted(reads.columns.get(code, set()) - set(row))]:
            if name not in spec.columns:
                continue
            seen = [other.get(name) for other in rows]
            texts = {*reads.texts, *reads.keys.get((code, name), ())}
            for value in _values(row.get(name), spec.fields()[name], texts, seen):
                changed = {**row, name: value}
                if value is None:
                    del changed[name]
                listed = [*rows[:index], changed, *rows[index + 1 :]]
                label = f"{code}.{name} {row.get(name, '–')} → {'–' if value is None else value}"
                yield _with(data, label, tables={**data["tables"], code: listed})
        yield from _another(data, code, rows, row, reads)
        fewer = [*rows[:index], *rows[index + 1 :]]
        if fewer:
            yield _with(
                data, f"{code} row {index + 1} left out", tables={**data["tables"], code: fewer}
            )
        if len(rows) < MAX_ROWS:
            more = [*rows, row]
            yield _with(
                data, f"{code} row {index + 1} twice", tables={**data["tables"], code: more}
            )


def _another(
    data: Mapping[str, Any], code: str, rows: list[Any], row: dict[str, Any], reads: Reads
) -> Iterator[Variant]:
    """A further row like this one but for one cell."""
    fields = all_specs()[code].fields()
    if len(rows) >= MAX_ROWS:
        return
    for name, own in row.items():
        if name in fields:
            texts = {*reads.texts, *reads.keys.get((code, name), ())}
            other = list(_values(own, fields[name], texts, []))
            for value in [*other[:2], *other[-2:]]:
                more = {key: v for key, v in {**row, name: value}.items() if v is not None}
                label = f"{code} also with {name} {'–' if value is None else value}"
                yield _with(data, label, tables={**data["tables"], code: [*rows, more]})


def _values(value: Any, field: FieldType, texts: set[str], seen: list[Any]) -> Iterator[Any]:
    """Other values for one cell."""
    if isinstance(field.type, Bool):
        yield from (one for one in ("yes", "no") if one != value)
    elif isinstance(field.type, Date):
        yield from _days(value)
    elif isinstance(field.type, Text):
        others = field.type.options or sorted(texts)[:_TEXTS]
        months = _months(value) if isinstance(value, str) else ()
        listed = dict.fromkeys([*others, *months, *(str(s) for s in seen if s), "other"])
        yield from (one for one in listed if one != value)
    else:
        yield from _numbers(value)
    if value is not None:
        yield None


def _days(value: Any) -> Iterator[str]:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        day = date(2025, 6, 30)
        yield day.isoformat()
    for shift in (1, -1, 31, -31, 366, -366):
        if (moved := _moved(day, shift)) is not None:
            yield moved.isoformat()


def _moved(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _months(value: str) -> Iterator[str]:
    if _MONTH.match(value):
        year, month = int(value[:4]), int(value[5:])
        for shift in (1, -1, 12, -12):
            whole = year * 12 + month - 1 + shift
            yield f"{whole // 12:04d}-{whole % 12 + 1:02d}"


def _numbers(value: Any) -> Iterator[Any]:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        yield from (Decimal(1), Decimal(0), Decimal(10))
        return
    exponent: Any = number.as_tuple().exponent
    step = Decimal(1).scaleb(min(exponent, 0))
    found = [number + step, number - step, number + 1, number - 1, Decimal(0), -number]
    found += [number * Decimal(scale) for scale in _SCALES]
    yield from (plain(one) for one in dict.fromkeys(found) if one != number)


def plain(number: Decimal) -> Decimal:
    """Without an exponent, as people write it."""
    return Decimal(format(number.normalize(), "f"))


def _measured(data: Mapping[str, Any], reads: Reads) -> Iterator[Variant]:
    """A row of T30 for what the first row of a table names."""
    tables: dict[str, Any] = data.get("tables") or {}
    listed = tables.get("T30", [])
    for code, rows in tables.items():
        subjects = dict.fromkeys(str(v) for row in rows[:2] for v in row.values() if v)
        for name, unit in reads.measured.items():
            for subject in subjects if code != "T30" else ():
                for value in (Decimal("12.5"), Decimal(40)):
                    row = {"subject": subject, "parameter": name, "value": value, "unit": unit}
                    changed = {**tables, "T30": [*listed, {**row, "measured": "yes"}]}
                    yield _with(data, f"{name} of {subject} {value} {unit}", tables=changed)


def _days_of_judgement(data: Mapping[str, Any]) -> Iterator[Variant]:
    """Judged on a day that the data name, and the day before."""
    days = set()
    for rows in (data.get("tables") or {}).values():
        days |= {str(v) for row in rows for v in row.values() if _DAY.match(str(v))}
    for text in sorted(days)[:6]:
        try:
            named = date.fromisoformat(text)
        except ValueError:
            continue
        for shift in (0, -1):
            if (day := _moved(named, shift)) is not None:
                yield _with(data, f"judged on {day}", as_of=day.isoformat())


def _facts(data: Mapping[str, Any], reads: Reads) -> Iterator[Variant]:
    given: dict[str, Any] = data.get("facts") or {}
    for name, text in given.items():
        quantity = parse_quantity(text)
        if quantity is None:
            continue
        for number in _numbers(quantity.amount):
            other = f"{number} {quantity.unit.name}"
            yield _with(data, f"{name} {text} → {other}", facts={**given, name: other})
        yield _with(data, f"{name} left out", facts=_without(given, name))
    for name in sorted(reads.facts - set(given)):
        unit = reads.book.by_id[name].card.unit.name
        for amount in ("1", "0", "100"):
            other = f"{amount} {unit}"
            yield _with(data, f"{name} = {other}", facts={**given, name: other})


def _header(data: Mapping[str, Any], reads: Reads) -> Iterator[Variant]:
    given: dict[str, Any] = data.get("header") or {}
    fields = header_fields()
    for name in sorted(reads.header):
        path = ".".join(map(str, header_paths()[name]))
        field = fields[name]
        if isinstance(field.type, Bool):
            others: list[Any] = [True, False]
        elif isinstance(field.type, Num):
            others = list(_numbers(given.get(path)))
        elif isinstance(field.type, Date):
            others = list(_days(given.get(path, "2025-12-31")))
        elif isinstance(field.type, Text):
            others = [*(field.type.options or sorted(reads.texts)[:_TEXTS]), None]
        else:
            others = [[], [one] if (one := next(iter(sorted(reads.texts)), "")) else []]
        for value in others:
            if given.get(path, "") != value:
                yield _with(data, f"{path} = {value}", header={**given, path: value})


def _topics(reads: Reads) -> set[str]:
    """Topics whose statement speaks for a table the card reads."""
    return {all_specs()[table].nil_topic for table in reads.columns} - {""}


def _evidence(data: Mapping[str, Any], reads: Reads) -> Iterator[Variant]:
    given: dict[str, Any] = data.get("tables") or {}
    there, missing = data.get("evidence") or [], data.get("missing_evidence") or []
    for name in there:
        left = [one for one in there if one != name]
        yield _with(data, f"{name} missing", evidence=left, missing_evidence=[*missing, name])
        yield _with(data, f"{name} not indexed", evidence=[*left, "OTHER"])
    for name in missing:
        left = [one for one in missing if one != name]
        yield _with(data, f"{name} there", evidence=[*there, name], missing_evidence=left)
    named = {
        str(value)
        for rows in given.values()
        for row in rows
        for key, value in row.items()
        if "evidence" in key or "report" in key
    }
    for name in sorted(named - {*there, *missing}):
        yield _with(data, f"{name} there", evidence=[*there, name])
    for topic in sorted(_topics(reads) - set(data.get("nil") or [])):
        yield _with(data, f"{topic} stated", nil=[*(data.get("nil") or []), topic])
        tables = {c: r for c, r in given.items() if all_specs()[c].nil_topic != topic}
        yield _with(data, f"{topic} stated, no rows", nil=[topic], tables=tables)
    for topic in data.get("nil") or []:
        yield _with(data, f"{topic} not stated", nil=[t for t in data["nil"] if t != topic])


def pairs(data: Mapping[str, Any], reads: Reads, limit: int) -> Iterator[Variant]:
    """Variations of variations, spread evenly up to about ``limit``."""
    first = list(variants(data, reads))
    chosen = first[:: max(1, len(first) // _FIRSTS)]
    step = max(1, len(chosen) * len(first) // max(limit, 1))
    for index, (label, changed) in enumerate(chosen):
        for other, again in itertools.islice(variants(changed, reads), index % step, None, step):
            yield f"{label}; {other}", again
