"""Reads parameters and factor families from YAML."""

import itertools
import re
from datetime import date
from decimal import Decimal
from typing import Any

from checker.errors import Problem
from checker.packs.cards import (
    CONFIDENCES,
    Clause,
    FactorFamily,
    FactorRow,
    Parameter,
    ParameterValue,
)
from checker.packs.read_cards import read_unit
from checker.packs.shape import Shape
from checker.yamltext import YamlDocument

_VINTAGE = re.compile(r"[12][0-9]{3}\Z")


def read_parameters(
    document: YamlDocument, pack: str, sources: frozenset[str], problems: list[Problem]
) -> list[Parameter]:
    """All parameters of ``parameters.yaml``."""
    shape = Shape(document, (), problems)
    found = []
    for inner in shape.each("parameters"):
        parameter_id, title, unit = (
            inner.identity("id", r"[a-z][a-z0-9_]*"),
            inner.both("title"),
            read_unit(inner),
        )
        values = [_value(value, sources) for value in inner.each("values")]
        inner.close()
        anchor = document.anchor(inner.path, parameter_id)
        if not values:
            inner.report("pack.blank", inner.at("values"), name="values")
        dated = tuple(sorted(filter(None, values), key=lambda value: value.start))
        for before, after in itertools.pairwise(dated):
            if before.until is None or before.until > after.start:
                inner.report("pack.dates_overlap", inner.path, name=parameter_id)
        found.append(Parameter(parameter_id, pack, title, unit, dated, anchor))
    shape.close()
    return found


def _value(shape: Shape, sources: frozenset[str]) -> ParameterValue | None:
    start, until = shape.day("from", required=True), shape.day("until")
    written = shape.take("value", True, int, Decimal, str)
    value: Decimal | None = None
    if isinstance(written, str):
        if written != "unknown":
            shape.report("pack.value", shape.at("value"), value=written)
    elif written is not None:
        value = Decimal(written)
    source = shape.text("source")
    if source and source not in sources:
        known = ", ".join(sorted(sources))
        shape.report("pack.source", shape.at("source"), name=source, known=known)
    if start and until and until <= start:
        shape.report("pack.until", shape.at("until"))
    clause = Clause(source, shape.text("clause"), shape.choice("confidence", CONFIDENCES))
    verified, note = shape.day("verified_on"), shape.text("note", required=False)
    shape.close()
    if start is None:
        return None
    return ParameterValue(start, until, value, clause, verified, note)


def read_family(
    document: YamlDocument,
    pack: str,
    sources: frozenset[str],
    problems: list[Problem],
) -> FactorFamily:
    """One factor family: ``columns`` names the keys, then vintage, value, source, confidence.

    A row is a list in the order of ``columns``; two rows with one key and vintage are an error.
    """
    shape = Shape(document, (), problems)
    family, title, unit = shape.text("family"), shape.both("title"), read_unit(shape)
    keys = shape.texts("keys")
    shape.text("note", required=False)
    columns = [*keys, "vintage", "value", "source", "confidence"]
    rows: dict[tuple[str, ...], list[FactorRow]] = {}
    for index, cells in enumerate(shape.take("rows", True, list) or []):
        path = ("rows", index)
        row = _row(cells, columns, document, path)
        if row is None or row.source not in sources:
            shape.report("pack.factor_row", path, columns=", ".join(columns))
            continue
        same_key = rows.setdefault(row.keys, [])
        if any(other.vintage == row.vintage for other in same_key):
            shape.report("pack.factor_twice", path, factor="/".join([*row.keys, row.vintage]))
        same_key.append(row)
    shape.close()
    ordered = {
        key: tuple(sorted(found, key=lambda row: row.vintage, reverse=True))
        for key, found in rows.items()
    }
    if not rows:
        shape.report("pack.blank", shape.at("rows"), name="rows")
    return FactorFamily(
        family, pack, title, unit, keys, ordered, document.anchor(("family",), family)
    )


def _row(
    cells: Any, columns: list[str], document: YamlDocument, path: tuple[str | int, ...]
) -> FactorRow | None:
    if not isinstance(cells, list) or len(cells) not in (len(columns), len(columns) + 1):
        return None
    count = len(columns) - 4
    vintage, value, source, confidence = cells[count : count + 4]
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return None
    if confidence not in CONFIDENCES or value < 0 or not _VINTAGE.match(str(vintage)):
        return None
    note = str(cells[len(columns)]) if len(cells) > len(columns) else ""
    keys = tuple(str(cell) for cell in cells[:count])
    anchor = document.anchor(path)
    return FactorRow(keys, str(vintage), Decimal(value), str(source), confidence, note, anchor)


def published(source_date: str) -> date | None:
    """Day a reference was published; a year alone counts as its first day."""
    text = source_date if len(source_date) == 10 else f"{source_date[:4]}-01-01"
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
