"""What to fix first: one action for one cause, ranked by severity, by what it blocks, by effort."""

import re
from dataclasses import dataclass, field

from checker.lang.values import Reason
from checker.packs.cards import EFFORTS, SEVERITIES
from checker.places import Anchor, cell_of
from checker.requirements.outcome import NOT_EVALUATED, Outcome
from checker.result.encode import Json
from checker.result.roots import Roots, after

_ONE_ROW = re.compile(r'(T\d\d)\.only\(.*?\.(\w+) == "([^"]+)"')
_TABLE = re.compile(r"T\d\d")


def cause(reason: Reason) -> tuple[str, str, str]:
    """A missing thing: its kind, its table, its name.

    Kinds: ``table``, ``row`` and ``cell`` of a table, ``header`` (dossier.yaml), ``topic`` (data
    or a nil statement), ``factor``; anything else keeps the kind of the reason.
    """
    if match := _ONE_ROW.match(reason.what):
        return "row", match.group(1), match.group(3)
    for prefix, kind in (("factor ", "factor"), ("dossier.", "header"), ("nil:", "topic")):
        if reason.what.startswith(prefix):
            return kind, "", reason.what.removeprefix(prefix)
    if re.fullmatch(r"T\d\d\.\w+", reason.what):
        table, _, column = reason.what.partition(".")
        return "cell", table, column
    if match := _TABLE.match(reason.what):
        return "table", match.group(0), ""
    return reason.kind, "", reason.what


@dataclass(slots=True)
class _Gap:
    """What is missing in one place, and what that holds up."""

    kind: str
    table: str
    reason: str
    names: dict[str, None] = field(default_factory=dict)
    blocked: dict[str, None] = field(default_factory=dict)
    places: dict[Anchor, None] = field(default_factory=dict)
    binding: bool = False

    def to_json(self) -> dict[str, Json]:
        return {
            "kind": self.kind,
            "table": self.table,
            "names": sorted(self.names),
            "reason": self.reason,
            "binding": self.binding,
            "blocked": sorted(self.blocked),
            "places": [anchor.to_json() for anchor in sorted(self.places)[:20]],
        }


_TOGETHER = ("row", "cell", "header")
"""Kinds whose names are supplied in one go: columns of a table, entries of the header."""


def gaps(outcomes: list[Outcome]) -> list[Json]:
    """Causes of NOT_EVALUATED, with the requirements each of them holds up."""
    found: dict[tuple[str, str, str, str], _Gap] = {}
    for outcome in outcomes:
        if outcome.state != NOT_EVALUATED:
            continue
        card = outcome.requirement.card
        for reason in outcome.reasons:
            kind, table, name = cause(reason)
            key = (kind, table, "" if kind in _TOGETHER else name, reason.kind)
            gap = found.setdefault(key, _Gap(kind, table, reason.kind))
            gap.names[name] = None
            gap.blocked[card.id] = None
            gap.binding = gap.binding or card.binding
            place = reason.anchor or outcome.anchor
            if place:
                gap.places[place] = None
    ordered = sorted(found.items(), key=lambda i: (not i[1].binding, -len(i[1].blocked), i[0]))
    return [gap.to_json() for _, gap in ordered]


def actions(findings: list[Json], missing: list[Json], roots: Roots) -> list[Json]:
    """The ranked list: findings of one rule together, then what is missing.

    Sources that disagree stand before what is computed from them, at the severity of the worst of
    it; ``after`` names their ranks.

    What a finding about reading already names, as a missing column or at the same place, is not
    asked for twice: that finding says what it holds up.
    """
    missing = [gap for gap in missing if gap["reason"] != "left_out"]  # nothing to supply there
    grouped: dict[str, list[Json]] = {}
    for finding in findings:
        if finding["severity"] != "info":
            key = finding["rule"]
            if key.startswith("READ-"):
                key += finding["subject"]
            grouped.setdefault(key, []).append(finding)
    named = {
        members[0]["message"]["args"]["table"]["value"]: members[0]["id"]
        for members in grouped.values()
        if members[0]["rule"] == "READ-column.missing"
    }
    entries = [_correct(members) for members in _of_one_cause(list(grouped.values()))]
    read = {
        cell_of(place): members[0]["id"]
        for members in grouped.values()
        if members[0]["rule"].startswith("READ-")
        for finding in members
        for place in finding["places"]
    }
    for gap in missing:
        owner = named.get(gap["table"]) if gap["kind"] == "cell" else None
        if not owner and gap["places"]:
            owners = {read.get(cell_of(place)) for place in gap["places"]}
            owner = owners.pop() if len(owners) == 1 else None
        if owner:
            entry = next(entry for entry in entries if owner in entry["findings"])
            entry["unblocks"] = sorted({*entry["unblocks"], *gap["blocked"]})
        elif gap["kind"] != "no_parameter":
            entries.append(_supply(gap))
    return _ranked(entries, findings, roots)


_BLANK = ("READ-cell.blank", "READ-cell.blank_text")


def _of_one_cause(groups: list[list[Json]]) -> list[list[Json]]:
    """Groups of findings; a cell that is blank only because its formula was never calculated, or
    its text could not be read, is one thing to correct."""
    blanks = [group for group in groups if group[0]["rule"] in _BLANK]
    found = [list(group) for group in groups if group[0]["rule"] not in _BLANK]
    for blank in blanks:
        cells = {cell_of(place) for finding in blank for place in finding["places"]}
        for group in found:
            own = {cell_of(place) for finding in group for place in finding["places"]}
            if group[0]["rule"].startswith("READ-") and cells <= own:
                group.extend(blank)
                break
        else:
            found.append(blank)
    return found


def _ranked(entries: list[Json], findings: list[Json], roots: Roots) -> list[Json]:
    """Entries in their order, numbered; ``after`` names those to look at before."""
    before = after(entries, findings, roots)
    worst = [SEVERITIES.index(entry["severity"]) for entry in entries]
    for at, sources in enumerate(before):
        for source in sources:
            worst[source] = min(worst[source], worst[at])
    first = {source for sources in before for source in sources}
    order = sorted(
        range(len(entries)), key=lambda at: (worst[at], at not in first, *_rank(entries[at]))
    )
    rank = {at: number for number, at in enumerate(order, start=1)}
    return [
        {"rank": rank[at], **entries[at], "after": sorted(rank[source] for source in before[at])}
        for at in order
    ]


TOGETHER = 3
"""Actions that are offered together: a day's work."""


def unblocking(entries: list[Json]) -> dict[str, Json]:
    """The few actions that together un-block most requirements: their ranks, and how many."""
    left = {entry["rank"]: set(entry["unblocks"]) for entry in entries if entry["unblocks"]}
    ranks: list[int] = []
    reached: set[str] = set()
    for _ in range(TOGETHER):
        best = max(left, key=lambda rank: (len(left[rank] - reached), -rank), default=None)
        if best is None or not left[best] - reached:
            break
        ranks.append(best)
        reached |= left.pop(best)
    return {"ranks": sorted(ranks), "requirements": len(reached)}


def _correct(members: list[Json]) -> dict[str, Json]:
    first = members[0]
    listed = [place for finding in members for place in finding["places"]]
    return {
        "kind": "correct",
        "cause": "reading" if first["rule"].startswith("READ-") else "requirement",
        "severity": first["severity"],
        "effort": first["effort"],
        "findings": [finding["id"] for finding in members],
        "unblocks": [],
        "places": listed[:20],
        "count": sum(len(finding["places"]) or 1 for finding in members)
        if first["rule"].startswith("READ-")
        else len(members),
    }


def _supply(gap: Json) -> dict[str, Json]:
    return {
        "kind": "supply",
        "cause": "missing",
        "severity": "major" if gap["binding"] else "observation",
        "effort": "fill" if gap["kind"] in ("table", "cell", "header", "topic") else "document",
        "findings": [],
        "gap": {key: gap[key] for key in ("kind", "table", "names", "reason")},
        "unblocks": gap["blocked"],
        "places": gap["places"],
        "count": max(1, len(gap["places"])),
    }


def _rank(entry: Json) -> tuple[int, int, int, str]:
    """First what fails a requirement, then what was unreadable, then what is missing."""
    order = ("requirement", "reading", "missing").index(entry["cause"])
    first = entry["findings"][0] if entry["findings"] else str(entry.get("gap"))
    return order, -len(entry["unblocks"]), EFFORTS.index(entry["effort"]), first
