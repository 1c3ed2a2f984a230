"""Art. 7, 16: a point under a condition is asked only where the points before it were answered so."""

import pytest

from models.rules import checklist
from models.rules.checklist import Ask, ChecklistSheet, GivenAnswer, Network, ValueKind
from models.rules.condition import Clause, PointAnswer, holds, read_condition, written


def ask(number: int, condition: str = "", kind: str = "TRI", fill_in: str = "") -> Ask:
    return Ask(
        number, number, "GA", f"第{number}项", "示例", ValueKind(kind), fill_in, "no", "no", "", True,
        when=read_condition(condition),
    )  # fmt: skip


ASKS = (ask(1), ask(2, "1=不合格"), ask(3, "2=合格"), ask(4, "5=自有", "TRI"), ask(5, "", "ONE", "自有/租赁"))
EARLIER = (*ASKS[:3], ask(4, "", "ONE", "自有/租赁"), ask(5, "4=自有；1!=不适用"))


def sheet(**given: str) -> ChecklistSheet:
    answers = {int(name[1:]): GivenAnswer(1, verdict, note="示例") for name, verdict in given.items()}
    return checklist.arranged(ChecklistSheet(EARLIER, answers))


def asked(shown: ChecklistSheet) -> list[int]:
    return [one.number for one in shown.asks]


@pytest.mark.parametrize(
    ("text", "clauses", "one_form"),
    [
        ("3=不合格", [(3, "=", "fail")], "3=不合格"),
        ("第3项 = 不合格 且 5≠自有", [(3, "=", "fail"), (5, "!=", "自有")], "3=不合格；5!=自有"),
        ("7≥10; 8<2.5", [(7, ">=", "10"), (8, "<", "2.5")], "7>=10；8<2.5"),
        ("", [], ""),
    ],
)
def test_a_condition_is_read_into_one_form(text, clauses, one_form):
    assert list(read_condition(text)) == [Clause(*clause) for clause in clauses]
    assert written(read_condition(text)) == one_form


@pytest.mark.parametrize("text", ["合格", "3", "3=", "三=合格", "3>多", "3 不合格"])
def test_what_is_no_condition_is_named(text):
    with pytest.raises(ValueError, match=text.strip()):
        read_condition(text)


@pytest.mark.parametrize(
    ("condition", "said", "stands"),
    [
        ("1=合格", PointAnswer("pass", ""), True),
        ("1!=合格", PointAnswer("fail", ""), True),
        ("1!=合格", None, False),
        ("1!=合格", PointAnswer("", ""), False),
        ("1=自有", PointAnswer("pass", "自有、其他"), True),
        ("1>=10", PointAnswer("pass", "10"), True),
        ("1<10", PointAnswer("pass", "10"), False),
        ("1<10", PointAnswer("na", ""), False),
    ],
)
def test_a_condition_holds_by_verdict_option_and_number(condition, said, stands):
    assert holds(read_condition(condition), {1: said}.get) is stands


def test_a_hidden_point_hides_what_depends_on_it():
    assert asked(sheet()) == [1, 4]
    assert asked(sheet(q1="pass", q2="pass")) == [1, 4]
    assert asked(sheet(q1="fail")) == [1, 2, 4]
    assert asked(sheet(q1="fail", q2="pass")) == [1, 2, 3, 4]


def test_a_hidden_answer_is_no_gap_and_no_failure_and_comes_back_with_its_condition():
    shown = sheet(q1="fail", q2="fail")
    assert checklist.failures(shown) == [1, 2]
    gone = shown.with_answer(1, GivenAnswer(2, "pass"))
    assert (checklist.failures(gone), asked(gone), gone.aside[2].verdict) == ([], [1, 4], "fail")
    assert [one.number for one, _ in checklist.open_gaps(gone, "GA")] == [4]
    back = gone.with_answer(1, GivenAnswer(3, "fail", note="示例"))
    assert (asked(back), back.given[2].verdict, dict(back.aside)) == ([1, 2, 4], "fail", {})
    assert back.every == EARLIER


def test_what_the_network_check_settled_answers_a_condition_too():
    first = Ask(1, 1, "GA", "第1项", "示例", ValueKind.TRI, "", "no", "full", "示例", True)
    found = {1: Network("fail", "示例", "示例", settles=True)}
    assert asked(checklist.arranged(ChecklistSheet((first, ASKS[1]), {}, found))) == [1, 2]
