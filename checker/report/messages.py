"""The message catalogues: keys to text in Chinese and English, filled with typed arguments.

Templates know one construct, ``{name}``; there is no attribute access and no format language, so
neither a pack nor a dossier can reach anything through a message.
"""

import functools
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from checker.resources import templates_dir

LANGUAGES = ("zh", "en")
_PLACE = re.compile(r"\{(\w+)\}")


@functools.cache
def catalogue(name: str) -> Mapping[str, Mapping[str, str]]:
    """One catalogue: ``labels``, ``problems`` or ``packs``."""
    path = templates_dir() / "messages" / f"{name}.json"
    data: Mapping[str, Mapping[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return data


def fill(template: str, args: Mapping[str, Any], show: Callable[[Any], str] = str) -> str:
    """``template`` with every ``{name}`` replaced; a name without argument stays visible."""

    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        return show(args[name]) if name in args else match.group(0)

    return _PLACE.sub(replace, template)


def label(key: str, lang: str, /, **args: Any) -> str:
    """A label; an unknown key is shown as itself."""
    texts = catalogue("labels").get(key)
    return fill(texts[lang], args) if texts else key


def problem_text(key: str, args: Mapping[str, Any], lang: str) -> str:
    """A problem in words; hints become a question, unknown keys are shown with their arguments."""
    texts = catalogue("problems").get(key) or catalogue("packs").get(key)
    if texts is None:
        return key + " " + ", ".join(f"{name}={value}" for name, value in args.items())
    shown = dict(args)
    if shown.get("hint") and key not in ("cell.unit_unknown",):
        shown["hint"] = label("hint.did_you_mean", lang, name=shown["hint"])
    if (code := f"severity.{shown.get('severity')}") in catalogue("labels"):
        shown["severity"] = label(code, lang)
    return fill(texts[lang], shown).strip()


def printable(text: str) -> str:
    """Text of a dossier without control characters: a terminal obeys them."""
    return "".join(char if char.isprintable() else " " for char in text)
