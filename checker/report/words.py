"""A result in words of one language: typed values, places, messages, causes."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from checker.dossier.header import header_titles
from checker.dossier.schema import all_specs, table_specs
from checker.places import Anchor
from checker.report.messages import fill, label, problem_text
from checker.report.numbers import show_quantity

MAX_NAMES = 8
_LISTS = ("gate.{}.name", "state", "stage", "gate", "conclusion")
"""Catalogues in which an argument of a fact of the verdict may have its name."""


@functools.cache
def _option_names() -> dict[str, tuple[str, str]]:
    """Names of the options of T04.energy and T26.topic, by code."""
    columns = (table_specs()["T04"].columns["energy"], table_specs()["T26"].columns["topic"])
    return {o.code: (o.title, o.title_en) for column in columns for o in column.options}


@functools.cache
def _options_of(column: str) -> dict[str, tuple[str, str]]:
    """Names of the options of one column, ``T05.kind``, by code."""
    table, _, name = column.partition(".")
    spec = all_specs().get(table)
    options = spec.columns[name].options if spec is not None and name in spec.columns else ()
    return {option.code: (option.title, option.title_en) for option in options}


class Words:
    """Renders parts of a result in one language, as plain text."""

    def __init__(self, result: Mapping[str, Any], lang: str) -> None:
        self.result = result
        self.lang = lang
        self.findings = {finding["id"]: finding for finding in result["findings"]}
        self.fact_titles = {fact["id"]: fact["title"] for fact in result["facts"]}

    def label(self, key: str, /, **args: Any) -> str:
        """A label of the catalogue."""
        return label(key, self.lang, **args)

    def both(self, texts: Mapping[str, str] | None) -> str:
        """A bilingual text of the result."""
        return texts[self.lang] if texts else ""

    def typed(self, value: Mapping[str, Any]) -> str:
        """A typed value for people."""
        kind = value["type"]
        if kind == "number" and value.get("written"):
            return f"{value['value']} {value['unit']}"  # declared: the digits are the company's
        if kind == "number":
            return show_quantity(value["value"], value["unit"])
        if kind == "unknown":
            return self.label("ui.unknown")
        if kind == "boolean":
            return "✓" if value["value"] else "✗"
        if kind == "list":
            return "、".join(value["value"])
        return str(value["value"])

    def argument(self, value: Mapping[str, Any]) -> str:
        """A message argument; codes of figures, energies and the like become their names."""
        if value["type"] == "name":
            return self.both(value["title"])
        if value["type"] == "text" and "column" in value:
            return self.coded(value["column"], str(value["value"]))
        if value["type"] == "text":
            return self.name_of(str(value["value"]))
        return self.typed(value)

    def coded(self, column: str, code: str) -> str:
        """Name of a code of a closed list."""
        names = _options_of(column).get(code)
        return names[self.lang == "en"] if names else code

    def name_of(self, code: str) -> str:
        """Name of a figure by its id; other texts as they are."""
        if code in self.fact_titles:
            return self.both(self.fact_titles[code])
        return self.option(code)

    def option(self, code: str) -> str:
        """Name of an energy or topic by its code; a code that stands in no list stays as it is."""
        names = _option_names().get(code)
        return names[self.lang == "en"] if names else code

    def place(self, place: Mapping[str, Any]) -> str:
        """A place as ``file sheet!cell`` or ``file:line:column``."""
        return str(Anchor(**place))

    def message(self, finding: Mapping[str, Any]) -> str:
        """Message of a finding."""
        message = finding["message"]
        args = {name: self.argument(value) for name, value in message["args"].items()}
        if message["template"]:
            return fill(message["template"][self.lang], args)
        if finding["title"]:
            args["title"] = self.both(finding["title"])
        return problem_text(message["key"], args, self.lang)

    def document(self, clause: Mapping[str, Any]) -> str:
        """The document of a clause with its number; our own checks are said to be that."""
        if clause["source"] == "own":
            return self.label("source.own")
        return f"{clause['document']} {clause['number']}".strip() or str(clause["source"])

    def likely(self, cause: Mapping[str, Any]) -> str:
        """A likely cause of a difference."""
        args = {name: self.argument(value) for name, value in cause["args"].items()}
        return self.label(cause["key"], **args)

    def cause(self, gap: Mapping[str, Any]) -> str:
        """What is missing, in words."""
        kind, table = gap["kind"], str(gap["table"])
        names = [self.missing_name(kind, table, str(name)) for name in gap["names"]]
        shown = ("、" if self.lang == "zh" else ", ").join(names[:MAX_NAMES])
        if len(names) > MAX_NAMES:
            shown += " …"
        if kind == "table" and table_specs()[table].nil_topic:
            kind = "table_or_nil"
        known = kind in ("table", "table_or_nil", "row", "cell", "header", "topic", "factor")
        return self.label(f"cause.{kind if known else 'other'}", table=table, name=shown)

    def missing_name(self, kind: str, table: str, name: str) -> str:
        """Name of a missing table, column, header entry, topic or row."""
        spec = table_specs().get(table)
        if kind == "table" and spec:
            return spec.title if self.lang == "zh" else spec.title_en
        if kind == "cell" and spec and name in spec.columns:
            column = spec.columns[name]
            return column.title if self.lang == "zh" else column.title_en
        if kind == "header" and name in header_titles():
            zh, en = header_titles()[name]
            return zh if self.lang == "zh" else en
        if kind == "topic":
            return self.label(f"topic.{name}")
        return self.option(name) if kind == "row" else name

    def reason(self, reason: Mapping[str, Any]) -> str:
        """Why something is unknown or does not apply."""
        return f"{self.label('reason.' + reason['kind'])}: {reason['what']}"

    def reasoned(self, fact: Sequence[str]) -> str:
        """A fact of the verdict: kind and arguments, those of closed lists in words."""
        kind, *args = fact
        return " · ".join((self._named(kind, ("fact",)), *(self._named(a, _LISTS) for a in args)))

    def _named(self, code: str, lists: Sequence[str]) -> str:
        for key in (f"{name}.{code}" if "{" not in name else name.format(code) for name in lists):
            if (said := self.label(key)) != key:
                return said
        return code

    def action(self, action: Mapping[str, Any]) -> str:
        """What to do, in one sentence: the remedy, or what to supply."""
        if action["kind"] == "supply":
            gap = action["gap"]
            why = self.label(f"reason.{gap['reason']}")
            key = "ui.correct" if gap["reason"] == "invalid" else "ui.supply"
            return self.label(key, name=self.cause(gap), reason=why)
        first = self.findings[action["findings"][0]]
        text = self.message(first)
        likely = self.likely(first["likely_cause"]) if first["likely_cause"] else ""
        remedy = self.both(first["remedy"])
        return " ".join(filter(None, (text, likely, remedy)))
