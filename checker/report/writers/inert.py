"""Text of a dossier made harmless for the formats it is written into."""

import re
from collections.abc import Callable, Mapping
from typing import Any

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
"""Controls of writing direction: they would let a text show something other than it says."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
MAX_TEXT = 4_000
"""Characters of one text that are shown; the rest is said to be there."""


def visible(text: str, limit: int = MAX_TEXT) -> str:
    """Turning and control characters written out; very long texts cut, and said to be cut."""
    text = TURNING.sub(lambda match: f"[U+{ord(match.group()):04X}]", text)
    text = _CONTROL.sub(lambda match: f"[U+{ord(match.group()):04X}]", text)
    return f"{text[:limit]} […+{len(text) - limit}]" if len(text) > limit else text


def inert_cell(text: str) -> str:
    """A text no spreadsheet takes for a formula when it is pasted or exported as CSV."""
    shown = visible(text, 32_000)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@", "\t", "\r") and shown[1:] else shown


def each_text(value: Any, change: Callable[[str], str] = visible) -> Any:
    """A document with every text in it changed, names of keys left as they are."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: each_text(inner, change) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [each_text(inner, change) for inner in value]
    return value
