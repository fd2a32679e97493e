"""1,000 small YAML documents × 50 requirements through the library, positions kept.

Run: ``python -m bench.documents [COUNT]``; prints CPU seconds of the whole process.
"""

import sys
import time
from collections.abc import Mapping
from datetime import date
from typing import Any

from bench.corpus import FIELDS, SECTIONS, documents, rules
from checker.lang.check import check_expression
from checker.lang.evaluate import compile_node
from checker.lang.source import Source
from checker.lang.trace import trace
from checker.lang.types import FieldType, Num, RowOf, Scope, Text
from checker.lang.values import Reason, Unknown
from checker.lang.world import Env
from checker.places import Anchor
from checker.yamltext import YamlDocument, read_yaml


class Section:
    """One section of a document as a row of the expression language."""

    __slots__ = ("data", "document", "key")

    def __init__(self, document: YamlDocument, key: str) -> None:
        self.document = document
        self.key = key
        self.data: Mapping[str, Any] = document.data.get(key) or {}

    def read(self, name: str) -> Any:
        """Value of a field, or unknown with its place."""
        value = self.data.get(name)
        if value is None:
            return Unknown(Reason("absent", f"{self.key}.{name}", self.anchor(name)))
        return value

    def anchor(self, name: str = "") -> Anchor:
        """Place of a field."""
        return self.document.anchor((self.key, name), name)


class NoWorld:
    """The rules read nothing but the document."""

    as_of = date(2026, 11, 24)
    months: tuple[str, ...] = ()
    dossier: Any = None


def scope() -> Scope:
    """Types of all sections: numbers without a unit, two texts."""
    fields = {n: FieldType(Text() if n in ("kind", "code") else Num()) for n in FIELDS}
    tables = dict.fromkeys(SECTIONS, fields)
    return Scope(tables, locals={name: RowOf(name) for name in SECTIONS})


def main(count: int) -> None:
    """Check the corpus and print findings and CPU seconds."""
    checked = [check_expression(Source(text), scope()) for text in rules()]
    compiled = [compile_node(node) for node in checked]
    found = []
    for index, text in enumerate(documents(count)):
        document = read_yaml(text, f"{index}.yaml")
        env = Env(NoWorld(), {name: Section(document, name) for name in SECTIONS})  # type: ignore[arg-type]
        for node, evaluate in zip(checked, compiled, strict=True):
            if evaluate(env) is not True:
                anchors = trace(node, env).anchors()
                found.append((node.text, str(anchors[0])))
    print(f"{count} documents, {len(checked)} rules, {len(found)} findings; first: {found[0]}")
    print(f"cpu {time.process_time():.3f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
