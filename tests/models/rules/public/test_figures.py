"""Figures for the public count by the month of the deed, in the district's days (Art. 8)."""

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from models.rules.public.figures import CountedResult, Month, figures


def test_each_number_counts_in_the_month_of_its_own_deed():
    late = datetime(2026, 11, 30, 17, tzinfo=UTC)  # the first of December in the district
    early = datetime(2026, 11, 3, 1, tzinfo=UTC)
    counted = figures(
        {early: 2, late: 1}, {late: 1},
        [CountedResult(late, ("R01",)), CountedResult(late, ("R02", "R05")), CountedResult(early, ("R07",))], 2,
    )  # fmt: skip
    assert counted.months == (Month("2026-11", 2, 0, 1, 0), Month("2026-12", 1, 1, 2, 1))
    assert counted.classes == (("R01", 1), ("R02", 1), ("R05", 1), ("R07", 1))
    assert (counted.withdrawn, counted.highest) == (2, 2)


def test_a_firm_that_is_gone_is_a_result_and_no_problem():
    at = datetime(2026, 12, 8, tzinfo=UTC)
    gone = [CountedResult(at, (code,)) for code in ("R09", "R10", "R11", "R12", "R13")]
    [month] = figures(
        {}, {}, [*gone, CountedResult(at, ("R04",)), CountedResult(at, ("R05", "R13"))], 0
    ).months
    assert (month.published, month.problems) == (7, 2)


def test_nothing_is_counted_where_nothing_was_done():
    assert (figures({}, {}, [], 0).months, figures({}, {}, [], 0).highest) == ((), 0)


MOMENTS = st.lists(st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1 < at.year < 9999), max_size=12)


@given(MOMENTS, MOMENTS, MOMENTS)
def test_nothing_is_lost_or_counted_twice(drawn, checked, since):
    counted = figures(Counter(drawn), Counter(checked), [CountedResult(at, ("R05",)) for at in since], 0)
    for name, moments in (("drawn", drawn), ("checked", checked), ("published", since), ("problems", since)):
        assert sum(getattr(month, name) for month in counted.months) == len(moments)
