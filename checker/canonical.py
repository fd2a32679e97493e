"""One text for one value: what hashes and comparisons rest on."""

import json
from collections.abc import Mapping
from typing import Any


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def without_env(result: Mapping[str, Any]) -> dict[str, Any]:
    """A result without the one block that may differ between machines."""
    return {name: value for name, value in result.items() if name != "env"}
