"""季度核对: asked on the quarter's first working day, and late where the server was off (Art. 7, 10)."""

from __future__ import annotations

from datetime import date

import pytest

from models.rules.register_enquiry import asked_on, is_asking, quarter_of
from tests.support.district import district

CALENDAR = district().calendar


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        ((2026, 1, 1), "2026Q1"),
        ((2026, 3, 31), "2026Q1"),
        ((2026, 4, 1), "2026Q2"),
        ((2026, 12, 31), "2026Q4"),
    ],
)
def test_the_quarter_of_a_day(day, quarter):
    assert quarter_of(date(*day)) == quarter


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 5, 20), date(2026, 7, 31), date(2026, 12, 31)])
def test_it_is_asked_on_a_working_day_before_which_the_quarter_has_none(day):
    first = asked_on(day, CALENDAR)
    begin = date(first.year, first.month, 1)
    assert quarter_of(first) == quarter_of(day)
    assert CALENDAR.is_workday(first)
    assert begin.month in (1, 4, 7, 10)
    assert not any(CALENDAR.is_workday(date(begin.year, begin.month, n)) for n in range(1, first.day))


def test_a_server_that_was_off_asks_within_the_ten_working_days_and_not_in_the_middle_of_the_quarter():
    first = asked_on(date(2026, 7, 1), CALENDAR)
    last = CALENDAR.nth_workday_after(first, 9).date
    assert is_asking(first, CALENDAR)
    assert is_asking(last, CALENDAR)
    assert not is_asking(CALENDAR.nth_workday_after(first, 10).date, CALENDAR)
    assert not is_asking(CALENDAR.nth_workday_before(first, 1).date, CALENDAR)
