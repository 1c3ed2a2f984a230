"""Art. 10: a register comes in whatever form it was saved in, or the ill is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data import read
from models.refusal import Refusal
from models.rules import registry, text
from models.rules.registry.table import TablePlace
from tests.models.rules.district import known
from tests.support.register_files import OTHER_TARGET, TARGET, TARGET_HEAD, TARGETS, lines, ods, table, xlsx

DATA = Path(__file__).parents[2] / "data"
ROWS = (TARGET, OTHER_TARGET)
PLAIN = registry.check_targets(table(*ROWS), known()).good
TITLES = (
    "", "附件1：检查对象名录库；填报单位：示例局；填报日期：2026年11月20日；", "检查对象名录库（2026年,示例局,填报）",
    "名录|示例|局|填报|2026", "名录\t示例局\t填报\t日期\t某日", '"检查对象名录库,示例局"', "填报说明：，，，，，，，，，，，",
)  # fmt: skip
CODECS = ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TITLES), st.sampled_from(",;\t|，；"), st.sampled_from(CODECS))
def test_c1_title_separator_and_encoding_change_nothing(title: str, separator: str, codec: str) -> None:
    checked = registry.check_targets(table(*ROWS, title=title, separator=separator, codec=codec), known())
    assert checked.good == PLAIN and not checked.bad


@pytest.mark.parametrize("titles", [0, 3])
def test_c1_a_workbook_reads_as_the_same_list_does(titles: int) -> None:
    rows = [["检查对象名录库；试例"] for _ in range(titles)] + lines(*ROWS)
    for data in (xlsx(rows), xlsx([], rows), ods(rows)):
        checked = registry.check_targets(data, known())
        assert checked.good == PLAIN and not checked.bad
        assert checked.numbers == [2 + titles, 3 + titles]


def test_c1_an_old_workbook_keeps_its_dates_and_numbers() -> None:
    (row,) = registry.check_targets((DATA / "targets.xls").read_bytes(), known()).good
    assert (row.code, row.street, str(row.founded), str(row.licence_until)) == (
        "FX90001", "410402002", "2019-03-04", "9999-09-09",
    )  # fmt: skip


def test_c1_two_sheets_with_a_list_are_not_silently_made_one() -> None:
    with pytest.raises(Refusal) as refused:
        registry.check_targets(xlsx(lines(TARGET), lines(OTHER_TARGET)), known())
    assert refused.value.code == "registry.several_sheets" and len(refused.value.params["sheets"]) == 2


@pytest.mark.parametrize("kept", [60, 600, -30])
def test_c1_a_workbook_that_did_not_come_whole_is_called_damaged(kept: int) -> None:
    with pytest.raises(Refusal) as refused:
        registry.check_targets(xlsx(lines(TARGET))[:kept], known())
    assert (refused.value.code, refused.value.params["kind"]) == ("registry.broken", "xlsx")


@pytest.mark.parametrize(
    ("data", "code", "kind"),
    [
        (b"<html><body><table><tr><td>a</td></tr></table></body></html>", "registry.not_csv", "html"),
        ("\n <!DOCTYPE html>\n<html>对象编号".encode("gbk"), "registry.not_csv", "html"),
        ("<table><tr><td>对象编号</td></tr></table>".encode("utf-16"), "registry.not_csv", "html"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "registry.not_csv", "mhtml"),
        (b'<?xml version="1.0"?><Workbook/>', "registry.not_csv", "xml"),
        (b"%PDF-1.7 ...", "registry.not_csv", "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "registry.not_csv", "png"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "registry.broken", "xls"),
        (b"PK\x03\x04rest", "registry.broken", "xlsx"),
    ],
)  # fmt: skip
def test_c1_what_is_no_table_is_named_as_what_it_is(data: bytes, code: str, kind: str) -> None:
    with pytest.raises(Refusal) as refused:
        registry.check_targets(data, known())
    assert (refused.value.code, refused.value.params) == (code, {"kind": kind})


def test_c1_a_list_opened_in_the_wrong_encoding_and_saved_is_named_so() -> None:
    """UTF-8 taken for GBK and saved: every odd character at the end of a word became a question mark."""
    broken = (
        table(*ROWS)
        .decode("gb18030", "replace")
        .encode("gb18030", "replace")
        .replace(b"\x84\x31\xa4\x37", b"?")
    )
    latin = table(*ROWS).decode("latin-1").encode()
    for data in (broken, latin):
        with pytest.raises(Refusal) as refused:
            registry.check_targets(data, known())
        assert refused.value.code == "registry.damaged"


def test_c1_a_file_without_any_known_heading_says_how_it_begins() -> None:
    with pytest.raises(Refusal) as refused:
        registry.check_targets("日期,姓名\n2026-01-01,试甲\n".encode(), known())
    assert (refused.value.code, refused.value.params["found"]) == ("registry.no_heads", ["日期", "姓名"])


@pytest.mark.parametrize("name", ["targets", "inspectors", "departments", "items", "checkpoints", "streets"])
def test_c1_our_own_samples_carry_the_mark_by_which_excel_knows_utf8(name: str) -> None:
    path = Path(__file__).parents[3] / "models" / "data" / f"{name}.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert not read(f"{name}.csv").startswith(b"\xef\xbb\xbf")


def test_c1_a_column_with_something_in_it_and_no_heading_is_named_by_its_letter() -> None:
    rows = lines(TARGET)
    data = xlsx([[*rows[0], ""], [*rows[1], "多出来的"]])
    assert [(w.column, w.reason) for w in registry.check_targets(data, known()).warnings] == [
        ("AK", "column_unused")
    ]
    assert registry.check_targets(xlsx([[*rows[0], ""], [*rows[1], ""]]), known()).warnings == []


NAMES = {
    "名称": ["企业名称", "单位名称", "名 称", "名称*", "名称（必填）", "企业\n名称"],
    "统一社会信用代码": [
        "统一社会信用代码/注册号",
        "信用代码",
        "统一社会信用代码（18位）",
        "统一社会信用代码 *",
    ],
    "住所": ["经营场所", "注册地址", "住所（经营场所）", "地址"],
    "法定代表人": ["法定代表人（负责人）", "法人代表", "负责人", "法定代表人/负责人"],
    "登记状态": ["经营状态", "企业状态"],
    "电话": ["联系电话", "手机号码", "联系方式"],
    "成立日期": ["注册日期", "成立时间"],
}


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({column: st.sampled_from(names) for column, names in NAMES.items()}))
def test_c2_the_usual_names_of_columns_are_known(named: dict[str, str]) -> None:
    row = {named.get(column, column): value for column, value in TARGET.items()}
    assert registry.check_targets(table(row), known()).good == PLAIN[:1]


@settings(max_examples=40, deadline=None)
@given(
    st.sets(
        st.sampled_from(
            [c for c in TARGET_HEAD if c not in ("对象编号", "对象类别", "名称", "统一社会信用代码")]
        )
    )
)
def test_c2_only_what_identifies_and_classifies_must_be_there(left_out: set[str]) -> None:
    row = {column: value for column, value in TARGET.items() if column not in left_out}
    checked = registry.check_targets(table(row), known())
    assert [(one.code, one.name) for one in checked.good] == [(TARGET["对象编号"], TARGET["名称"])]
    assert left_out <= checked.absent


def test_c2_a_list_without_numbers_or_classes_knows_its_objects_by_their_codes() -> None:
    layout = ("企业名称", "统一社会信用代码", "注册日期", "企业类型", "法人代表", "注册资金", "注册地址")
    values = (
        "示例商贸有限公司",
        TARGET["统一社会信用代码"],
        "2012-03-01",
        "N/A",
        "试甲",
        "50(万元)",
        "试例路１号",
    )
    checked = registry.check_targets(table(dict(zip(layout, values, strict=True))), known())
    (row,) = checked.good
    assert (row.code, row.kind, row.form) == (TARGET["统一社会信用代码"], "for_profit", "")
    assert row.status == "status-unknown"  # nobody is taken for open because a list does not say
    assert {warning.reason for warning in checked.warnings} == {
        "column_unused",
        "kind_from_code",
        "no_status",
    }


def test_c2_what_is_missing_is_named_alone() -> None:
    with pytest.raises(Refusal) as refused:
        registry.check_targets(table({"法人代表": "试甲", "注册地址": "试例路1号", "联系电话": ""}), known())
    assert refused.value.params["columns"] == ["名称", "对象编号/统一社会信用代码/注册号/非市场主体标识"]


def test_c2_a_remark_names_the_column_as_the_sheet_does() -> None:
    row = {("企业名称" if column == "名称" else column): value for column, value in TARGET.items()}
    (bad,) = registry.check_targets(table({**row, "企业名称": ""}), known()).bad
    assert (bad.number, bad.column, bad.reason) == (2, "企业名称", "missing")


def test_c1_the_whole_sample_comes_back_the_same_from_excel() -> None:
    """Saved as a workbook, as Unicode text or as CSV of either encoding."""
    few = [TARGET_HEAD, *TARGETS[:40]]
    rows = [dict(zip(TARGET_HEAD, row, strict=True)) for row in few[1:]]
    there = registry.check_targets(table(*rows), known()).good
    for data in (xlsx(few), table(*rows, separator="\t", codec="utf-16"), table(*rows, codec="gbk")):
        assert registry.check_targets(data, known()).good == there


FEET = (
    ("合计", "1家"),
    ("总 计：1",),
    ("制表人：检员甲", "审核人：检员乙"),
    ("填报单位（盖章）：示例区市场监管局",),
    ("", "制表日期：2026年11月29日"),
    ("注：本表一式两份。",),
    ("第1页 共1页",),
)


@pytest.mark.parametrize("foot", FEET)
def test_c1_a_line_that_closes_a_list_is_passed_over_and_named(foot: tuple[str, ...]) -> None:
    checked = registry.check_targets(table(TARGET) + (",".join(foot) + "\n").encode(), known())
    assert (len(checked.good), checked.bad) == (1, [])
    assert [(w.number, w.value) for w in checked.warnings if w.reason == "foot"] == [
        (3, text.name(" ".join(filter(None, foot))))
    ]


def test_c1_several_closing_lines_are_and_a_row_between_them_is_not() -> None:
    closing = b"".join((",".join(foot) + "\n").encode() for foot in FEET)
    checked = registry.check_targets(table(TARGET) + closing, known())
    assert len([w for w in checked.warnings if w.reason == "foot"]) == len(FEET) and not checked.bad
    middle = table(TARGET) + "合计,1\n".encode() + table(OTHER_TARGET).split(b"\n", 1)[1]
    checked = registry.check_targets(middle, known())
    assert [bad.number for bad in checked.bad] == [3] and len(checked.good) == 2


def test_c1_a_house_whose_number_or_name_begins_like_a_closing_line_stays() -> None:
    for cells in (
        {"对象编号": "合计1店"},
        {"对象编号": "注-1"},
        {"对象编号": "小计示例旅馆"},
        {"对象编号": "共10户民宿"},
    ):
        checked = registry.check_targets(table({**TARGET, **cells}), known())
        assert not [w for w in checked.warnings if w.reason == "foot"], cells


def test_a_person_chooses_among_sheets_and_rows():
    title, other = [["示例区名单"], ["填报说明"]], [["日期", "姓名"], ["2026-01-01", "试甲"]]
    book = xlsx(lines(TARGET), [*title, *lines(OTHER_TARGET)], other)
    first, second = (
        registry.check_targets(book, known(), TablePlace(sheet)) for sheet in ("Sheet1", "Sheet2")
    )
    assert [row.code for row in (*first.good, *second.good)] == [TARGET["对象编号"], OTHER_TARGET["对象编号"]]
    assert (first.place, second.place) == (TablePlace("Sheet1", 1), TablePlace("Sheet2", 3))
    assert [(sheet.name, sheet.row, sheet.fits) for sheet in second.sheets] == [
        ("Sheet1", 1, True), ("Sheet2", 3, True), ("Sheet3", 1, False),
    ]  # fmt: skip
    by_row = registry.check_targets(
        book, known(), TablePlace(row=3)
    )  # the first sheet has no such row of headings
    assert by_row.good == second.good and by_row.numbers == [4]


@pytest.mark.parametrize(
    ("place", "no"),
    [
        (TablePlace("名单"), "registry.no_sheet"),
        (TablePlace("Sheet1", 99), "registry.no_heading_row"),
        (TablePlace("Sheet1", 2), "registry.no_heads"),
        (TablePlace("Sheet3"), "registry.no_heads"),
        (TablePlace(), "registry.several_sheets"),
    ],
)
def test_a_choice_that_finds_no_table_says_why(place, no):
    book = xlsx(lines(TARGET), lines(OTHER_TARGET), [["日期", "姓名"]])
    with pytest.raises(Refusal) as refused:
        registry.check_targets(book, known(), place)
    assert refused.value.code == no


def test_a_file_that_is_one_table_has_no_sheets_to_choose_from():
    rows = [",".join(line) for line in lines(TARGET)]
    with pytest.raises(Refusal) as refused:
        registry.check_targets("\n".join(rows).encode(), known(), TablePlace("名单"))
    assert refused.value.code == "registry.no_sheets"


def test_of_two_rows_that_name_columns_the_chosen_one_counts():
    """The list of last year stands above this year's, with a heading of its own."""
    rows = [*lines(OTHER_TARGET), [], *lines(TARGET)]
    chosen = registry.check_targets(xlsx(rows), known(), TablePlace(row=4))
    assert [row.code for row in chosen.good] == [TARGET["对象编号"]] and chosen.place == TablePlace(
        "Sheet1", 4
    )
