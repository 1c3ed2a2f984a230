"""异议: five working days after publication, that day not counted (Art. 8, 16 (3))."""

from datetime import date, datetime, timedelta

import pytest

from models.data import workday_calendar
from models.refusal import Refusal
from models.rules.objection import check_term, last_day
from models.rules.visit import SHANGHAI

CALENDAR = workday_calendar()


@pytest.mark.parametrize(
    ("published", "until"),
    [
        ("2026-12-09", "2026-12-16"),  # Wednesday to Wednesday
        ("2026-12-12", "2026-12-18"),  # a Saturday starts no term earlier
        ("2026-09-30", "2026-10-13"),  # over the days off of October, 10 October made up
    ],
)
def test_the_term_counts_working_days(published, until):
    at = datetime.combine(date.fromisoformat(published), datetime.min.time(), SHANGHAI) + timedelta(hours=10)
    assert last_day(CALENDAR, at) == date.fromisoformat(until)


def test_the_last_day_counts_to_its_end_in_the_district_and_the_refusal_names_it():
    published = datetime(2026, 12, 9, 23, 59, tzinfo=SHANGHAI)
    check_term(CALENDAR, published, datetime(2026, 12, 16, 23, 59, 59, tzinfo=SHANGHAI))
    with pytest.raises(Refusal) as no:
        check_term(CALENDAR, published, datetime(2026, 12, 17, 0, 0, tzinfo=SHANGHAI))
    assert no.value.params["day"] == date(2026, 12, 16)
