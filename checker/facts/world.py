"""What expressions see: the dossier's tables, the facts so far, parameters and factors in force."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from checker.dossier.load import Dossier
from checker.dossier.schema import all_specs, option_code
from checker.dossier.table import TableRow
from checker.facts.grouped import GroupCache
from checker.facts.measured import MeasuredValues
from checker.facts.printed import within_print
from checker.lang.units import Quantity, Unit
from checker.lang.values import ABSENT, Reason, Row, RowList, Unknown
from checker.packs.book import RuleBook
from checker.packs.cards import FactorRow, ParameterValue
from checker.packs.decisions import DecisionRule
from checker.packs.read_data import published
from checker.places import Anchor


@dataclass(frozen=True, eq=False)
class Fact:
    """A named figure.

    ``value`` is in base units of ``unit``, or ``Unknown``; ``parts`` are the sums by group (month)
    of a row-wise card. ``idle``: the figure of a process, or over an
    optional table, that the dossier has no row of. ``count`` and
    ``sample``: how many rows were added in groups, and the first of them.
    """

    id: str
    value: Any
    parts: dict[str, Decimal] = field(default_factory=dict)
    idle: bool = False
    count: int = 0
    sample: tuple[TableRow, ...] = ()


class FactStore(Protocol):
    """Facts by id, and what they are in one month."""

    def __getitem__(self, name: str, /) -> Fact: ...

    def of_month(self, name: str, month: str) -> Any:
        """A figure in one month, in base units, or ``Unknown``."""

    def world_of(self, month: str) -> "FactWorld":
        """The world in which every figure is that of one month."""


@dataclass(slots=True)
class FactWorld:
    """Satisfies ``checker.lang.world.World``; remembers what was used of the packs.

    ``swapped`` holds factors taken instead of the right ones, to try what a declared figure rests
    on (see ``checker.diagnose``).
    """

    source: Dossier
    book: RuleBook
    facts: FactStore = field(init=False)
    used_factors: dict[tuple[str, tuple[str, ...], str], FactorRow] = field(default_factory=dict)
    used_parameters: dict[str, ParameterValue] = field(default_factory=dict)
    used_rules: dict[tuple[str, tuple[Any, ...]], DecisionRule] = field(default_factory=dict)
    swapped: dict[tuple[str, tuple[str, ...]], FactorRow] = field(default_factory=dict)
    _rows: dict[str, Any] = field(default_factory=dict)
    _processes: dict[str, RowList] | Unknown | None = None
    _measured: MeasuredValues | None = None
    groups: GroupCache = field(default_factory=dict)

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
        table, spec = self.source.tables.get(name), all_specs()[name]
        if name in self.source.unreadable:
            return Unknown(Reason("invalid", spec.shown, self.source.unreadable[name]))
        if table is None and spec.named_after:
            return self.table(spec.named_after)
        if table is None and spec.about and type(about := self.table(spec.about)) is Unknown:
            return about  # what was not submitted cannot have been looked through
        nil = self.source.nil.get(spec.nil_topic)
        if table is not None and len(table):
            return RowList(table.rows())
        if nil is not None or spec.optional:
            return RowList((), nil)
        return Unknown(Reason(ABSENT, name, self.source.expected_place(name)))

    def process_rows(self, code: str) -> Any:
        """Rows of T14 that list a process; one pass over the table serves all processes."""
        rows = self.table("T14")
        if type(rows) is Unknown or rows.nil is not None:
            return rows
        if self._processes is None:
            self._processes = _by_process(rows)
        listed = self._processes
        return listed if isinstance(listed, Unknown) else listed.get(code, RowList())

    def measured(self, name: str, unit: Unit, keys: tuple[str, ...]) -> Any:
        """A parameter of table T30 for (subject, part, month), in base units."""
        return self._measurements.value(name, unit, keys)

    def measured_place(self, name: str, keys: tuple[str, ...]) -> Anchor | None:
        """Where a parameter stands, for the working."""
        row = self._measurements.find(name, keys)
        anchor: Anchor | None = None if type(row) is Unknown else row.anchor("value")
        return anchor

    @property
    def _measurements(self) -> MeasuredValues:
        if self._measured is None:
            self._measured = MeasuredValues(self.table("T30"), self.source.expected_place("T30"))
        return self._measured

    def leave_out_measured(self, row: Row) -> None:
        """Go on as if a row of table T30 had not been submitted."""
        kept = RowList(tuple(one for one in self.table("T30") if one.anchor() != row.anchor()))
        self._measured = MeasuredValues(kept, self.source.expected_place("T30"))

    def has_measured(self, name: str) -> bool:
        """True when table T30 has any row for a parameter, or cannot be read."""
        return self._measurements.holds(name)

    def knows(self, kind: str, name: str) -> bool:
        """True when a card in force computes this process or figure, or reads this parameter."""
        known = {"process": self.book.processes, "figure": self.book.named}
        return name in known.get(kind, self.book.measured)

    def occurs(self, name: str) -> bool:
        """False for a figure of a process the dossier has no row of."""
        return not self.facts[name].idle

    def energy(self, text: str) -> str:
        """Code of an energy written by code or name."""
        return option_code("T04", "energy", text)

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

    def assumes(self, names: frozenset[str]) -> list[str]:
        """Parameters that a tailoring set in place of an unknown value."""
        return sorted(self.book.assumed & names)

    def factor(self, family: str, keys: tuple[str, ...], year: str = "") -> Any:
        """The newest factor for a key that was published by the as-of day.

        A vintage later than the reporting period is not used; with ``year`` only that vintage.
        No row, no value: never a default.
        """
        factors = self.book.families[family]
        if not year and (family, keys) in self.swapped:
            return factors.unit.to_base(self.swapped[(family, keys)].value)
        last = f"{self.source.period[1]:%Y}"
        for row in factors.rows.get(keys, ()):
            reference = self.book.reference(factors.pack, row.source)
            day = published(reference.date) if reference else None
            wanted = row.vintage == year if year else row.vintage <= last
            if wanted and (day is None or day <= self.as_of):
                self.used_factors[(family, keys, year)] = row
                return factors.unit.to_base(row.value)
        return Unknown(Reason(ABSENT, f"factor {'/'.join([family, *keys])}"))

    def decide(self, table: str, values: tuple[Any, ...]) -> Any:
        """Value of the one rule that fits; none fits or the value is unknown: never a default."""
        decision = self.book.decisions[table]
        rule = decision.find(values)
        if rule is None or rule.value is None:
            kind = ABSENT if rule is None else "no_parameter"
            given = "/".join(map(str, values))
            return Unknown(Reason(kind, f"decide {table}/{given}", decision.anchor))
        self.used_rules[(table, values)] = rule
        return decision.unit.to_base(rule.value)

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

    def agrees(self, declared: Quantity, figure: str, period: str = "") -> Any:
        """True within half a unit of the last printed place, whatever way it was rounded.

        A ``period`` that names a month compares with that month.
        """
        if figure not in self.book.by_id:
            return Unknown(Reason(ABSENT, figure))
        value = self.of_period(figure, period)
        if type(value) is Unknown:
            return value
        unit = self.book_unit(figure)
        if unit.dimension != declared.unit.dimension:
            return Unknown(Reason("invalid", f"{figure} [{declared.unit.name}]"))
        return within_print(declared.amount, declared.unit.from_base(value))

    def recomputed(self, declared: Quantity, figure: str, period: str = "") -> Any:
        """The recomputed figure beside the declared one: in its unit, with two places more."""
        if figure not in self.book.by_id:
            return Unknown(Reason(ABSENT, figure))
        value = self.of_period(figure, period)
        if type(value) is Unknown:
            return value
        if self.book_unit(figure).dimension != declared.unit.dimension:
            return Unknown(Reason("invalid", f"{figure} [{declared.unit.name}]"))
        exponent = declared.amount.as_tuple().exponent
        places = min(0, exponent if isinstance(exponent, int) else 0) - 2
        rounded = round(declared.unit.from_base(value), -places)
        return Quantity(Decimal(format(rounded.normalize(), "f")), declared.unit)

    def of_period(self, figure: str, period: str = "") -> Any:
        """A figure of the whole period (``""`` or a year it lies in), or of one month of it."""
        if period and not self.covers(period):
            return Unknown(Reason("invalid", f"{figure} {period}"))
        month = len(period) == len("2025-01")
        return self.facts.of_month(figure, period) if month else self.fact(figure)

    def covers(self, period: str) -> bool:
        """True for a month of the reporting period, or a year it lies in."""
        return any(month == period or month[:4] == period for month in self.months)

    def book_unit(self, figure: str) -> Any:
        """Unit in which a fact is shown."""
        return self.book.by_id[figure].card.unit


def _by_process(rows: RowList) -> dict[str, RowList] | Unknown:
    """Rows by process code; a code that cannot be read might be any, so all are unknown."""
    found: dict[str, RowList] = {}
    for row in rows:
        process = row.read("process")
        if type(process) is Unknown and not process.missing:
            return process
        if isinstance(process, str):
            found.setdefault(process, RowList()).append(row)
    return found
