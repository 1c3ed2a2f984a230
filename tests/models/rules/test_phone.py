"""A shared contact is bound only when it is the number of the registry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.phone import international, same_number


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "+86 138 0013 8000",
        "008613800138000",
        "86-138-0013-8000",
        "８６１３８００１３８０００",
        "+86\u202d13800138000\u202c",
        "（86）13800138000",
    ],
)
def test_d74_one_mobile_number_however_it_is_written(written: str) -> None:
    assert international(written) == "+8613800138000"


@pytest.mark.parametrize(
    "written",
    [
        "0375-0900001",
        "03750900001",
        "+86 375 0900001",
        "+863750900001",
        "+86 (0375) 0900001",
        "0086-375-0900001",
        "863750900001",
        "０３７５－０９００００１",
        "（0375）0900001",
    ],
)
def test_d74_one_landline_however_it_is_written(written: str) -> None:
    assert international(written) == "+863750900001"
    assert same_number(written, "0375-0900001")


@pytest.mark.parametrize(
    "written",
    [
        "12345678901234567",
        "138001380001380",
        "",
        "0900001",
        "12315",
        "400-800-1234",
        "0375-0900001转801",
        "13800138000;13900139000",
        "ext",
        "+",
        "+86",
        "+86 12345",
        "00",
        "12800138000",
    ],
)
def test_d74_what_is_not_exactly_one_number_is_left_to_a_person(written: str) -> None:
    assert international(written) is None


def test_two_unreadable_numbers_are_never_the_same() -> None:
    assert not same_number("12345678901234567", "12345678901234567")
    assert not same_number("", "")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+852 2345 6789", "+85223456789"),
        ("00 44 20 7946 0000", "+442079460000"),
        ("010-12345678", "+861012345678"),
        ("0755 12345678", "+8675512345678"),
    ],
)
def test_other_countries_and_short_area_codes_are_read(written: str, number: str) -> None:
    assert international(written) == number


@given(st.text(max_size=40))
def test_reading_a_number_twice_changes_nothing(written: str) -> None:
    number = international(written)
    assert number is None or international(number) == number
