"""Two runs compared: what became of every finding, and why it is or is not there any more.

A finding that is gone counts as fixed only when its rule, unchanged, was evaluated on the same
subject and holds. When the data it was found in are gone it has vanished, when the rule or one of
its parameters differs the rule has changed; neither is ever shown as fixed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Result: TypeAlias = Mapping[str, Any]
NEW, FIXED, UNCHANGED, CHANGED, VANISHED, RULE_CHANGED = STATES = (
    "new", "fixed", "unchanged", "changed", "vanished", "rule_changed",
)  # fmt: skip
_PARAMETER = re.compile(r"param\.(\w+)")


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
    found = []
    for finding in new["findings"]:
        earlier = before.pop(finding["fingerprint"], None)
        found.append(Change(_still(earlier, finding, old, new), earlier, finding))
    return found + [_gone(finding, old, new) for finding in before.values()]


def counts(changes: list[Change]) -> dict[str, int]:
    """How many findings are in each state."""
    return {state: sum(change.state == state for change in changes) for state in STATES}


def _still(
    earlier: Mapping[str, Any] | None, finding: Mapping[str, Any], old: Result, new: Result
) -> str:
    if earlier is None:
        return NEW
    if _rule(old, finding["rule"]) != _rule(new, finding["rule"]):
        return RULE_CHANGED
    same = all(earlier[name] == finding[name] for name in ("message", "severity", "kind"))
    return UNCHANGED if same else CHANGED


def _gone(finding: Mapping[str, Any], old: Result, new: Result) -> Change:
    rule, subject = finding["rule"], finding["subject"]
    if rule.startswith("READ-"):
        return Change(_reading(finding, new), finding, None)
    if _rule(old, rule) != _rule(new, rule):
        return Change(RULE_CHANGED, finding, None)
    now = _states(new, rule).get(subject, "")
    state = {"PASS": FIXED, "NEEDS_JUDGEMENT": CHANGED}.get(now, VANISHED)
    return Change(state, finding, None, now)


def _reading(finding: Mapping[str, Any], new: Result) -> str:
    """What was wrong with a file: fixed when the file is still there."""
    files = {entry["path"] for entry in new["inputs"]}
    there = any(place["file"] in files for place in finding["places"])
    return FIXED if there else VANISHED


def _states(result: Result, rule: str) -> dict[str, str]:
    for requirement in result["requirements"]:
        if requirement["id"] == rule:
            return {one["subject"]: one["state"] for one in requirement["outcomes"]}
    return {}


def _rule(result: Result, rule: str) -> Any:
    """What makes a rule the rule it is: its test, its clause, and the parameters it reads."""
    for requirement in result["requirements"]:
        if requirement["id"] == rule:
            texts = [requirement["assertion"], *(w["formula"] for w in requirement["where"])]
            named = set(_PARAMETER.findall(" ".join(texts)))
            values = {p["id"]: p["value"] for p in result["parameters"] if p["id"] in named}
            return [texts, requirement["clause"], requirement["binding"], values]
    return None


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
