"""The JSON Schemas speak the truth: shipped packs, cases and results fit them."""

import functools
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry

from checker.resources import rules_dir, schemas_dir
from checker.yamltext import read_yaml
from tests.conftest import BATTERY, TEA, checked


@functools.cache
def validator(name: str) -> Draft202012Validator:
    schema = json.loads((schemas_dir() / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, registry=Registry())


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return float(value) if isinstance(value, Decimal) else value


def schema_of(path: Path) -> str:
    inner = path.relative_to(rules_dir()).parts[1:]
    by_folder = {"requirements": "requirement", "cases": "cases", "quantities": "quantities"}
    by_folder["factors"] = "factors"
    return by_folder.get(inner[0], inner[0].removesuffix(".yaml"))


PACK_FILES = sorted(rules_dir().rglob("*.yaml"))


@pytest.mark.parametrize("path", PACK_FILES, ids=lambda path: path.stem)
def test_shipped_pack_files_fit_their_schema(path: Path) -> None:
    data = plain(read_yaml(path.read_bytes(), path.name, pack=True).data)
    errors = [error.message for error in validator(schema_of(path)).iter_errors(data)]
    assert errors == []


@pytest.mark.parametrize("path", PACK_FILES, ids=lambda path: path.stem)
def test_editors_are_told_the_right_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    name = first.partition("$schema=")[2]
    assert (path.parent / name).resolve() == (schemas_dir() / f"{schema_of(path)}.schema.json")


@pytest.mark.parametrize("example", [TEA, BATTERY], ids=lambda path: path.name)
def test_results_fit_their_schema(example: Path) -> None:
    errors = [
        f"{e.json_path}: {e.message}" for e in validator("result").iter_errors(checked(example))
    ]
    assert errors == []


@pytest.mark.parametrize("path", sorted(schemas_dir().glob("*.json")), ids=lambda path: path.name)
def test_schemas_are_schemas(path: Path) -> None:
    Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_figures_of_the_tables_are_facts_of_the_packs() -> None:
    """A declared figure must be one that is recomputed; else it would never be compared."""
    from checker.dossier.schema import table_specs
    from tests.conftest import whole_book

    facts = {quantity.card.id for quantity in whole_book().quantities}
    for table, column in (("T22", "indicator"), ("T24", "figure"), ("T27", "indicator")):
        options = {option.code for option in table_specs()[table].columns[column].options}
        assert options <= facts


def test_statement_topics_are_the_ones_cards_ask_for() -> None:
    from checker.dossier.schema import table_specs
    from tests.conftest import whole_book

    topics = {option.code for option in table_specs()["T26"].columns["topic"].options}
    asked = {rule.card.statement for rule in whole_book().requirements} - {""}
    conditions = " ".join(node.text for node in whole_book().nodes())
    asked |= {topic for topic in topics if f's.topic == "{topic}"' in conditions}
    assert asked == topics
