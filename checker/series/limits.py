"""Limits of the detectors: dated parameters of the packs, so that nobody has to touch code."""

from dataclasses import dataclass

from checker.packs.book import RuleBook


@dataclass(frozen=True)
class Limits:
    """When a stretch is worth a question.

    ``frozen``, ``straight`` and ``overlap`` in hours; ``spike`` as a multiple of the 99th
    percentile; ``over_rated`` and ``night`` as shares of rated (or largest) power; ``clock`` in
    hours from solar noon; ``copied_month`` in days.
    """

    frozen: float
    straight: float
    overlap: float
    spike: float
    over_rated: float
    night: float
    clock: float
    copied_month: float


def parameter_of(name: str) -> str:
    """The parameter of the packs behind a limit."""
    return f"series_{name}"


def limits_of(book: RuleBook) -> Limits:
    """Limits in force on the as-of day."""

    def value(name: str) -> float:
        parameter = book.parameters[parameter_of(name)]
        current = parameter.at(book.as_of)
        assert current is not None
        assert current.value is not None
        return float(parameter.unit.to_base(current.value))

    return Limits(**{name: value(name) for name in Limits.__dataclass_fields__})
