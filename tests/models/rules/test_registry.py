"""Art. 4, 9, 10: lists come in whole; a row that cannot is named by number, column, value and reason."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace

import pytest

from models.data import read, streets
from models.refusal import Refusal
from models.rules import registry
from models.rules.registry import Checked, Known
from models.rules.registry.rows import InspectorRow, InspectorStatus, TargetKind, TargetRow, TargetStatus


def district() -> Known:
    departments = registry.check_departments(read("departments.csv"), Known()).good
    known = Known(departments={row.code: row.name for row in departments}, streets=streets())
    items = registry.check_items(read("items.csv"), known).good
    return replace(known, items=frozenset(row.code for row in items))


KNOWN = district()
HEADER, *ROWS = csv.reader(io.StringIO(read("targets.csv").decode()))
FIRST = dict(zip(HEADER, ROWS[0], strict=True))
SECOND = dict(zip(HEADER, ROWS[1], strict=True))
OFFICER_HEADER, *OFFICERS = csv.reader(io.StringIO(read("inspectors.csv").decode()))
OFFICER = dict(zip(OFFICER_HEADER, OFFICERS[0], strict=True))


def written(*rows: dict[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def targets(*rows: dict[str, str], known: Known = KNOWN) -> Checked[TargetRow]:
    return registry.check_targets(written(*rows), known)


def officers(*rows: dict[str, str]) -> Checked[InspectorRow]:
    return registry.check_inspectors(written(*rows), KNOWN)


def told(checked: Checked[TargetRow] | Checked[InspectorRow]) -> list[tuple[int, str, str, str]]:
    return [(bad.number, bad.column, bad.value, bad.reason) for bad in checked.bad]


def test_the_real_lists_come_in_whole() -> None:
    assert len(KNOWN.departments) == 24 and len(KNOWN.items) == 56
    questions = registry.check_checklists(read("checkpoints.csv"), KNOWN)
    assert questions.bad == [] and len(questions.good) == 145
    assert len({row.checklist for row in questions.good}) == 13
    assert {row.department for row in questions.good} <= set(KNOWN.departments)


def test_a_branch_named_in_brackets_is_its_department() -> None:
    items = {row.code: row for row in registry.check_items(read("items.csv"), KNOWN).good}
    assert items["XH-WL-04"].initiating == "WL" and items["XH-ZJ-02"].initiating == "ZJ"
    assert items["XH-GA-02"].participating == "SCJG;WJ;XF;ZJ"
    assert items["XH-GA-02"].methods == "NETWORK;ON_SITE"


def test_the_traps_in_the_fictitious_registries_are_no_mistakes_of_the_list() -> None:
    checked = registry.check_targets(read("targets.csv"), KNOWN)
    assert checked.bad == [] and len(checked.good) == 3000
    assert Counter(row.status for row in checked.good)[TargetStatus.DEREGISTERED] == 80
    assert sum(row.credit_code is None for row in checked.good) == 314
    assert {row.kind for row in checked.good if row.credit_code is None} == {TargetKind.NON_MARKET}
    assert sum(row.complaint for row in checked.good) == 86
    assert Counter(warning.reason for warning in checked.warnings) == {"linked_unreadable": 210}
    people = registry.check_inspectors(read("inspectors.csv"), KNOWN)
    assert people.bad == [] and len(people.good) == 174
    assert sum(row.status is InspectorStatus.ON_LEAVE for row in people.good) == 10
    assert [row.certificate for row in people.good if row.expert] == [None] * 3


def test_d78_the_same_list_in_gbk_with_a_bom_or_as_unicode_text_gives_the_same_rows() -> None:
    plain = registry.check_targets(read("targets.csv"), KNOWN)
    lines = read("targets.csv").decode()
    for data in (
        lines.encode("gbk"),
        lines.encode("utf-8-sig"),
        lines.encode("utf-16"),
        lines.encode("gb18030"),
    ):
        assert registry.check_targets(data, KNOWN) == plain


def test_d78_a_bad_check_digit_is_reported_with_the_one_expected() -> None:
    checked = targets({**FIRST, "统一社会信用代码": "92410402XXXX00019J"}, SECOND)
    assert told(checked) == [(2, "统一社会信用代码", "92410402XXXX00019J", "check_digit")]
    assert checked.bad[0].params["expected"] == "H"
    assert [row.code for row in checked.good] == ["OBJ00002"]


def test_d78_one_code_under_two_names_is_reported_in_both_rows() -> None:
    twin = {**SECOND, "统一社会信用代码": FIRST["统一社会信用代码"]}
    checked = targets(FIRST, twin)
    assert [(n, reason) for n, _, _, reason in told(checked)] == [(2, "twice"), (3, "twice")]
    assert checked.bad[0].params == {"row": 3, "name": SECOND["名称"]}
    assert checked.bad[1].params == {"row": 2, "name": FIRST["名称"]}
    assert checked.good == []


def test_d78_a_code_that_another_registered_target_has_is_refused() -> None:
    known = replace(KNOWN, holders={FIRST["统一社会信用代码"]: "OBJ09999"})
    assert targets(FIRST, known=known).bad[0].params == {"holder": "OBJ09999"}
    assert targets(FIRST, known=replace(KNOWN, holders={FIRST["统一社会信用代码"]: "OBJ00001"})).bad == []


def test_a_code_against_its_check_digit_needs_an_administrators_word() -> None:
    code = "92410402XXXX00019J"
    known = replace(KNOWN, overridden=frozenset({code}))
    assert [row.credit_code for row in targets({**FIRST, "统一社会信用代码": code}, known=known).good] == [
        code
    ]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("对象编号", "", "missing"),
        ("名称", " \u200b", "missing"),
        ("名称", "示" * 201, "too_long"),
        ("对象类别", "盈利", "not_listed"),
        ("统一社会信用代码", "91410402XXXX0001O", "length"),
        ("统一社会信用代码", "91410402XXXX00019O", "charset"),
        ("街道代码", "410402999", "unknown_street"),
        ("适用事项编号", "XH-GA-02;XH-ZZ-99", "unknown_item"),
        ("监管部门", "GA;ZZ", "unknown_department"),
        ("登记状态", "关门", "not_listed"),
        ("成立日期", "2026-02-30", "date"),
        ("成立日期", "昨天", "date"),
        ("信用风险等级", "E", "not_listed"),
        ("投诉举报或立案标记", "也许", "not_listed"),
        ("本年度已抽查次数", "二十", "whole_number"),
        ("本年度已抽查次数", "-1", "whole_number"),
        ("本年度已抽查次数", "1e309", "whole_number"),
        ("经度", "NaN", "degrees"),
        ("纬度", "113.25", "degrees"),
    ],
)
def test_d78_a_cell_that_cannot_be_read_is_named_by_row_column_value_and_reason(
    column: str, value: str, reason: str
) -> None:
    checked = targets(SECOND, {**FIRST, column: value})
    assert len(checked.good) == 1
    (bad,) = checked.bad
    assert (bad.number, bad.column, bad.reason) == (3, column, reason)
    assert bad.value == value.strip(" \u200b")[:80]


def test_d25_bidi_controls_leave_a_name_and_d24_markup_stays() -> None:
    (row,) = targets({**FIRST, "名称": "示例\u202e<b>旅馆</b>&_*\u200b（一店）"}).good
    assert row.name == "示例<b>旅馆</b>&_*（一店）"


def test_full_width_codes_numbers_and_dates_are_folded_and_the_code_is_reported() -> None:
    wide = {
        **FIRST,
        "统一社会信用代码": "９２４１０４０２ＸＸＸＸ０００１９Ｈ",
        "本年度已抽查次数": "２",
        "成立日期": "２０２５/７/１３",
    }
    checked = targets(wide)
    (row,) = checked.good
    assert (row.credit_code, row.checked_this_year, str(row.founded)) == (
        "92410402XXXX00019H",
        2,
        "2025-07-13",
    )
    assert [(warning.column, warning.reason) for warning in checked.warnings] == [
        ("统一社会信用代码", "rewritten")
    ]


def test_an_old_shop_may_have_its_registration_number_only() -> None:
    checked = targets({**FIRST, "统一社会信用代码": ""}, {**SECOND, "统一社会信用代码": "410402600000032"})
    assert checked.bad == []
    assert [(row.credit_code, row.registration) for row in checked.good] == [
        (None, "410402600000016"),
        (None, "410402600000032"),
    ]
    assert told(targets({**SECOND, "统一社会信用代码": ""})) == [(2, "统一社会信用代码", "", "missing")]


def test_all_bad_cells_of_a_row_are_reported_at_once() -> None:
    checked = targets({**FIRST, "名称": "", "登记状态": "?", "街道代码": "1"})
    assert {bad.column for bad in checked.bad} == {"名称", "登记状态", "街道代码"}


def test_an_officer_needs_a_department_an_expert_does_not() -> None:
    assert told(officers({**OFFICER, "部门编码": ""})) == [(2, "部门编码", "", "missing")]
    expert = {
        **OFFICER,
        "部门编码": "",
        "部门": "示例检测机构",
        "科室": "",
        "执法证号": "",
        "是否专家(仅协助)": "是",
    }
    (row,) = officers(expert).good
    assert (row.department, row.section, row.certificate) == ("", "示例检测机构", None)


def test_one_certificate_for_two_officers_is_refused_in_both_rows() -> None:
    second = {**OFFICER, "人员编号": "INS9999", "姓名": "测试检员二"}
    assert [bad.reason for bad in officers(OFFICER, second).bad] == ["twice", "twice"]


def test_what_an_officer_may_do_is_read_from_streets_and_items() -> None:
    (row,) = officers({**OFFICER, "执法区域": "410402001；焦店镇", "可检查事项编号": "XH-GA-02"}).good
    assert row.areas == ("410402001", "410402100") and row.items == ("XH-GA-02",)
    assert officers(OFFICER).good[0].areas == ("*",)


def test_an_item_without_legal_basis_and_a_question_asked_twice_are_refused() -> None:
    header, first, *_ = csv.reader(io.StringIO(read("items.csv").decode()))
    item = {**dict(zip(header, first, strict=True)), "检查依据": ""}
    assert [(b.column, b.reason) for b in registry.check_items(written(item), KNOWN).bad] == [
        ("检查依据", "missing")
    ]
    header, first, *_ = csv.reader(io.StringIO(read("checkpoints.csv").decode()))
    question = dict(zip(header, first, strict=True))
    assert [b.reason for b in registry.check_checklists(written(question, question), KNOWN).bad] == [
        "twice"
    ] * 2


def test_a_title_over_merged_cells_is_passed_over_and_rows_keep_their_numbers() -> None:
    data = "平顶山市新华区检查对象名录,,,\n".encode() + written({**FIRST, "名称": ""}, SECOND)
    checked = registry.check_targets(data, KNOWN)
    assert told(checked) == [(3, "名称", "", "missing")]


@pytest.mark.parametrize(
    ("data", "code", "params"),
    [
        (b"", "registry.empty", {}),
        (b" \r\n", "registry.empty", {}),
        (b"PK\x03\x04rest", "registry.broken", {"kind": "xlsx"}),
        (written(FIRST).replace(b"OBJ", b"O\0J"), "registry.nul", {"row": 2}),
        (written(FIRST) + b"\xff\xff\xff", "registry.encoding", {"row": 3}),
        (written(FIRST) + b'"unclosed', "registry.broken_row", {"row": 3, "line": 3}),
    ],
    ids=["nothing", "blank", "spreadsheet", "nul", "encoding", "unclosed"],
)
def test_what_is_no_list_is_refused_with_the_place(data: bytes, code: str, params: dict[str, object]) -> None:
    with pytest.raises(Refusal) as refused:
        registry.check_targets(data, KNOWN)
    assert (refused.value.code, refused.value.params) == (code, params)


def test_missing_and_doubled_columns_are_named_and_blank_heads_counted() -> None:
    merged = written(FIRST).decode().replace("名称,统一社会信用代码", ",", 1)
    with pytest.raises(Refusal) as refused:
        registry.check_targets(merged.encode(), KNOWN)
    assert refused.value.code == "registry.columns_missing"
    assert refused.value.params == {"row": 1, "columns": ["名称", "统一社会信用代码"], "blank": [4, 5]}
    with pytest.raises(Refusal) as refused:
        registry.check_targets(written(FIRST).decode().replace("传真", "电话", 1).encode(), KNOWN)
    assert (refused.value.code, refused.value.params["columns"]) == ("registry.columns_twice", ["电话"])
    with pytest.raises(Refusal) as refused:
        targets({**FIRST, "电话 ": "0375-0000009"})
    assert (refused.value.code, refused.value.params["columns"]) == ("registry.columns_twice", ["电话"])
    with pytest.raises(Refusal) as refused:  # each as the sheet calls it
        registry.check_targets(
            written(FIRST).decode().replace("传真", "手机", 1).replace("电话", "联系电话", 1).encode(), KNOWN
        )
    assert refused.value.params["columns"] == ["联系电话", "手机"]


def test_a_row_with_too_few_or_too_many_cells_is_reported_and_blank_rows_are_passed_over() -> None:
    whole = written(FIRST, SECOND).decode()
    data = (
        whole
        + ",,,\r\n"
        + "OBJ1,营利性\r\n"
        + whole.splitlines()[1].replace("OBJ00001", "OBJ7")
        + ",extra\r\n"
    )
    checked = registry.check_targets(data.encode(), KNOWN)
    assert [(bad.number, bad.reason, bad.params["cells"]) for bad in checked.bad] == [
        (5, "cells", 2),
        (6, "cells", 37),
    ]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_found(separator: str) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, FIRST, delimiter=separator)
    writer.writeheader()
    writer.writerow(FIRST)
    assert [row.code for row in registry.check_targets(out.getvalue().encode(), KNOWN).good] == ["OBJ00001"]


def test_a_column_that_nobody_asked_for_is_mentioned() -> None:
    checked = targets({**FIRST, "备注": "x"})
    assert [(warning.column, warning.reason) for warning in checked.warnings] == [("备注", "column_unused")]
