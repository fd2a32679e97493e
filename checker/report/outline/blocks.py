"""What a report is made of: headings, paragraphs, tables, pairs, bars, fields to fill in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from checker.report.voice import Text, Voice


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, how it is set, and what it leads to.

    ``tone`` is ``bad``, ``wait``, ``ask``, ``good``, ``none`` or ``soft``; ``kind`` is ``number``
    or ``code``; ``second`` is a softer text below; ``target`` is the name of a block or row.
    """

    text: Text
    tone: str = ""
    kind: str = ""
    second: Text = ()
    target: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: Text
    name: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``tone`` as in a cell."""

    text: Text
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Callout:
    """A statement set apart."""

    title: Text
    text: Text
    tone: str = "none"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names with their values."""

    entries: tuple[tuple[Text, Cell], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``widths`` are shares of the width, ``names`` mark rows that are led to."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, numbered or not."""

    items: tuple[Text, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars: label, length as a share of the longest (None: unknown), value."""

    title: Text
    entries: tuple[tuple[Text, float | None, Text], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A narrative a person writes; the machine leaves it empty or repeats what was written."""

    name: str
    title: Text
    text: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines to sign on, and a box for the seal."""

    titles: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG with its title, which also says what is drawn to who cannot see it."""

    title: Text
    svg: str
    elsewhere: Text
    """What a document without pictures says instead."""


Block: TypeAlias = (
    Heading | Paragraph | Callout | Pairs | Table | Bullets | Bars | Field | Lines | Figure
)


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section or a lettered appendix."""

    name: str
    number: str
    title: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole report; a ``compact`` document has no page of its own for cover and contents."""

    title: Text
    disclaimer: Text
    cover: Pairs
    run_id: str
    sections: tuple[Section, ...]
    lang: str
    compact: bool = False


@dataclass(frozen=True)
class Source:
    """What sections are made from: the result, what people recorded beside it, and a voice."""

    result: Mapping[str, Any]
    voice: Voice
    record: Mapping[str, Any] = field(default_factory=dict)


Builder: TypeAlias = Callable[[Source], list[Block]]
