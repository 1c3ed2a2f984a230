"""信用记录: what may go into it, what may leave, what can be repaired (Art. 19)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.refusal import Refusal
from models.rules import credit as rules
from models.rules.credit import CreditFacts, CreditState, PublicStanding

SINCE, OVER, TODAY = date(2026, 12, 10), date(2026, 12, 17), date(2026, 12, 18)
UNTIL = date(2027, 12, 10)
PUBLIC = PublicStanding(SINCE, withdrawn=False, objection_until=OVER, disputed=False, entered=False)
ENTERED = CreditFacts(current=True, withdrawn=False, disputed=False, repaired=False, valid_until=UNTIL)


def refused(act, *given):
    with pytest.raises(Refusal) as no:
        act(*given)
    return no.value.code


def test_what_is_public_and_undisputed_is_entered_once_the_term_of_objection_is_over():
    rules.check_entry(PUBLIC, UNTIL, TODAY, "T")
    assert refused(rules.check_entry, PUBLIC, UNTIL, OVER, "T") == "credit.objection_term"


@pytest.mark.parametrize(
    ("public", "code"),
    [
        (None, "not_public"),
        (replace(PUBLIC, withdrawn=True), "not_public"),
        (replace(PUBLIC, disputed=True), "disputed"),
        (replace(PUBLIC, entered=True), "entered"),
    ],
)
def test_what_is_unpublished_withdrawn_disputed_or_there_already_is_not(public, code):
    assert refused(rules.check_entry, public, UNTIL, TODAY, "T") == f"credit.{code}"


def test_an_entry_is_valid_beyond_today_and_no_longer_than_three_years():
    last = date(2029, 12, 10)
    rules.check_entry(PUBLIC, last, TODAY, "T")
    for day in (TODAY, last + timedelta(days=1)):
        assert refused(rules.check_entry, PUBLIC, day, TODAY, "T") == "credit.validity"
    assert rules.years_after(date(2028, 2, 29), 1) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (ENTERED, CreditState.STANDS),
        (replace(ENTERED, disputed=True), CreditState.DISPUTED),
        (replace(ENTERED, current=False, disputed=True), CreditState.CORRECTED),
        (replace(ENTERED, repaired=True), CreditState.REPAIRED),
        (replace(ENTERED, withdrawn=True, repaired=True, current=False), CreditState.WITHDRAWN),
        (replace(ENTERED, valid_until=TODAY - timedelta(days=1)), CreditState.EXPIRED),
        (replace(ENTERED, valid_until=TODAY), CreditState.STANDS),
    ],
)
def test_an_entry_stands_while_its_result_does(facts, state):
    assert rules.state_of(facts, TODAY) == state
    assert rules.leaves(state) == (state != CreditState.DISPUTED)


def test_repair_is_heard_of_an_entry_that_stands_and_found_something():
    assert rules.check_repair(CreditState.STANDS, ["R05"], " 示例已改正 ") == "示例已改正"
    for state, types in ((CreditState.REPAIRED, ["R05"]), (CreditState.STANDS, ["R01"])):
        assert refused(rules.check_repair, state, types, "示例") == "credit.nothing_to_repair"
    assert refused(rules.check_repair, CreditState.STANDS, ["R05"], " ") == "credit.no_text"
    assert refused(rules.check_repair, CreditState.STANDS, ["R05"], "示" * 2001) == "credit.too_long"


def test_repair_is_granted_with_a_reason_and_when_every_order_is_verified():
    assert rules.check_decision(True, 0, "示例核实") == "示例核实"
    assert rules.check_decision(False, 2, "示例未改正") == "示例未改正"
    assert refused(rules.check_decision, True, 1, "示例") == "credit.not_rectified"
    assert refused(rules.check_decision, False, 0, "") == "credit.no_reason"
