"""Tailoring, amendments, editions and waivers: only stricter, never silent, dated to the day."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker.check import Options, check
from checker.cli.check import exit_code
from checker.errors import PackError, UsageError
from checker.packs.bind import bind
from checker.packs.compose import Composition, load_with_parents
from checker.packs.editions import Transition, rulings
from checker.packs.strictness import HIGHER, LOWER, stricter_way
from checker.packs.tailoring import read_tailoring
from checker.waivers.read import read_waivers
from tests.conftest import AS_OF, BATTERY, TEA, checked, statuses, whole_book

Copy = Callable[[Path], Path]
HEAD = "format: zcf-tailoring/1\ntitle: 试验\nauthor: 张三\nmade_on: 2026-11-24\n"


def tailored(tmp_path: Path, text: str, example: Path = BATTERY) -> dict[str, Any]:
    path = tmp_path / "tailoring.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return check(example, Options(AS_OF, tailoring=path))


def keys(error: Any) -> list[str]:
    return [problem.key for problem in error.value.problems]


# --- which way is stricter ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("parameter", "way"),
    [
        ("unit_energy_basic", LOWER),
        ("non_fossil_basic", HIGHER),
        ("round_trip_low", HIGHER),
        ("heat_factor_default", None),  # a figure reads it
        ("physical_share_scope", None),  # a condition to apply reads it
    ],
)
def test_the_stricter_way_of_a_parameter(parameter: str, way: str | None) -> None:
    assert stricter_way(whole_book(), parameter) == way


# --- tailoring ------------------------------------------------------------------------------------
def test_a_stricter_parameter_is_used_and_named(tmp_path: Path) -> None:
    line = "{id: unit_energy_basic, value: 0.01, unit: tCO2/tce, reason: 合同}"
    result = tailored(tmp_path, f"parameters:\n  - {line}\n")
    (change,) = result["tailoring"]["changes"]
    assert (change["before"], change["after"]) == ("1.8 tCO2/tce", "0.01 tCO2/tce")
    assert change["place"]["line"] == 6
    assert len(result["tailoring"]["file"]["sha256"]) == 64
    assert statuses(result)["NL7-J01-UNIT-ENERGY"] == "FAIL"
    used = next(p for p in result["parameters"] if p["id"] == "unit_energy_basic")
    assert used["clause"]["document"] == "试验"


def set_(name: str, value: str, unit: str) -> str:
    return f"parameters:\n  - {{id: {name}, value: {value}, unit: {unit}, reason: x}}\n"


def mark(keys_: str) -> str:
    return f"cards:\n  - {{{keys_}}}\n"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (set_("unit_energy_basic", "1.9", "tCO2/tce"), "pack.loosened"),
        (set_("non_fossil_basic", "29", "'%'"), "pack.loosened"),
        (set_("unit_energy_basc", "1", "tCO2/tce"), "pack.amend_unknown"),
        (set_("unit_energy_basic", "1", "t"), "pack.amend_unit"),
        (set_("heat_factor_default", "1", "tCO2/GJ"), "pack.amend_direction"),
        (mark("id: NL7-J01-UNIT-ENERGI, severity: blocker, reason: x"), "pack.amend_unknown"),
        (mark("id: NL7-J01-UNIT-ENERGY, severity: minor, reason: x"), "pack.loosened"),
        (mark("id: NL7-J01-UNIT-ENERGY, kind: information, reason: x"), "pack.loosened"),
        (mark("id: NL7-J01-UNIT-ENERGY, reason: x"), "pack.amend_nothing"),
        (mark("id: NL7-J01-UNIT-ENERGY, leave_out: true"), "pack.missing"),
        ("select: {gates: [energy]}\n", "pack.missing"),
        ("select: {gates: [energy_mx], reason: x}\n", "pack.option"),
    ],
)
def test_what_a_tailoring_may_not_do(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(PackError) as caught:
        tailored(tmp_path, text)
    assert key in keys(caught)


def test_an_unknown_value_may_be_set_with_a_reason(tmp_path: Path) -> None:
    line = "{id: physical_share_basic, value: 1, unit: '%', document: 合同, reason: 第 3 条}"
    result = tailored(tmp_path, f"parameters:\n  - {line}\n")
    assert result["tailoring"]["changes"][0]["before"] == "unknown"
    assert statuses(checked(BATTERY))["NL7-J05-PHYSICAL-SHARE"] == "NOT_EVALUATED"
    assert statuses(result)["NL7-J05-PHYSICAL-SHARE"] == "NEEDS_JUDGEMENT"  # never a pass
    question = next(j for j in result["judgements"] if j["rule"] == "NL7-J05-PHYSICAL-SHARE")
    assert question["about"] == "assumed"
    used = next(p for p in result["parameters"] if p["id"] == "physical_share_basic")
    assert (used["from"], used["verified_on"]) == ("", "")


def test_what_is_left_out_is_not_evaluated_and_never_a_pass(tmp_path: Path) -> None:
    result = tailored(
        tmp_path, "cards:\n  - {id: NL7-J01-UNIT-ENERGY, leave_out: true, reason: 双方同意}\n"
    )
    card = next(r for r in result["requirements"] if r["id"] == "NL7-J01-UNIT-ENERGY")
    assert card["status"] == "NOT_EVALUATED"
    assert card["outcomes"][0]["reasons"] == [{"kind": "left_out", "what": "双方同意"}]
    assert result["conclusion"]["state"] == "incomplete"


def test_a_selection_shows_how_many_cards_are_left(tmp_path: Path) -> None:
    result = tailored(tmp_path, "select: {gates: [accounting], reason: 只看核算}\n")
    (change,) = result["tailoring"]["changes"]
    assert int(change["before"]) > int(change["after"]) > 0
    before = statuses(checked(BATTERY))
    for requirement in result["requirements"]:
        if requirement["gate"] != "accounting" and before[requirement["id"]] == "PASS":
            assert requirement["status"] == "NOT_EVALUATED"
    gate = next(g for g in result["conclusion"]["gates"] if g["id"] == "integrity")
    assert gate["left_out"] > 0
    gaps = [action["gap"]["reason"] for action in result["actions"] if "gap" in action]
    assert "left_out" not in gaps


def test_what_fails_cannot_be_left_out(tmp_path: Path) -> None:
    (name,) = [f["rule"] for f in checked(TEA)["findings"] if f["rule"].startswith("G13-C14")]
    result = tailored(tmp_path, mark(f"id: {name}, leave_out: true, reason: x"), TEA)
    assert statuses(result)[name] == "FAIL"
    assert name in [finding["rule"] for finding in result["findings"]]


def test_a_recommendation_can_be_made_binding(tmp_path: Path) -> None:
    name = "G13-A10-GREEN-FACTORY"
    result = tailored(
        tmp_path, f"cards:\n  - {{id: {name}, kind: local, severity: major, reason: 合同}}\n", TEA
    )
    card = next(r for r in result["requirements"] if r["id"] == name)
    assert (card["kind"], card["binding"]) == ("local", True)


def test_a_missing_tailoring_file_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_tailoring(tmp_path / "none.yaml")


# --- amendments of packs --------------------------------------------------------------------------
def pack_with(tmp_path: Path, amendments: str, extends: str = "core, guideline-2026-13") -> Path:
    folder = tmp_path / "local-trial"
    folder.mkdir()
    head = (
        "format: zcf-pack/1\nid: local-trial\nversion: 1.0.0\nkind: local\n"
        f"title: {{zh: 试验, en: trial}}\nextends: [{extends}]\nfrom: 2026-01-01\n"
        "sources:\n  own: {document: 试验, date: '2026', confidence: R}\n"
    )
    (folder / "pack.yaml").write_text(head, encoding="utf-8")
    (folder / "amendments.yaml").write_text(amendments, encoding="utf-8")
    return folder


AMENDED = (
    "parameters:\n  - {{id: {0}, value: {1}, unit: '%', source: own, clause: x, confidence: R}}\n"
)


def test_a_pack_may_tighten_what_it_extends(tmp_path: Path) -> None:
    folder = pack_with(tmp_path, AMENDED.format("round_trip_low", 80))
    book = bind(Composition(AS_OF, load_with_parents([folder]), []))
    value = book.parameters["round_trip_low"].at(AS_OF)
    assert value is not None
    assert str(value.value) == "80"
    assert [change.owner for change in book.amended] == ["local-trial"]


@pytest.mark.parametrize(
    ("parameter", "value", "key"),
    [("round_trip_low", 59, "pack.loosened"), ("non_fossil_basic", 40, "pack.amend_outside")],
)
def test_a_pack_may_not_loosen_nor_reach_outside(
    tmp_path: Path, parameter: str, value: int, key: str
) -> None:
    from checker.resources import rules_dir

    folder = pack_with(tmp_path, AMENDED.format(parameter, value))
    packs = load_with_parents([rules_dir(), folder])
    with pytest.raises(PackError) as caught:
        bind(Composition(AS_OF, packs, []))
    assert keys(caught) == [key]


# --- editions -------------------------------------------------------------------------------------
RULE = {"new": Transition("old", date(2027, 1, 1), date(2027, 6, 30))}


@pytest.mark.parametrize(
    ("asked", "start", "as_of", "left", "reason"),
    [
        ([], date(2026, 12, 31), date(2027, 3, 1), "new", "pack.edition_before"),
        ([], date(2027, 1, 1), date(2027, 3, 1), "old", "pack.edition_replaced"),
        (["old"], date(2027, 1, 1), date(2027, 6, 30), "new", "pack.edition_chosen"),
        (["old"], date(2027, 1, 1), date(2027, 7, 1), "old", "pack.edition_replaced"),
        (["old", "new"], date(2027, 1, 1), date(2027, 3, 1), "old", "pack.edition_replaced"),
    ],
)
def test_the_edition_that_judges(
    asked: list[str], start: date, as_of: date, left: str, reason: str
) -> None:
    (ruling,) = rulings(RULE, ["old", "new"], asked, start, as_of)
    assert (ruling.left, ruling.reason) == (left, reason)


def test_an_edition_alone_needs_no_ruling() -> None:
    assert rulings(RULE, ["new"], [], date(2027, 1, 1), AS_OF) == []


# --- waivers --------------------------------------------------------------------------------------
FAILING = "NL7-J01-UNIT-ENERGY"


def waived(
    tmp_path: Path, example: Path, *, card: str = FAILING, as_of: date = AS_OF, **changes: str
) -> dict[str, Any]:
    entry = {
        "id": "W-1",
        "card": card,
        "reason": "已核对",
        "approver": "李四",
        "evidence": "E-SYS",
        "granted_on": "2026-11-01",
        "expires_on": "2026-12-31",
    } | changes
    lines = "\n    ".join(f"{key}: {json.dumps(value)}" for key, value in entry.items())
    path = tmp_path / "waivers.yaml"
    path.write_text(f"format: zcf-waivers/1\nwaivers:\n  - {lines.strip()}\n", encoding="utf-8")
    tight = tmp_path / "tight.yaml"
    line = "{id: unit_energy_basic, value: 0.0001, unit: tCO2/tce, reason: 试验}"
    tight.write_text(f"{HEAD}parameters:\n  - {line}\n", encoding="utf-8")
    return check(example, Options(as_of, tailoring=tight, waivers=path))


def state(result: dict[str, Any]) -> str:
    (entry,) = result["waivers"]["waivers"]
    found: str = entry["state"]
    return found


def test_a_waiver_leaves_the_machine_result_and_shows_both_conclusions(tmp_path: Path) -> None:
    result = waived(tmp_path, BATTERY)
    assert state(result) == "applied"
    assert statuses(result)[FAILING] == "FAIL"
    assert result["conclusion"]["state"] == "objections"
    assert result["waivers"]["conclusion"]["state"] == "judgement"
    finding = next(f for f in result["findings"] if f["rule"] == FAILING)
    assert finding["waived_by"] == "W-1"
    assert exit_code(result, "major") == 0


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-10-31", "not_yet"),
        ("2026-11-01", "applied"),
        ("2026-12-31", "applied"),
        ("2027-01-01", "expired"),
    ],
)
def test_a_waiver_counts_from_its_first_to_its_last_day(
    tmp_path: Path, day: str, expected: str
) -> None:
    result = waived(tmp_path, BATTERY, as_of=date.fromisoformat(day))
    assert state(result) == expected
    if expected != "applied":
        assert result["waivers"]["conclusion"]["state"] == result["conclusion"]["state"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"card": "NL7-J02-NON-FOSSIL"}, "unneeded"),
        ({"card": "NL7-J05-PHYSICAL-SHARE"}, "not_evaluated"),
        ({"subject": "T05 没有这一行"}, "unused"),
        ({"evidence": "E-NONE"}, "no_evidence"),
    ],
)
def test_a_waiver_without_effect_says_why(
    tmp_path: Path, changes: dict[str, str], expected: str
) -> None:
    assert state(waived(tmp_path, BATTERY, **changes)) == expected


def test_a_card_that_may_not_be_waived_refuses(tmp_path: Path, monkeypatch: Any) -> None:
    from checker.packs import read_cards

    marks = read_cards._marks
    monkeypatch.setattr(read_cards, "_marks", lambda shape: {**marks(shape), "waivable": False})
    assert state(waived(tmp_path, BATTERY)) == "refused"


def test_a_waiver_of_a_card_nobody_has_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        waived(tmp_path, BATTERY, card="NL7-J01-UNIT-ENERGI")
    assert keys(caught) == ["waiver.unknown_card"]
    assert caught.value.problems[0].args["hint"] == FAILING


def test_a_waiver_that_soon_expires_is_marked(tmp_path: Path) -> None:
    assert waived(tmp_path, BATTERY, expires_on="2026-12-24")["waivers"]["waivers"][0]["soon"]
    assert not waived(tmp_path, BATTERY, expires_on="2026-12-25")["waivers"]["waivers"][0]["soon"]


@pytest.mark.parametrize("name", ["reason", "approver", "evidence", "expires_on"])
def test_a_waiver_needs_reason_approver_evidence_and_expiry(tmp_path: Path, name: str) -> None:
    with pytest.raises(PackError) as caught:
        waived(tmp_path, BATTERY, **{name: ""})
    assert "pack.missing" in keys(caught)


def test_two_waivers_of_one_id_and_dates_the_wrong_way_round_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    dates = "granted_on: 2026-02-01, expires_on: 2026-01-01"
    line = f"{{id: W, card: C, reason: r, approver: a, evidence: e, {dates}}}"
    path.write_text(f"format: zcf-waivers/1\nwaivers:\n  - {line}\n  - {line}\n", encoding="utf-8")
    with pytest.raises(PackError) as caught:
        read_waivers(path)
    assert "waiver.dates" in keys(caught)


# --- time -----------------------------------------------------------------------------------------
def test_what_would_differ_today_is_in_the_volatile_block_only() -> None:
    then = date(2026, 2, 1)
    plain = check(TEA, Options(then))
    compared = check(TEA, Options(then, today=AS_OF))
    today = compared.pop("env")["today"]
    plain.pop("env")
    assert compared == plain
    assert today["day"] == "2026-11-24"
    kinds = {difference["kind"] for difference in today["differences"]}
    assert kinds <= {"pack", "parameter", "factor", "requirement"}


def test_a_day_on_which_nothing_differs_says_so() -> None:
    result = check(BATTERY, Options(AS_OF, today=date(2026, 11, 25)))
    assert result["env"]["today"] == {"day": "2026-11-25", "differences": []}


def test_values_not_looked_up_for_a_year_are_listed() -> None:
    assert checked(BATTERY)["stale"] == []
    later = check(BATTERY, Options(date(2027, 11, 26)))
    assert {entry["id"] for entry in later["stale"]} >= {"unit_energy_basic"}
