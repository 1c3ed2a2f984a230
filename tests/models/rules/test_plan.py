"""Art. 12: a plan is refused with the key and the value that are wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from models.data import read
from models.refusal import Refusal
from models.rules.plan import Plan, is_late, read_plan
from models.rules.registry.rows import Method
from tests.models.rules import district

PLAN = read("plan-2026.toml").decode()


def changed(old: str, new: str) -> Plan:
    assert old in PLAN
    return read_plan(PLAN.replace(old, new).encode(), district.known())


def refusal(old: str, new: str) -> Refusal:
    with pytest.raises(Refusal) as refused:
        changed(old, new)
    assert refused.value.article == "12"
    return refused.value


def test_the_example_says_whom_what_when_and_with_whom() -> None:
    plan = district.plan()
    (entry,) = plan.entries
    assert (plan.year, plan.department, plan.submitted) == (2026, "GA", date(2026, 1, 20))
    assert entry.items == ("XH-GA-02", "XH-GA-03", "XH-GA-04", "XH-GA-05")
    assert entry.participating == ("WJ", "XF", "SCJG")
    assert entry.rates == {"A": 1, "B": 3, "C": 25, "D": 60}
    assert (entry.opens, entry.closes) == (date(2026, 11, 24), date(2026, 12, 31))
    assert entry.methods == (Method.NETWORK, Method.ON_SITE)


def test_a_plan_handed_in_after_january_is_accepted_and_marked_late() -> None:
    assert not is_late(2026, date(2026, 1, 31))
    assert is_late(2026, date(2026, 2, 1))


@pytest.mark.parametrize("rate", ["0", "-1", "101", "100.01", "0.001", '"1"', "true", "nan"])
def test_a_rate_that_is_no_share_is_refused(rate: str) -> None:
    refused = refusal("A = 1,", f"A = {rate},")
    assert refused.code == "plan.rate" and refused.params["key"] == "entries[1].rates.A"


def test_a_rate_may_be_a_part_of_a_per_cent_and_a_part_of_a_target_counts_as_one() -> None:
    (entry,) = changed("A = 1,", "A = 0.5,").entries
    assert entry.rates["A"] == Decimal("0.5")
    assert [entry.due_from("A", size) for size in (0, 1, 200, 201)] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ("from = 2026-11-24", "from = 2025-12-31", "plan.window_outside_year", "entries[1].from"),
        ("until = 2026-12-31", "until = 2027-01-01", "plan.window_outside_year", "entries[1].until"),
        ("until = 2026-12-31", "until = 2026-11-23", "plan.window_backwards", "entries[1].until"),
        ("until = 2026-12-31", 'until = "2026-12-31"', "paper.wrong_kind", "entries[1].until"),
        ("until = 2026-12-31", "until = 2026-12-31T00:00:00Z", "paper.wrong_kind", "entries[1].until"),
        ('["WJ", "XF", "SCJG"]', "[]", "plan.no_participant", "entries[1].participating"),
        ('["WJ", "XF", "SCJG"]', '["GA"]', "plan.initiator_participates", "entries[1].participating"),
        ('["WJ", "XF", "SCJG"]', '["WJ", "ZZ"]', "plan.department_unknown", "entries[1].participating"),
        ('["WJ", "XF", "SCJG"]', '["WJ", "WJ"]', "paper.wrong_kind", "entries[1].participating"),
        ('department = "GA"', 'department = "ZZ"', "plan.department_unknown", "department"),
        ("year = 2026", "year = 26", "plan.year", "year"),
        ("submitted = 2026-01-20", "submitted = 2024-01-20", "plan.submitted", "submitted"),
        ("A = 1, B", "E = 1, B", "plan.class_unknown", "entries[1].rates.E"),
        ("areas = []", 'areas = ["火星路"]', "plan.street_unknown", "entries[1].targets.areas"),
        ('"ON_SITE"', '"BY_TELEPATHY"', "plan.method_unknown", "entries[1].method"),
        ('title = "宾馆、旅店联合抽查"', "", "paper.key_missing", "entries[1].title"),
        ('title = "宾馆、旅店联合抽查"', 'title = " "', "paper.text_length", "entries[1].title"),
        ("method = ", "methods = ", "paper.key_missing", "entries[1].method"),
        ("areas = []", 'areas = [], colour = "red"', "paper.key_unknown", "entries[1].targets.colour"),
    ],
)
def test_what_is_wrong_is_named_by_its_key(old: str, new: str, code: str, key: str) -> None:
    refused = refusal(old, new)
    assert (refused.code, refused.params["key"]) == (code, key)


def test_an_item_that_is_not_on_the_list_is_refused_with_its_number() -> None:
    refused = refusal('"XH-GA-05"', '"XH-GA-99"')
    assert (refused.code, refused.params["value"]) == ("plan.item_not_listed", "XH-GA-99")


def test_one_code_for_two_entries_is_refused() -> None:
    twice = PLAN + PLAN[PLAN.index("[[entries]]") :]
    with pytest.raises(Refusal) as refused:
        read_plan(twice.encode(), district.known())
    assert refused.value.params == {"entry": "2026-XH-GA-02"}


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [("year = 2026\nyear 2026\n", "paper.not_toml", 2), ('a = "', "paper.not_toml", 1)],
)
def test_a_file_that_is_no_plan_is_refused_with_the_line(data: str, code: str, line: int) -> None:
    with pytest.raises(Refusal) as refused:
        read_plan(data.encode(), district.known())
    assert (refused.value.code, refused.value.params["line"]) == (code, line)


def test_a_file_whose_brackets_never_end_is_refused_in_words() -> None:
    with pytest.raises(Refusal) as refused:
        read_plan(b"a = " + b"[" * 5000, district.known())
    assert refused.value.code == "paper.too_deep"


def test_a_plan_saved_in_gbk_is_refused_with_the_line_and_one_with_a_bom_is_read() -> None:
    with pytest.raises(Refusal) as refused:
        read_plan(PLAN.encode("gbk"), district.known())
    assert (refused.value.code, refused.value.params["line"]) == ("paper.not_utf8", 1)
    assert read_plan(PLAN.encode("utf-8-sig"), district.known()) == district.plan()
