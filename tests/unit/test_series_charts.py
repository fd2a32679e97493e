"""Plots of series: geometry of what the result says, nothing rounded to a whole, spikes named."""

from typing import Any

from checker.report.html import render_html
from checker.report.series_charts import coverage, duration, residual, series_charts
from tests.conftest import EXAMPLES, checked

MICROGRID = EXAMPLES / "microgrid-2025"


def _series(**more: Any) -> dict[str, Any]:
    base: dict[str, Any] = {"months": ["2025-01", "2025-02"], "coverage": [], "typical": {}}
    base |= {"load_duration": [], "import_duration": [], "balance": [], "residual_counts": []}
    return {**base, "residual_edges": [], **more}


def test_almost_whole_is_not_whole() -> None:
    rows = [{"meter": "A", "role": "load", "shares": [0.99996, 1.0]}]
    (row,) = coverage(_series(coverage=rows))["rows"]
    assert [cell["percent"] for cell in row["cells"]] == ["99.9", ""]
    assert [cell["level"] for cell in row["cells"]] == [3, 4]


def test_the_worst_meters_come_first_and_the_rest_is_counted() -> None:
    rows = [{"meter": f"M{n}", "role": "load", "shares": [n / 100, 1.0]} for n in range(60)]
    drawn = coverage(_series(coverage=rows))
    assert [row["name"] for row in drawn["rows"][:2]] == ["M0", "M1"]
    assert (len(drawn["rows"]), drawn["left_out"]) == (40, 20)


def test_a_spike_does_not_flatten_the_duration_curve() -> None:
    drawn = duration(_series(load_duration=[900.0, *[90.0] * 100], import_duration=[50.0] * 101))
    assert drawn is not None
    assert drawn["clipped"]
    assert drawn["top"] == 108.0
    assert drawn["highest"] == 900.0


def test_without_a_residual_there_is_no_histogram() -> None:
    assert residual(_series()) is None
    assert series_charts(None) is None


def test_the_report_draws_five_plots_in_both_languages() -> None:
    result = checked(MICROGRID)
    for lang, words in (("zh", "持续负荷曲线"), ("en", "Load duration curve")):
        page = render_html(result, lang)
        section = page[page.index('<section id="series"') :].split("</section>")[0]
        assert section.count("<figure>") == 5
        assert words in section
        assert section.count("<polyline") == 4 * 3 + 2


def test_the_example_plant_balances_and_has_no_finding() -> None:
    result = checked(MICROGRID)
    assert result["findings"] == []
    assert {row["meter"] for row in result["series"]["coverage"]} == {
        "M01",
        "M01X",
        "M02",
        "M05",
        "M06",
    }
    assert result["series"]["storage"][0]["decided"] == "charge"
