"""Measured parameters of table T30, found by parameter, subject, part and month."""

from typing import Any, TypeAlias

from checker.lang.units import Quantity, Unit
from checker.lang.values import ABSENT, Reason, Row, Unknown
from checker.places import Anchor

_Key: TypeAlias = tuple[str, str, str, str]


class MeasuredValues:
    """Index of table T30.

    A row holds for its subject (a source, a fuel, a product); a part or month it names narrows it.
    Of several rows that fit, the narrowest counts; two equally narrow ones are ambiguous.
    """

    def __init__(self, rows: Any, place: Anchor) -> None:
        self.unread: Unknown | None = rows if type(rows) is Unknown and not rows.absent else None
        self.place = place
        self.names: set[str] = set()
        self.rows: dict[_Key, list[Row]] = {}
        self.blurred: dict[tuple[str, str], Unknown] = {}
        for row in () if type(rows) is Unknown else rows:
            self._add(row)

    def _add(self, row: Row) -> None:
        name, subject = row.read("parameter"), row.read("subject")
        if not isinstance(name, str) or not isinstance(subject, str):
            return  # a required cell that cannot be read is a finding of its own
        self.names.add(name)
        narrow = [row.read("part"), row.read("month")]
        for cell in narrow:
            if type(cell) is Unknown and not cell.missing:
                self.blurred[(name, subject)] = cell  # it may hold for any part or month
        part, month = ("" if type(cell) is Unknown else cell for cell in narrow)
        self.rows.setdefault((name, subject, part, month), []).append(row)

    def holds(self, name: str) -> bool:
        """True when there is any row for a parameter, or the table cannot be read."""
        return self.unread is not None or name in self.names

    def find(self, name: str, keys: tuple[str, ...]) -> Any:
        """The row for a parameter and (subject, part, month), or ``Unknown``."""
        if self.unread is not None:
            return self.unread
        subject, part, month = (*keys, "", "")[:3]
        if (name, subject) in self.blurred:
            return self.blurred[(name, subject)]
        what = f"T30 {name} ({' / '.join(filter(None, keys))})"
        for narrow in dict.fromkeys([(part, month), (part, ""), ("", month), ("", "")]):
            rows = self.rows.get((name, subject, *narrow), ())
            if len(rows) > 1:
                return Unknown(Reason("ambiguous", what, rows[1].anchor("value")))
            if rows:
                return rows[0]
        return Unknown(Reason(ABSENT, what, self.place))

    def value(self, name: str, unit: Unit, keys: tuple[str, ...]) -> Any:
        """The value in base units; one of another dimension is unreadable."""
        row = self.find(name, keys)
        if type(row) is Unknown:
            return row
        value = row.read("value")
        if isinstance(value, Quantity):
            if value.unit.dimension == unit.dimension:
                return value.base()
            what = f"T30.value [{value.unit.name} ≠ {unit.name}]"
            return Unknown(Reason("invalid", what, row.anchor("unit")))
        return value
