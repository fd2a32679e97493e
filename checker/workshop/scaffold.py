"""``rules new``: a pack, or a card with its cases, as text to fill in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from checker.errors import PackError, Problem, UsageError
from checker.lang.units import find_unit
from checker.places import Anchor
from checker.requirements.case_files import AS_OF
from checker.resources import rules_dir, schemas_dir, templates_dir
from checker.yamltext import read_yaml

_PACK = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
_TOPIC = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_CARD = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\Z")
_CARD_KINDS = {
    "local": ("local", "must"),
    "list": ("list", "must"),
    "guide": ("recommendation", "encouraged"),
}
PLACEHOLDERS = (
    "规则包名称", "name of the pack", "文件全称", "文号", "条款标题", "条款号",
    "要求的名称", "name of the requirement", "限值名称", "name of the limit", "产品名称",
    "先做什么、改哪里。", "What to do first, and where.",
)  # fmt: skip
"""Texts of the templates that an author has to replace; lint looks for them."""
_ON_REQUEST = "# 指南类只在 --pack 指定时采用。A guide judges only when --pack names it."


@dataclass(frozen=True)
class Wanted:
    """What is to be made: the pack folder, a card in a topic, its unit, the day."""

    folder: Path
    kind: str
    card: str
    topic: str
    unit: str
    day: date


def scaffold(wanted: Wanted) -> dict[Path, str]:
    """Files with their texts; existing ones are left alone. Raises ``UsageError`` for bad names."""
    pack = wanted.folder.name
    if not _PACK.match(pack):
        raise _wrong("usage.pack_name", pack)
    if not _TOPIC.match(wanted.topic):
        raise _wrong("usage.topic", wanted.topic)
    _refuse_taken(wanted)
    amount, _, per = wanted.unit.partition("/")
    if not per or not all(map(find_unit, (wanted.unit, amount, per))):
        raise _wrong("usage.unit", wanted.unit)
    if wanted.card and not _CARD.match(wanted.card):
        raise _wrong("usage.card_name", wanted.card)
    texts: dict[str, str] = {}
    fresh = not (wanted.folder / "pack.yaml").exists()
    if fresh:
        texts["pack.yaml"] = _filled("pack", wanted)
    if wanted.card:
        texts[f"requirements/{wanted.topic}/{wanted.card}.yaml"] = _filled("requirement", wanted)
        texts[f"cases/{wanted.card}.yaml"] = _filled("cases", wanted)
        if not (wanted.folder / "parameters.yaml").exists():
            texts["parameters.yaml"] = "parameters:\n" + _filled("parameter", wanted)
    made = {
        wanted.folder / name: _modeline(wanted.folder, name) + text for name, text in texts.items()
    }
    standing = [path for path in made if path.exists()]
    if standing:
        raise _wrong("usage.exists", str(standing[0]))
    return made


def further(wanted: Wanted) -> dict[Path, str]:
    """What a further card adds to files that exist: its limit, at the end of the parameters."""
    path = wanted.folder / "parameters.yaml"
    if not wanted.card or not path.exists():
        return {}
    text = path.read_text(encoding="utf-8-sig").rstrip("\n") + "\n" + _filled("parameter", wanted)
    try:
        document = read_yaml(text, path.name, pack=True)
    except PackError:
        return {}
    known = document.data.get("parameters") if isinstance(document.data, dict) else None
    return {path: text} if isinstance(known, list) and len(known) > 1 else {}


def _refuse_taken(wanted: Wanted) -> None:
    """Names that a shipped pack has already."""
    shipped = rules_dir() / wanted.folder.name
    if shipped.is_dir() and shipped.resolve() != wanted.folder.resolve():
        raise _wrong("usage.taken", wanted.folder.name)
    if wanted.card and any(rules_dir().glob(f"*/requirements/*/{wanted.card}.yaml")):
        raise _wrong("usage.taken", wanted.card)


def _wrong(key: str, name: str) -> UsageError:
    return UsageError(Problem(key, Anchor("rules new"), {"name": name}, "blocker"))


def _modeline(folder: Path, name: str) -> str:
    """The line that tells an editor the schema of a file, as a path from the file."""
    schemas: Mapping[str, str] = {"requirements": "requirement", "cases": "cases"}
    stem = name.split("/", maxsplit=1)[0].removesuffix(".yaml")
    schema = schemas_dir() / f"{schemas.get(stem, stem)}.schema.json"
    return f"# yaml-language-server: $schema={_path(schema, (folder / name).parent)}\n"


def _path(target: Path, start: Path) -> str:
    """``target`` as seen from ``start``; absolute when they share no folder above the root."""
    here, there = start.resolve().parts, target.resolve().parts
    shared = 0
    while shared < min(len(here), len(there)) and here[shared] == there[shared]:
        shared += 1
    if shared < 2:
        return target.as_posix()
    return "/".join([*[".."] * (len(here) - shared), *there[shared:]])


def _filled(name: str, wanted: Wanted) -> str:
    template = (templates_dir() / "scaffold" / f"{name}.yaml").read_text(encoding="utf-8")
    parameter = wanted.card.lower().replace("-", "_").removesuffix("_limit") + "_limit"
    amount, _, per = wanted.unit.partition("/")
    value = f'to(e.energy, "{amount}") / to(e.output, "{per}")'
    kind, modality = _CARD_KINDS.get(wanted.kind, ("guideline", "must"))
    applies = {"sector": "applies_when: {sector: [textiles]}", "guide": _ON_REQUEST}
    values = {
        "applies": applies.get(
            wanted.kind, f"applies_when: {{applies_for: [{wanted.folder.name}]}}"
        ),
        "modality": modality,
        "pack": wanted.folder.name,
        "kind": wanted.kind,
        "card": wanted.card,
        "parameter": parameter,
        "unit": wanted.unit,
        "value": value,
        "amount": amount,
        "per": per,
        "day": wanted.day.isoformat(),
        # Cases are judged on a fixed day unless they say otherwise: values have to hold by then.
        "start": f"{min(wanted.day, date.fromisoformat(AS_OF)).year}-01-01",
        "key": kind,
    }
    for key, value in values.items():
        template = template.replace(f"<{key}>", value)
    return template
