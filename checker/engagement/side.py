"""One of two runs that are compared: what is looked up in it, each once."""

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

Result: TypeAlias = Mapping[str, Any]
_PARAMETER = re.compile(r"param\.(\w+)")
_FIGURE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
_FACTOR = re.compile(r"""(?:factor|decide)\(["'](\w+)""")


class Side:
    """A result with its requirements by id and its rows by table."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.files = {entry["path"] for entry in result["inputs"]}
        self.rows = {entry["code"]: entry["rows"] for entry in result["coverage"]["tables"]}
        self.requirements = {one["id"]: one for one in result["requirements"]}
        self.facts = {fact["id"]: fact for fact in result["facts"]}
        self.states = {
            (one["id"], outcome["subject"]): str(outcome["state"])
            for one in result["requirements"]
            for outcome in one["outcomes"]
        }
        self._compared: dict[str, list[Any]] = {}
        for row in result["comparisons"]:
            figures = [row["declared"], row["recomputed"]]
            self._compared.setdefault(row["row"], []).append(figures)
        self._rules: dict[str, Any] = {}

    def state(self, rule: str, subject: str) -> str:
        """State of a rule on a subject, empty when it was not evaluated on it."""
        return self.states.get((rule, subject), "")

    def compared(self, subject: str) -> list[Any]:
        """Figures a row states, where the words of a finding give none."""
        return self._compared.get(subject, [])

    def things(self, table: str) -> int:
        """How many different things the rows of a table speak of, as far as rules name them."""
        prefix = f"{table}["
        return len({subject for _, subject in self.states if subject.startswith(prefix)})

    def rule(self, name: str) -> Any:
        """What makes a rule the rule it is: its test and clause, and all its figures rest on."""
        if name not in self._rules:
            self._rules[name] = name if name.startswith("READ-") else self._rule(name)
        return self._rules[name]

    def _rule(self, name: str) -> Any:
        """Formulas are followed from figure to figure; parameters, factors and decision rules that
        any of them names belong to the rule with their values."""
        requirement, result = self.requirements.get(name), self.result
        if requirement is None:
            return None
        own = [requirement["assertion"], *(w["formula"] for w in requirement["where"])]
        texts = _reached(own, self.facts)
        whole = " ".join(texts)
        named = set(_PARAMETER.findall(whole))
        values = {p["id"]: p["value"] for p in result["parameters"] if p["id"] in named}
        families = set(_FACTOR.findall(whole))
        used = {
            entry["id"]: entry["value"]
            for entry in (*result["factors"], *result["decisions"])
            if entry["id"].partition("/")[0] in families
        }
        return [texts, requirement["clause"], requirement["binding"], values, sorted(used.items())]


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
