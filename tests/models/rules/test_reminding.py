"""Each term that is reminded of, walked hour by hour from its beginning to weeks after its end (Art. 14-20)."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from models.data import workday_calendar
from models.rules import overdue
from models.rules.reminding import step, steps
from models.rules.term import Unit
from models.rules.term.kinds import BY_NAME, OF_AN_ORDER, OF_NO_TASK, REMINDED
from models.rules.visit import SHANGHAI, local_day
from tests.models.rules.test_overdue import ASSIGNED, CASES, SCHEDULED, VISIT

CALENDAR = workday_calendar()
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
WALKED = [(kind, facts, end) for kind, facts, end in CASES if kind in REMINDED]


def walked(kind, facts, begin, end):
    """Every threshold with the instants at which it was the one that is reached."""
    found: dict[int, list[datetime]] = {}
    at = begin
    while at < end:
        for one in (*steps(facts, CALENDAR, at), *steps_of_orders(facts, at)):
            if one.kind == kind:
                found.setdefault(one.threshold, []).append(at)
        at += HOUR
    return found


def steps_of_orders(facts, at):
    """Each order to rectify by itself, as the morning word weighs it."""
    for kind, day in facts.orders:
        if reached := step(
            BY_NAME[kind], overdue.of_order(kind, day, CALENDAR, overdue.DEFAULT), CALENDAR, at
        ):
            yield reached


def test_every_kind_that_is_reminded_of_is_walked():
    assert {kind for kind, _, _ in WALKED} | {"tomorrow", *OF_NO_TASK} == REMINDED


@pytest.mark.parametrize("kind", OF_AN_ORDER)
def test_an_order_is_not_said_once_more_among_the_terms_of_its_task(kind):
    [(facts, end)] = [(facts, end) for of, facts, end in WALKED if of == kind]
    assert kind in dict(overdue.ends(facts, CALENDAR, overdue.DEFAULT))
    assert kind not in {reached.kind for reached in steps(facts, CALENDAR, end + WEEK)}


@pytest.mark.parametrize("kind", OF_NO_TASK)
def test_a_term_of_no_task_is_walked_to_weeks_after_its_end(kind):
    row, end = BY_NAME[kind], overdue.end_of(date(2027, 1, 29))
    first = row.thresholds[-1]
    found: dict[int, list[datetime]] = {}
    at = end - timedelta(days=70)
    while at < end + 3 * WEEK:
        if reached := step(row, end, CALENDAR, at):
            found.setdefault(reached.threshold, []).append(at)
        at += HOUR
    late = range(-1, -1 - 3 * 7 // row.every, -1)
    assert list(found) == [*row.thresholds, *late]
    assert all(later - earlier == HOUR for held in found.values() for earlier, later in pairwise(held))
    assert local_day(found[first][-1]) == date(2027, 1, 29)
    assert local_day(found[-1][0]) == date(2027, 1, 30)


@pytest.mark.parametrize(("kind", "facts", "end"), WALKED)
def test_no_threshold_is_missed_and_each_holds_for_one_stretch(kind, facts, end):
    """From the widest to the last day, then each week anew, never back to an earlier one."""
    row = BY_NAME[kind]
    found = walked(kind, facts, end - timedelta(days=40), end + 3 * WEEK + 2 * HOUR)
    weekly = range(-1, -3, -1)
    assert list(found) == sorted(found, reverse=True)
    assert set(found) >= {*row.thresholds, *weekly}
    assert all(later - earlier == HOUR for held in found.values() for earlier, later in pairwise(held))


@pytest.mark.parametrize(("kind", "facts", "end"), [one for one in WALKED if one[0] != "accept"])
def test_the_last_day_is_the_last_day_and_overdue_begins_with_the_next(kind, facts, end):
    found = walked(kind, facts, end - timedelta(days=40), end + 3 * WEEK)
    last = local_day(end - timedelta(microseconds=1))
    assert local_day(found[-1][0]) == last + timedelta(days=1)
    assert local_day(found[-2][0]) == last + timedelta(days=8)
    if 0 in BY_NAME[kind].thresholds:
        assert {local_day(at) for at in found[0]} == {last}


def test_accepting_is_reminded_of_four_hours_before_and_when_the_day_is_over():
    [(kind, facts, end)] = [one for one in WALKED if one[0] == "accept"]
    assert BY_NAME[kind].unit == Unit.HOURS
    found = walked(kind, facts, ASSIGNED, end + WEEK + HOUR)
    assert (found[4][0], found[0][0], found[-1][0]) == (end - 4 * HOUR, end, end + WEEK)


def test_a_visit_is_named_the_day_before_and_on_its_morning_until_it_begins():
    found = walked("tomorrow", SCHEDULED, VISIT - WEEK, VISIT + WEEK)
    midnight = datetime.combine(local_day(VISIT), datetime.min.time(), SHANGHAI)
    first = found[1][0]
    assert midnight - timedelta(days=1) <= first < midnight - timedelta(hours=23)
    assert found[0][-1] < VISIT
    assert set(found) == {1, 0}
