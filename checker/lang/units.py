"""Units and dimensions.

A unit is a vector of base dimensions with an exact factor to the base unit. Values travel as
``Decimal`` in base units; a unit is only needed to read and to print them.
"""

import functools
import re
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, TypeAlias

from checker.resources import schemas_dir
from checker.yamltext import read_yaml

Dimension: TypeAlias = tuple[tuple[str, int], ...]
"""Base dimensions with their powers, sorted by name; ``()`` is a pure number."""

PURE: Dimension = ()
CONTEXT = Context(prec=34)
"""All arithmetic of the checker: 34 significant digits, half-even."""

_NOISE = Decimal("1e-28")
_PRODUCT = re.compile(r"\s*([*/·×])\s*")


def near(left: Decimal, right: Decimal) -> bool:
    """Equal but for the 34th digit: derived units such as kgCO2/kWh have no exact factor."""
    gap = CONTEXT.abs(CONTEXT.subtract(left, right))
    return gap <= CONTEXT.multiply(CONTEXT.abs(right), _NOISE)


def combine(left: Dimension, right: Dimension, sign: int = 1) -> Dimension:
    """Dimension of a product (``sign=1``) or of a quotient (``sign=-1``)."""
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def describe(dimension: Dimension) -> str:
    """A dimension in words, for messages: ``energy``, ``co2/energy``, ``number``."""
    above = [_power(name, power) for name, power in dimension if power > 0]
    below = [_power(name, -power) for name, power in dimension if power < 0]
    if not above and not below:
        return "number"
    return "·".join(above or ["1"]) + "".join(f"/{part}" for part in below)


def _power(name: str, power: int) -> str:
    return name if power == 1 else f"{name}^{power}"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written; ``value_in_base = amount * factor``."""

    name: str
    dimension: Dimension
    factor: Decimal

    def to_base(self, amount: Decimal) -> Decimal:
        """An amount in this unit, expressed in base units."""
        return CONTEXT.multiply(amount, self.factor)

    def from_base(self, value: Decimal) -> Decimal:
        """A base value, expressed in this unit."""
        return CONTEXT.divide(value, self.factor)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount with the unit it was written in; the digits are kept as written."""

    amount: Decimal
    unit: Unit

    def base(self) -> Decimal:
        """The amount in base units."""
        return self.unit.to_base(self.amount)

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.name}"


@functools.cache
def _file() -> dict[str, Any]:
    path = schemas_dir() / "units.yaml"
    data: dict[str, Any] = read_yaml(path.read_bytes(), path.name, pack=True).data
    return data


@functools.cache
def _table() -> dict[str, Unit]:
    """Every name and alias of ``schemas/units.yaml``."""
    table: dict[str, Unit] = {}
    for row in _file()["units"]:
        factor = CONTEXT.divide(Decimal(row["factor"]), Decimal(row.get("divisor", 1)))
        unit = Unit(row["name"], tuple(sorted(row["of"].items())), factor)
        for name in (row["name"], *row["aliases"]):
            table[name] = unit
    return table


def unit_names() -> list[str]:
    """Canonical unit names, for suggestions and lists."""
    return sorted({unit.name for unit in _table().values()})


@functools.lru_cache(maxsize=512)
def find_unit(text: str) -> Unit | None:
    """The unit written as ``text``: a known name, or a product of names such as ``tCO2/MWh``."""
    text = text.strip()
    known = _table().get(text)
    if known or not text:
        return known
    parts = _PRODUCT.split(text)
    if len(parts) == 1:
        return None
    unit = find_unit(parts[0])
    for operator, name in zip(parts[1::2], parts[2::2], strict=True):
        other = _table().get(name)
        if unit is None or other is None:
            return None
        sign = -1 if operator == "/" else 1
        factor = CONTEXT.divide if sign < 0 else CONTEXT.multiply
        dimension = combine(unit.dimension, other.dimension, sign)
        unit = Unit(text, dimension, factor(unit.factor, other.factor))
    return unit


@functools.cache
def _display() -> dict[Dimension, Unit]:
    units = (find_unit(name) for name in _file()["display"])
    return {unit.dimension: unit for unit in units if unit is not None}


def find_display(dimension: Dimension) -> Unit | None:
    """The unit set for computed values of a dimension, if any."""
    return _display().get(dimension)


def display_unit(dimension: Dimension) -> Unit | None:
    """Unit in which a computed value is shown; base units where no other is set."""
    listed = find_display(dimension)
    if listed or not dimension:
        return listed
    return Unit(describe(dimension), dimension, Decimal(1))


def same_dimension(text: str, dimension: Dimension) -> list[str]:
    """Names of known units of one dimension, for the remedy in a message."""
    return sorted({u.name for u in _table().values() if u.dimension == dimension and text})
