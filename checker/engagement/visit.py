"""What was seen on site, read back and compared with the dossier."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from checker.errors import DossierError, Problem
from checker.places import Anchor

FORMAT = "zcf-site/1"
MAX_BYTES = 5_000_000
MAX_TEXT = 2_000
FIELDS = ("seen", "value", "time", "photo", "note")
SEEN = ("ok", "not_ok", "not_seen")
HEAD = ("date", "who", "with")


def read_visit(
    content: bytes, file: str, result: Mapping[str, Any], items: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Answers by item; raises ``DossierError`` for another run, unknown items or no number."""
    try:
        found = json.loads(content) if len(content) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        found = None
    found = found if isinstance(found, dict) else {}
    given = found.get("answers")
    if not isinstance(given, dict) or found.get("format") != FORMAT:
        raise DossierError(Problem("readback.no_site", Anchor(file), {}, "blocker"))
    if found.get("run") != result["run"]["id"]:
        args = {"run": result["run"]["id"], "other": str(found.get("run", "?"))[:40]}
        raise DossierError(Problem("readback.of_another", Anchor(file), args, "blocker"))
    known = {item["id"] for item in items}
    head: dict[str, str] = {}
    answers: dict[str, dict[str, str]] = {}
    problems = []
    for name, value in given.items():
        if value is None or value == "":
            continue
        text = str(value)
        if len(text) > MAX_TEXT or not _plain(text):
            args = {"name": str(name)[:60], "limit": MAX_TEXT}
            problems.append(Problem("readback.site_text", Anchor(file), args, "blocker"))
            continue
        item, _, part = str(name).partition(".")
        if name in HEAD:
            head[name] = text
        elif item in known and part in FIELDS:
            answers.setdefault(item, {})[part] = text
            if part == "seen" and text not in SEEN:
                problems.append(
                    Problem("readback.site_item", Anchor(file), {"name": f"{name}: {text[:20]}"})
                )
            if part == "value" and _number(text) is None:
                args = {"value": text[:40]}
                problems.append(Problem("readback.number", Anchor(file, label=item), args))
        else:
            args = {"name": str(name)[:60]}
            problems.append(Problem("readback.site_item", Anchor(file), args, "blocker"))
    if problems:
        raise DossierError(problems)
    return {"run": result["run"]["id"], **head, "answers": answers}


def merged(
    old: Mapping[str, Any] | None, new: Mapping[str, Any]
) -> tuple[dict[str, Any], Iterator[tuple[str, dict[str, str]]]]:
    """Two visits with one list as one; what the later one says otherwise is told."""
    if old is None:
        return dict(new), iter(())
    answers = {item: dict(said) for item, said in old["answers"].items()}
    told: list[tuple[str, dict[str, str]]] = []
    for item, said in new["answers"].items():
        mine = answers.get(item, said)
        if mine != said:  # what was seen of one thing is one answer
            before, after = ("; ".join(one.values())[:60] for one in (mine, said))
            told.append(("visit.replaced", {"item": item, "before": before, "after": after}))
        answers[item] = dict(said)
    names = {name: _both(old.get(name, ""), new.get(name, "")) for name in HEAD}
    return {**new, **names, "answers": answers}, iter(told)


def _both(old: str, new: str) -> str:
    """Names or days of two visits, each once."""
    return "; ".join(dict.fromkeys(filter(None, (*old.split("; "), *new.split("; ")))))


def _plain(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def against(
    visit: Mapping[str, Any], result: Mapping[str, Any], items: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, dict[str, str]]]:
    """What the visit says against the dossier: readings below the last one, things not in order.

    A meter that was read after the period cannot show less than at its end.
    """
    last = _last_readings(result)
    for item in items:
        answer = visit["answers"].get(item["id"], {})
        if answer.get("seen") == "not_ok":
            yield "visit.not_ok", {"item": item["id"], "note": answer.get("note", "")}
        value = _number(answer["value"]) if answer.get("value") else None
        before = last.get(str(item["args"].get("meter", "")))
        if value is not None and before is not None and value < before:
            yield "visit.below", {"item": item["id"], "value": f"{value}", "before": f"{before}"}
    open_ = [i["id"] for i in items if _is_open(i, visit["answers"].get(i["id"], {}))]
    if open_:
        named = ", ".join(open_[:12]) + (" …" if len(open_) > 12 else "")
        yield "visit.open", {"count": str(len(open_)), "items": named}


def _is_open(item: Mapping[str, Any], answer: Mapping[str, str]) -> bool:
    """True for what nobody looked at, and for a meter without its reading."""
    if item["kind"] == "reading" and answer.get("value"):
        return False
    if answer.get("seen") not in ("ok", "not_ok"):
        return True
    return item["kind"] == "reading" and answer["seen"] == "ok"


def _last_readings(result: Mapping[str, Any]) -> dict[str, Decimal]:
    """Highest reading at the end of a month, by meter."""
    found: dict[str, Decimal] = {}
    for register in result["registers"]:
        if register["table"] != "T07":
            continue
        names = [column["name"] for column in register["columns"]]
        for row in register["rows"]:
            values = dict(zip(names, row["values"], strict=True))
            number = _number(str(values["end"].get("value", "")))
            meter = str(values["meter_id"].get("value", ""))
            if number is not None:
                found[meter] = max(number, found.get(meter, number))
    return found
