"""统一社会信用代码 (GB 32100-2015) and the old 15-digit registration number (Art. 4, 10).

39,631 of 39,632 real codes pass both checks, so a failure is refused unless an administrator overrides it
with a reason; the old number (ISO 7064 MOD 11,10) was not issued everywhere by the rule and only warns.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.rules import text

CHARSET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {sign: value for value, sign in enumerate(CHARSET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class CreditCodeCheck:
    """`code` as normalised; `problems` forbid it, `warnings` do not; `expected` is the check digit due."""

    code: str
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    expected: str = ""

    @property
    def valid(self) -> bool:
        return not self.problems


def examine(raw: str) -> CreditCodeCheck:
    """Judge an 18-place code.

    Problems: `length`, `charset`, `check_digit`, `organisation_check`. Warnings: `rewritten` (full-width,
    small letters or spaces were folded). A 15-digit number is judged by `examine_registration`.
    """
    code = text.code(raw)
    if len(code) == 15 and code.isdecimal():
        return examine_registration(raw)
    warnings: tuple[str, ...] = ("rewritten",) if code != raw else ()
    if len(code) != 18:
        return CreditCodeCheck(code, ("length",), warnings)
    if any(sign not in _VALUE for sign in code):
        return CreditCodeCheck(code, ("charset",), warnings)
    expected = check_digit(code)
    problems: tuple[str, ...] = ("check_digit",) if code[17] != expected else ()
    if code[16] != organisation_check(code[8:16]):
        problems += ("organisation_check",)
    return CreditCodeCheck(code, problems, warnings, expected)


def examine_registration(raw: str) -> CreditCodeCheck:
    """Judge an old 15-digit registration number. Nothing forbids it; warnings: `registration_number`
    (where a credit code was due), `registration_shape`, `registration_check`, `rewritten`."""
    code = text.code(raw)
    warnings: tuple[str, ...] = ("rewritten",) if code != raw else ()
    if not (len(code) == 15 and code.isascii() and code.isdecimal()):
        return CreditCodeCheck(code, (), (*warnings, "registration_shape"))
    expected = registration_check(code)
    if code[14] != expected:
        warnings += ("registration_check",)
    return CreditCodeCheck(code, (), warnings, expected)


def check_digit(code: str) -> str:
    """The 18th place due after the first 17, which must be of `CHARSET`."""
    total = sum(_VALUE[sign] * weight for sign, weight in zip(code, _WEIGHTS, strict=False))
    return CHARSET[-total % 31]


def organisation_check(body: str) -> str:
    """The 17th place due after places 9 to 16 (GB 11714: letters count from A = 10)."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    due = -total % 11
    return "X" if due == 10 else str(due)


def registration_check(number: str) -> str:
    """The 15th digit due after the first 14 (ISO 7064 MOD 11,10)."""
    product = 10
    for digit in number[:14]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)
