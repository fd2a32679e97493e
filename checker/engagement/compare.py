"""Two runs compared: what became of every finding, and why it is or is not there any more.

A finding that is gone counts as fixed only when its rule, unchanged, was evaluated on the same
subject and holds. When the data it was found in are gone it has vanished, when the rule or one of
its parameters differs the rule has changed; neither is ever shown as fixed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.engagement.side import Result, Side

NEW, FIXED, UNCHANGED, CHANGED, VANISHED, RULE_CHANGED = STATES = (
    "new", "fixed", "unchanged", "changed", "vanished", "rule_changed",
)  # fmt: skip
_TABLE = re.compile(r"T\d\d")


@dataclass(frozen=True, eq=False)
class Change:
    """One finding in two runs; ``old`` or ``new`` is None where it is not there.

    ``now`` is the state of the rule on this subject in the new run, empty when it has none.
    """

    state: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    now: str = ""

    @property
    def finding(self) -> Mapping[str, Any]:
        """The finding itself, the newer one where there are two."""
        found = self.new or self.old
        assert found is not None
        return found


def compare(old: Result, new: Result) -> list[Change]:
    """All findings of both runs, in the order of the new one, those that are gone last."""
    before = {finding["fingerprint"]: finding for finding in old["findings"]}
    was, now = Side(old), Side(new)
    found = []
    for finding in new["findings"]:
        earlier = before.pop(finding["fingerprint"], None)
        found.append(Change(_still(earlier, finding, was, now), earlier, finding))
    return found + [_gone(finding, was, now) for finding in before.values()]


def counts(changes: list[Change]) -> dict[str, int]:
    """How many findings are in each state."""
    return {state: sum(change.state == state for change in changes) for state in STATES}


def _still(
    earlier: Mapping[str, Any] | None, finding: Mapping[str, Any], was: Side, now: Side
) -> str:
    rule, subject = finding["rule"], finding["subject"]
    if earlier is None:
        return NEW
    if was.rule(rule) != now.rule(rule):
        return RULE_CHANGED
    names = ("message", "severity", "kind", "likely_cause")
    same = all(earlier[name] == finding[name] for name in names)
    return UNCHANGED if same and was.compared(subject) == now.compared(subject) else CHANGED


def _gone(finding: Mapping[str, Any], was: Side, now: Side) -> Change:
    rule, subject = finding["rule"], finding["subject"]
    if was.rule(rule) != now.rule(rule):
        return Change(RULE_CHANGED, finding, None)
    if _withdrawn(finding, was, now):
        return Change(VANISHED, finding, None)
    if rule.startswith("READ-"):
        return Change(FIXED, finding, None)
    state = now.state(rule, subject)
    kind = {"PASS": FIXED, "NEEDS_JUDGEMENT": CHANGED}.get(state, VANISHED)
    return Change(kind, finding, None, state)


def _withdrawn(finding: Mapping[str, Any], was: Side, now: Side) -> bool:
    """True when no file the finding points to is there, or one of its tables has lost rows: fewer
    rows that also speak of fewer things. A row that stood twice and stands once takes none away.
    """
    cited = {place["file"] for place in finding["places"]}
    if cited and not cited & now.files:
        return True
    names = " ".join(f"{p['file']} {p.get('sheet', '')}" for p in finding["places"])
    lost = [c for c in _TABLE.findall(names) if now.rows.get(c, 0) < was.rows.get(c, 0)]
    return any(not was.things(c) or now.things(c) < was.things(c) for c in lost)


@dataclass(frozen=True, eq=False)
class Moved:
    """An indicator whose value or state differs between two runs."""

    title: Mapping[str, str]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    was: str
    now: str


def indicators(old: Result, new: Result) -> list[Moved]:
    """Indicators before and after."""
    before = {entry["requirement"]: entry for entry in old["indicators"]}
    found = []
    for entry in new["indicators"]:
        other = before.get(entry["requirement"])
        if other is None:
            continue
        same = other["recomputed"] == entry["recomputed"] and other["state"] == entry["state"]
        if not same:
            found.append(
                Moved(
                    entry["title"], other["recomputed"], entry["recomputed"],
                    other["state"], entry["state"],
                )
            )  # fmt: skip
    return found
