"""Load and check all shipped packs: CPU seconds without imports. ``python -m bench.packs``."""

import gc
import time
from datetime import date

from checker.packs.bind import bind
from checker.packs.compose import Composition, load_with_parents


def main() -> None:
    """One round in a fresh process, as a command pays for it."""
    gc.set_threshold(500_000, 20, 100)
    start = time.process_time()
    packs = load_with_parents()
    loaded = time.process_time()
    bind(Composition(date(2026, 11, 24), packs, []))
    done = time.process_time()
    print(f"load {loaded - start:.3f} s, check {done - loaded:.3f} s, {len(packs)} packs")


if __name__ == "__main__":
    main()
