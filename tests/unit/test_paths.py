"""Counterfactual paths, misstatements, contradictions, samples: against hand calculation."""

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest

from checker.check import Options, check
from checker.diagnose.cone import Cone
from checker.diagnose.text_statements import said_in_texts
from checker.dossier.load import load_dossier
from checker.engagement.sampling import DRAWN, Plan, Unit, _drawn, extrapolate, plan
from checker.errors import PackError
from checker.facts.world import FactWorld
from checker.packs.bind import bind
from checker.packs.compose import compose
from checker.result.actions import unblocking
from checker.result.misstatements import _decisions, _Error, _figure
from checker.result.roots import Roots, after
from tests.conftest import AS_OF, EXAMPLES, edit, facts_of
from tests.engagements import MICROGRID, engagement_file, spoiled, spoiled_result


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


def test_errors_are_projected_by_the_mean_share_of_error() -> None:
    """Stratum of 1000: 400 certain, error 4; of the other 600 two hits, shares -2 % and 0."""
    sure = Unit("S", "a", Decimal(400), "kWh", {}, "", "certain")
    drawn = [
        Unit("S", "b", Decimal(50), "kWh", {}, "", DRAWN),
        Unit("S", "c", Decimal(20), "kWh", {}, "", DRAWN),
    ]
    population = Plan("seed", (sure, *drawn), {"S": (14, Decimal(1000))})
    seen = {"a": Decimal(404), "b": Decimal(49), "c": Decimal(20)}
    found = extrapolate(population, seen)[0]
    assert (found.n, found.N, found.open, found.found) == (3, 14, 0, 3)
    assert found.projected == 4 + Decimal("-0.01") * 600
    assert extrapolate(population, {"a": Decimal(404)})[0].projected is None


def test_the_projection_is_right_in_the_mean() -> None:
    """100 rows of 1, each half wrong, and 10 right ones of 10: the true error is -50."""
    units = [Unit("S", f"s{i}", Decimal(1), "kWh", {}, "") for i in range(100)]
    units += [Unit("S", f"b{i}", Decimal(10), "kWh", {}, "") for i in range(10)]
    projected = []
    for number in range(200):
        taken = [replace(u, why=DRAWN) for u in _drawn(units, 20, f"seed {number}")]
        population = Plan("", tuple(taken), {"S": (110, Decimal(200))})
        seen = {u.key: u.amount / 2 if u.amount == 1 else u.amount for u in taken}
        projected.append(extrapolate(population, seen)[0].projected or Decimal(0))
    assert abs(sum(projected) / len(projected) + 50) < 5


def errors(**values: tuple[str | None, str]) -> dict[str, list[_Error]]:
    """Declared figures with their errors: name=(error or None, declared), in tCO2."""
    return {
        name.replace("__", "."): [
            _Error(name, None if error is None else Decimal(error), Decimal(said))
        ]
        for name, (error, said) in values.items()
    }


@pytest.fixture(scope="module")
def world() -> FactWorld:
    dossier = load_dossier(EXAMPLES / "microgrid-2025")
    book = bind(compose(dossier.header, AS_OF))
    return FactWorld(dossier, book)


def figure(world: FactWorld, given: dict[str, list[_Error]]) -> dict[str, Any]:
    return _figure(world, Cone(world.book), "emissions.scope1", given, Decimal(5))


def test_a_total_is_not_right_because_one_part_is(world: FactWorld) -> None:
    given = errors(emissions__scope1=("50", "100"), fuel__combustion=("0", "60"))
    assert figure(world, given)["class"] == "material"


def test_what_cannot_be_recomputed_is_not_below_the_threshold(world: FactWorld) -> None:
    assert figure(world, errors(emissions__scope1=(None, "100")))["class"] == "not_known"


def test_errors_of_parts_cancel_in_net_and_not_in_gross(world: FactWorld) -> None:
    given = errors(
        emissions__scope1=("0", "100"), fuel__combustion=("6", "60"), process__co2=("-6", "40")
    )
    found = figure(world, given)
    assert (found["net"]["value"], found["class"]) == ("0", "material")


def test_a_reported_value_in_another_unit_still_turns_the_conclusion() -> None:
    entry = {
        "requirement": "R", "title": {}, "fact": "f", "sense": "at_most",
        "reported": {"type": "number", "value": "50", "unit": "kgCO2"},
        "recomputed": {"type": "number", "value": "0.2", "unit": "tCO2"},
        "limit": {"type": "number", "value": "0.1", "unit": "tCO2"},
    }  # fmt: skip
    assert _decisions([entry], [])[0]["turns"]
    unknown = {**entry, "recomputed": {"type": "unknown", "reasons": []}}
    assert _decisions([unknown], [])[0]["as_recomputed"] is None


def test_documents_and_saved_web_pages_are_read_for_what_they_state(tmp_path: Path) -> None:
    dossier = spoiled(tmp_path / "d")
    said = docx.Document()
    table = said.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "2025年排放总量", "9,999.9 tCO2"
    said.save(str(dossier / "evidence" / "report.docx"))
    (dossier / "evidence" / "site.html").write_text(
        "<script>排放总量 1 tCO2</script><p>本公司2025年<b>排放总量</b>为 8888 吨</p>"
        "<p>2024年排放总量 7777 tCO2</p>",
        encoding="gb18030",
    )
    (dossier / "evidence" / "broken.docx").write_bytes(b"PK not a document")
    index = next((dossier / "tables").glob("T19_*"))
    head, codes, *rest = index.read_text(encoding="utf-8").splitlines()
    columns = codes.split(",")
    rows = []
    for name in ("report.docx", "site.html", "broken.docx"):
        cells = dict.fromkeys(columns, "")
        cells |= {"evidence_id": f"E-{name}", "path": f"evidence/{name}"}
        rows.append(",".join(cells.values()))
    index.write_text("\n".join([head, codes, *rest, *rows]) + "\n", encoding="utf-8")
    result = check(dossier, Options(AS_OF))
    found = {one["figure"]: one["statements"] for one in result["contradictions"]}
    stated = {(one["source"], one["value"]["value"]) for one in found["emissions.total"]}
    assert {("document", "9999.9"), ("web", "8888")} <= stated
    assert not {"1", "7777"} & {value for _, value in stated}
    roles = {entry["path"]: entry["role"] for entry in result["inputs"]}
    assert roles["evidence/report.docx"] == "read"


def test_sources_that_disagree_come_before_what_rests_on_them() -> None:
    result = spoiled_result()
    rules = {finding["id"]: finding["rule"] for finding in result["findings"]}
    first, *others = result["actions"]
    assert rules[first["findings"][0]] == "CORE-E12C-CERTIFICATE-BILL-GREEN"
    assert first["after"] == []
    below = {rules[one["findings"][0]]: one["after"] for one in others if one["findings"]}
    for rule in ("NL7-J02-NON-FOSSIL", "CORE-E72-INDICATORS", "G13-B13-REPRODUCIBLE"):
        assert below[rule] == [1], rule
    assert below["G13-C09-GREEN-TRADE"] == []  # reads kinds of contracts, no amounts


def test_a_source_that_disagrees_stands_as_high_as_what_it_moves(tmp_path: Path) -> None:
    dossier = spoiled(tmp_path / "d")
    result = check(dossier, Options(AS_OF))
    for entry in result["actions"]:
        for rank in entry["after"]:
            assert rank < entry["rank"]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("2025年排放总量为9,999.9 tCO2", "9999.9"),
        ("排放总量(tCO2):9999.9吨", "9999.9"),
        ("排放总量（申报口径）9999.9 吨二氧化碳", "9999.9"),
        ("全厂碳排放总量合计 0.99999 万吨", "0.99999"),
        ("排放总量较上年下降 500 吨", ""),
        ("2025年排放总量目标为 9000 吨", ""),
        ("目标：排放总量 9000 吨", ""),
        ("排放总量（范围一）123 tCO2", ""),
        ("2024年排放总量 7777 tCO2", ""),
        ("单位产品排放总量 3 tCO2", ""),
        ("本公司核算排放总量。电力 1234 吨", ""),
        ("排放总量控制在 9000 吨以内", ""),
        ("排放总量 5%", ""),
        ("公司 2025 年排放总量为 9999.9 吨", "9999.9"),
        ("排放总量（tCO2）：9999.9", "9999.9"),
        ("排放总量（tCO2） 11,000 12,000", ""),
        ("上半年，公司排放总量 4900 吨", ""),
        ("母公司排放总量593000吨", ""),
        ("一号车间的排放总量为593.112tCO2", ""),
        ("行业平均：排放总量 1.8 吨", ""),
        ("1月 排放总量 12 吨", ""),
        ("2025年12月 排放总量 12 吨", ""),
        ("A车间 排放总量 12 吨", ""),
        ("排放总量 1.10 tCO2当量/万元", ""),
        ("排放总量 593 t以上", ""),
        ("排放总量为11,200.50 tCO2，其中外购热力排放1270.50 tCO2", "11200.50"),
        ("前言\n\n排放总量 9999.9 tCO2", "9999.9"),
        ("二氧化硫排放总量为 12.5 吨", ""),
        ("范围一排放总量 776.15 tCO2", ""),
        ("一季度排放总量 776.15 tCO2", ""),
        ("子公司甲排放总量 776.15 tCO2", ""),
        ("子公司的排放总量 776.15 tCO2", ""),
        ("排放总量 0.5 tCO2/件", ""),
        ("排放总量 5.2 吨/人", ""),
        ("排放总量 -123 tCO2", ""),
        ("排放总量 11,000 tCO2 12,000 tCO2", ""),
        ("综合能耗、排放总量分别为 3,000 tce 和 9,000 tCO2", ""),
        ("本公司的温室气体排放总量为：9999.9 吨二氧化碳当量，能耗 3 tce", "9999.9"),
    ],
)
def test_what_a_sentence_states_and_what_it_does_not(
    world: FactWorld, text: str, stated: str
) -> None:
    world.source.page_texts.clear()
    world.source.page_texts["a.pdf"] = [text]
    found = [
        str(said.value.amount) for said in said_in_texts(world) if "emissions.total" in said.figures
    ]
    assert found == ([stated] if stated else [])


def test_a_formula_without_a_value_is_one_thing_to_correct(tmp_path: Path) -> None:
    import openpyxl

    from tests.engagements import with_workbook

    dossier = with_workbook(Path(shutil.copytree(MICROGRID, tmp_path / "d")))
    book = openpyxl.load_workbook(dossier / "zcf_data.xlsx")
    sheet = next(one for one in book.worksheets if one.title.startswith("T04"))
    sheet["H6"] = "=1+1"
    book.save(dossier / "zcf_data.xlsx")
    result = check(dossier, Options(AS_OF))
    rules = {finding["id"]: finding["rule"] for finding in result["findings"]}
    first = result["actions"][0]
    named = [rules[name] for name in first["findings"]]
    assert named == ["READ-cell.never_calculated", "READ-cell.blank"]
    assert "CORE-E04-UNIT-FITS" not in rules.values()  # what was not read has no wrong unit


def test_what_reads_a_cell_that_could_not_be_read_comes_after_it() -> None:
    place = {"file": "f", "sheet": "s", "cell": "H6", "label": "x"}
    listed = [
        {"id": "F1", "rule": "READ-cell.not_number", "subject": "", "places": [place]},
        {"id": "F2", "rule": "NOT-A-CARD", "subject": "", "places": [place]},
        {"id": "F3", "rule": "NOT-A-CARD", "subject": "", "places": [{**place, "cell": "H7"}]},
    ]
    causes = ("reading", "requirement", "requirement")
    entries = [{"findings": [f["id"]], "cause": c} for f, c in zip(listed, causes, strict=True)]
    world = FactWorld(load_dossier(MICROGRID), bind(compose(load_dossier(MICROGRID).header, AS_OF)))
    assert after(entries, listed, Roots(world.book, [], {})) == [[], [0], []]
