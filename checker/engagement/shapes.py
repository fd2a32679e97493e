"""What the files people leave beside a dossier have to hold; anything else is refused.

Each function takes what was read from JSON and returns it with nothing else in it; wrong shapes
raise ``TypeError``, ``ValueError``, ``KeyError`` or ``AttributeError``.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from checker.engagement.answer import HUMAN
from checker.engagement.visit import HEAD

MAX_DIGITS = 100
WRONG_SHAPE = (
    OSError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError,
)  # fmt: skip
"""What reading a file of somebody's own making may raise."""


def _text(read: Any) -> str:
    """A text that can be written down; raises for anything else."""
    if not isinstance(read, str):
        raise TypeError(read)
    read.encode()  # no half characters
    return read


def _texts(read: Any) -> dict[str, str]:
    return {_text(name): _text(text) for name, text in read.items()}


def _responses(read: Any) -> dict[str, dict[str, str]]:
    return {
        _text(mark): {name: _text(given[name]) for name in HUMAN} for mark, given in read.items()
    }


def _visit(read: Any) -> dict[str, Any]:
    answers = {_text(item): _texts(answer) for item, answer in read["answers"].items()}
    return {**{name: _text(read.get(name, "")) for name in ("run", *HEAD)}, "answers": answers}


def _sample(read: Any) -> dict[str, Any]:
    return {
        "seed": _text(read["seed"]),
        "size": int(read["size"]),
        "unreadable": int(read["unreadable"]),
        "entered": {_text(key): _number(value) for key, value in read["entered"].items()},
        "strata": [_stratum(one) for one in read["strata"]],
    }


def _stratum(read: Any) -> dict[str, Any]:
    projected = read["projected"]
    return {
        "stratum": _text(read["stratum"]),
        **{name: int(read[name]) for name in ("n", "N", "open")},
        **{name: _number(read[name]) for name in ("total", "found")},
        "projected": None if projected is None else _number(projected),
    }


def _number(read: Any) -> str:
    try:
        value = Decimal(str(read))
    except InvalidOperation:
        raise ValueError(read) from None
    if not value.is_finite() or abs(value.adjusted()) > MAX_DIGITS:
        raise ValueError(read)
    return format(value, "f")


def _by_run(shape: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Papers of several runs, each under its run."""
    return lambda read: {_text(run): shape(one) for run, one in read.items()}


BY_RUN = ("narratives", "visit", "sample")
"""Papers that speak of one result; answers speak of findings and outlive it."""
SHAPES: Mapping[str, Callable[[Any], Any]] = {
    "responses": _responses,
    "narratives": _by_run(_texts),
    "visit": _by_run(_visit),
    "sample": _by_run(_sample),
}
"""Name of a file (without ``.json``) and what reads it."""
