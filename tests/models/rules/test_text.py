"""Names are kept as written, codes are folded as the draw folds them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.rules import text
from models.rules.draw.files import normal


@pytest.mark.parametrize(
    "written",
    [
        "示例<b>旅馆</b>",
        "示例_*[]酒店",
        "示例 & 旅馆",
        "示例（有限合伙）公司",
        "=1+1示例",
        "示例👨\u200d👩\u200d👧旅馆",
        "示例❤\ufe0f酒店",
    ],
)
def test_d24_d25_markup_brackets_and_emoji_in_a_name_stay_as_written(written: str) -> None:
    assert text.name(written) == written


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("示例\u202e馆旅", "示例馆旅"),
        ("\u2066示例\u2069旅馆\u200b", "示例旅馆"),
        ("\ufeff示例\u200f旅馆", "示例旅馆"),
        ("示\u200d例旅馆\u200d", "示例旅馆"),
        ("示例\r\n旅馆\t一店", "示例 旅馆 一店"),
        ("示例\x00\x1b[31m旅馆", "示例[31m旅馆"),
        ("示例\u3164旅馆\uffa0", "示例旅馆"),
        ("  示例\u3000旅馆 ", "示例 旅馆"),
        ("示例\ud83d旅馆", "示例\ufffd旅馆"),
    ],
)
def test_d25_what_nobody_can_see_is_taken_out_of_a_name(written: str, kept: str) -> None:
    assert text.name(written) == kept


def test_d25_line_breaks_stay_in_a_long_text() -> None:
    assert text.visible("第一行\n第二行\u202e") == "第一行\n第二行"


@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing(written: str) -> None:
    assert text.name(text.name(written)) == text.name(written)
    assert text.code(text.code(written)) == text.code(written)


@given(st.text(max_size=30))
@example("A´")
def test_the_draw_finds_a_code_folded_already(written: str) -> None:
    assert normal(text.code(written)) == text.code(written)


@pytest.mark.parametrize(
    "written", ["ｔｅｓｔ－１６０４ ｇａ\u3000001", "straße 1", "№ 7", "91350100m000100y43\t"]
)
def test_a_code_is_folded_as_the_draw_folds_it(written: str) -> None:
    assert text.code(written) == normal(written)


def test_two_spellings_of_one_name_are_alike() -> None:
    assert text.likeness("示例（ABC） 酒店") == text.likeness("示例(abc)酒店\u200b")
    assert text.likeness("示例一店") != text.likeness("示例二店")
