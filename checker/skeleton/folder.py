"""Writes an empty dossier folder; never into a folder that holds something."""

import json
from pathlib import Path

from checker.errors import Problem, UsageError
from checker.places import Anchor
from checker.skeleton.workbook import write_workbook

FOLDERS = (
    "00_清单与承诺",
    "01_企业与边界",
    "02_活动数据",
    "03_计量",
    "04_因子",
    "05_源头减碳",
    "06_过程脱碳",
    "07_协同降碳",
    "08_智能控碳",
    "09_抵销与披露",
    "10_自评",
    "11_整改",
)

_HEADER = """\
# 零碳工厂申报材料首页 / header of a zero-carbon factory dossier
# 填写后运行 zcf-check 本文件夹；带 # 的行是说明。Fill in, then run: zcf-check THIS_FOLDER
schema: zcf-dossier/1
name: {name}
credit_code: ""            # 统一社会信用代码，18 位
address: ""
industry_code: ""          # GB/T 4754 四位代码，加引号
sector: {sector}
province: {province}
period: {{start: {year}-01-01, end: {year}-12-31}}
stage: application         # self_check 自查 / application 申报 / midterm 中期 / acceptance 验收
applies_for: [national-list-2026-07]   # 只做自查可写 []
computing_facility: {computing}
ets_member: false          # 是否纳入全国碳市场
base_year: "{year}"
gases: [CO2]
boundary:
  covers_whole_plant: true
  statement: ""            # 边界说明
accounting:
  standard: GB/T 32150     # 核算标准
  # edition: "2015"
  # fuel_table: ndrc-2013-2015        燃料缺省值来源
  # grid_factor_area: province        电网因子口径 province / national
  # electricity_basis: location       电力排放口径 location / market
  # tce_convention: equal_value       电力折标口径 equal_value 等价 / calorific 当量
  # electricity_equal_value: 0.2856 kgce/kWh   等价值须有来源
  # equal_value_source: ""
  # exported_energy: deducted         外供能源 deducted 扣减 / shown_apart 单列
claims:
  zero_carbon: false
  removals_netted: false
# 确实没有的事项在此声明并说明理由；不声明又不填表，等于没有回答。
# Declare what does not occur, with the reason; silence is not an answer.
nil: []
#  - {{topic: fuel_combustion, reason: 全厂用电，无化石燃料}}
#  - {{topic: process_emissions, reason: …}}   purchased_heat own_generation storage green_power
#                                             certificates offsets removals exported_electricity
"""


def write_dossier(folder: Path, sector: str, province: str, year: int) -> list[Path]:
    """Write ``dossier.yaml``, ``zcf_data.xlsx`` and the folder tree; returns the two files."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        args = {"path": str(folder)}
        raise UsageError(Problem("usage.not_empty", Anchor(str(folder)), args))
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    header = _HEADER.format(
        name=json.dumps(folder.resolve().name, ensure_ascii=False),
        sector=sector,
        province=province,
        year=year,
        computing=str(sector == "computing-facilities").lower(),
    )
    (folder / "dossier.yaml").write_text(header, encoding="utf-8")
    workbook = folder / "02_活动数据" / "zcf_data.xlsx"
    write_workbook(workbook, {})
    return [folder / "dossier.yaml", workbook]
