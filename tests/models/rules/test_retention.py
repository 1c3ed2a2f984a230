"""保管期限: how it is counted, what may be destroyed, by whom (Art. 20)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.refusal import Refusal
from models.rules import retention as rules
from models.rules.actor import Actor, Role

OFFICE = Actor(Role.OFFICE, "示例", account=2)


def refused(act, *given):
    with pytest.raises(Refusal) as no:
        act(*given)
    return no.value.code


def test_a_term_is_counted_from_the_year_after_the_archive():
    assert rules.last_day(date(2026, 3, 1), 10) == date(2036, 12, 31)
    assert rules.last_day(date(2026, 12, 31), 30) == date(2056, 12, 31)
    assert rules.last_day(date(2026, 3, 1), rules.PERMANENT) is None


@given(
    st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.dates(date(2000, 1, 1), date(2150, 12, 31)),
    st.sampled_from([10, 30]),
)  # fmt: skip
def test_what_was_sealed_before_a_day_is_what_has_ended_by_another(sealed_on, until, years):
    last = rules.last_day(sealed_on, years)
    assert last is not None
    assert (last <= until) == (sealed_on < rules.sealed_before(until, years))
    assert rules.sealed_before(until, rules.PERMANENT) is None


def test_a_class_is_one_of_three_and_has_its_basis():
    assert rules.check_term(10, " 示例规定 ") == "示例规定"
    assert refused(rules.check_term, 5, "示例") == "retention.class"
    assert refused(rules.check_term, 10, " ") == "retention.no_reason"
    assert refused(rules.check_term, 10, "示" * 501) == "retention.too_long"


def test_a_list_names_only_what_is_over():
    assert rules.check_list(["a"], {"a", "b"}, "示例") == "示例"
    assert refused(rules.check_list, [], {"a"}, "示例") == "retention.empty"
    assert refused(rules.check_list, ["a", "c"], {"a"}, "示例") == "retention.running"


def test_two_persons_are_needed_each_in_their_own_name():
    rules.check_four_eyes(1, OFFICE)
    assert refused(rules.check_four_eyes, 2, OFFICE) == "retention.same_person"
    stood_in = Actor(Role.OFFICE, "示例", account=2, through="office:server")
    assert refused(rules.check_four_eyes, 1, stood_in) == "retention.own_name"
