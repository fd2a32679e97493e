"""Which sign of a storage curve is charging: decided from the data, and what went in and out."""

from dataclasses import dataclass

import numpy as np

from checker.series.balance import Balance, Storage
from checker.series.values import Floats

_LOSSES = (0.5, 0.985)
"""Share given back that a battery can have: outside it losses decide nothing."""


_CLEAR = 0.3
"""Least correlation between the rise of a level and the flow before either sign is believed."""


@dataclass(frozen=True)
class Turn:
    """Charge and discharge of one storage meter, kWh; ``opposite`` when the sign was turned.

    ``decided`` is what a positive value means by the data (empty: cannot be told) and ``ground``
    why: ``level`` (stored energy rises), ``residual`` (the balance closes), ``losses`` (less comes
    out than went in).
    """

    storage: Storage
    charged: float
    discharged: float
    stored: float | None
    decided: str
    ground: str

    @property
    def opposite(self) -> bool:
        """True when positive values are discharge."""
        return not self.storage.channel.sign and self.decided == "discharge"


def decide(balance: Balance) -> list[Turn]:
    """Every storage meter with the meaning of its sign.

    Values come with charging positive where the sign was declared; ``decided`` is put in terms of
    the file again.
    """
    return [_turn(unit, balance) for unit in balance.storages]


def _turn(unit: Storage, balance: Balance) -> Turn:
    values = unit.values
    level = balance.levels.get(unit.channel.unit_id or unit.channel.meter)
    sense, ground = _sense(unit, level, balance)
    declared = unit.channel.sign
    if declared == "discharge":  # the file's positive values were turned when they were read
        sense = -sense
    decided = {1: "charge", -1: "discharge", 0: ""}[sense]
    turn = -1 if not declared and decided == "discharge" else 1
    charged = float(np.nansum(np.maximum(turn * values, 0)))
    discharged = float(np.nansum(np.maximum(-turn * values, 0)))
    return Turn(unit, charged, discharged, _rise(level), decided, ground)


def _sense(unit: Storage, level: Floats | None, balance: Balance) -> tuple[int, str]:
    """1 when positive values charge, -1 when they discharge, 0 when it cannot be told."""
    values = unit.values
    if level is not None:
        rise, flow = np.diff(level), values[:-1]  # a level is that of the start of its interval
        both = ~np.isnan(rise) & ~np.isnan(flow)
        product = float((rise[both] * flow[both]).sum())
        size = float(np.linalg.norm(rise[both]) * np.linalg.norm(flow[both]))
        if abs(product) > _CLEAR * size:
            return (1 if product > 0 else -1), "level"
    by_balance = _by_balance(unit, balance)
    if by_balance:
        return by_balance, "residual"
    up, down = float(np.nansum(np.maximum(values, 0))), float(np.nansum(np.maximum(-values, 0)))
    low, high = sorted((up, down))
    if high > 0 and _LOSSES[0] <= low / high <= _LOSSES[1]:
        return (1 if up > down else -1), "losses"
    return 0, "none"


def _by_balance(unit: Storage, balance: Balance) -> int:
    """The sign with which the balance of the plant closes clearly better."""
    sums = balance.sums
    if not {"load", "import"} <= set(sums) or len(balance.storages) != 1:
        return 0
    rest = sums["import"] - sums["load"]
    for role in ("generation", "discharge"):
        rest = rest + sums.get(role, 0.0)
    for role in ("export", "charge", "loss"):
        rest = rest - sums.get(role, 0.0)
    as_charge = float(np.nansum(np.abs(rest - unit.values)))
    as_discharge = float(np.nansum(np.abs(rest + unit.values)))
    if as_charge < 0.5 * as_discharge:
        return 1
    return -1 if as_discharge < 0.5 * as_charge else 0


def _rise(level: Floats | None) -> float | None:
    """Rise of the stored energy from the first to the last known level."""
    if level is None:
        return None
    known = level[~np.isnan(level)]
    return float(known[-1] - known[0]) if known.size else None
