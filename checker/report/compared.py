"""Two runs compared, as lines and as JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

from checker.engagement.compare import STATES, compare, counts, indicators
from checker.report.voice import Voice, joined


def compared_lines(old: Mapping[str, Any], new: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Conclusion, indicators, counts, then every finding by what became of it."""
    voice = Voice(new, lang)
    before = Voice(old, lang)
    states = (old["conclusion"]["state"], new["conclusion"]["state"])
    told = [joined(voice.label(f"conclusion.{state}")) for state in states]
    yield f"{old['run']['id']} → {new['run']['id']}: {told[0]} → {told[1]}"
    for moved in indicators(old, new):
        values = (joined(voice.typed(moved.before)), joined(voice.typed(moved.after)))
        was, now = (joined(voice.label(f"state.{state}")) for state in (moved.was, moved.now))
        title = joined(voice.both(moved.title))
        yield f"  {title}: {values[0]} → {values[1]} ({was} → {now})"
    changes = compare(old, new)
    listed = counts(changes)
    yield " · ".join(f"{joined(voice.label(f'round.{name}'))} {listed[name]}" for name in STATES)
    for state in STATES:
        for change in changes:
            if change.state == state:
                speaker = before if change.new is None else voice
                name = f"{change.finding['rule']} {change.finding['subject']}".strip()
                text = joined(speaker.message(change.finding))
                yield f"  [{joined(voice.label(f'round.{state}'))}] {name}: {text}"


def as_json(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The same for machines."""
    changes = compare(old, new)
    return {
        "old": old["run"],
        "new": new["run"],
        "conclusion": [old["conclusion"]["state"], new["conclusion"]["state"]],
        "counts": counts(changes),
        "findings": [
            {
                "state": change.state,
                "rule": change.finding["rule"],
                "subject": change.finding["subject"],
                "fingerprint": change.finding["fingerprint"],
                "now": change.now,
            }
            for change in changes
        ],
    }
