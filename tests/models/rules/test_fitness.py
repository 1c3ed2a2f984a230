"""Leave from and until: who is away on the visit's day does not go, who is back does (Art. 10, 14 (2))."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from models.rules import fitness
from models.rules.fitness import LEAVE, Place
from models.rules.registry import Known
from models.rules.registry.entry import check_entry
from tests.support.register_files import INSPECTOR

PLACE = Place("410403001", True, {})
MONDAY, FRIDAY, NEXT = date(2026, 12, 7), date(2026, 12, 11), date(2026, 12, 14)


def officer(start: str = "", end: str = ""):
    known = Known(departments={INSPECTOR["部门编码"]: INSPECTOR["部门"]}, streets={"410403001": "示例街道"})
    cells = {
        **INSPECTOR,
        "可检查事项编号": "*",
        "执法区域": "*",
        "回避对象": "",
        "人员状态": "在岗",
        "执法证有效期至": "2029-01-01",
    }
    return check_entry("inspectors", cells | {"休假开始": start, "休假结束": end}, known)


@pytest.mark.parametrize(("start", "end", "day", "why"), [
    ("", "", MONDAY, ""), ("2026-12-07", "2026-12-11", MONDAY, LEAVE), ("2026-12-07", "2026-12-11", FRIDAY, LEAVE),
    ("2026-12-07", "2026-12-11", NEXT, ""), ("2026-12-08", "", MONDAY, ""), ("2026-12-08", "", NEXT, LEAVE),
    ("", "2026-12-08", MONDAY, LEAVE),
])  # fmt: skip
def test_a_leave_counts_from_its_first_day_to_its_last(start, end, day, why):
    [row] = officer(start, end).good
    assert fitness.unfit(row, PLACE, day) == fitness.absent(row, day) == why


def test_a_leave_of_some_days_rules_nobody_out_of_a_visit_whose_day_is_not_fixed():
    [row] = officer("2026-12-07", "2026-12-11").good
    assert fitness.unfit(row, replace(PLACE, fixed=False), MONDAY) == ""


def test_a_leave_that_ends_before_it_begins_is_refused():
    [bad] = officer("2026-12-11", "2026-12-07").bad
    assert (bad.column, bad.reason) == ("休假结束", "leave_order")
