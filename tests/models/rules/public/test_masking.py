"""What names a person is hidden in words that everybody reads; what does not is left as it is (Art. 8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.public.masking import masked


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("请找张金丝核对", "请找张**核对"),
        ("电话13712345678。", "电话137********。"),
        ("137 1234 5678", "137**********"),
        ("0375-1234567转", "037*********转"),
        ("110101199003071234", "110***************"),
        ("a.b@example.test", "a.b*************"),
        ("１３７１２３４５６７８", "１３７********"),
        ("（0375）1234567", "（03**********"),
        ("(0375) 123 4567", "(03************"),
        ("0375 - 1234567", "037***********"),
        ("+86 375 1234567", "+86************"),
        ("+8613712345678", "+86***********"),
        ("008613712345678", "008************"),
        ("137.1234.5678", "137**********"),
        ("137 - 1234 - 5678", "137**************"),
        ("137/1234/5678", "137**********"),
        ("137 123 45678", "137**********"),
        ("电话：1234567，找前台", "电话：123****，找前台"),
        ("1101 0119 9003 0712 34", "110*******************"),
        ("a.b＠example．test", "a.b*************"),
        ("请找张 金丝核对", "请找张**核对"),
        ("请找张　金　丝", "请找张**"),
    ],
)
def test_what_names_a_person_is_shown_with_stars(typed, shown):
    assert masked(typed, ["张金丝", "李"]) == shown


@pytest.mark.parametrize(
    "plain",
    [
        "91410000000000001X",
        "912601000000000018",
        "示例委〔2026〕8号",
        "示例委〔2026〕1234号（2026-11-27）",
        "2026年11月27日 9:30—10:30",
        "XH-GA-02 第1-8项",
        "410402600000016",
        "投诉电话 12345、12315",
        "2026-11-27 09:30",
        "共 1234567 元",
        "",
        "李子",
    ],
)
def test_what_names_nobody_is_left_as_it_is(plain):
    assert masked(plain, ["张金丝", "李"]) == plain


@given(st.text(max_size=40), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(max_size=40))
def test_no_telephone_stands_in_what_is_shown_whatever_is_around_it(before, phone, after):
    around = (
        before.rstrip("0123456789０１２３４５６７８９-—－· ") + "\n",
        "\n" + after.lstrip("0123456789０１２３４５６７８９"),
    )
    assert phone not in masked(phone.join(around))


@given(st.text(max_size=80), st.lists(st.text(min_size=2, max_size=4), max_size=3))
def test_what_is_shown_is_as_long_as_what_was_typed_or_shorter_by_names_alone(typed, names):
    assert len(masked(typed)) == len(typed) and len(masked(typed, names)) <= len(typed)
