"""Shared helpers: paths, the shipped packs, checks run in memory."""

import functools
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker.check import Options, check
from checker.lang.types import Scope
from checker.packs.bind import bind
from checker.packs.book import RuleBook
from checker.packs.compose import Composition
from checker.packs.pack import load_pack, read_head
from checker.packs.scope import scope_of
from checker.resources import rules_dir

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
TEA = EXAMPLES / "xingxi-tea-2025"
BATTERY = EXAMPLES / "lithium-battery-2025"
AS_OF = date(2026, 11, 24)


@functools.cache
def shipped_packs() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in rules_dir().glob("*/pack.yaml")))


@functools.cache
def whole_book() -> RuleBook:
    """All shipped packs bound together, as no single dossier would."""
    packs = [load_pack(read_head(rules_dir() / name)) for name in shipped_packs()]
    return bind(Composition(AS_OF, packs, []))


@functools.cache
def whole_scope() -> Scope:
    """The names every card of the shipped packs may use."""
    book = whole_book()
    cards = [quantity.card for quantity in book.quantities]
    return scope_of(cards, book)


@functools.cache
def checked(path: Path) -> dict[str, Any]:
    """Result of an example; shared, not to be changed."""
    return check(path, Options(AS_OF))


def facts_of(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {fact["id"]: fact for fact in result["facts"]}


def rules_found(result: dict[str, Any]) -> list[str]:
    return sorted(finding["rule"] for finding in result["findings"])


def statuses(result: dict[str, Any]) -> dict[str, str]:
    return {requirement["id"]: requirement["status"] for requirement in result["requirements"]}


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path], Path]:
    """A copy of an example to spoil."""

    def make(example: Path) -> Path:
        return Path(shutil.copytree(example, tmp_path / example.name))

    return make


def edit(path: Path, old: str, new: str, times: int = 1) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == times, f"{path}: {old!r} stands {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")
