"""Where finished curves go: checks, sums and the balance; the curves themselves are let go."""

from datetime import date
from typing import TypeAlias

from checker.series.balance import Balance
from checker.series.channel import Channel
from checker.series.energy import intervals_of
from checker.series.grid import Curve, Grid, grid_of
from checker.series.inspect import Inspector
from checker.series.limits import Limits
from checker.series.summary import Origin, Summary, summarise

State: TypeAlias = tuple[int, int, Balance]


class Sink:
    """Takes curves in any order; ``step`` is the interval of the balance in minutes.

    ``misfits`` are channels whose interval does not fit the balance.
    """

    def __init__(self, period: tuple[date, date], step: int, limits: Limits) -> None:
        self.period = period
        self.limits = limits
        self.summaries: list[Summary] = []
        self.misfits: list[Channel] = []
        self.balance = Balance(self.grid(step))
        self._inspectors: dict[int, Inspector] = {}

    def grid(self, step: int) -> Grid:
        """The grid of the period at an interval."""
        return grid_of(self.period, step)

    def state(self) -> State:
        """What has been taken so far, to come back to."""
        return len(self.summaries), len(self.misfits), self.balance.copy()

    def restore(self, state: State) -> None:
        """Forget what was taken since ``state``."""
        del self.summaries[state[0] :]
        del self.misfits[state[1] :]
        self.balance = state[2]

    def take(self, channel: Channel, origin: Origin, curve: Curve, label: str) -> None:
        """Check one curve and add it to the balance."""
        found = intervals_of(channel, curve)
        inspector = self._inspectors.setdefault(curve.grid.step, Inspector(curve.grid, self.limits))
        inspection = inspector.inspect(channel, curve, found)
        self.summaries.append(summarise(channel, origin, curve, found, inspection, label))
        if not self.balance.add(channel, curve.grid, found.values):
            self.misfits.append(channel)
