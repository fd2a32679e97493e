"""Where an outcome leads: its own places, or those of the figures it rests on."""

from collections.abc import Mapping

from checker.lang.trace import Trace
from checker.places import Anchor
from checker.requirements.outcome import Outcome

MAX_PLACES = 60


class Origins:
    """Places behind figures, followed through the figures they are made of."""

    def __init__(self, traces: Mapping[str, Trace]) -> None:
        self.traces = traces
        self.known: dict[str, tuple[Anchor, ...]] = {}

    def of_fact(self, name: str) -> tuple[Anchor, ...]:
        """Places a figure was read from, its own first; at most ``MAX_PLACES``."""
        if name not in self.known:
            trace = self.traces.get(name)
            found = dict.fromkeys(trace.anchors() if trace else ())
            for part in trace.references("fact") if trace else ():
                found |= dict.fromkeys(self.of_fact(part))
            self.known[name] = tuple(found)[:MAX_PLACES]
        return self.known[name]

    def of_outcome(self, outcome: Outcome) -> tuple[Anchor, ...]:
        """Places of an outcome; never empty."""
        own = outcome.anchors
        if own or outcome.trace is None:
            return own or (Anchor("dossier.yaml"),)
        found: dict[Anchor, None] = {}
        for name in outcome.trace.references("fact"):
            found |= dict.fromkeys(self.of_fact(name))
        return tuple(found)[:MAX_PLACES] or (Anchor("dossier.yaml"),)
