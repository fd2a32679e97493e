"""100,000 certificate codes and 10,000 credit ranges: ``python -m bench.certificates``."""

import random
import time
from datetime import date
from decimal import Decimal
from typing import Any

from checker.dossier.schema import table_specs
from checker.dossier.table import Table
from checker.registry.derive import certificate_blocks, credit_blocks


def table(code: str, **columns: Any) -> Table:
    """A table of columns of equal length, as if read from a file."""
    rows = len(next(iter(columns.values())))
    letters = {name: str(place + 1) for place, name in enumerate(columns)}
    lines = list(range(4, 4 + rows))
    return Table(table_specs()[code], f"{code}.csv", "", columns, lines, letters)


def certificates(count: int) -> Table:
    """Single codes in random order, of twelve months."""
    codes = [f"{10**31 + 7 * number:032d}" for number in range(count)]
    random.Random(1).shuffle(codes)
    fixed = {"kind": "separate", "holder": "示例工厂", "status": "cancelled", "use_year": "2025"}
    return table(
        "T11",
        first=codes,
        last=list(codes),
        quantity=[Decimal(1)] * count,
        produced=[f"2025-{1 + number % 12:02d}" for number in range(count)],
        cancelled_on=[date(2026, 1, 5)] * count,
        **{name: [value] * count for name, value in fixed.items()},
    )


def credits_of(count: int) -> Table:
    """Ranges of a hundred in fifty projects and two hundred batches."""
    serials = [
        f"ACR-US-{100 + number % 50}-2024-{number % 200}-{1 + number * 100} to {100 + number * 100}"
        for number in range(count)
    ]
    return table(
        "T20",
        registry=["ACR"] * count,
        first=serials,
        last=list(serials),
        quantity=[Decimal(100)] * count,
        vintage=["2024"] * count,
    )


def main() -> None:
    """Print CPU seconds of both."""
    listed, ranges = certificates(100_000), credits_of(10_000)
    begin = time.process_time()
    groups = len(certificate_blocks(listed))
    middle = time.process_time()
    blocks = len(credit_blocks(ranges, None))
    end = time.process_time()
    print(f"100,000 certificates into {groups} groups   {middle - begin:.3f} s CPU")
    print(f"10,000 credit ranges, {blocks} blocks        {end - middle:.3f} s CPU")
    print(f"together (target 1.0)                  {end - begin:.3f} s CPU")


if __name__ == "__main__":
    main()
