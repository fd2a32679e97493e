"""CPU seconds by stage of one dossier, beyond start-up: ``python -m bench.quantify FOLDER``."""

import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from checker.diagnose.declared import declared_figures
from checker.dossier.load import load_dossier
from checker.facts.quantities import compute_facts
from checker.facts.world import FactWorld
from checker.packs.bind import bind
from checker.packs.compose import compose
from checker.requirements.evaluate import evaluate_all
from checker.result.indicators import indicators, uncertainties

Result = TypeVar("Result")


def timed(name: str, work: Callable[[], Result]) -> Result:
    """Run one stage and print its CPU time."""
    begin = time.process_time()
    done = work()
    print(f"{name:28s} {time.process_time() - begin:6.3f} s CPU")
    return done


def main() -> None:
    """Stages in the order of a check."""
    path = Path(sys.argv[1])
    dossier = timed("read the dossier", lambda: load_dossier(path))
    composition = timed("read the packs", lambda: compose(dossier.header, date(2026, 11, 24)))
    book = timed("check the packs", lambda: bind(composition))
    world = FactWorld(dossier, book)
    timed("figures", lambda: compute_facts(world))
    timed("declared against recomputed", lambda: declared_figures(world))
    outcomes = timed("requirements", lambda: evaluate_all(world))
    timed("indicators and margins", lambda: indicators(world, outcomes))
    timed("uncertainty", lambda: uncertainties(world))


if __name__ == "__main__":
    main()
