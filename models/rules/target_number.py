"""By which number a target is named on papers and pages, and what that number is (Art. 4, 10, 16 (2)).

A credit code is called one only where it is one: products, projects and conduct (非市场主体) have none, old firms have
their registration number, and the register's own number is a number and nothing more.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from models.rules import credit_code

FIRST = "159ANY"  # who registers (GB 32100): institutions, associations, firms, farmers, others


class NumberKind(StrEnum):
    CREDIT_CODE = "credit_code"
    UNCHECKED = "unchecked"  # a credit code whose check digits do not fit, taken by two persons' word
    REGISTRATION = "registration"
    OWN = "own"  # 对象编号, of the register alone


class NumberedTarget(Protocol):
    """A target, as far as it is named by a number."""

    code: str
    credit_code: str | None
    registration: str


def number_of(target: NumberedTarget) -> tuple[str, NumberKind]:
    """The number that names a target, and what it is."""
    if target.credit_code:
        fits = credit_code.examine(target.credit_code).valid
        return target.credit_code, NumberKind.CREDIT_CODE if fits else NumberKind.UNCHECKED
    if target.registration:
        return target.registration, NumberKind.REGISTRATION
    return target.code, NumberKind.OWN


def kind_of(number: str) -> NumberKind:
    """What a number must be by its own form, for papers that do not say it."""
    verdict = credit_code.examine(number)
    if len(verdict.code) == 18 and verdict.valid and verdict.code[0] in FIRST:
        return NumberKind.CREDIT_CODE
    is_registration = len(verdict.code) == 15 and verdict.code.isdecimal()
    return NumberKind.REGISTRATION if is_registration else NumberKind.OWN


def said_beside(target: NumberedTarget) -> dict[str, str]:
    """What a paper keeps beside the number: its kind, where the number's own form would say another."""
    number, kind = number_of(target)
    return {} if kind_of(number) == kind else {"numbered": kind.value}
