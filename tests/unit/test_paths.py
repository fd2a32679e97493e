"""Counterfactual paths, misstatements, contradictions, samples: against hand calculation."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from checker.check import Options, check
from checker.dossier.load import load_dossier
from checker.engagement.sampling import DRAWN, Plan, Unit, extrapolate, plan
from checker.errors import PackError
from checker.result.actions import unblocking
from tests.conftest import AS_OF, EXAMPLES, edit, facts_of
from tests.engagements import engagement_file, spoiled, spoiled_result


def test_the_few_actions_that_unblock_most() -> None:
    entries = [
        {"rank": 1, "unblocks": []},
        {"rank": 2, "unblocks": ["a", "b", "c"]},
        {"rank": 3, "unblocks": ["a", "b"]},
        {"rank": 4, "unblocks": ["d"]},
        {"rank": 5, "unblocks": ["e", "f"]},
        {"rank": 6, "unblocks": ["g"]},
    ]
    assert unblocking(entries) == {"ranks": [2, 4, 5], "requirements": 6}
    assert unblocking(entries[:1]) == {"ranks": [], "requirements": 0}


def levers(requirement: str) -> dict[str, dict[str, Any]]:
    paths = {path["requirement"]: path for path in spoiled_result()["paths"]}
    return {lever["lever"]: lever for lever in paths[requirement]["levers"]}


def test_the_least_change_is_what_algebra_gives() -> None:
    """Share = (own + direct) / (own + purchased): own replaces purchases, the sum stays."""
    facts = {name: f["value"] for name, f in facts_of(spoiled_result()).items() if f["known"]}
    own, direct = Decimal(facts["generation.self_used"]), Decimal(facts["green.direct"])
    whole = own + Decimal(facts["electricity.purchased"])
    wanted = Decimal("0.35") * whole - own - direct
    found = levers("NL7-J05B-PHYSICAL-SHARE-2030")["own_generation"]
    assert found["state"] == "passes"
    assert Decimal(found["change"]["value"]) == wanted.quantize(Decimal("0.001"))
    assert Decimal(found["reaches"]["value"]) == 35


def test_certificates_come_in_whole_pieces() -> None:
    """Non-fossil share: certificates and traded power cover purchases alike, 1 MWh a piece."""
    found = levers("NL7-J02-NON-FOSSIL")
    power = Decimal(found["traded_green_power"]["change"]["value"])
    pieces = Decimal(found["certificates"]["change"]["value"])
    assert pieces == pieces.to_integral_value()
    assert 0 <= pieces - power < 1


def test_a_lever_that_cannot_reach_is_said_so() -> None:
    fuel = levers("NL7-J01-UNIT-ENERGY")["fuel_saved"]
    assert fuel["state"] == "out_of_reach"


def test_doing_what_the_path_says_passes(tmp_path: Path) -> None:
    """The dossier with the power added to its trades passes; with a little less it does not."""
    change = Decimal(levers("NL7-J01-UNIT-ENERGY")["traded_green_power"]["change"]["value"])
    for less, state in ((Decimal(0), "PASS"), (Decimal("0.01"), "FAIL")):
        dossier = spoiled(tmp_path / f"d{less}")
        path = next((dossier / "tables").glob("T10_*"))
        kwh = (change - less) * 1000
        text = path.read_text(encoding="utf-8")
        row = f"GT-X,交易,示例,2025-12,{kwh},0,否,,E-GREEN\n".replace("交易", "双边")
        path.write_text(text + row, encoding="utf-8")
        result = check(dossier, Options(AS_OF))
        found = {r["id"]: r["status"] for r in result["requirements"]}
        assert found["NL7-J01-UNIT-ENERGY"] == state


def test_misstatements_are_net_gross_and_against_the_threshold() -> None:
    summary = spoiled_result()["misstatements"]
    figures = {entry["figure"]: entry for entry in summary["figures"]}
    market = figures["electricity.market_based"]
    gap = Decimal(facts_of(spoiled_result())["electricity.market_based"]["value"]) - Decimal(
        "9046.46"
    )
    assert Decimal(market["net"]["value"]) == gap
    assert market["class"] == "material"
    assert figures["fuel.combustion"]["class"] == "below"
    assert summary["threshold_percent"] == "5"
    turned = {entry["requirement"] for entry in summary["decisions"] if entry["turns"]}
    assert "NL7-J01-UNIT-ENERGY" in turned


def test_without_an_engagement_nothing_is_classed(tmp_path: Path) -> None:
    result = check(spoiled(tmp_path / "d"), Options(AS_OF))
    assert {entry["class"] for entry in result["misstatements"]["figures"]} == {"threshold_unset"}


def test_a_reviewer_of_the_team_is_refused(tmp_path: Path) -> None:
    path = engagement_file(tmp_path)
    edit(path, "[赵复核]", "[李组员]")
    with pytest.raises(PackError) as caught:
        check(EXAMPLES / "microgrid-2025", Options(AS_OF, engagement=path))
    assert caught.value.problems[0].key == "engagement.reviewer"


def test_two_statements_of_one_figure_are_put_side_by_side(tmp_path: Path) -> None:
    dossier = spoiled(tmp_path / "d")
    path = next((dossier / "tables").glob("T28_*"))
    text = path.read_text(encoding="utf-8")
    assert "11093" in text
    path.write_text(text.replace("11093", "10093"), encoding="utf-8")
    found = {one["figure"]: one for one in check(dossier, Options(AS_OF))["contradictions"]}
    sources = [one["source"] for one in found["emissions.total"]["statements"]]
    assert sources == ["T24", "T28"]
    assert not spoiled_result()["contradictions"]


def test_the_sample_is_the_dossiers_own_and_takes_what_is_odd(tmp_path: Path) -> None:
    dossier = spoiled(tmp_path / "d")
    result = check(dossier, Options(AS_OF))
    one = plan(load_dossier(dossier), result, 30)
    assert one == plan(load_dossier(dossier), result, 30)
    odd = {unit.key for unit in one.taken if unit.why == "anomaly"}
    cited = {
        place["line"] for f in result["findings"] for place in f["places"] if "T10" in place["file"]
    }
    assert cited and any(key.startswith("T10") for key in odd)
    edit(dossier / "dossier.yaml", "language: zh", "language: en")
    other = plan(load_dossier(dossier), check(dossier, Options(AS_OF)), 30)
    assert other.seed != one.seed


def test_errors_are_projected_by_the_ratio_estimator() -> None:
    """Stratum of 1000: 400 certain with error 4, sample of 100 from 600 with error -2."""
    sure = Unit("S", "a", Decimal(400), "kWh", {}, "", "certain")
    drawn = [Unit("S", key, Decimal(50), "kWh", {}, "", DRAWN) for key in ("b", "c")]
    found = extrapolate(
        Plan("seed", (sure, *drawn), {"S": (14, Decimal(1000))}),
        {"a": Decimal(404), "b": Decimal(49), "c": Decimal(49)},
    )[0]
    assert (found.n, found.N, found.open) == (3, 14, 0)
    assert found.found == 2
    assert found.projected == 4 + Decimal(-2) / 100 * 600
