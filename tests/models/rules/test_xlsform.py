"""Checklists as XLSForm: what of a form is taken, which rows are refused, and that ours are real forms (Art. 7)."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from models.data import read
from models.refusal import Refusal
from models.rules.registry import Known, check_checklists
from models.rules.registry.rows import ChecklistRow
from models.rules.registry.xlsform_out import form_sheets
from server.documents.table_file import workbook_of

KNOWN = Known(
    departments={"GA": "公安", "XF": "消防救援"}, items=frozenset({"XH-GA-02", "XH-GA-03"}),
)  # fmt: skip
HEAD = ("type", "name", "label", "hint", "relevant", "constraint")
GROUP, END = ("begin_group", "ga", "公安"), ("end_group",)
VERDICTS = [("list_name", "name", "label"), *(("yn", name, name) for name in ("pass", "fail", "na"))]


def form(*survey: tuple[str, ...], head=HEAD, choices=VERDICTS, settings=("XH-GA-02", "示例检查表")) -> bytes:
    sheets = {
        "survey": [head, *survey],
        "choices": choices,
        "settings": [("form_id", "form_title"), settings],
    }
    return workbook_of(sheets)


def refused(checked) -> list[tuple[int, str, str]]:
    return [(remark.number, remark.column, remark.reason) for remark in checked.bad]


def sample() -> list[ChecklistRow]:
    return check_checklists(read("checkpoints.csv"), EVERYTHING).good


class _Everything(Known):
    def department(self, name: str) -> str | None:
        return name

    def item(self, code: str) -> str | None:
        return code


EVERYTHING = _Everything()
LISTS = sorted({row.checklist for row in sample()})


def exported(code: str) -> tuple[bytes, list[ChecklistRow]]:
    rows = [row for row in sample() if row.checklist == code]
    questions = [{name: getattr(row, name) for name in row.__dataclass_fields__} for row in rows]
    return workbook_of(form_sheets(code, rows[0].title, 1, questions)), rows


@pytest.mark.parametrize("code", LISTS)
def test_an_exported_checklist_comes_back_as_it_left(code):
    data, rows = exported(code)
    checked = check_checklists(data, EVERYTHING)
    assert checked.bad == [] and checked.good == rows


@pytest.mark.parametrize("code", LISTS)
def test_an_exported_checklist_is_a_form_to_pyxform(code):
    from pyxform.xls2xform import convert

    data, rows = exported(code)
    done = convert(xlsform=io.BytesIO(data), file_type=".xlsx", validate=False)
    assert f'id="{code}"' in done.xform and 'version="1"' in done.xform
    for row in rows:
        assert f"/q{row.number}" in done.xform
    assert done.xform.count("<upload") == sum(row.photo != "no" for row in rows)


def test_a_form_of_the_fields_own_making_becomes_a_checklist():
    checked = check_checklists(
        form(
            GROUP,
            ("select_one yn", "door", "出口畅通", "《示例法》第1条[2021-04-29]"),
            ("image", "door_photo", "照片", "", "${door} = 'fail'"),
            ("text", "door_note", "描述", "", '${door}="fail"'),
            ("select_one yn", "staff", "持证", "《示例法》第2条"),
            ("text", "staff_value", "应持/实持", "", "${staff} != 'na'"),
            ("decimal", "cold", "冷藏温度℃≤8", "《示例法》第3条"),
            END,
        ),
        KNOWN,
    )
    assert checked.bad == []
    assert [(row.number, row.text, row.answer, row.fill_in, row.photo, row.department) for row in checked.good] == [
        (1, "出口畅通", "TRI", "", "on_fail", "GA"),
        (2, "持证", "NUM", "应持/实持", "no", "GA"),
        (3, "冷藏温度℃≤8", "NUM", "冷藏温度℃≤8", "no", "GA"),
    ]  # fmt: skip


@pytest.mark.parametrize("rule", ["required", "allowed", "no"])
def test_a_sample_rule_leaves_with_its_point_and_comes_back(rule):
    rows = [replace(row, sample=rule, network="no") for row in sample() if row.checklist == LISTS[0]]
    questions = [{name: getattr(row, name) for name in row.__dataclass_fields__} for row in rows]
    data = workbook_of(form_sheets(LISTS[0], rows[0].title, 1, questions))
    checked = check_checklists(data, EVERYTHING)
    assert checked.bad == [] and checked.good == rows


def test_a_form_that_asks_for_a_seal_requires_a_sample():
    asked = ("select_one yn", "water", "水质合格", "《示例法》第1条")
    checked = check_checklists(form(GROUP, asked, ("barcode", "water_sample", "封样号"), END), KNOWN)
    assert checked.bad == [] and [row.sample for row in checked.good] == ["required"]


OUTSIDE = {
    "a repeat": (("begin_repeat", "r", "重复"), ("type", "form_type")),
    "a calculation": (("calculate", "c", ""), ("type", "form_type")),
    "a place": (("geopoint", "g", "位置", "《示例法》"), ("type", "form_type")),
    "several choices": (("select_multiple yn", "m", "多选", "《示例法》"), ("type", "form_type")),
    "choices of its own": (("select_one colour", "s", "颜色", "《示例法》"), ("type", "form_choices")),
    "a constraint": (("integer", "i", "数", "《示例法》", "", ". < 5"), ("constraint", "form_column")),
    "a photo by another question": (("image", "door_photo", "照片", "", "${other} = 'fail'"), ("relevant", "form_column")),
    "the same name": (("select_one yn", "door", "又", "《示例法》"), ("name", "form_name")),
    "no legal basis": (("select_one yn", "bare", "没有依据"), ("hint", "missing")),
}  # fmt: skip


@pytest.mark.parametrize("what", OUTSIDE)
def test_what_is_outside_of_the_subset_is_refused_by_its_row(what):
    line, (column, reason) = OUTSIDE[what]
    checked = check_checklists(form(GROUP, ("select_one yn", "door", "出口", "《示例法》"), line, END), KNOWN)
    assert (4, column, reason) in refused(checked)
    assert all(row.number != 4 for row in checked.good)


def test_a_note_is_no_question_and_said_so():
    lines = (GROUP, ("note", "n", "请注意"), ("select_one yn", "door", "出口", "《示例法》"), END)
    checked = check_checklists(form(*lines), KNOWN)
    assert len(checked.good) == 1
    assert [(hint.number, hint.reason) for hint in checked.warnings] == [(3, "form_note")]


def test_a_form_without_its_number_or_name_is_refused_whole():
    with pytest.raises(Refusal) as no:
        check_checklists(
            form(("select_one yn", "door", "出口", "《示例法》"), settings=("XH-GA-02", "")), KNOWN
        )
    assert no.value.code == "registry.form_settings"


def test_an_empty_form_is_said_to_be_empty():
    with pytest.raises(Refusal) as no:
        check_checklists(form(GROUP, END), KNOWN)
    assert no.value.code == "registry.empty"


CHOOSES = [*VERDICTS, ("place", "own", "自有"), ("place", "rent", "租赁")]


def test_choices_and_conditions_of_a_form_are_taken():
    survey = (
        GROUP, ("select_one yn", "a", "场所", "《示例条例》第1条"), ("select_one place", "a_value", "经营场所"),
        ("select_one yn", "b", "租约", "《示例条例》第2条", "${a_value} = 'rent' and ${a} != 'na'"), END,
    )  # fmt: skip
    checked = check_checklists(form(*survey, choices=CHOOSES), KNOWN)
    assert refused(checked) == []
    place, contract = checked.good
    assert (place.answer, place.fill_in, contract.condition) == ("ONE", "自有/租赁", "1=租赁；1!=不适用")
    rows = [{name: getattr(row, name) for name in row.__dataclass_fields__} for row in checked.good]
    again = check_checklists(workbook_of(form_sheets("XH-GA-02", "示例检查表", 1, rows)), KNOWN)
    assert again.good == checked.good and again.bad == []


def test_a_condition_on_what_comes_later_is_refused_by_its_row():
    survey = (
        GROUP, ("select_one yn", "a", "场所", "《示例条例》第1条", "${b} = 'pass'"),
        ("select_one yn", "b", "租约", "《示例条例》第2条"), END,
    )  # fmt: skip
    assert refused(check_checklists(form(*survey), KNOWN)) == [(3, "relevant", "form_column")]
