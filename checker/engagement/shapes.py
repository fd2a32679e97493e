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


def _text(read: Any) -> str:
    """A text that can be written down; raises for anything else."""
    if not isinstance(read, str):
        raise TypeError(read)
    read.encode()  # no half characters
    return read


def _texts(read: Any) -> dict[str, str]:
    return {_text(name): _text(text) for name, text in read.items()}


def _narratives(read: Any) -> dict[str, Any]:
    return {"run": _text(read["run"]), "texts": _texts(read["texts"])}


def _responses(read: Any) -> dict[str, dict[str, str]]:
    return {
        _text(mark): {name: _text(given[name]) for name in HUMAN} for mark, given in read.items()
    }


def _visit(read: Any) -> dict[str, Any]:
    answers = {_text(item): _texts(answer) for item, answer in read["answers"].items()}
    return {**{name: _text(read.get(name, "")) for name in ("run", *HEAD)}, "answers": answers}


def _sample(read: Any) -> dict[str, Any]:
    return {
        "run": _text(read["run"]),
        "seed": _text(read["seed"]),
        "unreadable": int(read["unreadable"]),
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


SHAPES: Mapping[str, Callable[[Any], Any]] = {
    "responses": _responses, "narratives": _narratives, "visit": _visit, "sample": _sample,
}  # fmt: skip
"""Name of a file (without ``.json``) and what reads it."""
