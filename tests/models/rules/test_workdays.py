"""Art. 16 (3): twenty working days, by the lists the State Council announced."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.data import workday_calendar
from models.refusal import Refusal
from models.rules.workdays import Calendar, calendar_from

CALENDAR = workday_calendar()
EXAMPLES = (Path(__file__).parents[2] / "data" / "workday_examples.csv").read_text("utf-8").splitlines()
ANNOUNCED = [date(2019, 1, 1) + timedelta(days) for days in range((date(2027, 1, 1) - date(2019, 1, 1)).days)]


def test_the_announced_years_are_the_same_day_for_day_as_an_independent_list() -> None:
    differing = [day for day in ANNOUNCED if CALENDAR.is_workday(day) != chinese_calendar.is_workday(day)]
    assert differing == []


def test_r17_every_deadline_of_the_announced_years_equals_counting_day_by_day() -> None:
    worked = {day: chinese_calendar.is_workday(day) for day in ANNOUNCED}
    differing = []
    for start in ANNOUNCED:
        day, left = start, []
        while len(left) < 20 and (day := day + timedelta(1)) in worked:
            left += [day] if worked[day] else []
        for n, expected in enumerate(left, start=1):
            if CALENDAR.nth_workday_after(start, n) != (expected, False):
                differing.append((start, n))
    assert differing == []


@pytest.mark.parametrize("row", list(csv.DictReader(EXAMPLES)), ids=lambda row: row["end_of_inspection"])
def test_the_worked_examples_come_out_as_printed(row: dict[str, str]) -> None:
    deadline = CALENDAR.nth_workday_after(date.fromisoformat(row["end_of_inspection"]), int(row["n"]))
    assert deadline.date == date.fromisoformat(row["deadline"])
    assert deadline.provisional is (row["status"] == "provisional")


def test_d77_a_term_that_touches_a_year_without_an_announced_list_is_provisional() -> None:
    assert CALENDAR.nth_workday_after(date(2026, 12, 3)) == (date(2026, 12, 31), False)
    crossing = CALENDAR.nth_workday_after(date(2026, 12, 4))
    assert crossing.provisional
    assert crossing.date > date(2027, 1, 1), "the statutory New Year's Day is known and never a working day"
    assert CALENDAR.nth_workday_after(date(2031, 5, 6)).provisional


def test_d77_the_missing_list_is_reported_before_it_is_needed() -> None:
    assert CALENDAR.missing_years(date(2026, 10, 31)) == []
    assert CALENDAR.missing_years(date(2026, 11, 23)) == [2027]
    assert CALENDAR.missing_years(date(2027, 3, 1)) == [2027]


def test_a_term_begun_on_the_eve_of_the_first_announced_year_is_firm() -> None:
    assert not CALENDAR.nth_workday_after(date(2018, 12, 31), 5).provisional
    assert CALENDAR.nth_workday_after(date(2018, 12, 30), 5).provisional


@given(st.dates(date(2019, 1, 1), date(2026, 10, 1)), st.integers(1, 60))
def test_counting_forward_and_back_agree(start: date, n: int) -> None:
    end = CALENDAR.nth_workday_after(start, n).date
    assert CALENDAR.workdays_between(start, end) == n
    assert CALENDAR.workdays_between(end, start) == -n
    assert CALENDAR.nth_workday_before(end + timedelta(1), 1).date == end
    assert CALENDAR.nth_workday_before(end, n).date <= max(start, end - timedelta(1))


def test_the_days_left_shrink_by_one_each_working_day() -> None:
    due = date(2026, 12, 21)
    assert [CALENDAR.workdays_between(date(2026, 12, day), due) for day in (18, 19, 20, 21, 22)] == [
        1,
        1,
        1,
        0,
        -1,
    ]


@pytest.mark.parametrize(
    ("start", "n"),
    [(date(2026, 5, 6), 0), (date(2099, 12, 20), 20), (date(1999, 12, 31), 1), (date(2200, 1, 1), 1)],
)
def test_what_no_calendar_can_answer_is_refused(start: date, n: int) -> None:
    with pytest.raises(Refusal) as refused:
        CALENDAR.nth_workday_after(start, n)
    assert refused.value.code == "workdays.beyond_calendar"


@pytest.mark.parametrize(
    ("off", "work", "code"),
    [
        (["2026-02-30"], [], "workdays.bad_day"),
        (["2025-12-31"], [], "workdays.bad_day"),
        (["2026-10-10"], ["2026-10-10"], "workdays.day_twice"),
    ],
)
def test_a_list_with_an_impossible_day_is_refused_by_name(off: list[str], work: list[str], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        calendar_from({"years": {"2026": {"status": "announced", "off": off, "work": work}}})
    assert refused.value.code == code and refused.value.params["year"] == "2026"


def test_when_the_list_is_announced_the_same_term_becomes_firm() -> None:
    years = CALENDAR.announced | {2027}
    later = Calendar(years, CALENDAR.off, CALENDAR.makeup)
    assert not later.nth_workday_after(date(2026, 12, 4)).provisional
