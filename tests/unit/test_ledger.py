"""The judgement ledger: append-only, chained, refused when any line was touched."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker.engagement.append import add_record
from checker.engagement.chain import extended, head_file, read_chain, texts_of
from checker.engagement.desk_folder import LEDGER, record
from checker.engagement.judgement import Judgement
from checker.engagement.ledger import append
from checker.engagement.review import basis, read_reviews, sign_off
from checker.engagement.standing import states as standing
from checker.engagement.subjects import Subjects
from checker.errors import DossierError, UsageError
from tests.engagements import spoiled_result

DAY = date(2026, 11, 25)
BASE = {
    "reason_code": "explanation", "reason": "已核对", "who": "王组长", "role": "组长",
    "organisation": "示例核查", "when": "2026-11-25T10:00:00+08:00",
}  # fmt: skip


def states(records: list[dict[str, Any]], result: dict[str, Any], day: date) -> list[Any]:
    return standing(records, Subjects(result), day)


def finding(**wanted: Any) -> dict[str, Any]:
    return next(
        f for f in spoiled_result()["findings"] if all(f[k] == v for k, v in wanted.items())
    )


def judgement(entry: dict[str, Any], decision: str, **more: str) -> Judgement:
    return Judgement(entry["rule"], entry["subject"], decision, **{**BASE, **more})


def ledger(folder: Path, count: int = 3) -> Path:
    path = folder / "judgements.jsonl"
    listed = [f for f in spoiled_result()["findings"] if f["waivable"]][:count]
    for entry in listed:
        append(path, judgement(entry, "accepted"), spoiled_result())
    return path


def key_of(path: Path) -> str:
    with pytest.raises(DossierError) as caught:
        read_chain(path)
    return caught.value.problems[0].key


def test_every_line_is_kept_and_chained(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    records = read_chain(path)
    assert [r["n"] for r in records] == [1, 2, 3]
    assert records[1]["prev"] == records[0]["hash"]
    assert record(tmp_path, spoiled_result(), DAY)["ledger"]["head"] == records[2]["hash"]


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_changed_line_is_refused_with_its_number(tmp_path: Path, line: int) -> None:
    path = ledger(tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[line] = lines[line].replace("已核对", "已批准")
    path.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(DossierError) as caught:
        read_chain(path)
    assert caught.value.problems[0].key == "chain.changed"
    assert caught.value.problems[0].anchor.line == line + 1


def drop_last(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")


def rehash_last(path: Path) -> None:
    """Someone who knows the form changes the last line and its own hash."""
    from checker.canonical import canonical
    from checker.engagement.chain import sealed

    lines = path.read_text(encoding="utf-8").splitlines()
    last = {**json.loads(lines[-1]), "reason": "已批准"}
    last["hash"] = sealed(last)
    path.write_text("\n".join([*lines[:-1], canonical(last)]) + "\n", encoding="utf-8")


def swap(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[1], lines[0], lines[2]]), encoding="utf-8")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def no_head(path: Path) -> None:
    head_file(path).unlink()


def no_ledger(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (drop_last, "chain.head"),
        (rehash_last, "chain.head"),
        (swap, "chain.order"),
        (cut, "chain.cut"),
        (no_head, "chain.no_head"),
        (no_ledger, "chain.no_head"),
    ],
)
def test_tampering_is_seen(tmp_path: Path, spoil: Callable[[Path], None], key: str) -> None:
    path = ledger(tmp_path)
    spoil(path)
    assert key_of(path) == key
    with pytest.raises(DossierError):
        append(path, judgement(finding(waivable=True), "confirmed"), spoiled_result())


def test_a_write_that_was_interrupted_after_the_line_still_holds(tmp_path: Path) -> None:
    path = ledger(tmp_path, 2)
    before = head_file(path).read_bytes()
    append(path, judgement(finding(waivable=True), "confirmed"), spoiled_result())
    head_file(path).write_bytes(before)
    assert len(read_chain(path)) == 3


@pytest.mark.parametrize(
    ("decision", "more", "key"),
    [
        ("holds", {}, "judge.decision"),
        ("accepted", {"reason": " "}, "judge.blank"),
        ("accepted", {"who": ""}, "judge.blank"),
        ("accepted", {"reason_code": "because"}, "judge.reason_code"),
        ("accepted", {"valid_until": "soon"}, "judge.day"),
        ("accepted", {"valid_until": "2026-11-24"}, "judge.day_past"),
        ("accepted", {"who": "路人"}, "judge.not_in_team"),
        ("accepted", {"evidence_id": "E-NOT-THERE"}, "judge.evidence"),
        ("accepted", {"countersigner": "王组长"}, "judge.countersigner"),
        ("accepted", {"severity": "minor"}, "judge.severity_unused"),
        ("lowered", {"severity": "blocker"}, "judge.severity"),
        ("lowered", {}, "judge.severity"),
        ("accepted", {"reason": "x" * 5_000}, "judge.text"),
        ("accepted", {"who": "a\u202eb"}, "judge.text"),
    ],
)
def test_what_cannot_be_recorded(
    tmp_path: Path, decision: str, more: dict[str, str], key: str
) -> None:
    path = tmp_path / "judgements.jsonl"
    entry = finding(severity="major", waivable=True)
    with pytest.raises(UsageError) as caught:
        append(path, judgement(entry, decision, **more), spoiled_result())
    assert caught.value.problems[0].key == key
    assert not path.exists()


def test_a_rule_that_cannot_be_waived_is_only_confirmed(tmp_path: Path) -> None:
    entry = {**finding(severity="major"), "waivable": False}
    result = {**spoiled_result(), "findings": [entry]}
    path = tmp_path / "judgements.jsonl"
    for decision, more in (("accepted", {}), ("lowered", {"severity": "minor"})):
        with pytest.raises(UsageError) as caught:
            append(path, judgement(entry, decision, **more), result)
        assert caught.value.problems[0].key == "judge.not_waivable"
    append(path, judgement(entry, "confirmed"), result)


def test_judgements_count_beside_the_result_and_never_in_it(tmp_path: Path) -> None:
    before = json.dumps(spoiled_result(), sort_keys=True)
    path = tmp_path / "judgements.jsonl"
    entry = finding(severity="major", waivable=True)
    append(path, judgement(entry, "lowered", severity="minor"), spoiled_result())
    question = spoiled_result()["judgements"][0]
    append(path, judgement(question, "holds"), spoiled_result())
    found = record(tmp_path, spoiled_result(), DAY)
    severities = spoiled_result()["conclusion"]["severities"]
    assert found["summary"]["severities"]["major"] == severities["major"] - 1
    assert found["summary"]["open"] == len(spoiled_result()["judgements"]) - 1
    assert json.dumps(spoiled_result(), sort_keys=True) == before


def test_a_judgement_ends_with_its_day_its_data_or_a_later_one(tmp_path: Path) -> None:
    path = tmp_path / "judgements.jsonl"
    entry = finding(severity="major", waivable=True)
    result = spoiled_result()
    append(path, judgement(entry, "accepted", valid_until="2026-11-25"), result)
    records = read_chain(path)
    assert [r["state"] for r in states(records, result, date(2026, 11, 25))] == ["in_force"]
    assert [r["state"] for r in states(records, result, date(2026, 11, 26))] == ["expired"]
    append(path, judgement(entry, "confirmed"), result)
    two = states(read_chain(path), result, DAY)
    assert [r["state"] for r in two] == ["superseded", "in_force"]
    changed = {**entry, "message": {**entry["message"], "args": {}}}
    other = {**result, "findings": [changed]}
    assert Subjects(other).hash((entry["rule"], entry["subject"]))
    assert states(two, other, DAY)[1]["state"] == "stale"
    assert states(two, {**result, "findings": []}, DAY)[1]["state"] == "no_subject"


def test_a_second_writer_waits_and_is_told(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("checker.engagement.lock.WAIT", 0.1)
    path = ledger(tmp_path, 1)
    path.with_name(path.name + ".lock").touch()
    with pytest.raises(UsageError) as caught:
        append(path, judgement(finding(waivable=True), "confirmed"), spoiled_result())
    assert caught.value.problems[0].key == "usage.locked"
    assert len(read_chain(path)) == 1


def test_evidence_that_was_swapped_ends_the_judgement(tmp_path: Path) -> None:
    path = tmp_path / "judgements.jsonl"
    entry = finding(severity="major", waivable=True)
    result = spoiled_result()
    cited = next(e for e in result["inputs"] if e["evidence_ids"])
    append(path, judgement(entry, "accepted", evidence_id=cited["evidence_ids"][0]), result)
    swapped = [{**e, "sha256": "0" * 64} if e == cited else e for e in result["inputs"]]
    found = states(read_chain(path), {**result, "inputs": swapped}, DAY)
    assert [r["state"] for r in found] == ["stale"]


def test_an_acceptance_ends_when_the_rule_can_no_longer_be_waived(tmp_path: Path) -> None:
    path = tmp_path / "judgements.jsonl"
    entry = finding(severity="major", waivable=True)
    append(path, judgement(entry, "accepted"), spoiled_result())
    stricter = {**spoiled_result(), "findings": [{**entry, "waivable": False}]}
    assert states(read_chain(path), stricter, DAY)[0]["state"] in ("stale", "not_allowed")
    # the hash alone is not trusted: a line may claim to rest on what is there now
    now = Subjects(stricter).hash((entry["rule"], entry["subject"]))
    forged = [{**read_chain(path)[0], "subject_sha256": now}]
    assert states(forged, stricter, DAY)[0]["state"] == "not_allowed"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    path.write_bytes(path.read_bytes().replace("已".encode(), b"\xff\xff\xff"))
    assert key_of(path) == "chain.line"


def reviewed(folder: Path, who: str, decision: str = "agreed") -> list[dict[str, Any]]:
    """Reviews of the result after one more was written, whoever wrote it."""
    said = {"who": who, "when": "2026-11-25", "decision": decision, "comment": ""}
    so_far = record(folder, spoiled_result(), DAY)
    body = {**said, "run": spoiled_result()["run"]["id"], **basis(spoiled_result(), so_far)}
    add_record(folder / "reviews.jsonl", lambda: read_reviews(folder), lambda _: body)
    found: list[dict[str, Any]] = record(folder, spoiled_result(), DAY)["reviews"]
    return found


def test_a_review_holds_by_a_reviewer_only(tmp_path: Path) -> None:
    assert [one["holds"] for one in reviewed(tmp_path, "路人")] == [False]
    assert [one["holds"] for one in reviewed(tmp_path, "王组长")] == [False, False]
    assert [one["holds"] for one in reviewed(tmp_path, "赵复核")] == [False, False, True]


def test_a_review_changed_by_hand_is_refused(tmp_path: Path) -> None:
    reviewed(tmp_path, "赵复核", "returned")
    path = tmp_path / "reviews.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("returned", "agreed"), "utf-8")
    with pytest.raises(DossierError) as caught:
        record(tmp_path, spoiled_result(), DAY)
    assert caught.value.problems[0].key == "chain.changed"


def test_what_was_judged_after_a_review_is_said(tmp_path: Path) -> None:
    assert not reviewed(tmp_path, "赵复核")[0]["after"]
    append(tmp_path / LEDGER, judgement(finding(waivable=True), "confirmed"), spoiled_result())
    assert record(tmp_path, spoiled_result(), DAY)["reviews"][0]["after"]


def test_who_countersigned_does_not_review(tmp_path: Path) -> None:
    signed = judgement(finding(waivable=True), "accepted", countersigner="赵复核")
    append(tmp_path / LEDGER, signed, spoiled_result())
    so_far = record(tmp_path, spoiled_result(), DAY)
    said = {"who": "赵复核", "when": "2026-11-25", "decision": "agreed", "comment": ""}
    with pytest.raises(UsageError) as caught:
        sign_off(tmp_path, spoiled_result(), so_far, said)
    assert caught.value.problems[0].key == "review.countersigned"


def forged(path: Path, **changes: Any) -> dict[str, Any]:
    """The record of a dossier folder whose one line was made by hand, its chain whole."""
    entry = finding(severity="major", waivable=True)
    append(path, judgement(entry, "accepted"), spoiled_result())
    body = {k: v for k, v in read_chain(path)[0].items() if k not in ("n", "prev", "hash")}
    lines, head = texts_of([extended([], {**body, **changes})])
    path.write_bytes(lines)
    head_file(path).write_bytes(head)
    return record(path.parent, spoiled_result(), DAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"decision": "foo"},
        {"decision": "confirmed", "severity": "info"},
        {"decision": "lowered", "severity": "nonsense"},
        {"who": "路人"},
        {"reason": ""},
        {"countersigner": "路人"},
    ],
)
def test_a_line_made_by_hand_counts_only_if_it_could_have_been_recorded(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    found = forged(tmp_path / "judgements.jsonl", **changes)
    assert [e["state"] for e in found["ledger"]["entries"]] == ["not_allowed"]
    assert not found["effective"]


def test_a_line_speaks_of_its_own_rule_whatever_mark_it_bears(tmp_path: Path) -> None:
    other = spoiled_result()["findings"][-1]["fingerprint"]
    found = forged(tmp_path / "judgements.jsonl", fingerprint=other)
    entry = finding(severity="major", waivable=True)
    assert list(found["effective"]) == [entry["fingerprint"]]


@pytest.mark.parametrize("changes", [{"rule": ["a"]}, {"valid_until": 5}, {"reason": None}])
def test_a_line_of_another_shape_is_refused_with_its_number(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    with pytest.raises(DossierError) as caught:
        forged(tmp_path / "judgements.jsonl", **changes)
    assert caught.value.problems[0].key == "chain.shape"


def test_an_acceptance_ends_when_the_figures_change_though_the_words_do_not(
    tmp_path: Path,
) -> None:
    """The message of a row that does not agree may read the same for another difference."""
    entry = finding(rule="G13-B13-REPRODUCIBLE")
    path = tmp_path / "judgements.jsonl"
    result = spoiled_result()
    append(path, judgement(entry, "accepted"), result)
    moved = [
        {**row, "recomputed": {**row["recomputed"], "value": "1"}}
        if row["row"] == entry["subject"]
        else row
        for row in result["comparisons"]
    ]
    found = states(read_chain(path), {**result, "comparisons": moved}, DAY)
    assert [one["state"] for one in found] == ["stale"]


@pytest.mark.parametrize(
    "head",
    ['{"count": Infinity, "head": ""}', "[" * 100_000, '{"count": 1e999, "head": "\\ud800"}'],
)
def test_a_head_of_any_shape_is_refused(tmp_path: Path, head: str) -> None:
    path = ledger(tmp_path, 1)
    head_file(path).write_text(head, encoding="utf-8")
    assert key_of(path) == "chain.no_head"


def test_a_ledger_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    path = ledger(tmp_path, 1)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert key_of(path) == "chain.no_head"


@pytest.mark.parametrize("text", ["\\ud800", "1e999", "[" * 90_000])
def test_a_line_of_odd_json_is_refused(tmp_path: Path, text: str) -> None:
    path = ledger(tmp_path, 1)
    line = path.read_text(encoding="utf-8")
    given = f'"{text}"' if text.startswith("\\") else text
    path.write_text(line.replace('"who":"王组长"', f'"who":{given}'), encoding="utf-8")
    assert key_of(path) in ("chain.line", "chain.changed")
