"""Art. 10, 15: the hours of the week at which an officer works, as people write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.visit import SHANGHAI
from models.rules.working_hours import NoHours, WorkingHours, read_hours, written

WEEK = "周一至周五 08:30-12:00,14:30-18:00"


@pytest.mark.parametrize(
    ("cell", "one_form"),
    [
        ("周一至周五 8:30-12:00，14:30-18:00", WEEK),
        ("星期一到星期五：上午8:30—12:00、下午2:30—6:00", WEEK),
        ("一至五 8:30-12:00,14:30-18:00；周六 9点-12点", f"{WEEK};周六 09:00-12:00"),
        ("周一、周三至周五 9-12", "周一、周三至周五 09:00-12:00"),
        ("工作日 9:00~17:00", "09:00-17:00"),
        ("09:00-17:00", "09:00-17:00"),
        ("", ""),
    ],
)
def test_hours_are_read_as_people_write_them_and_kept_in_one_form(cell, one_form):
    assert written(read_hours(cell)) == one_form
    assert read_hours(one_form) == read_hours(cell)


@pytest.mark.parametrize(
    ("cell", "part", "order"),
    [
        ("上午", "上午", False),
        ("周一", "周一", False),
        ("9:00-25:00", "9:00-25:00", False),
        ("周一 9:61-10:00", "周一9:61-10:00", False),
        ("12:00-9:00", "12:00-9:00", True),
        ("周五至周一 9:00-10:00", "周五至周一", True),
        ("9:00-12:00,11:00-13:00", "9:00-12:00,11:00-13:00", True),
        ("弹性工作制", "弹性工作制", False),
    ],
)
def test_what_cannot_be_read_is_named(cell, part, order):
    with pytest.raises(NoHours) as no:
        read_hours(cell)
    assert (no.value.part, no.value.order) == (part, order)


def test_what_lies_outside_is_said_day_by_day():
    friday = date(2026, 12, 11)
    begins, ends = (f"2026-12-{day}T00:00:00+08:00" for day in (11, 12))
    outside = list(read_hours(WEEK).outside(*map(datetime.fromisoformat, (begins, ends))))
    local = [(at.astimezone(SHANGHAI), until.astimezone(SHANGHAI)) for at, until in outside]
    assert [(f"{at:%d %H:%M}", f"{until:%d %H:%M}") for at, until in local] == [
        ("11 00:00", "11 08:30"), ("11 12:00", "11 14:30"), ("11 18:00", "12 00:00"), ("12 00:00", "13 00:00"),
    ]  # fmt: skip
    assert (
        friday.weekday() == 4
        and list(WorkingHours().outside(*map(datetime.fromisoformat, (begins, ends)))) == []
    )


SPANS = (
    st.lists(st.integers(0, 288), min_size=2, max_size=6, unique=True)
    .map(sorted)
    .map(lambda marks: tuple((a * 5, b * 5) for a, b in zip(marks[::2], marks[1::2], strict=False)))
)


@given(st.lists(st.one_of(st.just(()), SPANS), min_size=7, max_size=7))
def test_the_one_form_says_the_whole_week(week):
    hours = WorkingHours(tuple(week)) if any(week) else WorkingHours()
    assert read_hours(written(hours)) == hours
