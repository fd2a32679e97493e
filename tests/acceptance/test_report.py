"""The HTML report: honest words, inert hostile text, numbers as in the result, both languages."""

import html
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from checker.check import Options, check
from checker.dossier.schema import table_specs
from checker.report import environment
from checker.report.html import render_html
from checker.report.messages import catalogue, fill, label, problem_text
from checker.report.numbers import show_number, show_quantity
from checker.report.terminal import summary
from checker.resources import templates_dir
from tests.conftest import AS_OF, BATTERY, ROOT, TEA, checked, edit

Copy = Callable[[Path], Path]
HOSTILE = '<script>alert(1)</script>{{ 7*7 }}{% raw %}=HYPERLINK("x")\u202e'


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
@pytest.mark.parametrize("example", [TEA, BATTERY], ids=lambda path: path.name)
def test_pages_are_whole_and_closed_to_the_outside(example: Path, lang: str) -> None:
    page = Page(render_html(checked(example), lang))
    assert len(page.ids) == len(set(page.ids))
    links = [str(attrs["href"]) for _, attrs in page.tags if "href" in attrs]
    assert links and all(link.startswith("#") for link in links)
    missing = {link[1:] for link in links} - set(page.ids)
    assert not missing
    assert not [tag for tag, attrs in page.tags if "src" in attrs or "style" in attrs]
    policy = next(a["content"] for t, a in page.tags if a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy


def test_the_policy_holds_the_hashes_of_what_is_inline() -> None:
    text = render_html(checked(TEA), "zh")
    import base64
    import hashlib

    for tag in ("style", "script"):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert body is not None
        digest = base64.b64encode(hashlib.sha256(body.group(1).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in text


def visible(lang: str, example: Path = TEA) -> str:
    return " ".join("".join(Page(render_html(checked(example), lang)).text).split())


def test_the_tea_figures_stand_in_the_page_as_in_the_result() -> None:
    text = visible("zh")
    for figure in (
        "537.685 tCO2",
        "430.768 tCO2",
        "180.005 tce",
        "30.16 %",
        "264.000 MWh",
        "253.900 MWh",
    ):
        assert figure in text


def test_every_known_figure_of_the_result_stands_in_the_page() -> None:
    text = visible("en", BATTERY)
    for fact in checked(BATTERY)["facts"]:
        if fact["known"]:
            assert show_quantity(fact["value"], fact["unit"]) in text, fact["id"]


def test_every_requirement_and_finding_stands_in_the_page() -> None:
    page = Page(render_html(checked(TEA), "zh"))
    for requirement in checked(TEA)["requirements"]:
        assert f"rule-{requirement['id']}" in page.ids
    for finding in checked(TEA)["findings"]:
        assert finding["id"] in page.ids


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_honest_words(lang: str) -> None:
    for example in (TEA, BATTERY):
        text = visible(lang, example)
        for word in ("核验通过", "认证通过", "certified", "verified"):
            assert word not in text.lower()
        assert label("ui.disclaimer", "en" if lang == "en" else "zh") in text


def test_an_english_page_is_english() -> None:
    """Chinese only in names, documents, places and quoted cells."""
    text = visible("en", BATTERY)
    heads = {c.title for spec in table_specs().values() for c in spec.columns.values()}
    for key, texts in catalogue("labels").items():
        chinese = texts["zh"]
        if len(chinese) > 5 and "{" not in chinese and chinese not in {*heads, texts["en"]}:
            assert chinese not in text, key


def test_hostile_text_is_inert(copy_of: Copy) -> None:
    dossier = copy_of(BATTERY)
    edit(dossier / "dossier.yaml", "name: 示例锂电科技有限公司", f"name: {json.dumps(HOSTILE)}")
    edit(
        next((dossier / "tables").glob("T03_*")),
        "天然气",
        HOSTILE.replace('"', "'").replace(",", ""),
    )
    result = check(dossier, Options(AS_OF))
    for lang in ("zh", "en"):
        text = render_html(result, lang)
        assert "<script>alert" not in text
        assert html.escape(HOSTILE, quote=False)[:20] in text
        assert "49" not in re.findall(r"alert\(1\)&lt;/script&gt;(\d\d)", text)
    lines = summary(result, "zh")
    assert not [char for line in lines for char in line if not char.isprintable()]


def test_the_same_result_gives_the_same_page() -> None:
    assert render_html(checked(TEA), "both") == render_html(checked(TEA), "both")


def test_compiled_templates_are_used_only_while_they_are_current(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    folder = tmp_path / "templates"
    shutil.copytree(templates_dir(), folder, ignore=shutil.ignore_patterns("compiled"))
    monkeypatch.setattr(environment, "templates_dir", lambda: folder)
    plain = render_html(checked(TEA), "zh")
    environment.compile_templates(folder)
    assert type(environment.environment().loader).__name__ == "ModuleLoader"
    assert render_html(checked(TEA), "zh") == plain
    limits = folder / "sections" / "limits.j2"
    limits.write_text(limits.read_text(encoding="utf-8") + "<p>changed</p>", encoding="utf-8")
    assert type(environment.environment().loader).__name__ == "FileSystemLoader"
    assert "<p>changed</p>" in render_html(checked(TEA), "zh")


# --- messages ------------------------------------------------------------------------------------
def keys_in_source() -> set[str]:
    """Message keys written in the code, by their shape."""
    heads = "yaml|header|dossier|file|csv|workbook|sheet|table|column|cell|evidence|nil|pack|expr"
    heads += "|verdict|engine|usage|step"
    found: set[str] = set()
    for path in (ROOT / "checker").rglob("*.py"):
        for match in re.finditer(rf'"((?:{heads})\.[a-z_0-9]+)"', path.read_text(encoding="utf-8")):
            found.add(match.group(1))
    return {key for key in found if not key.endswith((".yaml", ".yml", ".csv", ".py"))}


def test_every_message_exists_in_both_languages() -> None:
    known: dict[str, Any] = {}
    for name in ("labels", "problems", "packs"):
        known |= catalogue(name)
    missing = {key for key in keys_in_source() - set(known) if not key.startswith("pack.other_")}
    assert missing == set()
    for key, texts in known.items():
        assert set(texts) == {"zh", "en"}, key
        assert all(text.strip() for text in texts.values()), key
        names = [sorted(set(re.findall(r"\{(\w+)\}", text))) for text in texts.values()]
        assert names[0] == names[1], key


def test_fill_reaches_nothing_but_its_arguments() -> None:
    assert fill("{a} {a.b} {0} {a!r} {missing}", {"a": "x"}) == "x {a.b} {0} {a!r} {missing}"


def test_hints_are_questions() -> None:
    args = {"name": "statsu", "table": "T11", "hint": "status"}
    assert problem_text("expr.unknown_field", args, "en").endswith("Did you mean “status”?")
    assert problem_text("no.such", {"a": 1}, "zh") == "no.such a=1"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("537.6849038", "tCO2", "537.685"),
        ("180.005485", "tce", "180.005"),
        ("0.0004", "tCO2", "0.0004"),
        ("2.5", "%", "2.50"),
        ("0.125", "", "0.125"),
        ("1234567.8", "MWh", "1,234,567.800"),
        ("0", "%", "0.00"),
        ("1.0005", "tCO2", "1.000"),
        ("1.0015", "tCO2", "1.002"),
        ("13", "", "13"),
    ],
)
def test_numbers_for_people_are_rounded_half_even(value: str, unit: str, shown: str) -> None:
    assert show_number(value, unit) == shown


def test_controls_of_writing_direction_are_shown_not_obeyed(copy_of: Copy) -> None:
    dossier = copy_of(TEA)
    edit(dossier / "dossier.yaml", "name: 福建省", "name: 福建省\u202e")
    page = render_html(check(dossier, Options(AS_OF)), "zh")
    assert "\u202e" not in page
    assert "福建省[U+202E]安溪县" in page


def test_one_action_for_one_cause() -> None:
    """A column that is missing is asked for once, by the finding that names it."""
    columns = [a for a in checked(TEA)["actions"] if (a.get("gap") or {}).get("kind") == "cell"]
    assert {a["gap"]["table"] for a in columns}.isdisjoint({"T08", "T10", "T11"})


def test_every_label_of_the_templates_exists() -> None:
    """A missing label would show its key to the reader."""
    known = set(catalogue("labels"))
    used: set[str] = set()
    for path in sorted(templates_dir().rglob("*.j2")):
        used |= set(re.findall(r"""[^a-z]t\(["']([a-z0-9_.]+)["'][),]""", path.read_text("utf-8")))
    assert used
    assert used <= known
