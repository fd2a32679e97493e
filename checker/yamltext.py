"""One strict YAML reader for dossiers and packs, with a place for every node.

It walks the parser's events with an explicit stack, so that depth is bounded and nothing is
constructed by tag. Refused: duplicate keys, anchors and aliases, tags, merge keys, more than one
document, depth over 64, NaN and infinities. Scalars follow the YAML 1.2 core schema without its
surprises: only ``true`` and ``false`` are booleans, numbers are ``int`` or ``Decimal``, leading
zeros, dates and ``yes``/``no``/``on``/``off`` stay text.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

import yaml

from checker.errors import DossierError, PackError, Problem, ZcfError
from checker.places import Anchor
from checker.yamlsyntax import syntax_problem

MAX_DEPTH = 64
MAX_BYTES = 8_000_000
Path: TypeAlias = tuple[str | int, ...]
Mark: TypeAlias = tuple[int, int]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,30})\Z")
_DECIMAL = re.compile(
    r"[-+]?(?:(?:0|[1-9][0-9]{0,30})?\.[0-9]{1,30}(?:[eE][-+]?[0-9]{1,3})?"
    r"|(?:0|[1-9][0-9]{0,30})[eE][-+]?[0-9]{1,3})\Z"
)
_NOT_FINITE = re.compile(r"[-+]?\.?(?:inf|nan)\Z", re.IGNORECASE)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_WIDE = re.compile("[：　]")


@dataclass(slots=True)
class Places:
    """Marks (line and column, from 1) of a collection's entries, beside the data.

    ``values`` and ``keys`` map a key or index to a mark, ``inner`` to the places of a collection.
    """

    values: dict[str | int, Mark] = field(default_factory=dict)
    keys: dict[str | int, Mark] = field(default_factory=dict)
    inner: dict[str | int, "Places"] = field(default_factory=dict)


@dataclass(slots=True)
class YamlDocument:
    """Plain data (dict, list, str, int, Decimal, bool, None) and where each node stands.

    ``content`` is the text it was read from.
    """

    file: str
    data: Any
    places: Places = field(default_factory=Places)
    start: Mark = (1, 1)
    content: str = ""

    def mark(self, path: Path = ()) -> Mark:
        """Mark of the node at ``path``, or of the nearest ancestor that is written."""
        places: Places | None = self.places
        mark = self.start
        for step in path:
            if places is None or step not in places.values:
                break
            mark = places.values[step]
            places = places.inner.get(step)
        return mark

    def anchor(self, path: Path = (), label: str = "") -> Anchor:
        """Place of the node at ``path``, or of the nearest ancestor that is written."""
        line, column = self.mark(path)
        return Anchor(self.file, line=line, column=column, label=label)

    def key_anchor(self, path: Path) -> Anchor:
        """Place of the key that leads to ``path``."""
        places: Places | None = self.places
        for step in path[:-1]:
            places = places.inner.get(step) if places else None
        last = path[-1] if path else ""
        known = places.keys if places else {}
        line, column = known[last] if last in known else self.mark(path)
        return Anchor(self.file, line=line, column=column, label=str(last))


def scalar(text: str) -> Any:
    """Type of a plain scalar by the rules above; ``ValueError`` for NaN and infinities."""
    head = text[:1]
    if head and head in "0123456789+-.":
        if _INT.match(text):
            return int(text)
        if _DECIMAL.match(text):
            return Decimal(text)
        if _NOT_FINITE.match(text):
            raise ValueError(text)
        return text
    if text == "true":
        return True
    if text == "false":
        return False
    if text in _NULLS:
        return None
    if _NOT_FINITE.match(text):
        raise ValueError(text)
    return text


class _Builder:
    """Turns events into data and places; one instance reads one document.

    ``container`` and ``places`` are the open collection, ``key`` the key that waits for its value.
    """

    def __init__(self, file: str, error: type[ZcfError]) -> None:
        self.file = file
        self.error = error
        self.root: Any = None
        self.start: Mark = (1, 1)
        self.places = Places()
        self.stack: list[tuple[Any, Places, str | None]] = []
        self.container: Any = None
        self.open_places = self.places
        self.key: str | None = None

    def fail(self, key: str, event: Any, **args: str | int) -> ZcfError:
        mark = event.start_mark
        anchor = Anchor(self.file, line=mark.line + 1, column=mark.column + 1)
        return self.error(Problem(key, anchor, args, "blocker"))

    def refuse_extras(self, event: Any) -> None:
        """Anchors and tags are not accepted on any node."""
        if event.anchor is not None:
            raise self.fail("yaml.anchor", event, name=event.anchor)
        if event.tag is not None:
            raise self.fail("yaml.tag", event, tag=event.tag)

    def attach(self, event: Any, value: Any) -> str | int:
        """Put ``value`` into the open collection and note its mark; returns its key or index."""
        mark = event.start_mark
        container = self.container
        if container is None:
            self.root = value
            self.start = (mark.line + 1, mark.column + 1)
            return ""
        step: str | int
        if type(container) is list:
            step = len(container)
            container.append(value)
        else:
            assert self.key is not None
            step = self.key
            container[step] = value
            self.key = None
        self.open_places.values[step] = (mark.line + 1, mark.column + 1)
        return step

    def take_key(self, event: Any) -> None:
        text = event.value
        places = self.open_places
        if text == "<<" and event.implicit[0]:
            raise self.fail("yaml.merge_key", event)
        if text in self.container:
            raise self.fail("yaml.duplicate_key", event, name=text, first=places.keys[text][0])
        if _WIDE.search(text):
            raise self.fail("yaml.wide_punctuation", event, text=text[:40])
        self.key = text
        mark = event.start_mark
        places.keys[text] = (mark.line + 1, mark.column + 1)

    def take_scalar(self, event: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            self.refuse_extras(event)
        container = self.container
        if self.key is None and type(container) is dict:
            self.take_key(event)
            return
        value: Any = event.value
        plain = event.implicit[0]
        if plain:
            try:
                value = scalar(value)
            except ValueError:
                raise self.fail("yaml.not_finite", event, text=event.value) from None
            if container is None and isinstance(value, str) and _WIDE.search(value):
                raise self.fail("yaml.wide_punctuation", event, text=value[:40])
        if container is None:
            self.attach(event, value)
            return
        step: Any = self.key
        if step is None:
            step = len(container)
            container.append(value)
        else:
            container[step] = value
            self.key = None
        mark = event.start_mark
        folded = not plain and event.style in (">", "|")
        self.open_places.values[step] = (
            (mark.line + 2, 0) if folded else (mark.line + 1, mark.column + 1)
        )

    def open(self, event: Any, collection: Any) -> None:
        self.refuse_extras(event)
        if len(self.stack) >= MAX_DEPTH:
            raise self.fail("yaml.too_deep", event, limit=MAX_DEPTH)
        if self.key is None and type(self.container) is dict:
            raise self.fail("yaml.key_not_text", event)
        outer = self.container
        step = self.attach(event, collection)
        self.stack.append((outer, self.open_places, self.key))
        if outer is not None:
            inner = Places()
            self.open_places.inner[step] = inner
            self.open_places = inner
        self.container, self.key = collection, None

    def close(self) -> None:
        self.container, self.open_places, self.key = self.stack.pop()


def read_yaml(content: bytes | str, file: str, *, pack: bool = False) -> YamlDocument:
    """Parse one YAML document.

    Raises ``DossierError`` (``PackError`` with ``pack=True``) with the place of the first thing
    wrong; a YAML syntax error hides whatever follows it.
    """
    error: type[ZcfError] = PackError if pack else DossierError
    if len(content) > MAX_BYTES:
        problem = Problem("yaml.too_big", Anchor(file), {"limit": MAX_BYTES}, "blocker")
        raise error(problem)
    builder = _Builder(file, error)
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8-sig")
        except UnicodeDecodeError as exc:
            line = exc.object[: exc.start].count(b"\n") + 1
            raise error(Problem("yaml.not_utf8", Anchor(file, line=line), {}, "blocker")) from None
    try:
        _walk(_Loader(content), builder)
    except yaml.YAMLError as exc:
        raise error(syntax_problem(file, exc, content, MAX_DEPTH)) from None
    return YamlDocument(file, builder.root, builder.places, builder.start, content)


def _walk(loader: Any, builder: _Builder) -> None:
    documents = 0
    get_event = loader.get_event
    try:
        while True:
            event = get_event()
            kind = type(event)
            if kind is yaml.ScalarEvent:
                builder.take_scalar(event)
            elif kind is yaml.MappingStartEvent:
                builder.open(event, {})
            elif kind is yaml.SequenceStartEvent:
                builder.open(event, [])
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                builder.close()
            elif kind is yaml.AliasEvent:
                raise builder.fail("yaml.anchor", event, name=event.anchor)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise builder.fail("yaml.many_documents", event)
            elif kind is yaml.StreamEndEvent:
                return
    finally:
        loader.dispose()
