"""Reads dated parameters from YAML."""

import itertools
from datetime import date
from decimal import Decimal

from checker.errors import Problem
from checker.packs.cards import (
    CONFIDENCES,
    Clause,
    Parameter,
    ParameterValue,
)
from checker.packs.read_cards import read_unit
from checker.packs.shape import Shape, bounded
from checker.yamltext import YamlDocument


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
    value = read_value(shape)
    source = known_source(shape, sources)
    if start and until and until <= start:
        shape.report("pack.until", shape.at("until"))
    clause = Clause(source, shape.text("clause"), shape.choice("confidence", CONFIDENCES))
    verified, note = shape.day("verified_on"), shape.text("note", required=False)
    shape.close()
    if start is None:
        return None
    return ParameterValue(start, until, value, clause, verified, note)


def read_value(shape: Shape) -> Decimal | None:
    """``value``: an exact number, or None for ``unknown``."""
    written = shape.take("value", True, int, Decimal, str)
    if isinstance(written, str):
        if written != "unknown":
            shape.report("pack.value", shape.at("value"), value=written)
    elif written is not None:
        value = Decimal(written)
        if bounded(value):
            return value
        shape.report("pack.value", shape.at("value"), value=f"{value:.3e}")
    return None


def known_source(shape: Shape, sources: frozenset[str]) -> str:
    """``source``: a document listed in ``pack.yaml``."""
    source = shape.text("source")
    if source and source not in sources:
        known = ", ".join(sorted(sources))
        shape.report("pack.source", shape.at("source"), name=source, known=known)
    return source


def published(source_date: str) -> date | None:
    """Day a reference was published; a year alone counts as its first day."""
    text = source_date if len(source_date) == 10 else f"{source_date[:4]}-01-01"
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
