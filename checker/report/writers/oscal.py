"""OSCAL 1.2.1 assessment results, with UUIDs made from the content.

OSCAL knows satisfied and not-satisfied only. PASS alone is satisfied; every other state is
not-satisfied with the reason ``fail`` or ``other``, and the state itself as a property.
"""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from checker.report.formats import Job
from checker.report.voice import Voice, joined
from checker.report.writers.inert import each_text, visible

VERSION = "1.2.1"
NAMESPACE = uuid.UUID("6f1f6f0a-6f0e-5c5b-9d1e-7a63662d6368")
"""Root of all UUIDs here; the rest comes from the run and what is named."""
PROPS = "urn:zcf-check"


def render(job: Job) -> bytes:
    """``oscal.json``: one result with an observation and a finding for every requirement."""
    result, voice = job.result, Voice(job.result, job.lang)
    run = result["run"]
    start = f"{run['as_of']}T00:00:00+08:00"

    def named(*parts: str) -> str:
        return str(uuid.uuid5(NAMESPACE, "\0".join((run["id"], *parts))))

    judged = [r for r in result["requirements"] if r["status"] != "NOT_APPLICABLE"]
    controls: Any = [{"include-controls": [{"control-id": entry["id"]} for entry in judged]}]
    if not judged:
        controls = [{"description": "none applies"}]
    document = {
        "assessment-results": {
            "uuid": named("document"),
            "metadata": {
                "title": joined(voice.label("ui.title")),
                "last-modified": start,
                "version": run["id"],
                "oscal-version": VERSION,
                "remarks": joined(voice.label("ui.disclaimer")),
            },
            "import-ap": {"href": f"#{named('plan')}"},
            "results": [
                {
                    "uuid": named("result"),
                    "title": joined(voice.label(f"conclusion.{result['conclusion']['state']}")),
                    "description": joined(
                        voice.label(f"conclusion.{result['conclusion']['state']}.text")
                    ),
                    "start": start,
                    "reviewed-controls": {"control-selections": controls},
                    "observations": [_observation(voice, r, named, start) for r in judged],
                    "findings": [_finding(voice, r, named) for r in judged],
                }
            ],
            "back-matter": {"resources": [_plan(result, named("plan"))]},
        }
    }
    return (json.dumps(each_text(document), ensure_ascii=False, indent=1) + "\n").encode()


def _plan(result: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The packs a check went by: what OSCAL calls its assessment plan."""
    packs = result["composition"]["packs"]
    return {
        "uuid": name,
        "title": "rule packs",
        "props": [
            {"name": "pack", "ns": PROPS, "value": f"{p['id']}@{p['version']}"} for p in packs
        ],
    }


def _state(entry: Mapping[str, Any]) -> dict[str, str]:
    return {"name": "state", "ns": PROPS, "value": entry["status"]}


def _observation(voice: Voice, entry: Mapping[str, Any], named: Any, start: str) -> dict[str, Any]:
    places = [place for outcome in entry["outcomes"] for place in outcome["places"]][:20]
    found: dict[str, Any] = {
        "uuid": named("observation", entry["id"]),
        "title": visible(joined(voice.both(entry["title"]))),
        "description": visible(entry["assertion"] or joined(voice.both(entry["title"]))),
        "props": [_state(entry)],
        "methods": ["TEST" if entry["how"] == "executable" else "EXAMINE"],
        "collected": start,
    }
    if places:
        found["relevant-evidence"] = [
            {"description": visible(voice.place(place)[0])} for place in places
        ]
    return found


def _finding(voice: Voice, entry: Mapping[str, Any], named: Any) -> dict[str, Any]:
    status = entry["status"]
    state = {"state": "satisfied", "reason": "pass"}
    if status != "PASS":
        state = {"state": "not-satisfied", "reason": "fail" if status == "FAIL" else "other"}
    return {
        "uuid": named("finding", entry["id"]),
        "title": visible(joined(voice.both(entry["title"]))),
        "description": joined(voice.label(f"state.{status}")),
        "props": [_state(entry)],
        "target": {"type": "objective-id", "target-id": entry["id"], "status": state},
        "related-observations": [{"observation-uuid": named("observation", entry["id"])}],
    }
