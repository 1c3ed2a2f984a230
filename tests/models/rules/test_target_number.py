"""A target's own number is never called a credit code, on no paper and on no page (Art. 4, 10)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.credit_code import CHARSET, check_digit, organisation_check
from models.rules.target_number import NumberKind, kind_of, number_of, said_beside

CODE = "92410402XXXX00019H"


def target(code: str = "OBJ1", credit_code: str | None = None, registration: str = "") -> SimpleNamespace:
    return SimpleNamespace(code=code, credit_code=credit_code, registration=registration)


CASES = {
    "a firm": (target(credit_code=CODE), CODE, NumberKind.CREDIT_CODE),
    "an old firm": (target(registration="410402600000016"), "410402600000016", NumberKind.REGISTRATION),
    "an old firm of a number that is none by the rule": (target(registration="豫平1"), "豫平1", NumberKind.REGISTRATION),
    "a lift": (target(), "OBJ1", NumberKind.OWN),
    "a lift whose number has 18 places": (target(code="1" * 18), "1" * 18, NumberKind.OWN),
    "a project numbered by a credit code": (target(code=CODE), CODE, NumberKind.OWN),
    "a lift whose number has 15 places": (target(code="410402600000016"), "410402600000016", NumberKind.OWN),
    "a firm whose code was accepted against its check digit": (target(credit_code="9" * 18), "9" * 18, NumberKind.UNCHECKED),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_a_number_is_called_what_it_is_on_a_paper_that_keeps_it(what):
    of, number, kind = CASES[what]
    assert number_of(of) == (number, kind)
    assert NumberKind(said_beside(of).get("numbered") or kind_of(number)) == kind


def test_papers_of_before_are_judged_by_the_number_alone():
    assert kind_of(CODE) == "credit_code" and kind_of("410402600000016") == "registration"
    assert kind_of("OBJ00001") == kind_of("100000000000000000") == "own"


@given(
    st.text(alphabet=CHARSET, min_size=8, max_size=8), st.text(alphabet="0123456789", min_size=8, max_size=8)
)
def test_every_right_code_needs_no_word_beside_it(body, place):
    head = "91" + place[:6] + body
    code = head + organisation_check(body)
    code += check_digit(code)
    assert said_beside(target(credit_code=code)) == {}
