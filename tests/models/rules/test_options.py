"""Art. 7, 16: a point that offers a choice takes its options alone, by their words or their places."""

from datetime import date

import pytest

from models.refusal import Refusal
from models.rules.checklist import Ask, ValueKind
from models.rules.value import options, read, toggled

TODAY = date(2026, 12, 8)


def ask(kind: str, fill_in: str = "经营场所：自有/租赁/其他") -> Ask:
    return Ask(1, 1, "GA", "示例", "示例", ValueKind(kind), fill_in, "no", "no", "", True)


def test_the_options_stand_behind_the_name_of_the_value():
    assert options(ValueKind.ONE, "经营场所：自有/租赁/其他") == ("自有", "租赁", "其他")
    assert options(ValueKind.MANY, "自有；租赁；自有") == ("自有", "租赁")
    assert options(ValueKind.TEXT, "自有/租赁") == ()


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("ONE", "租赁", "租赁"),
        ("ONE", "２", "租赁"),
        ("MANY", "3 1", "自有、其他"),
        ("MANY", "其他、自有", "自有、其他"),
    ],
)
def test_an_option_is_taken_by_word_or_place(kind, typed, value):
    assert read(ask(kind), typed, TODAY).value == value


@pytest.mark.parametrize(
    ("kind", "typed"), [("ONE", "1 2"), ("ONE", "4"), ("ONE", "0"), ("MANY", "自有 没有")]
)
def test_anything_else_is_refused_with_the_options(kind, typed):
    with pytest.raises(Refusal) as no:
        read(ask(kind), typed, TODAY)
    assert no.value.code == "checklist.not_an_option" and no.value.params["options"] == [
        "自有",
        "租赁",
        "其他",
    ]


def test_a_second_tap_takes_one_of_several_back_but_never_the_last():
    assert toggled(ask("ONE"), "自有", "租赁") == "租赁"
    assert toggled(ask("MANY"), "自有", "其他") == "自有、其他"
    assert toggled(ask("MANY"), "自有、其他", "自有") == "其他"
    assert toggled(ask("MANY"), "其他", "其他") == "其他"
