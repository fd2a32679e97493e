"""Measured parameters of table T30, found by parameter, subject, part and month."""

from typing import Any

from checker.lang.units import Quantity, Unit
from checker.lang.values import ABSENT, Reason, Row, Unknown
from checker.places import Anchor


class MeasuredValues:
    """Index of table T30.

    A row holds for its subject (a source, a fuel, a product); a part or month it names narrows it.
    Of several rows that fit, the narrowest counts; two equally narrow ones are ambiguous.
    """

    def __init__(self, rows: Any, place: Anchor) -> None:
        self.unread: Unknown | None = rows if type(rows) is Unknown and not rows.absent else None
        self.place = place
        self.rows: dict[tuple[str, str], list[Row]] = {}
        for row in () if type(rows) is Unknown else rows:
            name, subject = row.read("parameter"), row.read("subject")
            if isinstance(name, str) and isinstance(subject, str):
                self.rows.setdefault((name, subject), []).append(row)

    def holds(self, name: str) -> bool:
        """True when there is any row for a parameter, or the table cannot be read."""
        return self.unread is not None or any(known == name for known, _ in self.rows)

    def find(self, name: str, keys: tuple[str, ...]) -> Any:
        """The row for a parameter and (subject, part, month), or ``Unknown``."""
        if self.unread is not None:
            return self.unread
        subject, part, month = (*keys, "", "")[:3]
        best: list[tuple[int, Row]] = []
        for row in self.rows.get((name, subject), ()):
            rank = _rank(row, part, month)
            if rank is not None and (not best or rank >= best[0][0]):
                best = [*[entry for entry in best if entry[0] == rank], (rank, row)]
        what = f"T30 {name} ({' / '.join(filter(None, keys))})"
        if not best:
            return Unknown(Reason(ABSENT, what, self.place))
        if len(best) > 1:
            return Unknown(Reason("ambiguous", what, best[1][1].anchor("value")))
        return best[0][1]

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


def _rank(row: Row, part: str, month: str) -> int | None:
    """How narrowly a row fits; None when it is for another part or month."""
    rank = 0
    for weight, name, wanted in ((2, "part", part), (1, "month", month)):
        given = row.read(name)
        if type(given) is Unknown:
            if not given.missing:
                return None
        elif given == wanted:
            rank += weight
        else:
            return None
    return rank
