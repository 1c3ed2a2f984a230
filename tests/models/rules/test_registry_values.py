"""Art. 10: one folding for every cell; what a spreadsheet destroyed is refused, what is a list is read whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locales import LANGUAGES, words
from models.rules import registry
from models.rules.day import FOREVER, read_day
from models.rules.registry import Checked
from models.rules.registry.known import KnownTarget
from models.rules.registry.rows import InspectorRow, TargetRow
from tests.models.rules.district import items, known, targets
from tests.support.register_files import INSPECTOR, OTHER_TARGET, TARGET, lines, table, xlsx

FEW = targets()[:4]
KNOWN = replace(
    known(),
    targets=(
        *(KnownTarget(t.code, t.name, t.address, t.credit_code, t.registration, t.mark) for t in FEW),
        KnownTarget("OBJ90001", "示例连锁店", "试例路1号", None, "", ""),
        KnownTarget("OBJ90002", "示例连锁店", "试例路2号", None, "", ""),
        KnownTarget("OBJ90003", "示例、双名，店", "试例路3号", None, "", ""),
    ),
    item_names={row.code: row.name for row in items().values()},
)
SEPARATORS = ("；", ";", "、", "，", ",", "\n", "\r\n", " ； ", "，\n", ";;")


def target(**cells: str) -> Checked[TargetRow]:
    return registry.check_targets(table({**TARGET, **cells}), KNOWN)


def officer(**cells: str) -> Checked[InspectorRow]:
    return registry.check_inspectors(table({**INSPECTOR, **cells}), KNOWN)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(FEW), min_size=1, max_size=4, unique_by=lambda t: t.code), st.data())
def test_a14_every_separator_parts_a_list_of_objects_to_keep_away_from(
    named: list[TargetRow], data: st.DataObject
) -> None:
    written = ""
    for one in named:
        shown = data.draw(st.sampled_from([one.code, one.credit_code or one.code, one.name]))
        written += (data.draw(st.sampled_from(SEPARATORS)) if written else "") + shown
    (row,) = officer(回避对象=written).good
    assert row.recused == tuple(one.code for one in named)


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a14_every_list_column_takes_every_separator(separator: str) -> None:
    (row,) = target(
        监管部门=separator.join(["GA", "市场监管"]), 适用事项编号=separator.join(["XH-GA-02", "XH-GA-03"]),
        告知方式=separator.join(["短信", "电话"]),
    ).good  # fmt: skip
    assert (row.departments, row.items, row.channels) == (
        ("GA", "SCJG"),
        ("XH-GA-02", "XH-GA-03"),
        ("sms", "phone"),
    )
    (person,) = officer(
        执法区域=separator.join(["410402001", "焦店镇"]),
        可检查事项编号=separator.join(["XH-GA-02", "XH-GA-03"]),
    ).good
    assert (person.areas, person.items) == (("410402001", "410402100"), ("XH-GA-02", "XH-GA-03"))


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"回避对象": "OBJ99999"}, "回避对象", "unknown_target"),
        ({"回避对象": f"{FEW[0].code}，没有这家店"}, "回避对象", "unknown_target"),
        ({"回避对象": "示例连锁店"}, "回避对象", "several_fit"),
        ({"回避对象": "1.60403E+15"}, "回避对象", "excel_scientific"),
        ({"可检查事项编号": "XH-GA-02，XH-ZZ-99"}, "可检查事项编号", "unknown_item"),
        ({"执法区域": "410402001、别处街道"}, "执法区域", "unknown_street"),
        ({"部门编码": "ZZ"}, "部门编码", "unknown_department"),
    ],
)
def test_a14_a_reference_that_fits_nothing_or_several_is_refused_by_row(
    cells: dict[str, str], column: str, reason: str
) -> None:
    checked = officer(**cells)
    assert checked.good == [] and [(b.number, b.column, b.reason) for b in checked.bad] == [
        (2, column, reason)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_c3_an_unknown_department_is_told_which_there_are(language: str) -> None:
    (bad,) = officer(部门编码="示例局").bad
    said = words(language)(f"row.{bad.reason}", **bad.params)
    assert (bad.number, bad.column, bad.value) == (2, "部门编码", "示例局")
    assert "示例局" in said and "公安(GA)" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_c3_a_spreadsheets_number_of_a_day_is_named_with_the_day_and_not_taken(language: str) -> None:
    (bad,) = officer(执法证有效期至="43528").bad
    assert (bad.number, bad.column, bad.value, bad.reason) == (2, "执法证有效期至", "43528", "day_number")
    said = words(language)(f"row.{bad.reason}", **bad.params)
    assert words(language).day(date(2019, 3, 4)) in said
    assert [one.reason for one in officer(执法证有效期至="99999").bad] == ["date"]


def test_a14_a_name_that_fits_one_object_is_taken_with_a_hint() -> None:
    checked = officer(回避对象="示例、双名，店", 可检查事项编号=items()["XH-GA-02"].name)
    (row,) = checked.good
    assert (row.recused, row.items) == (("OBJ90003",), ("XH-GA-02",))
    assert {(w.reason, w.params["code"]) for w in checked.warnings if w.params} == {
        ("taken_as", "OBJ90003"), ("taken_as", "XH-GA-02"),
    }  # fmt: skip


def test_a14_a_street_by_its_name_alone_is_found_or_refused() -> None:
    (row,) = target(街道代码="", 辖区街道="焦店镇").good
    assert (row.street, row.street_name) == ("410402100", "焦店镇")
    assert [b.reason for b in target(街道代码="", 辖区街道="别处街道").bad] == ["unknown_street"]
    assert [w.reason for w in target(辖区街道="光明路街道").warnings] == ["other_street"]


def test_a14_the_lists_of_the_item_list_take_every_separator_too() -> None:
    first = next(iter(items().values()))
    for separator in SEPARATORS:
        row = {
            "事项编号": first.code, "抽查事项": "示例", "事项类别": "一般", "检查方式": f"现场检查{separator}网络检查",
            "发起部门": "公安", "参与部门": f"市场监管{separator}文化和旅游(体育)", "检查依据": "《示例法》第1条",
        }  # fmt: skip
        (item,) = registry.check_items(table(row), KNOWN).good
        assert (item.methods, item.participating) == ("ON_SITE;NETWORK", "SCJG;WL")


SPOILT = [
    ("4.10403E+14", "excel_scientific"), ("1.60403E+15", "excel_scientific"),
    ("1.6e+15", "excel_scientific"), ("1E+15", "excel_scientific"), ("１.６０４０３Ｅ＋１５", "excel_scientific"),
    ("16040200124.0", "excel_decimal"), ("16040200124.00", "excel_decimal"),
    ("160402001240567000", "excel_rounded"), ("2026-03-12", "excel_date"),
    ("1.60402001E15", "excel_scientific"), ("4.104E14", "excel_scientific"),
    ("16,040,200,124", "excel_grouped"), ("410,402,600,000,016", "excel_grouped"), ("3月12日", "excel_date"),
    ("12-Mar", "excel_date"), ("########", "excel_error"), ("#REF!", "excel_error"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "reason"), SPOILT)
def test_c3_a_code_that_a_spreadsheet_destroyed_is_refused_wherever_it_has_no_check_digit(
    value: str, reason: str
) -> None:
    for column in ("对象编号", "注册号", "非市场主体标识", "许可证编号", "统一社会信用代码"):
        assert (column, reason) in {(b.column, b.reason) for b in target(**{column: value}).bad}
    for column in ("人员编号", "执法证号"):
        assert (column, reason) in {(b.column, b.reason) for b in officer(**{column: value}).bad}


@pytest.mark.parametrize("mark", ["'{}", '="{}"', "`{}", "＝“{}”", "’{}"])
def test_c3_a_number_that_says_it_is_text_is_believed(mark: str) -> None:
    for number in ("160402001240567000", "0012", "16040200124.0"):
        (row,) = officer(执法证号=mark.format(number)).good
        assert row.certificate == number


def test_c3_a_workbooks_numbers_of_more_than_15_digits_are_refused_its_text_is_not() -> None:
    head, cells = lines(INSPECTOR)
    at = head.index("执法证号")
    for value in (160402001240567, 160402001240567000, 1.60403e15, "160402001240567000"):
        row = [*cells[:at], value, *cells[at + 1 :]]
        checked = registry.check_inspectors(xlsx([head, row]), KNOWN)
        kept = isinstance(value, str) or value < 10**15
        assert [row.certificate for row in checked.good] == ([str(value)] if kept else [])
        assert [bad.reason for bad in checked.bad] == ([] if kept else ["excel_scientific"])


def test_c3_lost_zeros_show_beside_numbers_that_kept_theirs() -> None:
    second = {**INSPECTOR, "人员编号": "INS9998", "执法证号": "1204"}
    third = {**INSPECTOR, "人员编号": "INS9999", "执法证号": "'1204"}
    zeros = {**INSPECTOR, "执法证号": "'00001203"}
    checked = registry.check_inspectors(table(zeros, second), KNOWN)
    assert [(b.number, b.reason, b.params["expected"]) for b in checked.bad] == [
        (3, "zeros_lost", "00001204")
    ]
    assert len(registry.check_inspectors(table(zeros, third), KNOWN).good) == 2
    register = replace(KNOWN, numbers=frozenset({"0007"}))
    (bad,) = registry.check_inspectors(table({**INSPECTOR, "人员编号": "7"}), register).bad
    assert (bad.reason, bad.params) == ("zeros_lost", {"expected": "0007"})


@pytest.mark.parametrize("value", ["3750900001", "1.38E+10"])
def test_c3_a_telephone_number_that_cannot_be_called_any_more_is_refused(value: str) -> None:
    assert [b.column for b in target(电话=value).bad] == ["电话"]


def test_a14_a_list_of_short_numbers_is_no_number_with_commas_between_thousands() -> None:
    assert [(b.reason, b.params["name"]) for b in officer(回避对象="101,102").bad] == [
        ("unknown_target", "101"),
        ("unknown_target", "102"),
    ]


@pytest.mark.parametrize("nothing", ["", "N/A", "/", "暂无"])
def test_c2_a_mark_left_empty_is_no_and_says_so(nothing: str) -> None:
    checked = target(投诉举报或立案标记=nothing)
    assert ([row.complaint for row in checked.good], [w.reason for w in checked.warnings]) == (
        [False],
        ["blank_is_no"],
    )
    checked_officer = officer(**{"是否专家(仅协助)": nothing})
    assert [row.expert for row in checked_officer.good] == [False]
    assert "blank_is_no" in {w.reason for w in checked_officer.warnings}


def test_c5_a_character_lost_in_conversion_is_refused_and_a_question_mark_asked_about() -> None:
    for column in ("名称", "住所", "联系人", "行业名称", "登记机关"):
        assert [(b.column, b.reason) for b in target(**{column: "示例\ufffd"}).bad] == [
            (column, "character_lost")
        ]
    assert [(b.column, b.reason) for b in officer(姓名="示例\ufffd").bad] == [("姓名", "character_lost")]
    for checked in (target(名称="示例??旅馆"), officer(姓名="示?")):
        hints = [warning.reason for warning in checked.warnings if warning.number > 1]
        assert (len(checked.good), hints) == (1, ["question_mark"])


@pytest.mark.parametrize(
    ("longitude", "latitude", "bad", "hints"),
    [
        ("0", "0", [], ["place_zero"]),
        ("113.29", "", [], ["place_half"]),
        ("33.71", "33.71", [], ["place_abroad"]),
        ("0", "33.71", [], ["place_abroad"]),
        ("113.29", "73.1", [], ["place_abroad"]),
    ],
)
def test_c4_a_place_that_cannot_be_the_targets_is_not_counted_from(
    longitude: str, latitude: str, bad: list[str], hints: list[str]
) -> None:
    checked = target(经度=longitude, 纬度=latitude)
    assert ([b.reason for b in checked.bad], [w.reason for w in checked.warnings]) == (bad, hints)
    if hints == ["place_zero"]:
        (row,) = checked.good
        assert (row.longitude_e6, row.latitude_e6) == (None, None)


@pytest.mark.parametrize(
    "written",
    [
        "113°17′24″",
        "113°17'24\"",
        "113度17分24秒",
        "东经113°17′24″",
        "113°17.4′",
        "113 ° 17 ′ 24.0 ″ E",
        "E113°17'24''",
    ],
)
def test_c2_degrees_minutes_and_seconds_are_refused_with_the_number_to_write(written: str) -> None:
    (bad,) = target(经度=written).bad
    assert (bad.column, bad.reason, bad.params) == ("经度", "degrees_decimal", {"expected": "113.290000"})


@pytest.mark.parametrize("written", ["113°77′24″", "213°17′24″", "113-17-24", "约113度"])
def test_c2_what_is_no_place_is_refused_with_the_form_wanted(written: str) -> None:
    from locales import LANGUAGES, words

    (bad,) = target(经度=written).bad
    assert (bad.reason, bad.params) == ("degrees", {"limit": 180})
    for language in LANGUAGES:
        assert "113.290000" in words(language)("row.degrees", limit=180)


def test_c3_how_to_mend_it_is_said_in_both_languages() -> None:
    from locales import LANGUAGES, words

    for language in LANGUAGES:
        for reason in {reason for _, reason in SPOILT}:
            assert (
                "Excel" not in words(language)(f"row.{reason}") and len(words(language)(f"row.{reason}")) > 20
            )


@pytest.mark.parametrize(
    "nothing", ["N/A", "n/a", "NA", "无", "暂无", "/", "－", "—", "null", " - ", "Ｎ／Ａ", "'", '=""']
)
def test_c2_what_stands_for_nothing_is_nothing(nothing: str) -> None:
    checked = target(
        注册号=nothing, 经度=nothing, 邮箱=nothing, 传真=nothing, 许可有效期至=nothing, 风险评定日期=nothing,
        许可证编号=nothing, 联系人=nothing, 重点监管标记=nothing, 街道代码=nothing, 辖区街道=nothing,
    )  # fmt: skip
    (row,) = checked.good
    assert (row.registration, row.longitude_e6, row.email, row.licence_until, row.licence_number, row.street) == (
        "", None, "", None, "", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    "written", ["长期", "长期有效", "永久", "永久有效", "无固定期限", "9999-12-31", "9999/9/9", " 长 期 "]
)
def test_c2_what_never_ends_is_written_as_the_province_does(written: str) -> None:
    assert [row.licence_until for row in target(许可有效期至=written).good] == [FOREVER]
    assert [row.certificate_until for row in officer(执法证有效期至=written).good] == [FOREVER]
    assert [b.reason for b in target(成立日期=written).bad] in (["date"], [])


TIMES = ("", " 0:00", " 00:00:00", " 8:05:09", "T10:30:00", " 23:59", " 10:00 AM", " 14:00:00.000")


@settings(max_examples=300, deadline=None)
@given(
    st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.sampled_from(TIMES), st.integers(0, 6), st.booleans()
)
def test_c2_a_day_is_the_same_in_every_form_and_with_any_time(
    day: date, time: str, form: int, wide: bool
) -> None:
    y, m, d = day.year, day.month, day.day
    forms = (
        f"{y}-{m:02}-{d:02}{time}", f"{y}/{m}/{d}{time.replace('T', ' ')}", f"{y}.{m:02}.{d:02}", f"{y}{m:02}{d:02}",
        f"{y}年{m}月{d}日", f"{y} 年 {m} 月 {d} 日{' 8时30分' if time else ''}", f"{y}-{m}-{d}{time}",
    )  # fmt: skip
    written = forms[form]
    if wide:
        written = written.translate({ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789/:-."})
    assert read_day(written) == day


def test_c2_a_time_with_its_zone_is_of_the_day_it_is_in_china() -> None:
    assert read_day("2026-11-19T16:00:00Z") == date(2026, 11, 20)
    assert read_day("2026-11-20T00:30:00+08:00") == date(2026, 11, 20)


@pytest.mark.parametrize(
    "written", ["2026-02-30", "05/01/2027", "45231", "2026年11月", "昨天", "2026-13-01 0:00", "长期"]
)
def test_c2_what_is_no_day_is_none(written: str) -> None:
    assert read_day(written) is None


@pytest.mark.parametrize(
    ("column", "written", "field", "value"),
    [
        ("登记状态", "存续（在营、开业、在册）", "status", "operating"), ("登记状态", " 在 营 ", "status", "operating"),
        ("登记状态", "已注销", "status", "deregistered"), ("登记状态", "吊销，未注销", "status", "revoked"),
        ("信用风险等级", "ｂ", "risk", "B"), ("信用风险等级", "B级", "risk", "B"), ("信用风险等级", "d类", "risk", "D"),
        ("对象类别", "营利性市场主体", "kind", "for_profit"), ("重点监管标记", "√", "key", True),
        ("投诉举报或立案标记", "无", "complaint", False), ("投诉举报或立案标记", "有", "complaint", True),
        ("投诉举报或立案标记", "ＦＡＬＳＥ", "complaint", False),
    ],
)  # fmt: skip
def test_c2_choices_are_folded_and_their_usual_words_are_known(
    column: str, written: str, field: str, value: object
) -> None:
    (row,) = target(**{column: written}).good
    assert getattr(row, field) == value


@pytest.mark.parametrize("mark", ["'{}", '="{}"', "`{}", " {} ", '＝"{}"'])
def test_c2_marks_of_text_leave_a_credit_code(mark: str) -> None:
    for row in (TARGET, OTHER_TARGET):
        code = row["统一社会信用代码"]
        (read,) = registry.check_targets(table({**row, "统一社会信用代码": mark.format(code)}), KNOWN).good
        assert read.credit_code == code


def test_working_hours_are_kept_in_one_form_and_a_bad_cell_is_named_with_row_and_column():
    good = officer(工作时间="星期一至星期五 8:30—12:00，14:30—18:00").good
    assert [row.hours for row in good] == ["周一至周五 08:30-12:00,14:30-18:00"]
    for cell, reason in (("弹性", "hours"), ("12:00-9:00", "hours_order")):
        [bad] = officer(工作时间=cell).bad
        assert (bad.number, bad.column, bad.value, bad.reason, bad.params) == (
            2, "工作时间", cell, reason, {"part": cell},
        )  # fmt: skip
