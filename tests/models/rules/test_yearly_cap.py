"""Art. 9, 14 (1): once a year; key items as often as the item list has it; the district's own cap above both."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.yearly_cap import YearVisits, item_cap, items_left, left_of_year, waits, year_ground


@pytest.mark.parametrize(
    ("frequency", "cap"),
    [
        ("1次/年", 1),
        ("1-2次/年", 2),
        ("1-4次/年", 4),
        ("2次/年", 2),
        ("每半年1次", 2),
        ("每季度1-2次", 8),
        ("每月1次", 12),
        ("≥1次/年", None),
        ("每年不少于1次", None),
        ("按需", None),
        ("按消防监督计划", None),
        ("", None),
    ],
)
def test_a_frequency_gives_a_cap_only_where_it_names_an_upper_number(frequency, cap):
    assert item_cap(frequency) == cap


@pytest.mark.parametrize(
    ("year", "keys", "most", "left"),
    [
        (YearVisits(), {}, 0, 1),
        (YearVisits(registered=1), {}, 0, 0),
        (YearVisits(drawn=1, items={"K": 1}), {"K": 2}, 0, 1),
        (YearVisits(drawn=1, items={"K": 1}), {"K": 4}, 2, 1),
        (YearVisits(drawn=1), {"K": None}, 0, None),
        (YearVisits(drawn=1), {"K": None}, 3, 2),
    ],
)
def test_what_is_left_of_a_year_is_counted_for_the_item_that_allows_most(year, keys, most, left):
    assert left_of_year(year, keys, most) == left


def countable(year: YearVisits) -> YearVisits:
    """An item is no oftener among visits than there are visits, nor in more pools than there are."""
    return replace(
        year, items={code: min(n, year.drawn) for code, n in year.items.items()},
        pool_items={code: min(n, year.pools) for code, n in year.pool_items.items()},
    )  # fmt: skip


years = st.builds(
    YearVisits,
    registered=st.integers(0, 2),
    drawn=st.integers(0, 4),
    items=st.dictionaries(st.sampled_from("KL"), st.integers(0, 4)),
    pools=st.integers(0, 2),
    pool_items=st.dictionaries(st.sampled_from("KL"), st.integers(0, 2)),
).map(countable)
caps = st.dictionaries(st.sampled_from("KL"), st.none() | st.integers(1, 4))


@given(years, caps, st.integers(0, 4))
def test_nobody_is_drawn_beyond_a_cap_and_whoever_has_visits_left_may_be_drawn(year, keys, most):
    ground, left = year_ground(year, keys, most), left_of_year(year, keys, most)
    assert (ground is None) == (left is None or left > 0)
    if ground is None:
        assert not most or year.total < most
        cited = items_left(year, keys)
        assert not year.total or cited
        assert all(keys[code] is None or year.items.get(code, 0) < keys[code] for code in cited)


@given(years, caps, st.integers(0, 4))
def test_who_waits_lies_in_an_open_pool_and_a_draw_more_would_only_bring_it_closer_to_its_cap(
    year, keys, most
):
    if waits(year, keys, most):
        assert year.pools
    elif year_ground(year, keys, most) is None:
        drawn = YearVisits(
            year.registered,
            year.drawn + year.pools,
            {code: year.items.get(code, 0) + year.pool_items.get(code, 0) for code in keys},
        )
        assert year_ground(drawn, keys, most) is None
