"""Plots of meter series as pictures of their own, for documents that are not HTML."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checker.report.series_charts import series_charts
from checker.report.speaker import speaking
from checker.report.voice import Text, Voice
from checker.report.writers.inert import visible
from checker.resources import templates_dir

PLOTS: Mapping[str, tuple[str, ...]] = {
    "coverage": (),
    "typical": ("load", "generation", "import"),
    "duration": ("load", "import"),
    "balance": ("import", "generation", "discharge", "load", "charge", "export", "loss"),
    "residual": (),
}
"""Plots in their order, each with the flows its legend names."""
_INK = {"var(--ink)": "#1c2430", "var(--soft)": "#5b6675"}
_FONT = "Noto Sans CJK SC"
_VIEW = re.compile(r'<svg viewBox="0 0 (\d+) (\d+)"')
_LEGEND = 24
"""Height of a legend, in the units of the drawing."""


@dataclass(frozen=True)
class Picture:
    """A drawing that needs nothing else: its title and the SVG."""

    title: Text
    svg: str


def series_pictures(result: Mapping[str, Any], voice: Voice) -> list[Picture]:
    """All plots a result has numbers for."""
    charts = series_charts(result["series"])
    if charts is None:
        return []
    module = speaking(result, voice.lang).get_template("figures.j2").make_module()
    style = _style()
    found = []
    for name, flows in PLOTS.items():
        chart = charts[name]
        if chart and (name != "coverage" or chart["rows"]):
            drawn = str(getattr(module, name)(chart))
            svg = _alone(drawn, style, [(f, " ".join(voice.label(f"flow.{f}"))) for f in flows])
            found.append(Picture(voice.label(f"ui.{name}_chart"), visible(svg, len(svg))))
    return found


def _style() -> str:
    text = (templates_dir() / "chart.css").read_text(encoding="utf-8")
    for name, color in _INK.items():
        text = text.replace(name, color)
    return f'text {{ font-family: "{_FONT}"; }} {text}'


def _alone(drawn: str, style: str, legend: Sequence[tuple[str, str]]) -> str:
    """An SVG that carries its style and its legend."""
    match = _VIEW.search(drawn)
    assert match is not None
    width, height = map(int, match.groups())
    marks = "".join(_mark(number, name, text, height) for number, (name, text) in enumerate(legend))
    size = f'viewBox="0 0 {width} {height + (_LEGEND if legend else 0)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}'
    inner = drawn[match.end() :].strip().removesuffix("</svg>")
    start = inner.index(">") + 1  # behind the attributes, which name the drawing for a browser
    return f"{head}><style>{style}</style>{inner[start:]}{marks}</svg>"


def _mark(number: int, name: str, text: str, top: int) -> str:
    x = 8 + number * 92
    box = f'<rect class="f-{name}" x="{x}" y="{top + 8}" width="11" height="11"/>'
    return f'{box}<text class="soft tiny" x="{x + 16}" y="{top + 18}">{_plain(text)}</text>'


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
