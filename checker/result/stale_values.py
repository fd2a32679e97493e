"""Values that nobody has looked up for more than a year: used all the same, and said so."""

from collections.abc import Iterator

from checker.facts.world import FactWorld
from checker.packs.stale import OWN, is_stale
from checker.result.encode import Json


def stale(world: FactWorld) -> list[Json]:
    """Parameters of this check that were last verified more than a year before its day."""
    return list(_parameters(world))


def _parameters(world: FactWorld) -> Iterator[Json]:
    for name, value in sorted(world.used_parameters.items()):
        if value.clause.confidence != OWN and is_stale(value.verified_on, world.as_of):
            parameter = world.book.parameters[name]
            seen = value.verified_on.isoformat() if value.verified_on else ""
            yield {
                "kind": "parameter",
                "id": name,
                "title": parameter.title.to_json(),
                "verified_on": seen,
                "place": parameter.anchor.to_json(),
            }
