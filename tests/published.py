"""Figures of the product on made-up inputs, for tests against published examples."""

from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any

from checker.lang.check import check_expression
from checker.lang.evaluate import compile_node
from checker.lang.source import Source
from checker.lang.units import CONTEXT, find_unit
from checker.lang.values import Unknown
from checker.lang.world import Env
from checker.places import Anchor
from checker.requirements.case_files import Case
from checker.requirements.cases import run_case, state_of, world_of
from tests.conftest import whole_book, whole_scope

Tables = Mapping[str, list[dict[str, Any]]]


def case(**data: Any) -> Case:
    """A case with tables, header, facts, nil or as_of."""
    tables = data.get("tables") or {}
    data["tables"] = {code: [_written(row) for row in rows] for code, rows in tables.items()}
    return Case("-", "-", "", data, Anchor("case"))


def figure(card: str, unit: str, **data: Any) -> Decimal:
    """A quantity card on the inputs, in a unit."""
    value = world_of(case(**data), whole_book()).fact(card)
    return _in(value, unit)


def expression(text: str, unit: str, **data: Any) -> Decimal:
    """An expression of the rule language on the inputs, in a unit."""
    source = Source(text, "test", 1, 1)
    node = check_expression(source, whole_scope(), literal=True)
    return _in(compile_node(node)(Env(world_of(case(**data), whole_book()))), unit)


def state(card: str, **data: Any) -> str:
    """The state of a requirement on the inputs."""
    book = whole_book()
    requirement = next(r for r in book.requirements if r.card.id == card)
    return state_of(run_case(case(**data), requirement, book))


def _written(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as a spreadsheet holds it: plain decimals of at most 15 significant digits."""
    digits = Context(prec=15)
    return {
        name: f"{digits.create_decimal(str(cell)):f}" if isinstance(cell, Decimal | float) else cell
        for name, cell in row.items()
    }


def _in(value: Any, unit: str) -> Decimal:
    assert type(value) is not Unknown, value
    known = find_unit(unit)
    assert known is not None, unit
    return known.from_base(value).quantize(Decimal("1e-18"), context=CONTEXT)


def fuel(energy: str, amount: Any, unit: str, **more: Any) -> dict[str, Any]:
    """A row of table T04."""
    row = {"month": "2025-03", "facility_id": "F1", "energy": energy, "source": "meter"}
    return {**row, "consumption": amount, "unit": unit, **more}


def process(code: str, material: str, amount: Any, unit: str = "t", **more: Any) -> dict[str, Any]:
    """A row of table T14."""
    row = {"source_id": "S1", "process": code, "month": "2025-03", "material": material}
    return {**row, "gas": "CO2", "amount": amount, "unit": unit, **more}


def measured(
    name: str, value: Any, unit: str, subject: str = "S1", part: str = ""
) -> dict[str, Any]:
    """A row of table T30."""
    row = {"subject": subject, "parameter": name, "value": value, "unit": unit, "measured": "yes"}
    return {**row, "part": part} if part else row


def item(amount: Any, unit: str, factor: Any, factor_unit: str, **more: Any) -> dict[str, Any]:
    """A row of table T33."""
    row = {"product": "A", "stage": "production", "item": "x", "factor_source": "published"}
    return {
        **row,
        "amount": amount,
        "unit": unit,
        "factor": factor,
        "factor_unit": factor_unit,
        **more,
    }
