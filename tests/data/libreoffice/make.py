"""Made once with LibreOffice 7.4: `python make.py TREE`, in this folder, with openpyxl and soffice at hand.

One list with a title over merged cells, a first column left empty, two rows with one merged department, dates as dates
in the forms of a Chinese Excel, a true number; the same with a formula that fails.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

from openpyxl import Workbook

sys.path.insert(0, sys.argv[1])
from tests.support.register_files import OTHER_TARGET, TARGET, TARGET_HEAD

FORMS = ('yyyy"年"m"月"d"日"', '[$-804]yyyy"年"m"月"d"日";@', "[DBNum1][$-804]yyyy年m月d日;@", "yyyy/m/d;@")


def write(name: str, *, fails: bool) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "检查对象名录"
    sheet.append(["", "检查对象名录库（示例区）"])
    sheet.merge_cells(start_row=1, start_column=2, end_row=1, end_column=len(TARGET_HEAD) + 1)
    sheet.append([])
    for row in (TARGET_HEAD, TARGET.values(), OTHER_TARGET.values()):
        sheet.append([None, *(value or None for value in row)])
    forms = iter(FORMS * 4)
    for row in (4, 5):
        for column, head in enumerate(TARGET_HEAD, 2):
            cell = sheet.cell(row, column)
            if cell.value and head in ("成立日期", "风险评定日期", "更新时间"):
                cell.value, cell.number_format = date.fromisoformat(cell.value[:10]), next(forms)
            elif cell.value and head == "本年度已抽查次数":
                cell.value = int(cell.value)
    merged = TARGET_HEAD.index("登记状态") + 2
    sheet.cell(5, merged).value = None
    sheet.merge_cells(start_row=4, start_column=merged, end_row=5, end_column=merged)
    if fails:
        sheet.cell(5, TARGET_HEAD.index("名称") + 2).value = "=VLOOKUP(1,B2:C2,2,FALSE)"
    book.save(f"{name}.src.xlsx")
    for form in ("xlsx", "ods", "xls"):
        subprocess.run(
            ["soffice", "--headless", "--convert-to", form, "--outdir", "out", f"{name}.src.xlsx"], check=True
        )
        Path(f"out/{name}.src.{form}").rename(f"{name}.{form}")
    Path(f"{name}.src.xlsx").unlink()


write("list", fails=False)
write("fails", fails=True)
Path("out").rmdir()
