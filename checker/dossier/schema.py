"""Columns and tables as the schemas of submitted and derived tables describe them."""

import functools
import json
import re
from dataclasses import dataclass
from typing import Any

from checker.lang.types import AnyQuantity, Bool, Date, FieldType, Num, Text, Type
from checker.lang.units import Unit, find_unit
from checker.resources import schemas_dir


@dataclass(frozen=True)
class Option:
    """One entry of a closed list: its code and its two names."""

    code: str
    title: str
    title_en: str


@dataclass(frozen=True, eq=False)
class Column:
    """A column.

    ``kind`` is number, quantity, text, unit, date, month, period, year, option or boolean. A
    ``signed`` one may be negative.
    """

    code: str
    title: str
    title_en: str
    kind: str
    required: bool
    unit: Unit | None = None
    unit_column: str = ""
    options: tuple[Option, ...] = ()
    signed: bool = False

    @property
    def type(self) -> Type:
        """Static type in the expression language."""
        if self.kind == "number":
            return Num(self.unit.dimension if self.unit else ())
        if self.kind == "option":
            return Text(tuple(option.code for option in self.options))
        simple: dict[str, Type] = {"quantity": AnyQuantity(), "date": Date(), "boolean": Bool()}
        return simple.get(self.kind, Text())


@dataclass(frozen=True, eq=False)
class TableSpec:
    """A table: its columns, its business key, and the topic under which it may be empty.

    An ``optional`` table only refines others (measured parameters, footprint items): without it
    nothing is left unsaid, and there is nothing to check. A derived table with the rows of a
    submitted one is ``named_after`` it; others are ``about`` one.
    """

    code: str
    title: str
    title_en: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    nil_topic: str = ""
    optional: bool = False
    named_after: str = ""
    about: str = ""

    @property
    def shown(self) -> str:
        """Code under which people know the table."""
        return self.named_after or self.about or self.code

    def fields(self) -> dict[str, FieldType]:
        """Columns as fields of the expression language."""
        return {c.code: FieldType(c.type, c.unit) for c in self.columns.values()}


def _column(code: str, spec: dict[str, Any], required: bool) -> Column:
    options: tuple[Option, ...] = ()
    if "oneOf" in spec:
        kind = "option"
        options = tuple(Option(o["const"], o["title"], o["title_en"]) for o in spec["oneOf"])
    elif spec["type"] == "number":
        kind = "quantity" if "unit_column" in spec else "number"
    elif spec["type"] == "boolean":
        kind = "boolean"
    else:
        kind = spec.get("format", "text")
    unit = find_unit(spec["unit"]) if "unit" in spec else None
    names = spec["title"], spec["title_en"]
    of_row, signed = spec.get("unit_column", ""), "minimum" not in spec
    return Column(code, *names, kind, required, unit, of_row, options, signed)


def _table(code: str, spec: dict[str, Any]) -> TableSpec:
    items = spec["items"]
    required = set(items["required"])
    columns = {
        name: _column(name, column, name in required)
        for name, column in items["properties"].items()
    }
    key, nil_topic = tuple(spec["key"]), spec.get("nil_topic", "")
    optional, like = bool(spec.get("optional", False)), spec.get("named_after", "")
    names = spec["title"], spec["title_en"]
    about = spec.get("about", "")
    return TableSpec(code, *names, key, columns, nil_topic, optional, like, about)


@functools.cache
def table_specs() -> dict[str, TableSpec]:
    """Tables a factory submits, by code, in the order of the schema."""
    return _read("tables.schema.json")


@functools.cache
def derived_specs() -> dict[str, TableSpec]:
    """Tables derived from meter series and evidence; nobody submits them."""
    return _read("derived.schema.json")


@functools.cache
def all_specs() -> dict[str, TableSpec]:
    """Every table that cards can read."""
    return {**table_specs(), **derived_specs()}


def _read(name: str) -> dict[str, TableSpec]:
    text = (schemas_dir() / name).read_text(encoding="utf-8")
    return {code: _table(code, spec) for code, spec in json.loads(text)["$defs"].items()}


def option_code(table: str, column: str, text: str) -> str:
    """Code of an option written by its code or one of its names; other texts as they are."""
    for option in table_specs()[table].columns[column].options:
        if text.strip() in (option.code, option.title, option.title_en):
            return option.code
    return text


_CODE = re.compile(r"\s*(T\d\d)(?!\d)")


def table_code(name: str) -> str:
    """Table a sheet or file is: by leading code, or by title; empty when it is none."""
    match = _CODE.match(name)
    if match and match.group(1) in table_specs():
        return match.group(1)
    for code, spec in table_specs().items():
        if name.strip() in (spec.title, spec.title_en):
            return code
    return ""
