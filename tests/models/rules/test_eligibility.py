"""Art. 3, 10, 14: who may be drawn, who may be sent, and everyone left out with the ground."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from models.rules.draw import commitment, rows
from models.rules.eligibility import Eligible, find_eligible
from models.rules.registry.rows import InspectorStatus, TargetStatus
from models.rules.yearly_cap import YearVisits
from tests.models.rules import district

HOTEL = next(t for t in district.targets() if t.industry == "H6110" and t.code == "OBJ00002")
OFFICER = next(i for i in district.inspectors() if i.code == "INS0002")


def of_target(**changes: object) -> Eligible:
    return find_eligible(district.hotels(), [replace(HOTEL, **changes)], [])


def of_officer(**changes: object) -> Eligible:
    return find_eligible(district.hotels(), [HOTEL], [replace(OFFICER, **changes)])


def test_the_example_batch_has_the_pool_and_roster_that_the_lists_give() -> None:
    found = district.eligible()
    assert found.sizes == {"A": 161, "B": 71, "C": 22, "D": 3}
    assert found.officers == {"SCJG": 17, "GA": 10, "WJ": 10, "XF": 5}
    assert Counter(row.ground for row in found.excluded_targets) == {
        "checked-this-year": 40,
        "revoked": 7,
        "deregistered": 6,
        "moved": 6,
    }
    assert Counter(row.ground for row in found.excluded_inspectors) == {
        "area": 13,
        "expired": 4,
        "leave": 4,
        "expert": 3,
    }


def test_every_hotel_is_either_in_the_pool_or_excluded_and_nobody_twice() -> None:
    found = district.eligible()
    hotels = {t.code for t in district.targets() if t.industry in ("H6110", "H6121", "H6129")}
    pool = [row.target for row in found.pool]
    excluded = [row.subject for row in found.excluded_targets]
    assert len(pool) + len(excluded) == len(hotels) == 316
    assert {*pool, *excluded} == hotels


def test_a_target_under_a_complaint_stays_in_the_pool_and_is_held() -> None:
    found = district.eligible()
    assert len(found.held) == 10
    assert set(found.held) <= {row.target for row in found.pool}
    assert "art3-3" not in {row.ground for row in found.excluded_targets}


@pytest.mark.parametrize(
    ("changes", "ground"),
    [
        ({"status": TargetStatus.DEREGISTERED}, "deregistered"),
        ({"status": TargetStatus.REVOKED}, "revoked"),
        ({"status": TargetStatus.ANNULLED}, "annulled"),
        ({"status": TargetStatus.MOVED}, "moved"),
        ({"status": TargetStatus.CLOSED, "complaint": True}, "closed"),
        ({"checked_this_year": 1}, "checked-this-year"),
        ({"risk": ""}, "no-class"),
    ],
)
def test_a_target_left_out_is_named_with_the_ground(changes: dict[str, object], ground: str) -> None:
    found = of_target(**changes)
    assert found.pool == () and [row.ground for row in found.excluded_targets] == [ground]
    assert found.held == ()


def test_once_a_year_gives_way_to_a_complaint_or_a_key_item() -> None:
    assert [row.target for row in of_target(checked_this_year=2, complaint=True).pool] == ["OBJ00002"]
    keyed = {code: replace(item, key=True) for code, item in district.items().items()}
    repeated = [replace(HOTEL, checked_this_year=1)]
    assert find_eligible(district.hotels(items=keyed), repeated, []).pool
    assert not find_eligible(district.hotels(), repeated, []).pool


def test_a3_one_key_item_lifts_the_guard_of_once_a_year_only_where_it_applies() -> None:
    keyed = {code: replace(item, key=code == "XH-GA-03") for code, item in district.items().items()}
    applying = replace(HOTEL, checked_this_year=1, items=("XH-GA-02", "XH-GA-03"))
    other = replace(HOTEL, code="OBJ00003", checked_this_year=1, items=("XH-GA-02",))
    found = find_eligible(district.hotels(items=keyed), [applying, other], [])
    assert [row.target for row in found.pool] == [HOTEL.code]
    assert found.again == {HOTEL.code: ("XH-GA-03",)}
    assert [(row.subject, row.ground) for row in found.excluded_targets] == [
        ("OBJ00003", "checked-this-year")
    ]


def test_a_target_drawn_in_another_batch_this_year_counts_as_checked() -> None:
    found = find_eligible(district.hotels(years={"OBJ00002": YearVisits(drawn=1)}), [HOTEL], [])
    assert [row.ground for row in found.excluded_targets] == ["checked-this-year"]


def key_hotel(year: YearVisits, **changes: object) -> Eligible:
    """The hotel, whose item XH-GA-03 is key and may be inspected twice a year."""
    twice = {
        code: replace(item, key=code == "XH-GA-03", frequency="1-2次/年")
        for code, item in district.items().items()
    }
    round_ = district.hotels(items=twice, years={"OBJ00002": year}, **changes)
    return find_eligible(round_, [HOTEL], [])


def test_a_key_item_is_inspected_as_often_as_the_item_list_has_it_and_no_more() -> None:
    again = key_hotel(YearVisits(drawn=1, items={"XH-GA-03": 1}))
    assert again.again == {HOTEL.code: ("XH-GA-03",)}
    spent = key_hotel(YearVisits(drawn=2, items={"XH-GA-03": 2}))
    assert [row.ground for row in spent.excluded_targets] == ["item-cap"]
    assert spent.spent == {HOTEL.risk: 1}


def test_a_declared_exception_lifts_the_caps_of_item_and_district() -> None:
    year = YearVisits(drawn=3, items={"XH-GA-03": 3})
    found = key_hotel(year, most=3, lifted={HOTEL.code})
    assert [row.target for row in found.pool] == [HOTEL.code] and found.again == {}


def test_the_district_caps_all_visits_of_a_year_whatever_their_items() -> None:
    year = YearVisits(drawn=1, items={"XH-GA-02": 1})
    assert key_hotel(year, most=2).pool
    assert [row.ground for row in key_hotel(year, most=1).excluded_targets] == ["year-cap"]


def test_who_lies_in_the_pool_of_another_open_draw_stays_in_this_one_and_waits_for_it() -> None:
    lying = YearVisits(pools=1, pool_items={"XH-GA-03": 1})
    found = find_eligible(district.hotels(years={"OBJ00002": lying}), [HOTEL], [])
    assert [row.target for row in found.pool] == list(found.waiting) == [HOTEL.code]
    assert not found.excluded_targets and not found.spent
    assert key_hotel(lying).waiting == () and key_hotel(lying, most=1).waiting == (HOTEL.code,)
    assert key_hotel(lying, most=1, lifted={HOTEL.code}).waiting == ()


def test_a_declared_exclusion_carries_its_clause() -> None:
    found = find_eligible(district.hotels(declared={"OBJ00002": "art3-1"}), [HOTEL], [])
    assert [row.ground for row in found.excluded_targets] == ["art3-1"]


@pytest.mark.parametrize("changes", [{"industry": "R9011"}, {"items": ("XH-WL-01",)}])
def test_what_is_out_of_scope_is_neither_pool_nor_exclusion(changes: dict[str, object]) -> None:
    assert of_target(**changes).codes == {}


def test_targets_without_a_class_are_a_stratum_of_their_own_where_the_scheme_draws_from_it() -> None:
    batch = replace(district.hotels().batch, strata={"N": 1})
    found = find_eligible(
        district.hotels(batch=batch), [replace(HOTEL, risk=""), replace(HOTEL, code="OBJ2")], []
    )
    assert [(row.target, row.stratum) for row in found.pool] == [("OBJ00002", "N")]
    assert [row.ground for row in found.excluded_targets] == ["class-not-drawn"]


def test_streets_named_in_the_scheme_are_areas_of_their_own() -> None:
    batch = replace(district.hotels().batch, teams={"光明路街道": 1, "410402100": 1})
    elsewhere = replace(HOTEL, code="OBJ2", credit_code=None, street="410402001")
    partial = replace(OFFICER, areas=("410402002", "410402003"))
    found = find_eligible(
        district.hotels(batch=batch), [HOTEL, elsewhere], [OFFICER, replace(partial, certificate="T2")]
    )
    assert [row.area for row in found.pool] == ["光明路街道"]
    assert [(row.code, row.ground) for row in found.excluded_targets] == [("OBJ2", "area-not-drawn")]
    assert [row.areas for row in found.roster] == [("410402100", "光明路街道"), ("光明路街道",)]


@pytest.mark.parametrize(
    ("changes", "ground"),
    [
        ({"certificate_until": date(2026, 12, 17)}, "expired"),
        ({"certificate_until": None}, "expired"),
        ({"certificate": None}, "no-certificate"),
        ({"status": InspectorStatus.ON_LEAVE}, "leave"),
        ({"status": InspectorStatus.LEFT}, "left"),
        ({"expert": True}, "expert"),
        ({"level": "所级"}, "level"),
        ({"level": ""}, "level"),
        ({"items": ("XH-GA-02",)}, "items"),
        ({"areas": ("410402001",)}, "area"),
        ({"areas": ()}, "area"),
    ],
)
def test_an_inspector_left_out_is_named_with_the_ground(changes: dict[str, object], ground: str) -> None:
    found = of_officer(**changes)
    assert found.roster == () and [row.ground for row in found.excluded_inspectors] == [ground]


@pytest.mark.parametrize(
    "changes",
    [
        {"certificate_until": date(2026, 12, 18)},
        {"items": ("XH-GA-02", "XH-GA-05")},
        {"areas": ("410402002",)},
        {"level": "市级"},
    ],
)
def test_an_inspector_who_just_meets_the_condition_may_be_sent(changes: dict[str, object]) -> None:
    assert len(of_officer(**changes).roster) == 1


def test_only_those_who_may_lead_are_on_the_roster_as_leaders() -> None:
    assert [row.lead for row in (*of_officer().roster, *of_officer(may_lead=True).roster)] == [False, True]


def test_a_department_that_sends_nobody_is_out_of_scope_and_an_expert_of_no_department_is_named() -> None:
    assert of_officer(department="NY").excluded_inspectors == ()
    (row,) = of_officer(department="", expert=True, certificate=None).excluded_inspectors
    assert (row.code, row.ground) == ("INS0002", "expert")


@pytest.mark.parametrize("written", ["OBJ00002", HOTEL.credit_code])
def test_a_recusal_in_the_register_names_the_pair(written: str) -> None:
    found = of_officer(recused=(written, "OBJ99999"))
    assert found.recusals == (("OBJ00002", "TEST-1604-SCJG-002"),)


def test_what_is_eligible_can_be_committed() -> None:
    found = district.eligible()
    batch = district.hotels().batch
    ids = {target: rows.target_id(os.urandom(16), code) for target, code in found.codes.items()}
    rules = rows.DrawRules(batch.code, batch.teams, batch.crew, "GA", batch.strata, batch.entropy)
    fixed = commitment.commit(
        rules,
        found.pool_rows(ids),
        found.roster,
        found.recusal_rows(ids),
        found.exclusion_rows(ids),
        padding=os.urandom,
    )
    assert len(fixed.pool) == 257 and len(fixed.exclusions) == 59 + 24
