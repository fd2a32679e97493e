"""The electricity balance of every interval, and the figures that follow from it.

    import + generation + discharge = load + export + charge + losses

Curtailed energy was never generated and stands apart. ``matched`` is Σ min(generation, load +
charge), ``covered`` is Σ min(load, generation + discharge): what happened at the same time, not
what a year's sums would allow. An interval counts when every channel of every role has a value.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from checker.series.channel import Channel
from checker.series.grid import Grid
from checker.series.values import Floats

SUPPLY = ("import", "generation", "discharge")
USE = ("load", "export", "charge", "loss")
ROLES = (*SUPPLY, *USE, "curtailed")
"""Flows of the balance; net roles are split into two of them."""
PARTS = {"grid": ("import", "export"), "storage": ("charge", "discharge")}
MAX_STEP = 60
"""Minutes: coarser series say nothing about what happened at the same time."""


@dataclass(slots=True)
class Storage:
    """Net curve of a storage unit (positive: charge as declared, or as written), with its level."""

    channel: Channel
    values: Floats
    level: Floats | None = None


@dataclass(slots=True)
class Balance:
    """Sums by role and interval on one grid; NaN as soon as one channel has no value."""

    grid: Grid
    sums: dict[str, Floats] = field(default_factory=dict)
    storages: list[Storage] = field(default_factory=list)
    levels: dict[str, Floats] = field(default_factory=dict)

    def copy(self) -> "Balance":
        """A state to come back to when a file has to be read once more."""
        sums = {role: values.copy() for role, values in self.sums.items()}
        return Balance(self.grid, sums, list(self.storages), dict(self.levels))

    def add(self, channel: Channel, grid: Grid, values: Floats) -> bool:
        """Take in one channel, a finer grid summed up; False when its grid does not fit, so that
        its role is unknown."""
        if channel.role not in (*ROLES, *PARTS, "soc"):
            return True
        if self.grid.step % grid.step:
            self.lose(channel.role)
            return False
        values = self._regrid(grid, values, channel.kind == "level")
        if channel.role == "soc":
            self.levels[channel.unit_id or channel.meter] = values
        elif channel.role == "storage":
            self.storages.append(Storage(channel, values))
        elif channel.role == "grid":
            self._sum("import", np.maximum(values, 0))
            self._sum("export", np.maximum(-values, 0))
        else:
            self._sum(channel.role, values)
        return True

    def lose(self, role: str) -> None:
        """A channel of this role is not known: neither is the sum of the role."""
        for part in PARTS.get(role, (role,)):
            if part in ROLES:
                self._sum(part, np.full(self.grid.n, np.nan))

    def _regrid(self, grid: Grid, values: Floats, level: bool) -> Floats:
        times = self.grid.step // grid.step
        if times == 1:
            return values
        parts = values[: len(values) // times * times].reshape(-1, times)
        summed: Floats = parts[:, 0] if level else parts.sum(axis=1)
        return summed

    def _sum(self, role: str, values: Floats) -> None:
        if role in self.sums:
            self.sums[role] += values
        else:
            self.sums[role] = values.copy()

    def settle_storage(self, opposite: frozenset[str]) -> None:
        """Charge and discharge of the storage units, turned round for the meters named."""
        for unit in self.storages:
            turn = -1.0 if unit.channel.meter in opposite else 1.0
            self._sum("charge", np.maximum(turn * unit.values, 0))
            self._sum("discharge", np.maximum(-turn * unit.values, 0))

    def flows(self) -> "Flows | None":
        """The balance, or None when nothing says how much was used."""
        if not {"load", "import"} & set(self.sums):
            return None
        return Flows(self)


class Flows:
    """All roles with zero for those the plant has no meter of, and what follows."""

    def __init__(self, balance: Balance) -> None:
        self.grid = balance.grid
        zero = np.zeros(balance.grid.n)
        get = {role: balance.sums.get(role, zero) for role in ROLES}
        self.load_metered = "load" in balance.sums
        self.import_metered = "import" in balance.sums
        self.export_metered = "export" in balance.sums
        self.imported, self.generation, self.discharge = (get[role] for role in SUPPLY)
        self.exported, self.charge, self.losses = (get[r] for r in ("export", "charge", "loss"))
        self.curtailed = get["curtailed"]
        self.load: Floats = get["load"]
        if not self.load_metered:
            self.load = self.imported + self.generation + self.discharge
            self.load = self.load - self.exported - self.charge - self.losses
        self.valid: NDArray[np.bool_] = ~np.isnan(
            self.imported
            + self.generation
            + self.discharge
            + self.load
            + self.exported
            + self.charge
            + self.losses
        )

    @property
    def residual(self) -> Floats | None:
        """Supply less use; None when load or import follows from the rest."""
        if not (self.load_metered and self.import_metered):
            return None
        use = self.load + self.exported + self.charge + self.losses
        return self.imported + self.generation + self.discharge - use

    @property
    def matched(self) -> Floats:
        """Generation used or stored in the interval in which it was made."""
        return np.minimum(self.generation, self.load + self.charge)

    @property
    def covered(self) -> Floats:
        """Load served by generation or storage in the same interval."""
        return np.minimum(self.load, self.generation + self.discharge)
