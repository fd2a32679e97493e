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
_FIGURE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
_FACTOR = re.compile(r"""(?:factor|decide)\(["'](\w+)""")
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
    names = ("message", "severity", "kind", "likely_cause")
    same = all(earlier[name] == finding[name] for name in names)
    return UNCHANGED if same and _figures(old, finding) == _figures(new, finding) else CHANGED


def _figures(result: Result, finding: Mapping[str, Any]) -> list[Any]:
    """Figures a finding is about, where its words give none: those compared in its row."""
    rows = [row for row in result["comparisons"] if row["row"] == finding["subject"]]
    return [[row["declared"], row["recomputed"]] for row in rows]


def _gone(finding: Mapping[str, Any], old: Result, new: Result) -> Change:
    rule, subject = finding["rule"], finding["subject"]
    if _rule(old, rule) != _rule(new, rule):
        return Change(RULE_CHANGED, finding, None)
    if _withdrawn(finding, old, new):
        return Change(VANISHED, finding, None)
    if rule.startswith("READ-"):
        return Change(FIXED, finding, None)
    now = _states(new, rule).get(subject, "")
    state = {"PASS": FIXED, "NEEDS_JUDGEMENT": CHANGED}.get(now, VANISHED)
    return Change(state, finding, None, now)


def _withdrawn(finding: Mapping[str, Any], old: Result, new: Result) -> bool:
    """True when no file the finding points to is there, or one of its tables has lost rows."""
    files = {entry["path"] for entry in new["inputs"]}
    cited = {place["file"] for place in finding["places"]}
    if cited and not cited & files:
        return True
    names = " ".join(f"{p['file']} {p.get('sheet', '')}" for p in finding["places"])
    before, after = (
        {entry["code"]: entry["rows"] for entry in result["coverage"]["tables"]}
        for result in (old, new)
    )
    lost = [c for c in _TABLE.findall(names) if after.get(c, 0) < before.get(c, 0)]
    return any(_fewer(code, old, new) for code in lost)


def _fewer(code: str, old: Result, new: Result) -> bool:
    """True when a table with fewer rows also speaks of fewer things: a row that stood twice and
    stands once has taken none away."""
    before, after = (
        {
            outcome["subject"]
            for requirement in result["requirements"]
            for outcome in requirement["outcomes"]
            if outcome["subject"].startswith(f"{code}[")
        }
        for result in (old, new)
    )
    return not before or len(after) < len(before)


def _states(result: Result, rule: str) -> dict[str, str]:
    for requirement in result["requirements"]:
        if requirement["id"] == rule:
            return {one["subject"]: one["state"] for one in requirement["outcomes"]}
    return {}


def _rule(result: Result, rule: str) -> Any:
    """What makes a rule the rule it is: its test and clause, and all that its figures rest on.

    Formulas are followed from figure to figure; parameters, factors and decision rules that any of
    them names belong to the rule with their values.
    """
    if rule.startswith("READ-"):
        return rule
    for requirement in result["requirements"]:
        if requirement["id"] == rule:
            own = [requirement["assertion"], *(w["formula"] for w in requirement["where"])]
            texts = _reached(own, {fact["id"]: fact for fact in result["facts"]})
            whole = " ".join(texts)
            named = set(_PARAMETER.findall(whole))
            values = {p["id"]: p["value"] for p in result["parameters"] if p["id"] in named}
            families = set(_FACTOR.findall(whole))
            used = {
                entry["id"]: entry["value"]
                for entry in (*result["factors"], *result["decisions"])
                if entry["id"].partition("/")[0] in families
            }
            return [
                texts,
                requirement["clause"],
                requirement["binding"],
                values,
                sorted(used.items()),
            ]
    return None


def _reached(texts: list[str], facts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The texts, and formulas of every figure they name, near and far."""
    found, waiting, seen = list(texts), list(texts), set()
    while waiting:
        for name in _FIGURE.findall(waiting.pop()):
            fact = facts.get(name)
            if fact is None or name in seen:
                continue
            seen.add(name)
            parts = (
                fact["formula"],
                fact.get("rows", ""),
                *(w["formula"] for w in fact.get("where", ())),
            )
            found += parts
            waiting += parts
    return found


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
