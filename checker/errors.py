"""The errors of the checker.

    ZcfError
    ├── UsageError      the call is wrong                       (exit 3)
    ├── DossierError    the dossier cannot be read at all       (exit 2)
    ├── PackError       a rule pack does not load               (exit 2)
    │   └── ExprError   an expression in a pack is wrong
    └── EngineFault     the verdict engine cannot be trusted    (exit 4)

Each error carries problems: a message key with typed arguments and a place. The wording, in
Chinese and English, stands in ``reports/templates/messages``; nothing here writes prose.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from checker.places import Anchor

Arg: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: ``key`` names the message, ``args`` fill it, ``anchor`` says where.

    ``severity`` is one of ``blocker``, ``major``, ``minor``, ``observation``, ``info``.
    """

    key: str
    anchor: Anchor
    args: Mapping[str, Arg] = field(default_factory=dict)
    severity: str = "minor"

    def __str__(self) -> str:
        detail = ", ".join(f"{name}={value}" for name, value in self.args.items())
        return f"{self.anchor}: {self.key}({detail})"


class ZcfError(Exception):
    """Base of all errors the checker raises on purpose."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


class UsageError(ZcfError):
    """The call is wrong: a path that is not there, an option with no meaning."""


class DossierError(ZcfError):
    """The dossier cannot be read at all; nothing can be evaluated."""


class PackError(ZcfError):
    """A rule pack does not load: it is wrong, and nothing is judged with it."""


class ExprError(PackError):
    """An expression in a pack is wrong: syntax, an unknown name, units that do not fit."""


class EngineFault(ZcfError):
    """The verdict engine lost facts, disagreed with the reference, or stopped half-way."""

    def __init__(self, detail: str) -> None:
        super().__init__(Problem("engine.fault", Anchor("verdict"), {"detail": detail}, "blocker"))
