"""The file of a private calendar: whatever stands in names and places, the standard holds (RFC 5545)."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as some

from models.rules.visit import SHANGHAI
from server.documents.calendar_feed_file import FeedEntry, feed_file
from tests.support.rfc5545 import moment, read

BEGINS = datetime(2026, 10, 10, 9, 0, tzinfo=SHANGHAI)
ENDS = datetime(2026, 10, 10, 11, 0, tzinfo=SHANGHAI)
ISSUED = datetime(2026, 10, 1, 1, 30, tzinfo=UTC)


@given(some.text(max_size=200), some.text(max_size=200))
def test_whatever_is_written_opens_no_line_of_its_own(name, place):
    entry = FeedEntry("u@example", 3, name, f"{name}\n{place}", BEGINS, ENDS, ISSUED, place)
    calendar = read(feed_file((entry,), name, place))
    [event] = calendar.all("VEVENT")
    assert set(event.given) <= {
        "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION",
        "STATUS", "CLASS", "URL",
    }  # fmt: skip
    assert moment(calendar, event, "DTSTART") == BEGINS
    assert moment(calendar, event, "DTEND") == ENDS


def test_a_whole_day_ends_before_the_next_one():
    day = date(2026, 10, 10)
    calendar = read(feed_file((FeedEntry("t@example", 0, "到期", "", day, None, ISSUED),), "名", "说明"))
    [event] = calendar.all("VEVENT")
    assert (moment(calendar, event, "DTSTART"), moment(calendar, event, "DTEND")) == (day, date(2026, 10, 11))


def test_equal_entries_give_equal_files():
    entry = FeedEntry("u@example", 1, "检查", "", BEGINS, ENDS, ISSUED, cancelled=True)
    assert feed_file((entry,), "名", "说明") == feed_file((entry,), "名", "说明")
