"""Art. 7, 10: a department is recognised by what people call it, and taken for no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from locales import words
from locales.refusals import explain
from models.refusal import Refusal
from models.rules.plan import read_plan
from models.rules.registry import check_departments
from models.rules.registry.known import Known
from tests.models.rules.district import known as district_known
from tests.models.rules.district import read

ROWS = check_departments(read("departments.csv"), Known()).good
KNOWN = Known(departments={row.code: row.name for row in ROWS}, units={row.code: row.unit for row in ROWS})


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_every_department_is_known_by_code_name_and_full_name(row) -> None:
    for spelling in (row.code, row.name, row.unit, f" {row.unit} "):
        assert KNOWN.department(spelling) == row.code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("公安局", "GA"), ("新华区公安局", "GA"), ("区公安局", "GA"), ("平顶山市新华区公安局", "GA"), ("公安局新华分局", "GA"),
        ("公安分局", "GA"), ("卫生健康委", "WJ"), ("卫生健康委员会", "WJ"), ("本区卫生健康委", "WJ"), ("消防救援大队", "XF"),
        ("新华区消防救援大队", "XF"), ("市场监管局", "SCJG"), ("新华区市场监督管理局", "SCJG"), ("市场监督管理局", "SCJG"),
        ("城市管理局", "CG"), ("司法局", "SF"), ("教育局", "JY"), ("教育体育局", "JY"), ("医疗保障局", "YB"),
        ("烟草专卖局", "YC"), ("税务局", "SWJ"), ("新华区税务局", "SWJ"), ("宣传部", "XC"), ("区委宣传部", "XC"),
        ("公 安 局", "GA"),
        ("发展和改革委员会", "FG"), ("文化和旅游局", "WL"), ("文化和旅游(体育)", "WL"),
    ],
)  # fmt: skip
def test_what_people_call_a_department_means_it(name: str, code: str) -> None:
    assert KNOWN.department(name) == code


@pytest.mark.parametrize(
    "name",
    [
        "卫东区公安局",
        "平顶山市公安局",
        "市公安局",
        "公安局卫东分局",
        "管理局",
        "局",
        "区",
        "新华区",
        "气象局",
        "新华区委",
        "",
    ],
)
def test_another_districts_department_or_the_citys_is_not_taken_for_ours(name: str) -> None:
    assert KNOWN.department(name) is None


def test_a_signed_plan_may_call_departments_as_people_do_and_is_told_which_there_are() -> None:
    known = replace(district_known(), units=KNOWN.units)
    file = read("plan-2026.toml").decode()
    spoken = file.replace('["WJ", "XF", "SCJG"]', '["卫生健康委", "新华区消防救援大队", "市场监管局"]')
    assert spoken != file and read_plan(spoken.encode(), known) == read_plan(file.encode(), known)
    with pytest.raises(Refusal) as refused:
        read_plan(file.replace('["WJ", "XF", "SCJG"]', '["气象局"]').encode(), known)
    for language in ("zh_Hans", "en"):
        assert "公安(GA)" in explain(refused.value, words(language), {})


def test_a_name_that_two_departments_share_means_neither() -> None:
    both = Known(departments={"A": "水务", "B": "水务局"}, units={"A": "示例区水利局", "B": "示例区水务局"})
    assert both.department("示例区水务") is None and both.department("水务") == "A"
    assert both.department("水务局") == "B" and both.department("水利局") == "A"
