"""Tables from CSV and from the workbook: headers, units, places, encodings, hostile files."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from checker.check import Options, check
from checker.dossier.csvfile import read_csv
from checker.dossier.guard import scan_workbook
from checker.dossier.headrow import RawTable
from checker.dossier.load import load_dossier
from checker.dossier.schema import table_specs
from checker.dossier.table import Table
from checker.dossier.typed import type_table
from checker.dossier.workbook import read_workbook
from checker.errors import DossierError, Problem
from checker.lang.values import Unknown
from checker.skeleton.folder import write_dossier
from checker.skeleton.workbook import write_workbook
from tests.conftest import AS_OF, BATTERY, TEA, checked, facts_of, rules_found, statuses
from tests.engagements import workbook_of


def typed(rows: list[list[Any]], code: str = "T12") -> tuple[Table | None, list[Problem]]:
    problems: list[Problem] = []
    return type_table(RawTable("f.csv", "", rows), table_specs()[code], problems), problems


FULL = [["供方", "月份", "热量"], ["supplier", "month", "heat"], ["", "", "GJ"]]


def test_full_header() -> None:
    table, problems = typed([*FULL, ["甲", "2025-01", "10"]])
    assert table is not None and problems == []
    row = table.rows()[0]
    assert row.read("heat") == 10_000  # MJ
    assert str(row.anchor("heat")) == "f.csv:4:3 (热量)"
    assert row.key == "T12[甲/2025-01]"


def test_codes_with_units_and_titles_with_units() -> None:
    for head in (["supplier", "month", "heat[GJ]"], ["供方", "月份", "热量[GJ]"]):
        table, problems = typed([head, ["甲", "2025-01", "10"]])
        assert table is not None and problems == []


def test_a_number_without_a_unit_is_refused() -> None:
    table, problems = typed([["supplier", "month", "heat"], ["甲", "2025-01", "10"]])
    assert [problem.key for problem in problems] == ["column.unit_missing"]
    assert table is not None and type(table.rows()[0].read("heat")) is Unknown


def test_another_unit_in_a_fixed_column_is_refused() -> None:
    _, problems = typed([FULL[0], FULL[1], ["", "", "MWh"], ["甲", "2025-01", "10"]])
    assert [(p.key, p.args["unit"]) for p in problems] == [("column.unit_wrong", "GJ")]


def test_unknown_missing_and_repeated_columns_are_reported() -> None:
    _, problems = typed([["supplier", "mnth", "heat[GJ]", "heat[GJ]"], ["甲", "2025-01", "1", "2"]])
    keys = {problem.key: problem for problem in problems}
    assert keys["column.unknown"].args["hint"] == "month"
    assert keys["column.twice"].args["name"] == "heat"
    assert keys["column.missing"].args["name"] == "月份"


def test_blank_zero_and_token_are_three_things() -> None:
    table, problems = typed(
        [
            *FULL,
            ["甲", "2025-01", ""],
            ["甲", "2025-02", "0"],
            ["甲", "2025-03", "NE"],
            ["甲", "2025-04", "NO"],
        ]
    )
    assert table is not None and problems == []
    found = [row.read("heat") for row in table.rows()]
    assert found[1] == 0 and found[3] == 0
    assert [next(iter(found[i].reasons)).kind for i in (0, 2)] == ["absent", "token"]
    assert table.tokens == {(2, "heat"): "NE", (3, "heat"): "NO"}


def test_a_blank_required_cell_is_blank_and_reported() -> None:
    table, problems = typed([*FULL, ["", "2025-01", "1"]])
    assert table is not None
    assert next(iter(table.rows()[0].read("supplier").reasons)).kind == "blank"
    assert problems[0].key == "cell.blank_text"


def test_a_quantity_takes_the_unit_of_its_row() -> None:
    head = ["month", "facility_id", "energy", "consumption", "unit", "source"]
    rows = [
        head,
        ["2025-01", "F", "天然气", "5", "m3", "表计"],
        ["2025-02", "F", "天然气", "5", "", "表计"],
        ["2025-03", "F", "天然气", "5", "立方", "表计"],
    ]
    table, problems = typed(rows, "T04")
    assert table is not None
    assert str(table.rows()[0].read("consumption")) == "5 m3"
    assert [problem.key for problem in problems] == [
        "cell.blank_text",
        "cell.no_unit",
        "cell.unit_unknown",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_encodings(encoding: str) -> None:
    problems: list[Problem] = []
    raw = read_csv("供方,月份\n甲,2025-01\n".encode(encoding), "f.csv", problems)
    assert raw is not None and problems == []
    assert raw.rows[0] == ["供方", "月份"]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"\xff\xff\xff\x81", "csv.encoding"),
        (b"a\x00b\n", "csv.not_text"),
        (b'a,"b\n', "csv.syntax"),
        ("锟斤拷".encode("gbk"), "csv.lost_characters"),
    ],
)
def test_bad_csv(content: bytes, key: str) -> None:
    problems: list[Problem] = []
    read_csv(content, "f.csv", problems)
    assert [problem.key for problem in problems] == [key]


def test_line_numbers_survive_quoted_line_breaks() -> None:
    problems: list[Problem] = []
    raw = read_csv(
        'supplier,month,heat[GJ]\n"甲\n乙",2025-01,1\n丙,2025-02,x\n'.encode(), "f.csv", problems
    )
    assert raw is not None
    type_table(raw, table_specs()["T12"], problems)
    assert [(p.key, p.anchor.line) for p in problems] == [("cell.not_number", 4)]


@pytest.mark.parametrize("example", [TEA, BATTERY], ids=lambda path: path.name)
def test_the_workbook_gives_what_the_csv_tables_give(example: Path, tmp_path: Path) -> None:
    dossier = tmp_path / "dossier"
    dossier.mkdir()
    (dossier / "dossier.yaml").write_bytes((example / "dossier.yaml").read_bytes())
    workbook_of(example, dossier / "zcf_data.xlsx")
    for name in ("evidence",):
        if (example / name).is_dir():
            (dossier / name).mkdir()
            for path in (example / name).iterdir():
                (dossier / name / path.name).write_bytes(path.read_bytes())
    result = check(dossier, Options(AS_OF))
    expected = {name: fact["value"] for name, fact in facts_of(checked(example)).items()}
    assert {name: fact["value"] for name, fact in facts_of(result).items()} == expected
    # A workbook has every column, a CSV only those written: tables differ in nothing else.
    assert statuses(result) == statuses(checked(example))


def test_places_in_a_workbook_are_cells(tmp_path: Path) -> None:
    write_workbook(
        tmp_path / "w.xlsx", {"T12": [{"supplier": "甲", "month": "2025-13", "heat": 1}]}
    )
    problems: list[Problem] = []
    raw = read_workbook((tmp_path / "w.xlsx").read_bytes(), "w.xlsx", problems, {})["T12"]
    type_table(raw, table_specs()["T12"], problems)
    assert [(p.key, p.anchor.cell) for p in problems] == [("cell.not_month", "B4")]


def spoiled(tmp_path: Path, change: Any) -> list[Problem]:
    path = tmp_path / "w.xlsx"
    write_workbook(path, {"T12": [{"supplier": "甲", "month": "2025-01", "heat": 1}]})
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    problems: list[Problem] = []
    for code, raw in read_workbook(path.read_bytes(), "w.xlsx", problems, {}).items():
        type_table(raw, table_specs()[code], problems)
    return problems


def test_what_a_spreadsheet_hides_is_reported(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book["T12 外购热力"]
        sheet["C4"] = "=1+1"
        sheet["C5"] = "２"
        sheet["A5"], sheet["B5"] = "甲", "2025-02"
        sheet.merge_cells("A6:A7")
        sheet.sheet_state = "hidden"
        book.create_sheet("草稿")["A1"] = "x"

    problems = spoiled(tmp_path, change)
    keys = {problem.key for problem in problems}
    assert {
        "cell.never_calculated",
        "cell.wide_digits",
        "cell.text_number",
        "cell.merged",
        "sheet.hidden",
        "sheet.unknown",
    } <= keys


def test_error_cells(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["T12 外购热力"]["C4"] = "#DIV/0!"

    assert "cell.formula_error" in {problem.key for problem in spoiled(tmp_path, change)}


def xlsx(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"nonsense", "workbook.not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "workbook.encrypted"),
        (xlsx({SHEET: '<c r="XFD1048576"><v>1</v></c>'}), "workbook.extent"),
        (xlsx({SHEET: '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "workbook.entity"),
        (xlsx({SHEET: " " * 30_000_000}), "workbook.bomb"),
        (xlsx({SHEET: "<a/>"}), ""),
    ],
    ids=["text", "ole", "extent", "entity", "bomb", "plain"],
)
def test_the_guard(content: bytes, key: str) -> None:
    assert scan_workbook(content).refusal == key


def test_a_damaged_workbook_is_a_finding_and_the_rest_is_read(tmp_path: Path) -> None:
    for name in ("dossier.yaml",):
        (tmp_path / name).write_bytes((BATTERY / name).read_bytes())
    (tmp_path / "zcf_data.xlsx").write_bytes(xlsx({SHEET: "<a/>"}))
    result = check(tmp_path, Options(AS_OF))
    assert rules_found(result) == ["READ-workbook.damaged"]
    assert result["findings"][0]["severity"] == "blocker"


def zipped(example: Path, target: Path, prefix: str = "") -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(example.rglob("*")):
            if path.is_file():
                archive.write(path, prefix + path.relative_to(example).as_posix())
    return target


@pytest.mark.parametrize("prefix", ["", "battery/"])
def test_a_zip_reads_like_its_folder(tmp_path: Path, prefix: str) -> None:
    result = check(zipped(BATTERY, tmp_path / "d.zip", prefix), Options(AS_OF))
    assert result["facts"] == checked(BATTERY)["facts"]
    assert result["inputs"] == checked(BATTERY)["inputs"]


def test_hostile_members_are_refused_by_name_and_the_rest_is_read(tmp_path: Path) -> None:
    path = zipped(BATTERY, tmp_path / "d.zip")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../evil.csv", "x")
        archive.writestr("/etc/evil", "x")
        archive.writestr("bomb.bin", b"0" * 50_000_000)
    result = check(path, Options(AS_OF))
    assert rules_found(result) == ["READ-file.bomb", "READ-file.outside", "READ-file.outside"]
    assert not (tmp_path / "evil.csv").exists()


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "dossier.yaml").write_bytes((BATTERY / "dossier.yaml").read_bytes())
    (tmp_path / "secret").symlink_to("/etc/passwd")
    assert rules_found(check(tmp_path, Options(AS_OF))) == ["READ-file.link"]


def test_a_file_that_is_no_zip(tmp_path: Path) -> None:
    (tmp_path / "d.zip").write_bytes(b"PK nothing")
    with pytest.raises(DossierError):
        load_dossier(tmp_path / "d.zip")


def test_init_writes_a_dossier_that_is_read_without_format_problems(tmp_path: Path) -> None:
    folder = tmp_path / "新工厂"
    write_dossier(folder, "textiles", "浙江", 2025)
    result = check(folder, Options(AS_OF))
    assert result["conclusion"]["state"] == "incomplete"
    assert {f["message"]["key"] for f in result["findings"]} == {"header.required"}


def test_the_written_workbook_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tmp_path / name, {})
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_cell_formatted_as_percentage_is_what_it_shows(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    row = {"indicator": "share.non_fossil", "value": 1, "unit": "%"}
    write_workbook(path, {"T22": [row, {**row, "indicator": "share.physical", "unit": "t"}]})
    book = openpyxl.load_workbook(path)
    sheet = book["T22 自评指标"]
    for line in (4, 5):
        sheet.cell(line, 2, 0.285).number_format = "0.0%"
    book.save(path)
    problems: list[Problem] = []
    raw = read_workbook(path.read_bytes(), "w.xlsx", problems, {})["T22"]
    table = type_table(raw, table_specs()["T22"], problems)
    assert table is not None
    assert str(table.rows()[0].read("value")) == "28.5 %"
    assert next(iter(table.rows()[1].read("value").reasons)).kind == "invalid"
    assert "cell.unit_inside" in [problem.key for problem in problems]


@pytest.mark.parametrize(
    ("number_format", "value", "shown"),
    [
        ('0.00"%"', 49.2, "49.2 %"),
        ("0.00\\%", 49.2, "49.2 %"),
        ("0.00%", 0.492, "49.2 %"),
        ("[>1]0.0;0%", 95, "95 %"),
    ],
)
def test_a_percent_sign_that_is_only_a_sign(
    tmp_path: Path, number_format: str, value: float, shown: str
) -> None:
    path = tmp_path / "w.xlsx"
    write_workbook(path, {"T22": [{"indicator": "share.non_fossil", "value": 1, "unit": "%"}]})
    book = openpyxl.load_workbook(path)
    book["T22 自评指标"].cell(4, 2, value).number_format = number_format
    book.save(path)
    problems: list[Problem] = []
    raw = read_workbook(path.read_bytes(), "w.xlsx", problems, {})["T22"]
    table = type_table(raw, table_specs()["T22"], problems)
    assert table is not None
    assert str(table.rows()[0].read("value")) == shown


def test_rows_beyond_the_extent_a_sheet_claims_are_read(tmp_path: Path) -> None:
    path, rows = tmp_path / "w.xlsx", [{"supplier": "甲", "month": "2025-01", "heat": 1}] * 3
    write_workbook(path, {"T12": rows})
    short = tmp_path / "short.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(short, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B4"', content)
            target.writestr(name, content)
    raw = read_workbook(short.read_bytes(), "w.xlsx", [], {})["T12"]
    assert sum(row[0] == "甲" for row in raw.rows if row) == 3


def test_an_array_formula_never_calculated_is_reported(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["T12 外购热力"]["C4"] = ArrayFormula("C4:C4", "=SUM(1,2)")

    assert "cell.never_calculated" in [problem.key for problem in spoiled(tmp_path, change)]


def test_a_merge_that_begins_in_the_header_is_reported(tmp_path: Path) -> None:
    found = spoiled(tmp_path, lambda book: book["T12 外购热力"].merge_cells("C3:C4"))
    assert "cell.merged" in [problem.key for problem in found]


def test_a_sheet_that_only_begins_like_help_is_reported(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book.create_sheet("说明T14过程")
        for row in (["a", "b"], ["c", "d"]):
            sheet.append(row)

    assert "sheet.unknown" in [problem.key for problem in spoiled(tmp_path, change)]
