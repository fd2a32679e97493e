"""The known name that is most like a mistyped one."""

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str], likeness: float = 0.5) -> str:
    """The most similar known name, or an empty text when none reaches ``likeness`` (0 to 1)."""
    found = difflib.get_close_matches(name, list(known), 1, likeness)
    return found[0] if found else ""
