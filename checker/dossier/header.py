"""``dossier.yaml``: checked against its JSON Schema, read as one typed row."""

import functools
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from checker.errors import Arg, DossierError, Problem
from checker.lang.types import Bool, Date, FieldType, Num, Text, TextList, Type
from checker.lang.units import Quantity, find_unit
from checker.lang.values import Reason, Unknown
from checker.nearest import nearest
from checker.places import Anchor
from checker.resources import schemas_dir
from checker.yamltext import Path, YamlDocument, read_yaml

FORMAT = "zcf-dossier/1"
_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,20})?\Z")
_VITAL = ("period", "sector", "province", "stage")


@functools.cache
def header_schema() -> dict[str, Any]:
    """``schemas/dossier.schema.json``."""
    text = (schemas_dir() / "dossier.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _leaves(schema: dict[str, Any], path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    for name, spec in schema["properties"].items():
        if "properties" in spec:
            yield from _leaves(spec, (*path, name))
        elif name != "nil":
            yield (*path, name), spec


def _field_type(spec: dict[str, Any]) -> FieldType:
    if spec.get("format") == "quantity":
        unit = find_unit(spec["unit"])
        assert unit is not None
        return FieldType(Num(unit.dimension), unit)
    type_: Type = Text(tuple(spec.get("enum", ())))
    if spec.get("format") == "date":
        type_ = Date()
    elif spec.get("type") == "boolean":
        type_ = Bool()
    elif spec.get("type") == "array":
        type_ = TextList()
    return FieldType(type_)


@functools.cache
def header_paths() -> dict[str, Path]:
    """Field names (``period_start``) and where they stand in the file."""
    return {"_".join(map(str, path)): path for path, _ in _leaves(header_schema())}


@functools.cache
def header_titles() -> dict[str, tuple[str, str]]:
    """Chinese and English names of the fields."""
    found = _leaves(header_schema())
    return {"_".join(map(str, p)): (spec["title"], spec["title_en"]) for p, spec in found}


@functools.cache
def header_fields() -> dict[str, FieldType]:
    """Fields of ``dossier`` in the expression language: paths joined by ``_``."""
    return {"_".join(map(str, p)): _field_type(spec) for p, spec in _leaves(header_schema())}


@functools.cache
def nil_topics() -> tuple[str, ...]:
    """Topics a dossier may declare not to occur."""
    items = header_schema()["properties"]["nil"]["items"]
    return tuple(items["properties"]["topic"]["enum"])


def parse_quantity(text: Any) -> Quantity | None:
    """``"0.2856 kgce/kWh"`` as a quantity; None when it is not a number with a known unit."""
    number, _, unit_text = str(text).strip().partition(" ")
    unit = find_unit(unit_text)
    if unit is None or not _AMOUNT.match(number):
        return None
    return Quantity(Decimal(number), unit)


def _format_checker() -> Any:
    from jsonschema import FormatChecker  # noqa: PLC0415

    checker = FormatChecker(formats=())

    @checker.checks("date", raises=ValueError)
    def _is_date(value: object) -> bool:
        return not isinstance(value, str) or bool(date.fromisoformat(value))

    @checker.checks("quantity")
    def _is_quantity(value: object) -> bool:
        quantity = parse_quantity(value) if isinstance(value, str) else None
        return not isinstance(value, str) or (quantity is not None and quantity.amount > 0)

    return checker


def _problem(error: Any, document: YamlDocument) -> Problem:
    """A schema error in our words: one message key per keyword."""
    path = tuple(error.absolute_path)
    name = ".".join(map(str, path)) or "dossier.yaml"
    args: dict[str, Arg] = {"name": name, "value": str(error.instance)[:60]}
    keyword = error.validator
    anchor = document.anchor(path, name)
    if error.instance == "":
        return Problem("header.required", anchor, {"name": name}, "major")
    if keyword == "additionalProperties":
        extra = next(key for key in error.instance if key not in error.schema["properties"])
        args = {"name": extra, "known": ", ".join(error.schema["properties"])}
        anchor = document.key_anchor((*path, extra))
    elif keyword in ("enum", "const"):
        allowed = error.validator_value if keyword == "enum" else [error.validator_value]
        names = error.schema.get("names", {})
        args["allowed"] = "、".join(f"{v}（{names[v]}）" if v in names else str(v) for v in allowed)
        args["hint"] = nearest(str(error.instance), map(str, allowed))
    elif keyword == "pattern":
        keyword = f"form_{path[-1] if isinstance(path[-1], str) else path[-2]}"
    elif keyword == "type":
        keyword = f"type_{error.validator_value}"
    elif keyword == "format":
        keyword = f"format_{error.validator_value}"
    elif keyword in ("minLength", "maxLength", "minItems", "maxItems", "uniqueItems"):
        args["wanted"] = str(error.validator_value)
    else:
        keyword = "other"
        args["detail"] = error.message[:120]
    return Problem(f"header.{keyword}", anchor, args, "major")


def validate_header(document: YamlDocument) -> list[Problem]:
    """Everything in which a header differs from its schema, in order of place."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415
    from referencing import Registry  # noqa: PLC0415

    validator = Draft202012Validator(
        header_schema(), registry=Registry(), format_checker=_format_checker()
    )
    plain = _floats(document.data)
    problems: list[Problem] = []
    for error in validator.iter_errors(plain):
        if error.validator == "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            at = ".".join(map(str, error.absolute_path))
            found = {f"{at}.{key}".lstrip(".") for key in missing}
            for name in sorted(found - {str(p.args.get("name")) for p in problems}):
                anchor = document.anchor(tuple(error.absolute_path), name)
                problems.append(Problem("header.required", anchor, {"name": name}, "major"))
        else:
            problems.append(_problem(error, document))
    return sorted(problems, key=lambda problem: (problem.anchor, problem.key))


def _floats(data: Any) -> Any:
    """The schema library knows no ``Decimal``; only types and ranges matter here."""
    if isinstance(data, dict):
        return {key: _floats(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_floats(value) for value in data]
    return float(data) if isinstance(data, Decimal) else data


class Header:
    """The header as a row; satisfies ``checker.lang.values.Row``."""

    key = "dossier"

    def __init__(self, document: YamlDocument, refused: frozenset[Path]) -> None:
        self.document = document
        self.refused = refused
        self.values = {name: self._value(name) for name in header_paths()}

    def _value(self, name: str) -> Any:
        path = header_paths()[name]
        value = data_at(self.document, name)
        anchor = self.document.anchor(path, name)
        if value is None or value == "":
            return Unknown(Reason("absent", f"dossier.{name}", anchor))
        if any(path[: len(bad)] == bad or bad[: len(path)] == path for bad in self.refused if bad):
            return Unknown(Reason("invalid", f"dossier.{name}", anchor))
        field = header_fields()[name]
        if isinstance(field.type, Date):
            return date.fromisoformat(value)
        if isinstance(field.type, Num):
            quantity = parse_quantity(value)
            fits = quantity and quantity.unit.dimension == field.type.dimension
            return (
                quantity.base()
                if quantity and fits
                else Unknown(Reason("invalid", f"dossier.{name}", anchor))
            )
        return value

    def read(self, name: str) -> Any:
        """Value of a field, or ``Unknown``."""
        return self.values[name]

    def anchor(self, name: str = "") -> Anchor:
        """Place of a field in ``dossier.yaml``."""
        return self.document.anchor(header_paths().get(name, ()), name)


def read_header(content: bytes, file: str) -> tuple[Header, list[Problem]]:
    """Read the header and all its problems at once.

    Raises ``DossierError`` when it is no YAML mapping, another kind of document, or lacks what
    everything else hangs on (period, sector, province, stage).
    """
    document = read_yaml(content, file)
    data = document.data
    if not isinstance(data, dict):
        raise DossierError(Problem("header.not_mapping", Anchor(file), {}, "blocker"))
    if data.get("schema") != FORMAT:
        found = str(data.get("schema", data.get("kind", "")))[:60]
        anchor = document.anchor(("schema",))
        args: dict[str, Arg] = {"found": found, "wanted": FORMAT}
        raise DossierError(Problem("header.wrong_kind", anchor, args, "blocker"))
    problems = validate_header(document)
    refused = frozenset(_refused(problems))
    header = Header(document, refused)
    period = header.read("period_start"), header.read("period_end")
    if not any(type(day) is Unknown for day in period) and period[1] <= period[0]:
        anchor = header.anchor("period_end")
        problems.append(Problem("header.period", anchor, {}, "blocker"))
    elif not any(type(day) is Unknown for day in period) and _too_long(*period):
        anchor = header.anchor("period_end")
        problems.append(Problem("header.period_range", anchor, {}, "blocker"))
    problems += [
        Problem(
            "header.unit",
            header.anchor(name),
            {"name": name, "value": str(data_at(document, name)), "wanted": field.unit.name},
            "major",
        )
        for name, field in header_fields().items()
        if field.unit and _wrong_unit(data_at(document, name), field)
    ]
    vital = [p for p in problems if str(p.args.get("name", "period")).split(".")[0] in _VITAL]
    if vital:
        raise DossierError(problems)
    return header, problems


def _too_long(start: date, end: date) -> bool:
    """No reporting period is longer than five years, or of another century."""
    return not 2000 <= start.year <= end.year <= 2100 or (end - start).days > 5 * 366


def data_at(document: YamlDocument, name: str) -> Any:
    """What is written for a field, or None."""
    value: Any = document.data
    for step in header_paths()[name]:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _wrong_unit(written: Any, field: FieldType) -> bool:
    quantity = parse_quantity(written) if isinstance(written, str) else None
    return quantity is not None and Num(quantity.unit.dimension) != field.type


def _refused(problems: list[Problem]) -> Iterator[Path]:
    """Paths of values that were written but must not be used."""
    for problem in problems:
        if problem.key not in ("header.required", "header.additionalProperties"):
            yield tuple(str(problem.args.get("name", "")).split("."))
