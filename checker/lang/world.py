"""What an expression can reach at run time, and the environment it is evaluated in."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol, TypeAlias

from checker.lang.units import Quantity, Unit
from checker.lang.values import Reason, Row, Unknown
from checker.places import Anchor

MAX_STEPS = 4_000_000


class World(Protocol):
    """The dossier, the facts and the packs as an expression sees them."""

    @property
    def as_of(self) -> date:
        """The day on which everything is judged."""

    @property
    def months(self) -> tuple[str, ...]:
        """Months of the reporting period, ``YYYY-MM``."""

    @property
    def dossier(self) -> Row:
        """The header of the dossier."""

    def table(self, name: str) -> Any:
        """``RowList`` of a table, or ``Unknown``."""

    def fact(self, name: str) -> Any:
        """Value of a fact in base units, or ``Unknown``."""

    def parameter(self, name: str) -> Any:
        """Value of a parameter in force, in base units, or ``Unknown``."""

    def assumes(self, names: frozenset[str]) -> list[str]:
        """Those of some parameters whose published value is unknown and was set by a tailoring."""

    def factor(self, family: str, keys: tuple[str, ...], year: str) -> Any:
        """Value of a factor in base units, or ``Unknown``; ``year`` pins the vintage if given."""

    def decide(self, table: str, values: tuple[Any, ...]) -> Any:
        """Value of a decision table for its inputs, in base units, or ``Unknown``."""

    def measured(self, name: str, unit: Unit, keys: tuple[str, ...]) -> Any:
        """A measured parameter for subject, part and month, in base units, or ``Unknown``."""

    def measured_place(self, name: str, keys: tuple[str, ...]) -> Anchor | None:
        """Where a measured parameter stands."""

    def energy(self, text: str) -> str:
        """Code of an energy written by code or name."""

    def occurs(self, name: str) -> bool:
        """False for a figure of a process the dossier has no row of."""

    def knows(self, kind: str, name: str) -> bool:
        """True when a card in force knows this ``process``, ``parameter`` or ``figure``."""

    def evidence(self, evidence_id: str) -> Any:
        """True when the evidence is indexed and readable, false when not, or ``Unknown``."""

    def agrees(self, declared: Quantity, figure: str, period: str = "") -> Any:
        """True when a declared figure (of a month, if named) is the recomputed one as printed."""

    def recomputed(self, declared: Quantity, figure: str, period: str = "") -> Any:
        """The recomputed figure in the unit of the declared one, a little finer than printed."""


class Budget:
    """Row visits left; one budget may be shared by all subjects of a requirement."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_STEPS


class Env:
    """One evaluation: the world, the local names and the step budget."""

    __slots__ = ("budget", "locals", "world")

    def __init__(
        self, world: World, local: Mapping[str, Any] | None = None, budget: Budget | None = None
    ) -> None:
        self.world = world
        self.locals: dict[str, Any] = {"dossier": world.dossier, **(local or {})}
        self.budget = budget or Budget()

    def spend(self, steps: int) -> Unknown | None:
        """Take steps from the budget; an ``Unknown`` when it is used up."""
        self.budget.left -= steps
        if self.budget.left < 0:
            return Unknown(Reason("budget", str(MAX_STEPS)))
        return None


Evaluate: TypeAlias = Callable[[Env], Any]
