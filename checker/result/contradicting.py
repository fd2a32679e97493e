"""Contradicting statements in the result: each figure with every place that states it."""

from collections.abc import Sequence

from checker.diagnose.declared import Declared
from checker.diagnose.statements import contradictions
from checker.facts.world import FactWorld
from checker.lang.values import Unknown
from checker.result.encode import Json, typed


def contradicting(world: FactWorld, declared: Sequence[Declared]) -> list[Json]:
    """Figures that are stated with different values, beside the recomputed one."""
    found = []
    for one in contradictions(world, declared):
        exact = world.fact(one.figure)
        unit = world.book_unit(one.figure)
        found.append(
            {
                "figure": one.figure,
                "recomputed": typed(exact, unit) if type(exact) is not Unknown else None,
                "statements": [
                    {
                        "value": typed(statement.value),
                        "source": statement.source,
                        "place": statement.anchor.to_json(),
                    }
                    for statement in one.statements
                ],
            }
        )
    return found
