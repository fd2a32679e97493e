"""A case as YAML text, in the form of the case files."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_QUOTED = re.compile(r"[:#{}\[\],&*!|>'\"%@`\\]|^\s|\s$|^[-?]|^[-+0-9.eE]+$|^$")
_WORDS = frozenset({"yes", "no", "true", "false", "null", "~", "on", "off"})


def case_text(data: Mapping[str, Any]) -> str:
    """One entry of ``cases``."""
    lines = [f"  - name: {_flow(data['name'])}"]
    for key in (
        "expect",
        "gives",
        "as_of",
        "header",
        "facts",
        "nil",
        "evidence",
        "missing_evidence",
    ):
        if data.get(key):
            lines.append(f"    {key}: {_flow(data[key])}")
    if data.get("tables"):
        lines.append("    tables:")
        for code, rows in data["tables"].items():
            lines.append(f"      {code}:")
            lines += [f"        - {_flow(row)}" for row in rows]
    return "\n".join(lines) + "\n"


def _flow(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    text = str(value)
    quoted = _QUOTED.search(text) or text in _WORDS
    return json.dumps(text, ensure_ascii=False) if quoted else text
