"""Every format: whole, the same each time, its numbers those of the result, hostile text inert."""

import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import jsonschema
import openpyxl
import pypdfium2
import pytest

from checker.check import Options, check
from checker.engagement.direct import FEW, is_direct
from checker.errors import UsageError
from checker.report.formats import FORMATS, Job, read_formats, render
from checker.report.numbers import show_quantity
from checker.report.outline.report import APPENDICES, SECTIONS
from checker.report.pictures import series_pictures
from checker.report.voice import Voice
from checker.report.writers.inert import inert_cell, visible
from checker.result.encode import dumps
from tests.conftest import AS_OF, ROOT, TEA, checked, edit
from tests.engagements import spoiled, spoiled_result, with_workbook

TEXTUAL = ("html", "pdf", "docx", "md")
HOSTILE = (
    '=HYPERLINK("http://x","y") <script>alert(1)</script> {{ 7*7 }} #panic("x") | `a` '
    "\u202egnp.exe\u202c \x00end"
)


class _Text(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.skip = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skip = tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.parts.append(data)


def text_of(form: str, content: bytes) -> str:
    """Text of a rendered report, blanks and separators of lines left out."""
    if form == "pdf":
        pages = pypdfium2.PdfDocument(content)
        text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    elif form == "docx":
        document = docx.Document(io.BytesIO(content))
        text = "".join(node.text or "" for node in document.element.body.iter() if node.text)
    elif form == "html":
        text = "".join(_Text(content.decode()).parts)
    else:
        text = content.decode().replace("\\", "").replace("<br>", "")
    return re.sub(r"[\s\u200b\ufffe\ufeff\x02-]+", "", text)


def made(form: str, result: dict[str, Any], lang: str = "zh", **more: Any) -> bytes:
    return next(iter(render(Job(result, lang, **more), [form]).values()))


@pytest.mark.parametrize("form", TEXTUAL)
@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_numbers_are_those_of_the_result(form: str, lang: str) -> None:
    result = spoiled_result()
    text = text_of(form, made(form, result, lang))
    wanted = [show_quantity(f["value"], f["unit"]) for f in result["facts"] if f["known"]]
    for entry in result["indicators"]:
        if entry["recomputed"]["type"] == "number":
            wanted.append(show_quantity(entry["recomputed"]["value"], entry["recomputed"]["unit"]))
    for path in result["paths"]:
        for lever in path["levers"]:
            if lever["change"]:
                wanted.append(show_quantity(lever["change"]["value"], lever["change"]["unit"]))
    assert len(wanted) > 60
    missing = [shown for shown in wanted if re.sub(r"[\s-]+", "", shown) not in text]
    assert not missing
    for entry in result["inputs"]:
        assert entry["sha256"] in text
    for finding in result["findings"]:
        assert finding["rule"].replace("-", "") in text


@pytest.mark.parametrize("form", TEXTUAL)
def test_the_section_list_is_complete(form: str) -> None:
    from checker.report.messages import label

    text = text_of(form, made(form, spoiled_result(), "en"))
    for name in (*SECTIONS, *APPENDICES):
        assert re.sub(r"[\s-]+", "", label(f"ui.{name}", "en")) in text, name
    assert "Itdoesnotreplaceverification" in text
    assert "verifiedandcertified" not in text.lower()


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"annotated"}))
def test_the_same_result_gives_the_same_bytes(form: str) -> None:
    assert made(form, spoiled_result()) == made(form, spoiled_result())


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"annotated"}))
def test_a_result_read_from_its_file_renders_the_same(form: str) -> None:
    fresh = check(TEA, Options(AS_OF))
    assert made(form, fresh) == made(form, json.loads(dumps(fresh)))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A result whose dossier says hostile things in its name, a cell, and a file name."""
    dossier = spoiled(tmp_path_factory.mktemp("hostile") / "d")
    header = dossier / "dossier.yaml"
    edit(header, "name: 示例机械有限公司", f"name: {json.dumps(HOSTILE.replace(chr(0), ''))}")
    path = next((dossier / "tables").glob("T28_*"))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    cells = lines[3].split(",")
    written = HOSTILE.replace(chr(0), "").replace('"', '""')
    cells[1] = f'"{written}"'
    path.write_text("".join([*lines[:3], ",".join(cells), *lines[4:]]), encoding="utf-8")
    found: dict[str, Any] = check(dossier, Options(AS_OF))
    assert any("HYPERLINK" in finding["subject"] for finding in found["findings"])
    return found


@pytest.mark.parametrize("form", ["html", "pdf", "docx", "md", "sarif", "junit", "oscal", "xlsx"])
def test_hostile_text_is_shown_and_inert(form: str, hostile: dict[str, Any]) -> None:
    content = made(form, hostile)
    if form in ("docx", "xlsx"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
        raw = b"".join(map(archive.read, parts))
        assert b"<f>" not in raw and b"<script>" not in raw
    else:
        raw = content
    assert "\u202e".encode() not in raw
    assert b"\x00" not in raw or form == "pdf"
    if form == "html":
        assert b"<script>alert" not in content
    if form == "pdf":
        text = text_of(form, content)
        assert "HYPERLINK" in text and "{{7*7}}" in text
    if form == "junit":
        ET.fromstring(content)
    if form == "md":
        assert b"<script>" not in content and b"\\<script\\>" in content


def test_texts_for_sheets_and_pages_are_made_harmless() -> None:
    assert inert_cell("=1+1") == "'=1+1"
    assert inert_cell("@cmd") == "'@cmd"
    assert inert_cell("-") == "-"
    assert visible("a\u202eb\x00c") == "a[U+202E]b[U+0000]c"
    assert visible("x" * 50, 10) == "x" * 10 + " […+40]"


def test_pdf_is_tagged_numbered_and_has_bookmarks() -> None:
    content = made("pdf", spoiled_result())
    assert b"/MarkInfo" in content and b"pdfaid" in content and b"/StructTreeRoot" in content
    document = pypdfium2.PdfDocument(content)
    titles = [mark.get_title() for mark in document.get_toc()]
    assert len(titles) == len(SECTIONS) + len(APPENDICES)
    last = document[len(document) - 1].get_textpage().get_text_bounded()
    assert f"{len(document)} / {len(document)}" in last
    assert spoiled_result()["run"]["id"] in last


def test_signs_of_the_reports_are_drawn() -> None:
    text = text_of("pdf", made("pdf", spoiled_result()))
    assert "tCO₂" in text
    for code in ("2082", "2212", "2717", "2194"):
        assert f"[U+{code}]" not in text


def test_a_character_no_font_has_is_refused_and_named(copy_of: Callable[[Path], Path]) -> None:
    dossier = copy_of(TEA)
    edit(dossier / "dossier.yaml", "name: 福建省安溪县", "name: 福建省安溪\U00030edd县")
    text = text_of("pdf", made("pdf", check(dossier, Options(AS_OF))))
    assert "[U+30EDD]" in text


def test_the_annotated_workbook_marks_cells_and_leaves_the_original(tmp_path: Path) -> None:
    dossier = with_workbook(spoiled(tmp_path / "d"))
    before = (dossier / "zcf_data.xlsx").read_bytes()
    result = check(dossier, Options(AS_OF))
    content = made("annotated", result, dossier=dossier)
    assert made("annotated", result, dossier=dossier) == content
    assert (dossier / "zcf_data.xlsx").read_bytes() == before
    book = openpyxl.load_workbook(io.BytesIO(content))
    listed = book["问题清单"]
    digest = next(e["sha256"] for e in result["inputs"] if e["path"] == "zcf_data.xlsx")
    assert digest in str(listed["A1"].value)
    marked = 0
    for row in listed.iter_rows(min_row=5):
        place = row[3].hyperlink
        if place is None or row[3].value == "A1":
            continue
        finding = next(f for f in result["findings"] if f["id"] == row[0].value)
        if not is_direct(finding, FEW):  # a total that fails does not make its cells wrong
            continue
        cell = book[str(row[2].value)][str(row[3].value)]
        assert str(row[0].value) in cell.comment.text or "另有" in cell.comment.text
        assert cell.fill.fill_type == "solid"
        marked += 1
    assert marked > 10
    (dossier / "zcf_data.xlsx").write_bytes(before + b" ")
    with pytest.raises(UsageError) as caught:
        made("annotated", result, dossier=dossier)
    assert caught.value.problems[0].key == "usage.workbook_changed"


def test_without_a_workbook_there_is_nothing_to_annotate() -> None:
    with pytest.raises(UsageError) as caught:
        made("annotated", checked(TEA), dossier=TEA)
    assert caught.value.problems[0].key == "usage.no_workbook"


def test_sarif_has_what_a_viewer_needs() -> None:
    result = spoiled_result()
    before = {**result, "findings": result["findings"][1:]}
    run = json.loads(made("sarif", result, before=before))["runs"][0]
    assert [r["baselineState"] for r in run["results"]].count("new") == 1
    after = json.loads(made("sarif", before, before=result))["runs"][0]
    assert [r["baselineState"] for r in after["results"]].count("absent") == 1
    rules = run["tool"]["driver"]["rules"]
    taxa = run["taxonomies"][0]["taxa"]
    for entry in run["results"]:
        assert rules[entry["ruleIndex"]]["id"] == entry["ruleId"]
        assert 0 <= entry["rank"] <= 100
        assert re.fullmatch("[0-9a-f]{16}", entry["fingerprints"]["zcf/v1"])
        for taxon in entry.get("taxa", []):
            assert taxa[taxon["index"]]["id"] == taxon["id"]


STANDARDS = ROOT / "tests/fixtures/standards"


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_sarif_and_oscal_fit_the_schemas_of_their_standards(
    lang: str, hostile: dict[str, Any]
) -> None:
    for result in (spoiled_result(), hostile, checked(TEA)):
        before = {**result, "findings": result["findings"][1:]}
        sarif = json.loads(made("sarif", result, lang, before=before))
        _fits("sarif-2.1.0.json", sarif)
        oscal = json.loads(made("oscal", result, lang))
        _fits("oscal-assessment-results.json", oscal["assessment-results"])


def _fits(name: str, document: Any) -> None:
    schema = json.loads((STANDARDS / name).read_text(encoding="utf-8"))
    checker = jsonschema.validators.validator_for(schema)(schema)
    told = [f"{list(e.path)}: {e.message[:200]}" for e in checker.iter_errors(document)]
    assert not told


def test_junit_counts_silence_as_an_error() -> None:
    root = ET.fromstring(made("junit", spoiled_result()))
    states = spoiled_result()["conclusion"]["outcomes"]
    assert len(root.findall(".//failure")) == states["FAIL"]
    assert len(root.findall(".//error")) == states["NOT_EVALUATED"] + states["NEEDS_JUDGEMENT"]
    assert len(root.findall(".//skipped")) == states["NOT_APPLICABLE"]


def test_oscal_says_satisfied_of_a_pass_only() -> None:
    result = spoiled_result()
    found = json.loads(made("oscal", result))["assessment-results"]["results"][0]
    states = {r["id"]: r["status"] for r in result["requirements"]}
    uuids = {entry["uuid"] for entry in found["observations"]}
    assert len(uuids) == len(found["observations"]) == len(found["findings"])
    for finding in found["findings"]:
        target = finding["target"]
        satisfied = target["status"]["state"] == "satisfied"
        assert satisfied == (states[target["target-id"]] == "PASS")
        assert finding["related-observations"][0]["observation-uuid"] in uuids


def test_formats_are_named_in_the_error() -> None:
    with pytest.raises(UsageError) as caught:
        read_formats("html,odt")
    assert "docx" in str(caught.value.problems[0].args["known"])


def test_plots_of_meters_are_in_every_printed_report() -> None:
    result = spoiled_result()
    assert result["series"]
    pictures = series_pictures(result, Voice(result, "zh"))
    assert len(pictures) == 5
    archive = zipfile.ZipFile(io.BytesIO(made("docx", result)))
    assert sum(name.startswith("word/media/") for name in archive.namelist()) == 5
    assert made("md", result).decode().count("图见 HTML") == 5
    text = text_of("pdf", made("pdf", result))
    assert pictures[1].title[0].split("（")[0] in text


def test_names_in_plots_are_text_and_nothing_else() -> None:
    result = json.loads(dumps(spoiled_result()))
    for row in result["series"]["coverage"]:
        row["meter"] = "<script>alert(1)</script>&\x00\u202e"
    for picture in series_pictures(result, Voice(result, "both")):
        root = ET.fromstring(picture.svg)
        assert {node.tag.rpartition("}")[2] for node in root.iter()} <= {
            "svg", "style", "text", "tspan", "rect", "line", "polyline", "title"
        }  # fmt: skip
    assert made("pdf", result).startswith(b"%PDF")
    assert made("docx", result).startswith(b"PK")


@pytest.mark.parametrize("document", ["letter", "site"])
@pytest.mark.parametrize("form", ["docx", "pdf", "md"])
def test_hostile_text_is_inert_in_letters_and_lists(
    document: str, form: str, hostile: dict[str, Any]
) -> None:
    content = made(form, hostile, document=document)
    if form == "docx":
        archive = zipfile.ZipFile(io.BytesIO(content))
        content = b"".join(archive.read(n) for n in archive.namelist() if n.endswith(".xml"))
    assert b"<script>" not in content and "\u202e".encode() not in content
    if form == "pdf":
        assert "HYPERLINK" in text_of("pdf", content)


def test_hostile_text_is_inert_on_the_phone(hostile: dict[str, Any]) -> None:
    from checker.report.writers import site_sheet

    page = site_sheet.render(Job(hostile, "zh", document="site")).decode()
    assert "<script>alert" not in page and "\u202e" not in page and "HYPERLINK" in page


def test_hostile_text_is_inert_in_the_clerks_workbook(tmp_path: Path) -> None:
    dossier = spoiled(tmp_path / "d")
    path = next((dossier / "tables").glob("T28_*"))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    cells = lines[3].split(",")
    cells[1] = "=cmd|' /C calc'!A0 {{7*7}} <script>"
    path.write_text("".join([*lines[:3], ",".join(cells), *lines[4:]]), encoding="utf-8")
    result = check(with_workbook(dossier), Options(AS_OF))
    content = made("annotated", result, dossier=dossier)
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in book["问题清单"].iter_rows():
        assert all(cell.data_type != "f" for cell in row)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row), sheet.title
