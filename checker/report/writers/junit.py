"""JUnit XML: requirements as test cases, for build servers; silence is no pass there either."""

import xml.etree.ElementTree as ET

from checker.report.formats import Job
from checker.report.voice import Voice, joined
from checker.report.writers.inert import visible


def render(job: Job) -> bytes:
    """One suite a gate; what was not evaluated or is for a person is an error, not a skip.

    NOT_APPLICABLE is skipped, with its reason.
    """
    voice = Voice(job.result, job.lang)
    suites: dict[str, list[ET.Element]] = {}
    for requirement in job.result["requirements"]:
        for outcome in requirement["outcomes"]:
            case = _case(job, voice, requirement, outcome)
            suites.setdefault(requirement["gate"], []).append(case)
    for finding in job.result["findings"]:
        if finding["rule"].startswith("READ-"):
            case = ET.Element("testcase", name=visible(finding["rule"]), classname="reading")
            ET.SubElement(
                case, "error", message=visible(joined(voice.message(finding))), type="READ"
            )
            suites.setdefault("reading", []).append(case)
    if not suites:
        case = ET.Element("testcase", name="requirements", classname="reading")
        ET.SubElement(case, "error", message="no requirement was evaluated", type="NOT_EVALUATED")
        suites["reading"] = [case]
    root = ET.Element("testsuites", name="zcf-check", id=job.result["run"]["id"])
    for gate, cases in suites.items():
        counts = {
            name: str(sum(case.find(name) is not None for case in cases))
            for name in ("failure", "error", "skipped")
        }
        suite = ET.SubElement(
            root, "testsuite", name=gate, tests=str(len(cases)),
            failures=counts["failure"], errors=counts["error"], skipped=counts["skipped"],
        )  # fmt: skip
        suite.extend(cases)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _case(job: Job, voice: Voice, requirement: dict, outcome: dict) -> ET.Element:  # type: ignore[type-arg]
    subject = outcome["subject"]
    name = f"{requirement['id']} {subject}".strip()
    case = ET.Element("testcase", name=visible(name), classname=requirement["pack"])
    title = visible(joined(voice.both(requirement["title"])))
    state = outcome["state"]
    places = "\n".join(visible(voice.place(place)[0]) for place in outcome["places"])
    reasons = visible(joined(voice.reasons(outcome.get("reasons", ()), 5)))
    if state == "FAIL":
        found = _finding(job, requirement["id"], subject)
        text = joined(voice.message(found), "\n") if found else title
        element = ET.SubElement(case, "failure", message=visible(text), type=state)
        element.text = places
    elif state in ("NOT_EVALUATED", "NEEDS_JUDGEMENT"):
        element = ET.SubElement(case, "error", message=f"{title} {reasons}".strip(), type=state)
        element.text = places
    elif state == "NOT_APPLICABLE":
        ET.SubElement(case, "skipped", message=reasons or state)
    return case


def _finding(job: Job, rule: str, subject: str) -> dict | None:  # type: ignore[type-arg]
    return next(
        (f for f in job.result["findings"] if f["rule"] == rule and f["subject"] == subject), None
    )
