"""The Jinja environment of the reports, and templates compiled ahead of time.

Compiling the templates costs more than rendering them. Where they were compiled at installation
(``python -m checker.report.environment``) and neither they nor Jinja have changed since, the
compiled form is used; otherwise they are compiled on the spot. Nothing is written at run time.
"""

import functools
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from checker.resources import templates_dir

COMPILED = "compiled"


def sources(folder: Path) -> list[Path]:
    """All template files, sorted."""
    return sorted(folder.rglob("*.j2"))


def fingerprint(folder: Path) -> dict[str, str]:
    """What a compiled form depends on: the templates, Jinja and the Python version."""
    digest = hashlib.sha256()
    for path in sources(folder):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"jinja": jinja2.__version__, "python": version, "templates": digest.hexdigest()}


def _loader(folder: Path) -> jinja2.BaseLoader:
    compiled = folder / COMPILED
    try:
        made_from: Any = json.loads((compiled / "made_from.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        made_from = None
    if made_from == fingerprint(folder):
        return _modules(compiled, json.dumps(made_from, sort_keys=True))
    return jinja2.FileSystemLoader(folder)


@functools.cache
def _modules(compiled: Path, made_from: str) -> jinja2.ModuleLoader:
    """One loader for one state of the folder, kept: it leaves a weak entry in ``sys.modules``."""
    return jinja2.ModuleLoader(compiled)


def environment(loader: jinja2.BaseLoader | None = None) -> ImmutableSandboxedEnvironment:
    """A sandbox that escapes everything and refuses undefined names."""
    return ImmutableSandboxedEnvironment(
        loader=loader or _loader(templates_dir()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def compile_templates(folder: Path) -> Path:
    """Compile all templates of a folder into its ``compiled`` folder."""
    target = folder / COMPILED
    target.mkdir(exist_ok=True)
    for old in target.glob("tmpl_*.py"):
        old.unlink()
    made = environment(jinja2.FileSystemLoader(folder))
    made.filters.update(dict.fromkeys(FILTERS, str))
    made.compile_templates(
        str(target), zip=None, ignore_errors=False, extensions=["j2"], log_function=None
    )
    text = json.dumps(fingerprint(folder), sort_keys=True)
    (target / "made_from.json").write_text(text, encoding="utf-8")
    return target


FILTERS = ("percent", "round_number")
"""Filters the templates use besides Jinja's own; set by the renderer."""

if __name__ == "__main__":
    print(compile_templates(templates_dir()))
