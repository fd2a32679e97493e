"""Channels: what every row of table T36 says a series means."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checker.dossier.load import Dossier
from checker.dossier.table import TableRow
from checker.errors import Arg, Problem
from checker.lang.units import Unit, find_unit
from checker.lang.values import Unknown

HOME = "Asia/Shanghai"
"""Mainland China keeps one time without summer time; the reporting period is counted in it."""
_HOME_NAMES = {"北京时间": HOME, "UTC+8": HOME, "UTC+08:00": HOME, "GMT+8": HOME, "+08:00": HOME}
NET_SIGNS = {"grid": ("import", "export"), "storage": ("charge", "discharge")}
NET = frozenset(NET_SIGNS)
"""Roles whose values flow both ways."""
_DIMENSIONS = {"energy": "energy", "register": "energy", "power": "power", "level": "energy"}


@dataclass(frozen=True, eq=False)
class Channel:
    """One series of one meter.

    ``scale`` turns values into kWh (energy, register, level), kW (power) or m3 (water), with the
    multiplier in it. ``interval`` is in minutes, 0 when not given; ``rollover`` in written units.
    """

    row: TableRow
    meter: str
    file: str
    role: str
    kind: str
    scale: float
    column: str = ""
    key: str = ""
    interval: int = 0
    label: str = ""
    zone: str = HOME
    sign: str = ""
    rollover: float = 0.0
    rated: float = 0.0
    array: str = ""
    unit_id: str = ""
    account: str = ""
    place: tuple[float, float] | None = None
    technology: str = "pv"

    @property
    def name(self) -> tuple[str, str]:
        """Meter and role: what tells channels apart."""
        return self.meter, self.role


def channels(dossier: Dossier) -> Iterator[Channel]:
    """Channels of table T36; a row that cannot be used is a problem and is left out."""
    table = dossier.tables.get("T36")
    ratings, technology = _ratings(dossier), _technology(dossier)
    seen: set[tuple[str, str]] = set()
    for row in table.rows() if table is not None else ():
        channel = _channel(row, dossier.problems, ratings, technology)
        if (
            channel is not None and channel.name not in seen
        ):  # a second row is reported by the table
            seen.add(channel.name)
            yield channel


def _ratings(dossier: Dossier) -> dict[str, float]:
    """Installed power of arrays (T08) and storage units (T09), kW, by their ids."""
    found: dict[str, float] = {}
    for code, name, column in (("T08", "array_id", "capacity"), ("T09", "unit_id", "power")):
        table = dossier.tables.get(code)
        for row in table.rows() if table is not None else ():
            rated = row.read(column)
            if type(rated) is not Unknown:
                found[str(row.read(name))] = float(rated)
    return found


def _technology(dossier: Dossier) -> dict[str, str]:
    """Technology of the arrays of T08 that say one, by their ids."""
    table = dossier.tables.get("T08")
    rows = table.rows() if table is not None else ()
    named = ((str(row.read("array_id")), row.read("technology")) for row in rows)
    return {array: str(value) for array, value in named if type(value) is not Unknown}


def _channel(
    row: TableRow,
    problems: list[Problem],
    ratings: dict[str, float],
    technology: dict[str, str],
) -> Channel | None:
    def text(name: str) -> str:
        value = row.read(name)
        return "" if type(value) is Unknown else str(value)

    def number(name: str) -> float:
        value = row.read(name)
        return 0.0 if type(value) is Unknown else float(value)

    needed = [row.read(name) for name in ("meter_id", "file", "role", "kind", "unit")]
    if any(type(value) is Unknown for value in needed):
        return None  # the cells are reported where the table was read
    role, kind = text("role"), text("kind")
    scale = _scale(row, kind, role, text("unit"), problems)
    if scale is None or not _fits(row, role, kind, text("sign"), problems):
        return None
    if not all(_positive(row, name, problems) for name in ("multiplier", "interval", "rated")):
        return None
    longitude, latitude = row.read("longitude"), row.read("latitude")
    known = type(longitude) is not Unknown and type(latitude) is not Unknown
    return Channel(
        row,
        text("meter_id"),
        text("file").replace("\\", "/").removeprefix("./"),
        role,
        kind,
        scale * (number("multiplier") or 1.0),
        text("column"),
        text("key") or text("meter_id"),
        int(number("interval")),
        text("label"),
        _HOME_NAMES.get(text("zone"), text("zone")) or HOME,
        text("sign"),
        number("rollover"),
        number("rated") or ratings.get(text("array_id") or text("unit_id"), 0.0),
        text("array_id"),
        text("unit_id"),
        text("account"),
        (float(longitude), float(latitude)) if known else None,
        technology.get(text("array_id"), "pv"),
    )


def _positive(row: TableRow, name: str, problems: list[Problem]) -> bool:
    """Zero is not blank: a multiplier, interval or rating of zero (or half a minute) is wrong."""
    value = row.read(name)
    if type(value) is Unknown:
        return value.missing
    if value > 0 and (name != "interval" or value == int(value)):
        return True
    args: dict[str, Arg] = {"name": name, "value": str(value)}
    problems.append(Problem("series.number", row.anchor(name), args, "major"))
    return False


def _scale(
    row: TableRow, kind: str, role: str, unit_text: str, problems: list[Problem]
) -> float | None:
    """Factor from written values to kWh, kW or m3; a unit that does not fit is a problem."""
    unit = find_unit(unit_text)
    wanted = "volume" if role == "water" else _DIMENSIONS[kind]
    if unit is None or unit.dimension != ((wanted, 1),):
        shown = {"volume": "m3", "energy": "kWh", "power": "kW"}[wanted]
        args: dict[str, Arg] = {"unit": unit_text, "wanted": shown}
        problems.append(Problem("series.unit", row.anchor("unit"), args, "major"))
        return None
    base: Any = {"volume": "m3", "energy": "kWh", "power": "kW"}[wanted]
    target: Unit | None = find_unit(base)
    assert target is not None
    return float(unit.factor / target.factor)


def _fits(row: TableRow, role: str, kind: str, sign: str, problems: list[Problem]) -> bool:
    """A sign or a kind of value that says nothing about the role is a problem."""
    args: dict[str, Arg]
    if (kind == "level") != (role == "soc") or (role == "water" and kind != "energy"):
        args = {"kind": kind, "role": role}
        problems.append(Problem("series.kind", row.anchor("kind"), args, "major"))
        return False
    allowed = NET_SIGNS.get(role, ("negative",))
    if sign in ("", *allowed):
        return True
    args = {"sign": sign, "role": role, "allowed": ", ".join(allowed)}
    problems.append(Problem("series.sign", row.anchor("sign"), args, "major"))
    return False
