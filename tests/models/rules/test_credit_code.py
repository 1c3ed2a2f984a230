"""Art. 4: the code under which a target is known."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.data import read
from models.rules import credit_code

VECTORS = (Path(__file__).parents[2] / "data" / "credit_code_vectors.csv").read_text("utf-8").splitlines()


@pytest.mark.parametrize("row", list(csv.DictReader(VECTORS)), ids=lambda row: row["code"])
def test_the_published_codes_are_judged_as_listed(row: dict[str, str]) -> None:
    verdict = credit_code.examine(row["code"])
    assert verdict.valid is (row["期望结果"] == "valid")
    if "charset" not in verdict.problems:
        assert verdict.expected == row["校验位应为"]
        assert ("organisation_check" in verdict.problems) is row["机构代码校验"].startswith("mismatch")


def test_every_fictitious_code_of_the_registry_is_valid_and_every_old_number_too() -> None:
    rows = list(csv.DictReader(read("targets.csv").decode().splitlines()))
    codes = [row["统一社会信用代码"] for row in rows if row["统一社会信用代码"]]
    numbers = [row["注册号"] for row in rows if row["注册号"]]
    assert len(codes) == 2686 and len(numbers) == 790
    assert [code for code in codes if not credit_code.examine(code).valid] == []
    assert [number for number in numbers if credit_code.examine_registration(number).warnings] == []


def test_d78_a_bad_check_digit_is_refused_and_the_right_one_named() -> None:
    verdict = credit_code.examine("91350100M000100Y4X")
    assert verdict.problems == ("check_digit",)
    assert verdict.expected == "3"


def test_a_wrong_organisation_part_is_found_even_when_the_last_digit_fits() -> None:
    body = "91350100M000100Y5"
    verdict = credit_code.examine(body + credit_code.check_digit(body))
    assert verdict.problems == ("organisation_check",)


@pytest.mark.parametrize(
    "written", ["９１３５０１００Ｍ０００１００Ｙ４３", " 91350100m000100y43", "91350100 M000100Y 43\n"]
)
def test_full_width_small_and_spaced_codes_are_folded_and_the_rewriting_is_reported(written: str) -> None:
    verdict = credit_code.examine(written)
    assert verdict.valid and verdict.code == "91350100M000100Y43"
    assert verdict.warnings == ("rewritten",)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("91350100M000100Y4", "length"),
        ("", "length"),
        ("91350100M000100Y4O", "charset"),
        ("9135010OM000100Y43", "charset"),
    ],
)
def test_what_is_no_code_is_refused_with_the_reason(written: str, problem: str) -> None:
    assert credit_code.examine(written).problems == (problem,)


def test_an_old_registration_number_only_warns() -> None:
    assert credit_code.examine("410402600000016").warnings == ()
    wrong = credit_code.examine("410402600000017")
    assert wrong.valid and wrong.warnings == ("registration_check",) and wrong.expected == "6"
    assert credit_code.examine_registration("4104026").warnings == ("registration_shape",)


@given(st.text(max_size=30))
def test_no_text_breaks_the_examination(written: str) -> None:
    credit_code.examine(written)
    credit_code.examine_registration(written)


@given(
    st.text(alphabet=credit_code.CHARSET, min_size=17, max_size=17),
    st.integers(0, 15),
    st.sampled_from(credit_code.CHARSET),
)
def test_one_wrong_place_never_passes(body: str, place: int, other: str) -> None:
    body = body[:16] + credit_code.organisation_check(body[8:16])
    code = body + credit_code.check_digit(body)
    assert credit_code.examine(code).valid
    changed = code[:place] + other + code[place + 1 :]
    assert changed == code or not credit_code.examine(changed).valid
