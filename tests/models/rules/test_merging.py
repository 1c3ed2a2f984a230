"""Art. 12: entries that inspect the same targets at the same time are proposed for merging, with how many they share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from models.rules.eligibility import in_scope
from models.rules.merging import proposals
from models.rules.registry.rows import Method
from tests.models.rules import district

ONE = district.plan().entries[0]
OTHER = replace(ONE, code="2026-XH-WJ-01", opens=date(2026, 12, 31))
HOTELS = [target for target in district.targets() if in_scope(ONE, target)]


def pairs(**changes: object) -> list[tuple[str, str, int]]:
    found = proposals([replace(OTHER, **changes), ONE], district.targets())
    return [(pair.one, pair.other, pair.shared) for pair in found]


def test_what_two_entries_share_is_counted_and_dated() -> None:
    (pair,) = proposals([OTHER, ONE], district.targets())
    assert (pair.one, pair.other, pair.shared) == (ONE.code, OTHER.code, len(HOTELS))
    assert pair.opens == pair.closes == date(2026, 12, 31)
    assert pair.methods == (Method.NETWORK, Method.ON_SITE)


def test_without_a_target_a_day_or_a_method_in_common_nothing_is_proposed() -> None:
    assert pairs(industries=("R9011",)) == []
    assert pairs(methods=(Method.SAMPLE_TEST,)) == []
    assert pairs(opens=date(2027, 1, 1)) == []
    assert pairs(opens=date(2026, 1, 1), closes=date(2026, 11, 23)) == []


def test_an_entry_that_names_no_industry_is_not_proposed_with_all_others() -> None:
    """Lifts beside internet cafés: no target answers to the items of both."""
    lifts = replace(HOTELS[0], code="LIFT", industry="X", items=("XH-SCJG-01",))
    every = {"industries": (), "items": ("XH-SCJG-01",)}
    apart = [replace(target, items=ONE.items) for target in HOTELS] + [lifts]
    assert proposals([ONE, replace(OTHER, **every)], apart) == []
    both = [*apart, replace(HOTELS[0], items=("XH-SCJG-01", *ONE.items))]
    assert [pair.shared for pair in proposals([ONE, replace(OTHER, **every)], both)] == [1]
