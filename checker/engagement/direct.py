"""Findings that speak of rows or cells, not of totals these flow into."""

from collections.abc import Mapping
from typing import Any

FEW = 12
"""Places up to which a finding without a subject still points at its cells."""


def is_direct(finding: Mapping[str, Any], few: int = 0) -> bool:
    """True for a finding about a row or cell; that a total fails does not make its cells wrong.

    With ``few`` also for one with no more places than that.
    """
    about_row = bool(finding["subject"]) or finding["rule"].startswith("READ-")
    return about_row or len(finding["places"]) <= few
