"""When a whole team could come instead: hours offered less hours taken (Art. 15, 16 (2))."""

from datetime import date, datetime, time, timedelta

from models.rules.free_times import Window, free
from models.rules.visit import LASTS, SHANGHAI, instant

MONDAY = date(2026, 12, 7)
LONG_AGO = datetime(2026, 11, 27, 9, 0, tzinfo=SHANGHAI)


def days(count: int) -> list[date]:
    return [MONDAY + timedelta(days=n) for n in range(count)]


def window(day: date, hour: int, minute: int = 0) -> Window:
    begins = instant(day, time(hour, minute))
    return Window(begins, begins + LASTS)


def test_a_free_team_is_offered_a_morning_and_an_afternoon_of_each_day_six_at_most():
    found = free(days(9), [], LONG_AGO)
    assert found == tuple(window(day, hour) for day in days(3) for hour in (9, 15))


def test_a_member_elsewhere_moves_the_offer_to_the_next_hour_that_is_free_for_all():
    taken = [window(MONDAY, 8, 30), window(MONDAY, 14)]
    assert free([MONDAY], taken, LONG_AGO) == (window(MONDAY, 10, 30), window(MONDAY, 16, 30))


def test_a_visit_that_ends_when_another_begins_is_no_hindrance():
    assert free([MONDAY], [window(MONDAY, 7)], LONG_AGO)[0] == window(MONDAY, 9)


def test_a_day_that_is_wholly_taken_is_left_out():
    all_day = Window(instant(MONDAY, time(8)), instant(MONDAY, time(20)))
    assert free(days(2), [all_day], LONG_AGO) == (window(days(2)[1], 9), window(days(2)[1], 15))


def test_hours_that_have_passed_are_not_offered():
    noon = datetime(2026, 12, 7, 13, 0, tzinfo=SHANGHAI)
    assert free([MONDAY], [], noon) == (window(MONDAY, 15),)
    assert free([], [], noon) == ()
