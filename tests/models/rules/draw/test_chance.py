"""谁能左右结果: how long an outcome that is only to be entered protects a draw from being voided (Art. 14 (1))."""

from datetime import UTC, datetime, timedelta

import pytest

from models.rules.draw.chance import BEACON_WAITING, WAITING, outcome_known

OUT = datetime(2026, 11, 27, 1, 30, tzinfo=UTC)
BEACON, LOTTERY = "beacon:quicknet 100", "lottery:示例彩票@2026-11-27T09:30+08:00 2026300"
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("missing", "patience"),
    [([LOTTERY], WAITING), ([BEACON], BEACON_WAITING), ([BEACON, LOTTERY], WAITING)],
)
def test_e2_a_value_that_comes_out_by_itself_is_waited_for_longer(missing, patience):
    assert outcome_known(OUT, True, missing, OUT)
    assert outcome_known(OUT, True, missing, OUT + patience - SECOND)
    assert not outcome_known(OUT, True, missing, OUT + patience)


def test_e2_an_outcome_whose_values_are_all_there_is_never_unknown_again():
    assert outcome_known(OUT, True, [], OUT + BEACON_WAITING * 12)


def test_e2_nobody_knows_an_outcome_before_it_is_out_or_without_every_witness():
    assert not outcome_known(OUT, True, [BEACON], OUT - SECOND)
    assert not outcome_known(OUT, False, [BEACON], OUT)
    assert not outcome_known(None, True, [], OUT)
