"""Art. 13: batches, quantities, crews and signatures of a scheme."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from locales import words
from models.data import read, workday_calendar
from models.refusal import Refusal
from models.rules.scheme import Scheme, check_load, check_quantities, forecast, plan_entry_of, read_scheme
from tests.models.rules import district

SCHEME = read("scheme-hotels.toml").decode()
ENTRY = district.plan().entries[0]
BATCH = district.scheme().batches[0]


def changed(old: str, new: str) -> Scheme:
    assert old in SCHEME
    return read_scheme(SCHEME.replace(old, new).encode(), ENTRY, "GA", district.known())


def refusal(old: str, new: str) -> Refusal:
    with pytest.raises(Refusal) as refused:
        changed(old, new)
    return refused.value


def test_the_example_is_read() -> None:
    assert plan_entry_of(SCHEME.encode()) == "2026-XH-GA-02"
    assert BATCH.strata == {"A": 4, "B": 4, "C": 3, "D": 1}
    assert BATCH.teams == {"*": 2}
    assert BATCH.crew == {"GA": 2, "WJ": 2, "XF": 2, "SCJG": 2}
    assert BATCH.entropy == ("witness:GA", "witness:WJ")
    assert (BATCH.opens, BATCH.closes) == (date(2026, 11, 30), date(2026, 12, 18))


@pytest.mark.parametrize(
    ("old", "new", "code", "params"),
    [
        ("GA = 2, WJ", "GA = 1, WJ", "paper.count", {"key": "batches[1].crew.GA", "value": "1", "least": 2}),
        (
            "GA = 2, WJ",
            "ZZ = 2, WJ",
            "plan.department_unknown",
            {"key": "batches[1].crew.ZZ", "value": "ZZ", "known": district.known().department_names},
        ),
        (
            "GA = 2, WJ",
            '"公安局" = 3, GA = 2, WJ',
            "scheme.department_twice",
            {"key": "batches[1].crew.GA", "department": "GA"},
        ),
        (
            "GA = 2, WJ",
            "NY = 2, WJ",
            "scheme.department_not_in_plan",
            {"key": "batches[1].crew.NY", "value": "NY"},
        ),
        (
            ', XF = "测试负责人XF"',
            "",
            "scheme.not_signed",
            {"key": "adopted_by", "department": "XF", "batch": BATCH.code},
        ),
        (
            'XF = "测试负责人XF"',
            'XF = " "',
            "scheme.not_signed",
            {"key": "adopted_by.XF", "department": "XF", "batch": ""},
        ),
        ("A = 4", "A = -1", "paper.count", {"key": "batches[1].strata.A", "value": "-1", "least": 0}),
        ("A = 4", "A = 4.5", "paper.count", {"key": "batches[1].strata.A", "value": "4.5", "least": 0}),
        ("A = 4", "N = 4", "scheme.class_without_rate", {"key": "batches[1].strata.N", "value": "N"}),
        ('"*" = 2', '"*" = 0', "paper.count", {"key": "batches[1].teams.*", "value": "0", "least": 1}),
        (
            '"*" = 2',
            '"*" = 2, "焦店镇" = 1',
            "scheme.areas",
            {"key": "batches[1].teams", "value": "*, 焦店镇"},
        ),
        (
            '"*" = 2',
            '"焦店镇" = 1, "410402100" = 1',
            "scheme.areas",
            {"key": "batches[1].teams.焦店镇", "value": "焦店镇"},
        ),
        (
            '"*" = 2',
            '"火星路" = 2',
            "plan.street_unknown",
            {"key": "batches[1].teams.火星路", "value": "火星路"},
        ),
        (
            "until = 2026-12-18",
            "until = 2026-11-29",
            "plan.window_backwards",
            {"key": "batches[1].until", "value": date(2026, 11, 29), "opens": date(2026, 11, 30)},
        ),
        (
            "from = 2026-11-30",
            "from = 2026-11-23",
            "scheme.window_outside_plan",
            {
                "key": "batches[1].from",
                "value": date(2026, 11, 23),
                "opens": date(2026, 11, 24),
                "closes": date(2026, 12, 31),
            },
        ),
        (
            '2026-XH-GA-02"\n',
            '2026-XH-GA-03"\n',
            "scheme.other_entry",
            {"key": "plan_entry", "value": "2026-XH-GA-02"},
        ),
    ],
)
def test_what_is_wrong_is_named_by_key_and_value(
    old: str, new: str, code: str, params: dict[str, object]
) -> None:
    refused = refusal(old, new)
    assert (refused.code, refused.params) == (code, params)


@pytest.mark.parametrize(
    ("sources", "code"),
    [
        ("[]", "draw.no_entropy"),
        ('["witness:GA"]', "draw.too_few_witnesses"),
        ('["witness:GA", "witness:GA"]', "paper.wrong_kind"),
        ('["witness:GA", "witness:NY"]', "draw.department_unknown"),
        ('["witness:GA", "witness:WJ", "beacon:drand"]', "draw.source_malformed"),
        ('["witness:GA", "witness:WJ", "coin:1"]', "draw.source_malformed"),
    ],
)
def test_sources_that_the_draw_forbids_are_refused_at_adoption(sources: str, code: str) -> None:
    assert refusal('["witness:GA", "witness:WJ"]', sources).code == code


def test_a_beacon_or_lottery_may_stand_beside_the_witnesses() -> None:
    scheme = changed('["witness:GA", "witness:WJ"]', '["witness:GA", "witness:WJ", "lottery:福彩3D 2026300"]')
    assert scheme.batches[0].entropy[2] == "lottery:福彩3D 2026300"


def test_more_than_the_pool_is_refused_with_the_numbers() -> None:
    with pytest.raises(Refusal) as refused:
        check_quantities(BATCH, ENTRY, {"A": 161, "B": 71, "C": 2, "D": 3}, {})
    assert refused.value.code == "scheme.more_than_pool"
    numbers = {"batch": BATCH.code, "stratum": "C", "count": 3, "size": 2}
    assert refused.value.params == numbers
    with pytest.raises(Refusal) as refused:
        check_quantities(BATCH, ENTRY, {"A": 161, "B": 71, "C": 2, "D": 3}, {"C": 20, "D": 1})
    assert (refused.value.code, refused.value.params) == ("scheme.class_spent", {**numbers, "spent": 20})


def test_a_quantity_that_the_rate_does_not_give_is_a_concern_with_numbers() -> None:
    sizes = {"A": 161, "B": 71, "C": 22, "D": 3}
    told = {
        concern.params["stratum"]: concern.params["due"]
        for concern in check_quantities(BATCH, ENTRY, sizes, {})
    }
    assert told == {"A": 2, "B": 3, "C": 6, "D": 2}
    kept = replace(BATCH, strata={"A": 2, "B": 3, "C": 6, "D": 2})
    assert check_quantities(kept, ENTRY, sizes, {}) == []


def test_the_forecast_counts_officer_visits_and_visits_a_day() -> None:
    load = forecast(BATCH, workday_calendar())
    assert (load.targets, load.teams, load.workdays, load.provisional) == (12, 2, 15, False)
    assert load.visits == {"GA": 24, "SCJG": 24, "WJ": 24, "XF": 24}
    assert load.daily == 40
    officers = {"GA": 10, "SCJG": 17, "WJ": 10, "XF": 5}
    assert check_load(BATCH, ENTRY, load, officers) == []


def test_a_load_beyond_what_teams_can_do_is_a_concern() -> None:
    heavy = replace(BATCH, strata={"A": 61})
    concerns = check_load(heavy, ENTRY, forecast(heavy, workday_calendar()), {"GA": 3, "SCJG": 9, "WJ": 9})
    assert [concern.reason for concern in concerns] == [
        "scheme.overloaded",
        "scheme.too_few_officers",
        "scheme.too_few_officers",
    ]
    assert concerns[1].params == {"department": "GA", "seats": 4, "officers": 3}
    idle = replace(BATCH, crew={"GA": 2})
    assert {
        concern.params["department"]
        for concern in check_load(idle, ENTRY, forecast(idle, workday_calendar()), {"GA": 4})
    } == {"WJ", "XF", "SCJG"}


def test_a_batch_on_days_off_only_cannot_be_carried_out() -> None:
    weekend = replace(BATCH, opens=date(2026, 12, 5), closes=date(2026, 12, 6))
    load = forecast(weekend, workday_calendar())
    assert load.workdays == 0
    assert check_load(weekend, ENTRY, load, dict.fromkeys(BATCH.crew, 4))[0].reason == "scheme.overloaded"


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_c16_every_concern_about_a_scheme_is_a_sentence_with_its_numbers(language: str) -> None:
    heavy, idle = replace(BATCH, strata={"A": 61}), replace(BATCH, crew={"GA": 2})
    found = [
        *check_quantities(BATCH, ENTRY, {"A": 161, "B": 71, "C": 22, "D": 3}, {}),
        *check_load(heavy, ENTRY, forecast(heavy, workday_calendar()), {"GA": 3, "SCJG": 9, "WJ": 9}),
        *check_load(idle, ENTRY, forecast(idle, workday_calendar()), {"GA": 4}),
    ]
    assert len({concern.reason for concern in found}) == 4
    for concern in found:
        said = words(language)(f"cli.concern.{concern.reason}", batch=concern.batch, **concern.params)
        assert said.endswith(("。", "."))
        assert not any(f"{name} =" in said or f"{name}=" in said for name in concern.params)
        assert all(str(value) in said for value in concern.params.values())
