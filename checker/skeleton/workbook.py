"""Writes the clerk's workbook: headers, codes, units, lists, colours; examples stand apart.

Row 1 Chinese header, row 2 code, row 3 unit or list, data from row 4. Yellow is required, light
yellow optional. Text never becomes a formula; the same input gives the same bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from checker.dossier.schema import Column, TableSpec, table_specs

VERSION = "zcf_data 1"
_LIST_ROWS = 500
_NOTES = (
    ("版本 Version", VERSION),
    ("填写 How", "第1行中文表头，第2行代码（勿改），第3行单位或可选值，第4行起填写。"),
    ("颜色 Colours", "黄色必填，浅黄选填。Yellow is required, light yellow optional."),
    (
        "空白 Blank",
        "空白不等于 0：确实为零填 0；不发生填 NO；计入他处填 IE；未估算填 NE；保密填 C。",
    ),
    (
        "单位 Units",
        "第3行已定单位的列不要换单位；其余在本行“单位”列选择。天然气写明 Nm3 或 m3@20C。",
    ),
    ("证据 Evidence", "每行填写证据编号，编号与文件在 T19 登记。"),
    (
        "曲线 Series",
        "逐间隔读数的导出文件（CSV 或 Parquet）放在 series 文件夹，在 T36 每条曲线填一行；"
        "缺数在 T21 说明。",
    ),
    (
        "编码 Codes",
        "绿证编码、序列号、发票号按文本填写（本表已设为文本），不要让电子表格转成数字。",
    ),
    (
        "示例 Examples",
        "示例只在“示例”表，不会被读取。Examples are on their own sheet and are not read.",
    ),
)


def sheet_name(spec: TableSpec) -> str:
    """Name of a table's sheet: code and Chinese title."""
    return f"{spec.code} {spec.title}"


def hint(column: Column) -> str:
    """Row 3 of a column: its unit, its options, or the form of its values."""
    if column.kind == "number":
        return "" if column.unit is None or column.unit.name == "1" else column.unit.name
    if column.kind == "option":
        shown = "/".join(option.title for option in column.options[:6])
        return f"{shown}/…（下拉选择）" if len(column.options) > 6 else shown
    forms = {"date": "2025-01-31", "month": "2025-01", "period": "2025 或 2025-01", "year": "2025"}
    forms |= {"boolean": "是/否", "unit": "单位", "quantity": "数值"}
    return forms.get(column.kind, "")


class _Writer:
    def __init__(self, path: Path) -> None:
        import xlsxwriter  # noqa: PLC0415

        options = {"strings_to_formulas": False, "strings_to_urls": False}
        self.book: Any = xlsxwriter.Workbook(str(path), options)
        self.book.set_properties({"title": VERSION, "created": datetime(2026, 1, 14)})
        border = {"border": 1, "border_color": "#BBBBBB", "text_wrap": True, "valign": "top"}
        self.formats = {
            "required": self.book.add_format({**border, "bold": True, "bg_color": "#FFE066"}),
            "optional": self.book.add_format({**border, "bold": True, "bg_color": "#FFF6CC"}),
            "code": self.book.add_format({**border, "font_color": "#777777", "font_size": 9}),
            "plain": self.book.add_format({}),
            "text": self.book.add_format({"num_format": "@"}),
        }
        self.lists: dict[str, list[str]] = {}

    def notes(self) -> None:
        sheet = self.book.add_worksheet("T00 填报说明")
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 90)
        for row, (name, text) in enumerate(_NOTES):
            sheet.write_string(row, 0, name, self.formats["optional"])
            sheet.write_string(row, 1, text)

    def table(self, spec: TableSpec, rows: Sequence[Mapping[str, Any]]) -> None:
        sheet = self.book.add_worksheet(sheet_name(spec))
        sheet.freeze_panes(3, 1)
        for index, column in enumerate(spec.columns.values()):
            shade = self.formats["required" if column.required else "optional"]
            sheet.write_string(0, index, column.title, shade)
            sheet.write_string(1, index, column.code, self.formats["code"])
            sheet.write_string(2, index, hint(column), self.formats["code"])
            text = column.kind in ("text", "unit")  # long codes must not become numbers
            sheet.set_column(index, index, 14, self.formats["text" if text else "plain"])
            self.validate(sheet, index, spec, column)
            for number, row in enumerate(rows):
                _write(sheet, number + 3, index, column, row.get(column.code))

    def validate(self, sheet: Any, index: int, spec: TableSpec, column: Column) -> None:
        """A drop-down for options and yes/no."""
        source: Any = None
        if column.kind == "boolean":
            source = ["是", "否"]
        elif column.kind == "option":
            source = [option.title for option in column.options]
            if len(",".join(source)) > 250:
                source = self.list_range(f"{spec.code}.{column.code}", source)
        if source:
            rule = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(3, index, _LIST_ROWS, index, rule)

    def list_range(self, name: str, values: list[str]) -> str:
        """A long list goes to a sheet of its own, the last one."""
        self.lists[name] = values
        letter = chr(64 + len(self.lists))
        return f"=列表!${letter}$2:${letter}${len(values) + 1}"

    def long_lists(self) -> None:
        sheet = self.book.add_worksheet("列表")
        for column, (name, values) in enumerate(self.lists.items()):
            for row, value in enumerate((name, *values)):
                sheet.write_string(row, column, value)

    def examples(self, examples: Iterable[tuple[str, Sequence[str]]]) -> None:
        sheet = self.book.add_worksheet("示例")
        sheet.set_column(0, 20, 16)
        for row, (title, cells) in enumerate(examples):
            sheet.write_string(row, 0, title, self.formats["optional"])
            for index, cell in enumerate(cells, start=1):
                sheet.write_string(row, index, cell)


def _write(sheet: Any, row: int, index: int, column: Column, value: Any) -> None:
    if value is None or value == "":
        return
    number = column.kind in ("number", "quantity")
    if number and not isinstance(value, str):
        sheet.write_number(row, index, value)
    else:
        sheet.write_string(row, index, str(value))


_EXAMPLES = (
    ("T04 能源月报", ("2025-01", "F01", "天然气", "", "12000", "", "", "12000", "Nm3", "结算单")),
    ("T05 电费结算单", ("0591-001", "2025-01-01", "2025-01-31", "86000", "", "", "", "", "")),
    ("T26 事项说明", ("碳排放核算体系", "是", "见《碳排放核算管理制度》第3版", "", "E-001")),
)


def write_workbook(path: Path, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Write the workbook with ``rows`` by table code (values by column code; numbers as such)."""
    writer = _Writer(path)
    writer.notes()
    for code, spec in table_specs().items():
        writer.table(spec, rows.get(code, ()))
    writer.examples(_EXAMPLES)
    writer.long_lists()
    writer.book.close()
