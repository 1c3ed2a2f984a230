"""Who owes a result of a joint task, when silence counts as 视为未完成, and what the whole comes to (Art. 16 (3))."""

from datetime import UTC, date, datetime

import pytest

from models.refusal import Refusal
from models.rules.checklist import Ask, ChecklistSheet, GivenAnswer, Network, ValueKind
from models.rules.department_result import (
    MEASURES,
    DepartmentEntry,
    check_measures,
    inspected,
    joined_notes,
    standings,
    toggled_measure,
    usual,
    whole,
)

DUE, AT = date(2027, 1, 6), datetime(2026, 12, 9, tzinfo=UTC)
ASKS = tuple(
    Ask(n, n, department, "示例", "", ValueKind.TRI, "", "no", "full", "", True, "", ())
    for n, department in enumerate(("GA", "XF", "WJ"), 1)
)


def entered(returned: str = "") -> DepartmentEntry:
    return DepartmentEntry(1, 1, ("R01",), (), "", "INS-1", AT, False, returned)


def test_a_department_inspected_where_it_answered_settled_online_or_took_a_sample():
    answered = {1: GivenAnswer(verdict="pass"), 3: GivenAnswer(verdict="")}
    assert inspected(ChecklistSheet(ASKS, answered), "GA") == ("GA",)
    online = {2: Network("pass", "示例", "示例", settles=True)}
    assert inspected(ChecklistSheet(ASKS, answered, online), "GA") == ("GA", "XF")
    assert inspected(ChecklistSheet(ASKS, waiting=frozenset({3})), "GA") == ("WJ",)


def test_where_nobody_got_in_the_leaders_department_writes_it_down():
    assert inspected(ChecklistSheet(ASKS), "XF") == ("XF",)


@pytest.mark.parametrize(
    ("entry", "today", "waiting", "silent"),
    [
        (None, DUE, True, False),
        (None, date(2027, 1, 7), False, True),
        (entered(), date(2027, 1, 7), False, False),
        (entered("示例:退回"), DUE, True, False),
        (entered("示例:退回"), date(2027, 1, 7), False, True),
    ],
)
def test_silence_counts_from_the_day_after_the_last(entry, today, waiting, silent):
    entries = {"GA": entry} if entry else {}
    (line,) = standings(["GA"], entries, DUE, today)
    assert (line.waiting, line.silent) == (waiting, silent)


def test_the_whole_holds_whatever_anybody_found():
    assert whole([("R01",), ("R01",)]) == ("R01",)
    assert whole([("R01",), ("R05", "R08"), ("R02",)]) == ("R02", "R05", "R08")


def test_notes_stand_under_the_departments_names_and_one_alone_needs_none():
    assert joined_notes([("公安", "示例")]) == "示例"
    assert joined_notes([("公安", "示例"), ("消防", "")]) == "公安：示例"


def test_what_a_form_proposes_stands():
    for types in (["R01"], ["R05"], ["R02", "R05"], ["R08"], ["R10"], ["R14"], []):
        assert check_measures(usual(types), types, "示例") == usual(types)


def test_a_tap_on_no_measure_and_the_others_push_each_other_out():
    assert toggled_measure(("ordered",), "none") == ("none",)
    assert toggled_measure(("none",), "case") == ("case",)
    assert toggled_measure(("ordered", "case"), "case") == ("ordered",)


def test_an_unknown_measure_is_refused_and_none_may_be_named_yet():
    assert check_measures([], ["R05"], "") == ()
    with pytest.raises(Refusal):
        check_measures(["示例"], ["R05"], "")
    assert check_measures(MEASURES[:0:-1], ["R05"], "示例") == MEASURES[1:]
