"""What the files people leave beside a dossier have to hold; anything else is refused.

Each function takes what was read from JSON and returns it with nothing else in it; wrong shapes
raise ``TypeError``, ``ValueError``, ``KeyError`` or ``AttributeError``.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from checker.engagement.answer import HUMAN
from checker.engagement.visit import HEAD


def _texts(read: Any) -> dict[str, str]:
    return {str(name): str(text) for name, text in read.items()}


def _responses(read: Any) -> dict[str, dict[str, str]]:
    return {mark: {name: str(given[name]) for name in HUMAN} for mark, given in read.items()}


def _visit(read: Any) -> dict[str, Any]:
    answers = {item: _texts(answer) for item, answer in read["answers"].items()}
    return {**{name: str(read.get(name, "")) for name in ("run", *HEAD)}, "answers": answers}


def _sample(read: Any) -> dict[str, Any]:
    return {
        "run": str(read["run"]),
        "seed": str(read["seed"]),
        "unreadable": int(read["unreadable"]),
        "strata": [_stratum(one) for one in read["strata"]],
    }


def _stratum(read: Any) -> dict[str, Any]:
    projected = read["projected"]
    return {
        "stratum": str(read["stratum"]),
        **{name: int(read[name]) for name in ("n", "N", "open")},
        **{name: _number(read[name]) for name in ("total", "found")},
        "projected": None if projected is None else _number(projected),
    }


def _number(read: Any) -> str:
    try:
        value = Decimal(str(read))
    except InvalidOperation:
        raise ValueError(read) from None
    if not value.is_finite():
        raise ValueError(read)
    return format(value, "f")


SHAPES: Mapping[str, Callable[[Any], Any]] = {
    "responses": _responses, "narratives": _texts, "review": list, "visit": _visit,
    "sample": _sample,
}  # fmt: skip
"""Name of a file (without ``.json``) and what reads it."""
