"""SARIF 2.1.0 of a check: findings and open questions, with clauses as taxonomy, for code scanners.

``baselineState`` compares with an earlier result where one is given; waivers and judgements that
accept a finding are ``suppressions``: the result stays, marked as accepted and by whom.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from checker.report.formats import Job
from checker.report.sarif import SCHEMA
from checker.report.voice import Voice, joined
from checker.report.writers.inert import each_text, visible

LEVELS = {"blocker": "error", "major": "error", "minor": "warning"}
RANKS = {"blocker": 100.0, "major": 80.0, "minor": 50.0, "observation": 20.0, "info": 5.0}
TAXONOMY = "clauses"


def render(job: Job) -> bytes:
    """One run as text."""
    voice = Voice(job.result, job.lang)
    rules = sorted({finding["rule"] for finding in job.result["findings"]})
    requirements = {entry["id"]: entry for entry in job.result["requirements"]}
    taxa = _taxa(job.result)
    known = {old["fingerprint"]: old for old in (job.before or {}).get("findings", ())}
    results = [
        _result(job, voice, finding, rules, taxa, known) for finding in job.result["findings"]
    ] + list(_gone(job, voice))
    run = {
        "tool": {
            "driver": {
                "name": "zcf-check",
                "version": job.result["run"]["version"],
                "rules": [_rule(voice, rule, requirements.get(rule), taxa) for rule in rules],
                "supportedTaxonomies": [{"name": TAXONOMY}],
            }
        },
        "automationDetails": {"id": f"zcf-check/{job.result['run']['id']}"},
        "columnKind": "unicodeCodePoints",
        "taxonomies": [
            {"name": TAXONOMY, "taxa": [{"id": key, "name": name} for key, name in taxa.items()]}
        ],
        "results": results,
        "properties": {"as_of": job.result["run"]["as_of"], "run": job.result["run"]["id"]},
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return (
        json.dumps(each_text(document), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    ).encode()


def _clause(item: Mapping[str, Any]) -> tuple[str, str]:
    name = f"{item['document']} {item['number']}".strip()
    return f"{item['source']}#{item['heading']}", f"{name} {item['heading']}".strip()


def _taxa(result: Mapping[str, Any]) -> dict[str, str]:
    """Clauses that findings cite, by id, sorted."""
    cited = (_clause(f["clause"]) for f in result["findings"] if f["clause"])
    return dict(sorted(cited))


def _rule(
    voice: Voice, rule: str, requirement: Mapping[str, Any] | None, taxa: Mapping[str, str]
) -> dict[str, Any]:
    if requirement is None:
        return {"id": rule}
    found: dict[str, Any] = {
        "id": rule,
        "shortDescription": {"text": joined(voice.both(requirement["title"]))},
        "fullDescription": {"text": _told(voice, requirement)},
        "help": {"text": _told(voice, requirement)},
        "properties": {"kind": requirement["kind"], "modality": requirement["modality"]},
    }
    key, _ = _clause(requirement["clause"])
    if key in taxa:
        found["relationships"] = [{"target": _taxon(key, taxa), "kinds": ["relevant"]}]
    return found


def _told(voice: Voice, requirement: Mapping[str, Any]) -> str:
    """What is required and where that is written, as one text."""
    clause = _clause(requirement["clause"])[1] if requirement["clause"] else ""
    parts = (joined(voice.both(requirement["title"])), requirement["assertion"], clause)
    return visible(" · ".join(filter(None, parts)))


def _taxon(key: str, taxa: Mapping[str, str]) -> dict[str, Any]:
    index = list(taxa).index(key)
    return {"id": key, "index": index, "toolComponent": {"name": TAXONOMY, "index": 0}}


def _result(
    job: Job,
    voice: Voice,
    finding: Mapping[str, Any],
    rules: list[str],
    taxa: Mapping[str, str],
    known: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": finding["rule"],
        "ruleIndex": rules.index(finding["rule"]),
        "kind": "fail",
        "level": LEVELS.get(finding["severity"], "note"),
        "rank": RANKS[finding["severity"]],
        "message": {"text": visible(joined(voice.message(finding)))},
        "locations": [_location(place) for place in finding["places"][:1]],
        "relatedLocations": [_location(place) for place in finding["places"][1:20]],
        "fingerprints": {"zcf/v1": finding["fingerprint"]},
        "properties": {
            name: finding[name] for name in ("id", "kind", "card_kind", "severity", "subject")
        },
    }
    if finding["clause"]:
        found["taxa"] = [_taxon(_clause(finding["clause"])[0], taxa)]
    if suppressions := list(_suppressions(job, finding)):
        found["suppressions"] = suppressions
    if job.before is not None:
        found["baselineState"] = _baseline(known.get(finding["fingerprint"]), finding)
    return found


def _location(place: Mapping[str, Any]) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(place["file"])}}
    if place.get("line"):
        physical["region"] = {"startLine": place["line"]}
        if place.get("column"):
            physical["region"]["startColumn"] = place["column"]
    found: dict[str, Any] = {"physicalLocation": physical}
    name = "!".join(filter(None, (place.get("sheet", ""), place.get("cell", ""))))
    if name or place.get("page"):
        found["logicalLocations"] = [{"fullyQualifiedName": name or f"p.{place['page']}"}]
    return found


def _suppressions(job: Job, finding: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if finding["waived_by"]:
        yield {"kind": "external", "status": "accepted", "justification": finding["waived_by"]}
    judged = job.record.get("effective", {}).get(finding["fingerprint"])
    if judged and judged["decision"] == "accepted":
        text = visible(f"{judged['who']}: {judged['reason']}")
        yield {"kind": "external", "status": "accepted", "justification": text}


def _baseline(old: Mapping[str, Any] | None, finding: Mapping[str, Any]) -> str:
    if old is None:
        return "new"
    same = old["message"] == finding["message"] and old["severity"] == finding["severity"]
    return "unchanged" if same else "updated"


def _gone(job: Job, voice: Voice) -> Iterator[dict[str, Any]]:
    """Findings of the earlier run that are no longer there. The diff says why."""
    if job.before is None:
        return
    now = {finding["fingerprint"] for finding in job.result["findings"]}
    old = Voice(job.before, job.lang)
    for finding in job.before["findings"]:
        if finding["fingerprint"] not in now:
            yield {
                "ruleId": finding["rule"],
                "kind": "fail",
                "level": LEVELS.get(finding["severity"], "note"),
                "message": {"text": visible(joined(old.message(finding)))},
                "fingerprints": {"zcf/v1": finding["fingerprint"]},
                "baselineState": "absent",
            }
