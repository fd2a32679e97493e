"""One pack folder, loaded: its head, its cards and its hash."""

import hashlib
import os
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from checker.dossier.header import header_fields
from checker.errors import Arg, PackError, Problem
from checker.lang.types import Text
from checker.packs.amendments import Amendments
from checker.packs.cards import (
    CONFIDENCES,
    PACK_KINDS,
    Bilingual,
    FactorFamily,
    Parameter,
    QuantityCard,
    Reference,
    RequirementCard,
)
from checker.packs.clauses import FILE as CLAUSES
from checker.packs.decisions import Decision
from checker.packs.editions import Transition, read_transition
from checker.packs.levers import FILE as LEVERS
from checker.packs.levers import Lever, read_levers
from checker.packs.read_amendments import read_amendments
from checker.packs.read_cards import read_quantities, read_requirement
from checker.packs.read_data import read_parameters
from checker.packs.read_decisions import read_decision
from checker.packs.read_factors import FamilyReader
from checker.packs.shape import Shape
from checker.places import Anchor
from checker.yamltext import YamlDocument, read_yaml

FORMAT = "zcf-pack/1"
_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?\Z")


@dataclass(frozen=True, eq=False)
class PackHead:
    """``pack.yaml``: identity, when it applies, and the documents it rests on."""

    id: str
    version: str
    kind: str
    title: Bilingual
    folder: Path
    extends: tuple[str, ...]
    applies_when: dict[str, tuple[str, ...]]
    start: date
    until: date | None
    sources: dict[str, Reference]
    transition: Transition | None = None
    extends_at: tuple[Anchor, ...] = ()

    def in_force(self, day: date) -> bool:
        """True from ``start`` up to the day before ``until``."""
        return self.start <= day and (self.until is None or day < self.until)


@dataclass(slots=True)
class Pack:
    """A loaded pack; ``sha256`` covers every file that can change a verdict."""

    head: PackHead
    sha256: str
    parameters: list[Parameter] = field(default_factory=list)
    families: list[FactorFamily] = field(default_factory=list)
    quantities: list[QuantityCard] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    levers: list[Lever] = field(default_factory=list)
    requirements: list[RequirementCard] = field(default_factory=list)
    amendments: list[Amendments] = field(default_factory=list)
    verdict: list[YamlDocument] = field(default_factory=list)


def read_head(folder: Path) -> PackHead:
    """Read ``pack.yaml`` of a folder; raises ``PackError`` with all its problems."""
    path = folder / "pack.yaml"
    name = f"{folder.name}/pack.yaml"
    if not path.is_file():
        raise PackError(Problem("pack.no_head", Anchor(name), {}, "blocker"))
    problems: list[Problem] = []
    document = read_yaml(path.read_bytes(), name, pack=True)
    shape = Shape(document, (), problems)
    if shape.text("format") != FORMAT:
        shape.report("pack.format", ("format",), wanted=FORMAT)
    applies, extends = _applies(shape), shape.texts("extends")
    head = PackHead(
        shape.text("id"),
        shape.text("version"),
        shape.choice("kind", PACK_KINDS),
        shape.both("title"),
        folder,
        extends,
        applies,
        shape.day("from", required=True) or date.min,
        shape.day("until"),
        {key: _reference(key, inner) for key, inner in shape.names("sources")},
        read_transition(shape, extends),
        tuple(document.anchor(("extends", index), name) for index, name in enumerate(extends)),
    )
    if head.id and head.id != folder.name:
        shape.report("pack.id", ("id",), id=head.id, folder=folder.name)
    if head.until is not None and head.until <= head.start:
        shape.report("pack.until", ("until",))
    shape.close()
    if problems:
        raise PackError(problems)
    return head


def _applies(shape: Shape) -> dict[str, tuple[str, ...]]:
    inner = shape.optional("applies_when")
    if inner is None:
        return {}
    names = ("sector", "province", "stage", "applies_for")
    found = {name: inner.texts(name) for name in names}
    if not any(found.values()):
        inner.report("pack.applies_empty", inner.path)
    for name, values in found.items():
        field = header_fields()[name].type
        known = field.options if isinstance(field, Text) else ()
        for value in values if known else ():
            inner.one_of(name, value, known)
    inner.close()
    return {name: values for name, values in found.items() if values}


def _reference(key: str, shape: Shape) -> Reference:
    reference = Reference(
        key,
        shape.text("document"),
        shape.text("number", required=False),
        _source_date(shape),
        shape.text("url", required=False),
        shape.choice("confidence", CONFIDENCES),
        shape.text("note", required=False),
        shape.day("verified_on"),
    )
    shape.close()
    return reference


def _source_date(shape: Shape) -> str:
    """Day or year a document bears."""
    written = shape.text("date")
    if written and not _DATE.match(written):
        shape.report("pack.date", shape.at("date"), value=written)
    return written


def load_pack(head: PackHead) -> Pack:
    """Load all cards of a pack; raises ``PackError`` with every problem found."""
    problems: list[Problem] = []
    digest = hashlib.sha256()
    pack = Pack(head, "")
    sources = frozenset(head.sources)
    files = {name: path.read_bytes() for name, path in _files(head.folder, problems)}
    tables = {name: content for name, content in files.items() if name.endswith(".csv")}
    families = FamilyReader(head.id, sources, problems, tables)
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
        if name == "pack.yaml" or name in tables or name in _BESIDE:
            continue
        try:
            document = read_yaml(content, f"{head.id}/{name}", pack=True)
            _add(pack, name, document, families)
        except PackError as error:
            problems.extend(error.problems)
    for name in sorted(set(tables) - families.read):
        args: dict[str, Arg] = {"file": name}
        problems.append(Problem("pack.unknown_file", Anchor(f"{head.id}/{name}"), args, "blocker"))
    if problems:
        raise PackError(problems)
    pack.sha256 = digest.hexdigest()
    return pack


_BESIDE = (CLAUSES,)
"""Read by the workshop only; part of the pack all the same."""


def _files(folder: Path, problems: list[Problem]) -> list[tuple[str, Path]]:
    """YAML files and factor tables of a pack, by name inside the pack: all can change a verdict.

    ``cases`` at the top and notes (``*.md``, ``LICENSE``) are left out; any other file, or a link,
    would be passed over in silence and is an error.
    """
    found: list[tuple[str, Path]] = []
    for place, folders, names in os.walk(folder):
        inner = place[len(str(folder)) + 1 :].replace(os.sep, "/")
        if not inner and "cases" in folders:
            folders.remove("cases")
        links = [name for name in folders if Path(place, name).is_symlink()]
        for name in [*links, *names]:
            path, full = Path(place, name), f"{inner}/{name}" if inner else name
            wanted = name.endswith(".yaml") or (name.endswith(".csv") and inner == "factors")
            if wanted and path.is_file() and not path.is_symlink():
                found.append((full, path))
            elif name in links or not name.endswith((".md", "LICENSE")):
                args: dict[str, Arg] = {"file": full}
                anchor = Anchor(f"{folder.name}/{full}")
                problems.append(Problem("pack.unknown_file", anchor, args, "blocker"))
    return sorted(found)


def _add(pack: Pack, name: str, document: YamlDocument, families: FamilyReader) -> None:
    problems = families.problems
    common: tuple[Any, ...] = (document, pack.head.id, families.sources, problems)
    if name == "parameters.yaml":
        pack.parameters += read_parameters(*common)
    elif name == "amendments.yaml":
        shape = Shape(document, (), problems)
        pack.amendments.append(read_amendments(shape, pack.head.id, families.sources))
        shape.close()
    elif name == LEVERS:
        pack.levers += read_levers(document, problems)
    elif name == "verdict.yaml":
        if pack.head.kind != "core":
            anchor = Anchor(document.file)
            problems.append(Problem("pack.verdict_core", anchor, {}, "blocker"))
        pack.verdict.append(document)
    elif name.startswith("factors/"):
        pack.families.append(families.family(document))
    elif name.startswith("decisions/"):
        table = read_decision(*common)
        pack.decisions += [table] if table is not None else []
    elif name.startswith("quantities/"):
        pack.quantities += read_quantities(*common)
    elif name.startswith("requirements/"):
        card = read_requirement(*common)
        if card is not None:
            if not name.endswith(f"/{card.id}.yaml"):
                args = {"id": card.id, "file": name}
                problems.append(Problem("pack.card_file", card.anchor, args, "blocker"))
            pack.requirements.append(card)
    else:
        args = {"file": name}
        problems.append(Problem("pack.unknown_file", Anchor(document.file), args, "blocker"))
