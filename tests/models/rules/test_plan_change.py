"""Art. 12: what an amendment took away or stretched is told; what it narrowed or reworded is in the plan itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from models.rules.plan_change import PlanChangeKind, changes
from tests.models.rules import district

ENTRY = district.plan().entries[0]
DAY = timedelta(days=1)


def kinds(*after, merged=None) -> list[PlanChangeKind]:
    return [change.kind for change in changes([ENTRY], after, merged or {})]


def test_an_entry_that_is_gone_was_withdrawn_or_merged_into_the_one_that_goes_on() -> None:
    assert kinds() == [PlanChangeKind.WITHDRAWN]
    [change] = changes([ENTRY], [], {ENTRY.code: "2026-XH-WJ-01"})
    assert (change.kind, change.into, change.after) == (PlanChangeKind.MERGED, "2026-XH-WJ-01", None)
    assert change.window == [ENTRY.opens.isoformat(), ENTRY.closes.isoformat()]


def test_any_day_more_than_before_is_a_wider_window() -> None:
    assert kinds(replace(ENTRY, opens=ENTRY.opens - DAY)) == [PlanChangeKind.WIDENED]
    assert kinds(replace(ENTRY, opens=ENTRY.opens + DAY, closes=date(2027, 1, 1))) == [PlanChangeKind.WIDENED]
    assert kinds(replace(ENTRY, opens=ENTRY.opens + DAY, closes=ENTRY.closes - DAY)) == []
    assert kinds(replace(ENTRY, title="别名"), replace(ENTRY, code="NEW")) == []
