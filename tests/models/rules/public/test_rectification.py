"""Art. 8, 17: what is said in public of orders to rectify is never better than the worst of them."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.rules.public.rectification import OrderFact, Rectified, public_order, public_rectification
from models.states import ORDER_STANDS
from models.states import RectificationState as R

DAY = date(2026, 12, 1)
days = st.integers(0, 60).map(lambda n: DAY + timedelta(days=n))
orders = st.builds(OrderFact, st.sampled_from(R), days, st.none() | days)


@given(st.lists(orders, max_size=5))
def test_verified_is_said_only_once_every_order_that_stands_is(facts: list[OrderFact]) -> None:
    said = public_rectification(facts)
    standing = [one for one in facts if one.state in ORDER_STANDS]
    assert said.ordered == bool(standing)
    assert (said.rectified == Rectified.VERIFIED) == (
        bool(standing) and all(one.state == R.VERIFIED for one in standing)
    )
    if any(one.state in (R.LAPSED, R.FILED) for one in standing):
        assert said.rectified == Rectified.LAPSED
    assert (said.day is None) == (not standing)


@given(orders)
def test_a_case_is_no_public_matter_and_a_withdrawn_order_asks_for_nothing(fact: OrderFact) -> None:
    said = public_order(fact)
    assert said.stands == (fact.state != R.REVOKED)
    assert said.open == (fact.state not in (R.REVOKED, R.VERIFIED))
    filed, lapsed = (public_order(OrderFact(state, fact.due)) for state in (R.FILED, R.LAPSED))
    assert filed == lapsed
