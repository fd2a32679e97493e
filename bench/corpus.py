"""Writes the corpus of the peer comparison: documents of 30 scalars in 5 sections, 50 rules.

The shape follows the published comparison of rule checkers this project measures itself against:
571 bytes of YAML a document; 30 presence rules, 12 ranges, 3 patterns, 2 closed lists and 3
conditionals; every document breaks exactly one rule.
"""

import random
from collections.abc import Iterator

SECTIONS = ("identity", "energy", "emissions", "meters", "offsets")
FIELDS = ("alpha", "beta", "gamma", "delta", "kind", "code")


NUMBERS = [(section, name) for section in SECTIONS[:3] for name in FIELDS[:4]]
"""The twelve fields with a range."""


def document(index: int, random_: random.Random) -> str:
    """One document as YAML; exactly one of its ranged fields is out of range."""
    broken = NUMBERS[index % len(NUMBERS)]
    lines = []
    for section in SECTIONS:
        lines.append(f"{section}:")
        for name in FIELDS:
            if name == "kind":
                value = random_.choice(("own", "leased"))
            elif name == "code":
                value = f"AB{random_.randrange(10**6):06d}"
            elif (section, name) == broken:
                value = "9.9999"
            else:
                value = f"{random_.uniform(0.2, 0.9):.4f}"
            lines.append(f"  {name}: {value}")
    return "\n".join(lines) + "\n"


def documents(count: int) -> Iterator[str]:
    """``count`` documents, the same every time."""
    random_ = random.Random(20260114)
    return (document(index, random_) for index in range(count))


def rules() -> list[str]:
    """Fifty rules in the expression language."""
    fields = [f"{section}.{name}" for section in SECTIONS for name in FIELDS]
    found = [f"has({field})" for field in fields]
    found += [f"{s}.{n} >= 0.1 && {s}.{n} <= 1.2" for s, n in NUMBERS]
    found += [f'starts_with({s}.code, "AB")' for s in SECTIONS[:3]]
    found += [f'{s}.kind in ["own", "leased"]' for s in SECTIONS[:2]]
    found += [f'{s}.kind != "own" || {s}.alpha > 0' for s in SECTIONS[:3]]
    return found
