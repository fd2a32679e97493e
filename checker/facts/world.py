"""What expressions see: the dossier's tables, the facts so far, parameters and factors in force."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from checker.dossier.load import Dossier
from checker.dossier.schema import table_specs
from checker.lang.units import Quantity
from checker.lang.values import ABSENT, Reason, Row, RowList, Unknown
from checker.packs.book import RuleBook
from checker.packs.cards import FactorRow, ParameterValue
from checker.packs.read_data import published

_ROUNDING_AT_MOST = Decimal("0.05")


@dataclass(frozen=True, eq=False)
class Fact:
    """A named figure.

    ``value`` is in base units of ``unit``, or ``Unknown``; ``parts`` are the sums by group (month)
    of a row-wise card.
    """

    id: str
    value: Any
    parts: dict[str, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class FactWorld:
    """Satisfies ``checker.lang.world.World``; remembers which factors and parameters were used."""

    source: Dossier
    book: RuleBook
    facts: dict[str, Fact] = field(default_factory=dict)
    used_factors: dict[tuple[str, tuple[str, ...]], FactorRow] = field(default_factory=dict)
    used_parameters: dict[str, ParameterValue] = field(default_factory=dict)
    _rows: dict[str, Any] = field(default_factory=dict)

    @property
    def as_of(self) -> date:
        """The day on which everything is judged."""
        return self.book.as_of

    @property
    def months(self) -> tuple[str, ...]:
        """Months of the reporting period."""
        return self.source.months

    @property
    def dossier(self) -> Row:
        """The header."""
        return self.source.header

    def table(self, name: str) -> Any:
        """Rows of a table; nothing submitted is unknown unless declared not to occur."""
        if name not in self._rows:
            self._rows[name] = self._table(name)
        return self._rows[name]

    def _table(self, name: str) -> Any:
        if name in self.source.unreadable:
            return Unknown(Reason("invalid", name, self.source.unreadable[name]))
        table = self.source.tables.get(name)
        nil = self.source.nil.get(table_specs()[name].nil_topic)
        if table is not None and len(table):
            return RowList(table.rows())
        if nil is not None:
            return RowList((), nil)
        return Unknown(Reason(ABSENT, name, self.source.expected_place(name)))

    def fact(self, name: str) -> Any:
        """Value of a fact."""
        return self.facts[name].value

    def parameter(self, name: str) -> Any:
        """Value in force on the as-of day, in base units."""
        parameter = self.book.parameters[name]
        value = parameter.at(self.as_of)
        if value is None or value.value is None:
            return Unknown(Reason("no_parameter", f"param.{name}", parameter.anchor))
        self.used_parameters[name] = value
        return parameter.unit.to_base(value.value)

    def factor(self, family: str, keys: tuple[str, ...], year: str = "") -> Any:
        """The newest factor for a key that was published by the as-of day.

        A vintage later than the reporting period is not used; with ``year`` only that vintage.
        No row, no value: never a default.
        """
        factors = self.book.families[family]
        last = f"{self.source.period[1]:%Y}"
        for row in factors.rows.get(keys, ()):
            reference = self.book.reference(factors.pack, row.source)
            day = published(reference.date) if reference else None
            wanted = row.vintage == year if year else row.vintage <= last
            if wanted and (day is None or day <= self.as_of):
                self.used_factors[(family, keys)] = row
                return factors.unit.to_base(row.value)
        return Unknown(Reason(ABSENT, f"factor {'/'.join([family, *keys])}"))

    def evidence(self, evidence_id: str) -> Any:
        """True when indexed and readable, false when the file is missing or empty."""
        if "T19" in self.source.unreadable:
            return Unknown(Reason("invalid", "T19", self.source.unreadable["T19"]))
        index = self.source.evidence
        if not index.submitted:
            return Unknown(Reason(ABSENT, "T19", self.source.expected_place("T19")))
        entry = index.entries.get(evidence_id)
        if entry is None:
            place = self.source.expected_place("T19")
            return Unknown(Reason(ABSENT, f"T19 {evidence_id}", place))
        return entry.state == "ok"

    def agrees(self, declared: Quantity, figure: str) -> Any:
        """True within half a unit of the last printed place, whatever way it was rounded.

        Never more than 5 % of the figure: a declared 0 does not agree with 0.4.
        """
        fact = self.facts.get(figure)
        if fact is None:
            return Unknown(Reason(ABSENT, figure))
        if type(fact.value) is Unknown:
            return fact.value
        unit = self.book_unit(figure)
        if unit.dimension != declared.unit.dimension:
            return Unknown(Reason("invalid", f"{figure} [{declared.unit.name}]"))
        exponent = declared.amount.as_tuple().exponent
        assert isinstance(exponent, int)
        half = Decimal(5).scaleb(min(exponent, 0) - 1)
        recomputed = declared.unit.from_base(fact.value)
        half = min(half, abs(recomputed) * _ROUNDING_AT_MOST)
        gap = abs(recomputed - declared.amount)
        return gap <= half + half.scaleb(-20)  # derived units have no exact factor

    def book_unit(self, figure: str) -> Any:
        """Unit in which a fact is shown."""
        return next(q.card.unit for q in self.book.quantities if q.card.id == figure)
