"""现场复查: what was found of each point, and what that comes to (Art. 17)."""

from __future__ import annotations

import pytest

from models.refusal import Refusal
from models.rules.recheck import PointFinding as Found
from models.rules.recheck import PointFound as F
from models.rules.recheck import RecheckOutcome, findings, outcome
from models.rules.rectification import RectificationOutcome as Outcome


def test_everything_that_is_left_and_found_put_right_verifies_the_order():
    found = [Found(3, F.RECTIFIED), Found(5, F.RECTIFIED)]
    assert outcome(found, [3, 5]) == RecheckOutcome(Outcome.VERIFIED, (3, 5), "")


def test_a_point_partly_put_right_stays_to_be_done_and_its_note_says_what():
    found = [Found(3, F.RECTIFIED), Found(5, F.PARTLY, "示例:缺一只"), Found(6, F.NOT_DONE, "示例:未动")]
    came = outcome(found, [3, 5, 6])
    assert came == RecheckOutcome(Outcome.PARTLY, (3,), "5. 示例:缺一只；6. 示例:未动")
    assert outcome(found[1:], [5, 6]).outcome == Outcome.NOT_DONE


def test_what_was_verified_since_the_visit_does_not_count_once_more():
    found = [Found(3, F.RECTIFIED), Found(5, F.NOT_DONE, "示例")]
    assert outcome(found, [5]) == RecheckOutcome(Outcome.NOT_DONE, (), "5. 示例")
    assert outcome(found, [3]) == RecheckOutcome(Outcome.VERIFIED, (3,), "")


def test_findings_stand_in_the_orders_order_and_a_blank_is_no_note():
    said = [Found(5, F.NOT_DONE, " 示例 "), Found(3, F.RECTIFIED)]
    assert findings([3, 5], said) == (Found(3, F.RECTIFIED), Found(5, F.NOT_DONE, "示例"))
    for wrong, code in (
        ([Found(3, F.RECTIFIED), Found(5, F.PARTLY, "  ")], "recheck.no_note"),
        ([Found(3, F.RECTIFIED)], "recheck.points_open"),
        ([*said, Found(7, F.RECTIFIED)], "rectification.no_point"),
    ):
        with pytest.raises(Refusal) as no:
            findings([3, 5], wrong)
        assert no.value.code == code
