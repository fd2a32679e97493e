"""Structure first: reads one mapping of a pack with messages made for its author.

A reader is asked for every key it knows; what is left over is an unknown key, reported with the
nearest known one. All problems of a file are collected before the pack is refused.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from checker.errors import Arg, Problem
from checker.lang.source import Source
from checker.nearest import nearest
from checker.packs.cards import Bilingual
from checker.yamltext import Path, YamlDocument

_KINDS: dict[type, str] = {
    str: "text",
    dict: "name: value",
    list: "a list (lines that begin with -)",
    bool: "true or false",
    int: "number",
    Decimal: "number",
}
"""Kinds of values in an author's words."""


class Shape:
    """One mapping at ``path`` of a document; ``problems`` is shared by the whole pack."""

    def __init__(self, document: YamlDocument, path: Path, problems: list[Problem]) -> None:
        self.document = document
        self.path = path
        self.problems = problems
        value: Any = document.data
        for step in path:
            value = value[step]
        self.known: list[str] = []
        if not isinstance(value, dict):
            self.report("pack.not_mapping", path)
            value = {}
        self.data: dict[str, Any] = value

    def report(self, key: str, path: Path, **args: Arg) -> None:
        """Note a problem at ``path``."""
        anchor = self.document.anchor(path, str(path[-1]) if path else "")
        self.problems.append(Problem(key, anchor, args, "blocker"))

    def at(self, name: str) -> Path:
        """Path of a key of this mapping."""
        return (*self.path, name)

    def take(self, name: str, required: bool, *kinds: type) -> Any:
        """Value of a key when it is there and of one of the kinds."""
        self.known.append(name)
        value = self.data.get(name)
        if value is None or value == "":
            if name in self.data and not required:
                self.report("pack.blank", self.at(name), name=name)
            if required:
                key = "pack.no_language" if name in ("zh", "en") else "pack.missing"
                self.report(key, self.path, name=name, of=self.owner())
            return None
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            wanted = " / ".join(dict.fromkeys(_KINDS.get(k, k.__name__) for k in kinds))
            key = (
                "pack.quote"
                if kinds == (str,) and isinstance(value, int | Decimal)
                else "pack.type"
            )
            self.report(key, self.at(name), name=name, wanted=wanted, value=str(value))
            return None
        return value

    def owner(self) -> str:
        """What this mapping belongs to, for a message: the id above it and the keys between."""
        value: Any = self.document.data
        found = str(value.get("id", "")) if isinstance(value, dict) else ""
        for step in self.path:
            value = value[step]
            if isinstance(value, dict) and isinstance(value.get("id"), str):
                found = value["id"]
            elif isinstance(step, str):
                found = f"{found}.{step}".lstrip(".")
        if isinstance(value, dict) and "from" in value:
            found += f" ({value['from']})"
        return found or self.document.file.rpartition("/")[2]

    def text(self, name: str, *, required: bool = True) -> str:
        """A text, or an empty one."""
        return str(self.take(name, required, str) or "")

    def identity(self, name: str, form: str) -> str:
        """An id that expressions can name."""
        value = self.text(name)
        if value and not re.fullmatch(form, value):
            self.report("pack.id_form", self.at(name), id=value)
        return value

    def choice(self, name: str, options: Sequence[str], default: str | None = None) -> str:
        """One of a closed list."""
        value = self.text(name, required=default is None) or default or options[0]
        return value if self.one_of(name, value, options) else options[0]

    def one_of(self, name: str, value: str, options: Sequence[str]) -> bool:
        """Report a value that stands in no closed list."""
        if value in options:
            return True
        args = {"value": value, "options": ", ".join(options), "hint": nearest(value, options)}
        self.report("pack.option", self.at(name), **args)
        return False

    def flag(self, name: str, default: bool) -> bool:
        """true or false."""
        value = self.take(name, False, bool)
        return default if value is None else bool(value)

    def number(self, name: str, *, required: bool = True) -> Decimal | None:
        """A number, exact."""
        value = self.take(name, required, int, Decimal)
        return None if value is None else Decimal(value)

    def day(self, name: str, *, required: bool = False) -> date | None:
        """A date ``YYYY-MM-DD``."""
        value = self.text(name, required=required)
        if not value:
            return None
        try:
            if "W" in value or "-" not in value:  # ISO weeks and the basic form are not meant
                raise ValueError(value)
            return date.fromisoformat(value)
        except ValueError:
            self.report("pack.date", self.at(name), value=value)
            return None

    def both(self, name: str, *, required: bool = True) -> Bilingual:
        """A text in Chinese and English; one of them missing is a problem."""
        value = self.take(name, required, dict)
        if value is None:
            return Bilingual("", "")
        shape = self.inner(name)
        found = Bilingual(shape.text("zh"), shape.text("en"))
        shape.close()
        return found

    def maybe_both(self, name: str) -> Bilingual | None:
        """A text in both languages, when it is there."""
        if name not in self.data:
            self.known.append(name)
            return None
        return self.both(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self.take(name, False, list) or []
        for index, value in enumerate(values):
            if not isinstance(value, str):
                self.report("pack.type", (*self.at(name), index), name=name, wanted="str")
        return tuple(str(value) for value in values)

    def inner(self, name: str) -> "Shape":
        """The mapping under a key."""
        return Shape(self.document, self.at(name), self.problems)

    def optional(self, name: str) -> "Shape | None":
        """The mapping under a key, when it is there."""
        return self.inner(name) if self.take(name, False, dict) is not None else None

    def each(self, name: str, *, required: bool = True) -> list["Shape"]:
        """The mappings listed under a key."""
        values = self.take(name, required, list) or []
        path = self.at(name)
        return [Shape(self.document, (*path, i), self.problems) for i in range(len(values))]

    def names(self, name: str) -> list[tuple[str, "Shape"]]:
        """The mappings under a key, by their own keys."""
        values = self.take(name, False, dict) or {}
        path = self.at(name)
        return [(key, Shape(self.document, (*path, key), self.problems)) for key in values]

    def source(self, name: str, *, required: bool = True) -> Source | None:
        """An expression with its place."""
        text = self.text(name, required=required)
        return self.located(text, self.at(name)) if text else None

    def located(self, text: str, path: Path) -> Source:
        """An expression text with the place of its node."""
        anchor = self.document.anchor(path)
        return Source(text, self.document.file, anchor.line, anchor.column, self.document.content)

    def close(self) -> None:
        """Report keys nobody asked for."""
        for name, value in self.data.items():
            if name not in self.known:
                if value is None and " " in name:  # {en: this, that}: the comma ends the value
                    anchor = self.document.key_anchor(self.at(name))
                    self.problems.append(Problem("pack.comma", anchor, {"text": name}, "blocker"))
                    continue
                anchor = self.document.key_anchor(self.at(name))
                known = ", ".join(sorted(self.known))
                args = {"name": name, "hint": nearest(name, self.known), "known": known}
                self.problems.append(Problem("pack.unknown_key", anchor, args, "blocker"))


def bounded(value: Decimal) -> bool:
    """No factor or limit has more than 18 digits before the point or 20 places after it."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        return False
    return -exponent <= 20 and (value == 0 or -19 < value.adjusted() < 19)
