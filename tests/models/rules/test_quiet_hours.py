"""Quiet hours: over midnight or within a day, by the district's own clock, to the minute."""

from datetime import UTC, datetime

import pytest

from models.rules.quiet_hours import USUAL, QuietHours, read_quiet_hours
from models.rules.visit import SHANGHAI


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("written", "quiet", "awake"),
    [
        ("21:00-07:30", [(21, 0), (23, 59), (0, 0), (7, 29)], [(7, 30), (12, 0), (20, 59)]),
        ("12:00-14:00", [(12, 0), (13, 59)], [(11, 59), (14, 0), (0, 0)]),
        ("08:00-08:00", [], [(8, 0), (7, 59), (0, 0)]),
    ],
)
def test_the_hours_hold_from_their_beginning_and_not_at_their_end(written, quiet, awake):
    hours = read_quiet_hours(written)
    assert hours.written() == written
    assert all(hours.hold(at(*clock)) for clock in quiet)
    assert not any(hours.hold(at(*clock)) for clock in awake)


def test_they_are_hours_of_the_district_whatever_the_servers_zone():
    assert USUAL == QuietHours() == read_quiet_hours("21:00-07:30")
    assert USUAL.hold(datetime(2026, 3, 2, 13, 0, tzinfo=UTC))
    assert not USUAL.hold(datetime(2026, 3, 1, 23, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    "written", ["", "21-7", "25:00-07:00", "21:00-07:60", "21:00 07:30", "２１:00-07:30"]
)
def test_what_are_no_hours_is_refused(written):
    with pytest.raises(ValueError, match="no hours"):
        read_quiet_hours(written)
