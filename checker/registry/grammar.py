"""Serial grammars of registries, read from ``schemas/registries.yaml``.

A pattern is made of literal text and fields of fixed kinds, so that matching takes time in
proportion to the length of the text whatever a pattern says.
"""

import functools
import re
from dataclasses import dataclass
from typing import Any

from checker.lang.serials import split_serial
from checker.resources import schemas_dir
from checker.yamltext import read_yaml

MAX_SERIAL = 200
_FIELD = re.compile(r"<([a-z]+)(?::([a-z]+))?>")
_KINDS = {
    "digits": r"[0-9]{1,20}",
    "letters": r"[A-Z]{1,20}",
    "word": r"[A-Z0-9]{1,20}",
    "year": r"[0-9]{4}",
    "day": r"[0-9]{8}",
    "any": r"[^\s]{1,120}",
}
_NUMBERS = ("first", "last", "number")


@dataclass(frozen=True, eq=False)
class Registry:
    """A registry: the names people write for it, and the patterns of its serials.

    ``unnumbered``: its units have no serials. ``one_counter``: one count runs through all batches,
    so that ranges are compared whatever the batch says.
    """

    id: str
    names: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    unnumbered: bool = False
    one_counter: bool = False


@dataclass(frozen=True)
class Block:
    """A range of units: ``block`` tells ranges apart that cannot overlap.

    ``form`` is ``registry`` (read by its pattern), ``general`` (no pattern is known; the last
    digits count) or ``other`` (a pattern is known and the text does not follow it). Without units
    to count ``low`` and ``high`` are None.
    """

    registry: str
    form: str
    block: str
    low: int | None
    high: int | None
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def count(self) -> int | None:
        """Units of the range."""
        return None if self.low is None or self.high is None else self.high - self.low + 1

    def field(self, name: str) -> str:
        """A part of the serial, or an empty text."""
        return dict(self.fields).get(name, "")


@functools.cache
def registries() -> tuple[Registry, ...]:
    """All known registries."""
    path = schemas_dir() / "registries.yaml"
    data: Any = read_yaml(path.read_bytes(), path.name, pack=True).data
    return tuple(
        Registry(
            entry["id"],
            tuple(entry["names"]),
            tuple(_compiled(pattern) for pattern in entry["patterns"]),
            entry.get("units") == "unnumbered",
            entry.get("units") == "one_counter",
        )
        for entry in data["registries"]
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    parts, end = [], 0
    for match in _FIELD.finditer(pattern):
        parts.append(re.escape(pattern[end : match.start()]))
        name, kind = match.group(1), match.group(2)
        body = r"[0-9]{1,20}" if name in _NUMBERS else _KINDS[kind]
        parts.append(f"(?P<{name}>{body})")
        end = match.end()
    parts.append(re.escape(pattern[end:]))
    return re.compile("".join(parts))


@functools.cache
def find_registry(name: str) -> Registry | None:
    """The registry people mean by a name."""
    wanted = _plain(name)
    for registry in registries():
        if wanted in {_plain(known) for known in (registry.id, *registry.names)}:
            return registry
    return None


def _plain(text: str) -> str:
    return re.sub(r"[\s.\-_]+", "", text).casefold()


def read_block(name: str, first: str, last: str) -> Block | None:
    """The range between two serials of a registry; None when they form no range.

    A range whose last number is below its first holds no unit. Both texts may be the same serial
    with a range inside it.
    """
    registry = find_registry(name)
    known = registry.id if registry else name
    if len(first) > MAX_SERIAL or len(last) > MAX_SERIAL:
        return None
    for pattern in registry.patterns if registry else ():
        assert registry is not None
        one, other = pattern.fullmatch(first.strip()), pattern.fullmatch(last.strip())
        if one is not None and other is not None:
            return _matched(registry, pattern, one.groupdict(), other.groupdict())
    if registry and registry.patterns:
        return Block(known, "other", first, None, None)
    start = split_serial(first)
    end = start if last == first else split_serial(last)
    if start is None or end is None or start[0] != end[0]:
        return None
    return Block(known, "general", start[0], start[1], max(end[1], start[1] - 1))


def _matched(
    registry: Registry, pattern: re.Pattern[str], one: dict[str, str], other: dict[str, str]
) -> Block | None:
    """The block two matching serials make; their fields but for the numbers must be the same."""
    fixed = {name: value for name, value in one.items() if name not in _NUMBERS}
    if fixed != {name: value for name, value in other.items() if name not in _NUMBERS}:
        return None
    low, high = one.get("first") or one["number"], other.get("last") or other["number"]
    last = max(int(high), int(low) - 1)
    block = "" if registry.one_counter else "/".join(fixed.values())
    return Block(registry.id, "registry", block, int(low), last, tuple(fixed.items()))
