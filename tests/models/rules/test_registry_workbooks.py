"""Art. 10: a workbook reads the same whichever program saved it, and says where a formula failed."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from models.rules import registry
from tests.models.rules.district import known
from tests.support.register_files import OTHER_TARGET, TARGET, TARGET_HEAD, lines, table, xlsx

SAVED = Path(__file__).parents[2] / "data" / "libreoffice"
PLAIN = registry.check_targets(table(TARGET, OTHER_TARGET), known()).good
STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}
BUILT_IN = (14, *range(27, 37), *range(50, 59))  # 27-36 and 50-58 are days in a Chinese Excel alone
OWN = (
    'yyyy"年"m"月"d"日"', '[$-804]yyyy"年"m"月"d"日";@', "[DBNum1][$-804]yyyy年m月d日;@", "[DBNum2]yyyy年m月d日",
    'e"年"m"月"d"日"', '[$-F800]dddd, mmmm dd, yyyy', "yyyy.m.d", 'yyyy"年"m"月"d"日" h"时"mm"分"', "yyyymmdd",
)  # fmt: skip


def strict(data: bytes) -> bytes:
    """The same workbook as Excel saves it as Strict Open XML: other namespaces, days written out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(out, "w") as made:
        for name in packed.namelist():
            part = packed.read(name)
            for loose, firm in STRICT.items():
                part = part.replace(loose, firm)
            if name.startswith("xl/worksheets/"):
                part = re.sub(
                    rb'(<c r="[A-Z]+\d+" s="\d+")><v>43528</v>', rb'\1 t="d"><v>2019-03-04</v>', part
                )
            made.writestr(name, part)
    return out.getvalue()


def with_day(form: str | int) -> bytes:
    """The sample's two rows, the first founded on 4 March 2019, shown in this form."""
    out, column = io.BytesIO(), TARGET_HEAD.index("成立日期")
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, shown = book.add_worksheet(), book.add_format({"num_format": form})
        for number, row in enumerate(lines(TARGET, OTHER_TARGET)):
            for place, value in enumerate(row):
                if (number, place) == (1, column):
                    sheet.write_datetime(number, place, datetime(2019, 3, 4), shown)
                else:
                    sheet.write_string(number, place, value)
    return out.getvalue()


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_c1_what_libreoffice_saved_reads_as_the_list_of_text_does(form: str) -> None:
    """With a first column left empty, a title and a department over merged cells, days in Chinese forms."""
    checked = registry.check_targets((SAVED / f"list.{form}").read_bytes(), known())
    assert not checked.bad
    assert checked.good == PLAIN
    assert checked.numbers == [4, 5]


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_c3_a_formula_that_failed_is_an_error_in_its_row_and_not_an_empty_cell(form: str) -> None:
    checked = registry.check_targets((SAVED / f"fails.{form}").read_bytes(), known())
    assert [(bad.number, bad.column, bad.value, bad.reason) for bad in checked.bad] == [
        (5, "名称", "#N/A", "excel_error")
    ]


def test_c3_an_error_where_nothing_has_to_stand_is_one_too() -> None:
    """Left empty it would take what is known of the target away."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(lines(TARGET, OTHER_TARGET)):
            sheet.write_row(number, 0, row)
        sheet.write_formula(2, TARGET_HEAD.index("邮箱"), "=1/0", None, "#DIV/0!")
    checked = registry.check_targets(out.getvalue(), known())
    assert [(bad.number, bad.column, bad.reason) for bad in checked.bad] == [(3, "邮箱", "excel_error")]


def test_c3_errors_are_found_on_a_sheet_longer_than_what_is_read_at_once() -> None:
    """Some of them lie where two pieces of the file meet."""
    rows = [list(TARGET_HEAD), *([f"NR-{n}", *list(TARGET.values())[1:]] for n in range(6000))]
    out, failing = io.BytesIO(), range(1, 6000, 7)
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for number in failing:
            sheet.write_formula(number, TARGET_HEAD.index("传真"), "=NA()", None, "#N/A")
    checked = registry.check_targets(out.getvalue(), known())
    found = {bad.number for bad in checked.bad if bad.reason == "excel_error"}
    assert found == {number + 1 for number in failing}


def test_c1_strict_open_xml_reads_as_the_usual_one() -> None:
    checked = registry.check_targets(strict(with_day(31)), known())
    assert not checked.bad
    assert [row.founded for row in checked.good] == [date(2019, 3, 4), PLAIN[1].founded]
    assert [row.code for row in checked.good] == [row.code for row in PLAIN]
    [bad] = registry.check_targets(strict((SAVED / "fails.xlsx").read_bytes()), known()).bad
    assert bad.reason == "excel_error"


@pytest.mark.parametrize("form", [*BUILT_IN, *OWN])
def test_c2_a_day_in_every_form_of_a_chinese_excel_is_that_day(form: str | int) -> None:
    checked = registry.check_targets(with_day(form), known())
    assert not checked.bad
    assert checked.good[0].founded == date(2019, 3, 4)


def test_c2_a_cell_merged_over_rows_holds_in_each_and_two_objects_merged_under_one_number_are_refused() -> (
    None
):
    rows = lines(TARGET, OTHER_TARGET)
    for column, refused in (("监管部门", False), ("对象编号", True)):
        out, place = io.BytesIO(), TARGET_HEAD.index(column)
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            sheet.merge_range(1, place, 2, place, TARGET[column])
        checked = registry.check_targets(out.getvalue(), known())
        if refused:
            assert {bad.number for bad in checked.bad} == {2, 3}
        else:
            assert checked.good[1].departments == checked.good[0].departments


def test_c1_a_list_that_begins_in_a_later_column_names_its_columns_as_the_sheet_does() -> None:
    rows = [["", "", *row, "示例"] if number else ["", "", *row] for number, row in enumerate(lines(TARGET))]
    checked = registry.check_targets(xlsx(rows), known())
    letters = [
        remark.column for remark in checked.warnings if remark.value == "示例" or "AM" in remark.column
    ]
    assert "AM" in str(letters), checked.warnings
