"""When a value counts as not looked up lately: one rule, one clock."""

from datetime import date, timedelta

FRESH = timedelta(days=366)
OWN = "D"
"""Confidence of our own choices: there is no document to look up."""


def is_stale(verified_on: date | None, day: date) -> bool:
    """True when the last look is more than a year before ``day``, or on record for no day."""
    return verified_on is None or day - verified_on > FRESH
