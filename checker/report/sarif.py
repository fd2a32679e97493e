"""SARIF 2.1.0: problems of rule packs with file, line and column, for editors and CI."""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from checker import __version__
from checker.errors import Problem
from checker.report.messages import catalogue, problem_text

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"blocker": "error", "major": "error", "minor": "warning"}


def sarif(problems: Iterable[Problem], locate: Callable[[str], str]) -> str:
    """One run as text; ``locate`` turns the file of an anchor into a path an editor can open."""
    listed = list(problems)
    keys = sorted({problem.key for problem in listed})
    run = {
        "tool": {
            "driver": {
                "name": "zcf-check",
                "version": __version__,
                "rules": [_rule(key) for key in keys],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, keys, locate) for problem in listed],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _rule(key: str) -> dict[str, Any]:
    texts = catalogue("problems").get(key) or catalogue("packs").get(key) or {}
    return {
        "id": key,
        "shortDescription": {"text": texts.get("en", key)},
        "fullDescription": {"text": texts.get("zh", key)},
    }


def _result(problem: Problem, keys: list[str], locate: Callable[[str], str]) -> dict[str, Any]:
    anchor = problem.anchor
    region = {"startLine": max(anchor.line, 1)}
    if anchor.column:
        region["startColumn"] = anchor.column
    texts = [problem_text(problem.key, problem.args, lang) for lang in ("zh", "en")]
    identity = f"{problem.key}\0{anchor.file}\0{anchor.label}\0{problem.args}"
    return {
        "ruleId": problem.key,
        "ruleIndex": keys.index(problem.key),
        "level": _LEVELS.get(problem.severity, "note"),
        "message": {"text": " / ".join(texts)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(locate(anchor.file))},
                    "region": region,
                }
            }
        ],
        "partialFingerprints": {"zcf/v1": hashlib.sha256(identity.encode()).hexdigest()[:32]},
    }
