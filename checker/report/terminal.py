"""The summary on a terminal: conclusion first, then gates, figures and what to fix."""

from collections.abc import Mapping
from typing import Any

from checker.report.messages import LANGUAGES, printable
from checker.report.numbers import show_quantity
from checker.report.words import Words

_FIGURES = (
    "emissions.total",
    "electricity.location_based",
    "electricity.market_based",
    "energy.electricity_calorific",
    "energy.total",
    "share.clean_electricity",
    "share.non_fossil",
    "share.physical",
    "intensity.unit_energy",
)
MAX_ACTIONS = 5


def summary(result: Mapping[str, Any], lang: str) -> list[str]:
    """Lines of the summary in ``zh`` or ``en``; ``both`` gives one after the other."""
    if lang == "both":
        return [line for one in LANGUAGES for line in (*summary(result, one), "")][:-1]
    words = Words(result, lang)
    conclusion = result["conclusion"]
    lines = [
        f"{words.label('conclusion.' + conclusion['state'])} — {words.label('ui.disclaimer')}",
        words.label(f"conclusion.{conclusion['state']}.text"),
        "",
    ]
    counts = " · ".join(
        f"{words.label('state.' + state)} {count}"
        for state, count in conclusion["requirements"].items()
    )
    lines += [f"{words.label('ui.requirements')}: {counts}"]
    lines += [_gate(words, gate) for gate in conclusion["gates"]]
    lines += _waivers(result, words)
    lines += ["", *_figures(result, words)]
    if result["actions"]:
        lines += ["", words.label("ui.fix_first")]
        for action in result["actions"][:MAX_ACTIONS]:
            place = words.place(action["places"][0]) if action["places"] else ""
            lines.append(f"  {action['rank']}. {words.action(action)}  [{place}]")
            if action["unblocks"]:
                count = len(action["unblocks"])
                lines[-1] += " " + words.label("ui.unblocks", count=count)
        few = result["unblocking"]
        if few["ranks"]:
            args = {"ranks": ", ".join(map(str, few["ranks"])), "count": few["requirements"]}
            lines.append("  " + words.label("ui.unblocking", **args))
        if more := len(result["actions"]) - MAX_ACTIONS:
            lines += [f"  {words.label('ui.more_actions', count=more)}"] if more > 0 else []
    return [printable(line) for line in lines]


def _gate(words: Words, gate: Mapping[str, Any]) -> str:
    name = words.label(f"gate.{gate['id']}.name")
    line = f"  {name}: {words.label('gate.' + gate['state'])}"
    if gate["left_out"]:
        line += f" ({words.label('gate.left_out', count=gate['left_out'])})"
    return line


def _waivers(result: Mapping[str, Any], words: Words) -> list[str]:
    """The conclusion with waivers, and how many of them count."""
    waivers = result["waivers"]
    if waivers is None:
        return []
    counting = sum(entry["state"] == "applied" for entry in waivers["waivers"])
    args = {"count": counting, "all": len(waivers["waivers"])}
    if waivers["ignored"]:
        return ["", words.label("waivers.ignored", **args)]
    state = words.label("conclusion." + waivers["conclusion"]["state"])
    return [
        "",
        f"{words.label('ui.with_waivers')}: {state} ({words.label('waivers.count', **args)})",
    ]


def _figures(result: Mapping[str, Any], words: Words) -> list[str]:
    facts = {fact["id"]: fact for fact in result["facts"]}
    lines = []
    for name in _FIGURES:
        fact = facts.get(name)
        if fact is None:
            continue
        value = show_quantity(fact["value"], fact["unit"]) if fact["known"] else None
        lines.append(f"  {words.both(fact['title'])}: {value or words.label('ui.unknown')}")
    return lines
