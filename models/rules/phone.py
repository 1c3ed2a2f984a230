"""Telephone numbers in one form, so that a shared contact meets the registry (Art. 10; binding).

0375-…, +86 …, 0086…, spaces, brackets and full-width digits all fold to E.164. What does not fold to exactly
one number (a 17-digit string, an extension, a local number without area code) is `None`: a person decides.
"""

from __future__ import annotations

import re
import unicodedata

from models.rules import text

_SEPARATORS = str.maketrans("", "", " \t-‐‑‒–—―−.·()/")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0?(?:(?:10|2[0-9])[0-9]{8}|[3-9][0-9]{2}[0-9]{7,8})")
_ABROAD = re.compile(r"[1-9][0-9]{6,14}")
_COUNTRY = "86"


def international(raw: str) -> str | None:
    """`+8613800000000`, `+863750000001` or another country's `+…`; None when a person must look."""
    folded = unicodedata.normalize("NFKC", text.visible(raw)).translate(_SEPARATORS).strip()
    if folded.startswith(("+", "00")):
        digits = folded.removeprefix("+") if folded[0] == "+" else folded[2:]
        if not digits.startswith(_COUNTRY):
            return f"+{digits}" if _ABROAD.fullmatch(digits) else None
        return _chinese(digits.removeprefix(_COUNTRY), trunk=False)
    if result := _chinese(folded, trunk=True):
        return result
    return _chinese(folded.removeprefix(_COUNTRY), trunk=False) if folded.startswith(_COUNTRY) else None


def _chinese(digits: str, *, trunk: bool) -> str | None:
    """A mobile, or a landline with its area code; within the country the leading 0 is due (`trunk`)."""
    if _MOBILE.fullmatch(digits):
        return f"+{_COUNTRY}{digits}"
    if _LANDLINE.fullmatch(digits) and (digits.startswith("0") or not trunk):
        return f"+{_COUNTRY}{digits.removeprefix('0')}"
    return None


def mobile(raw: str) -> str | None:
    """A number that takes text messages; None for landlines and for what a person must look at."""
    number = international(raw)
    return number if number and (not number.startswith("+86") or _MOBILE.fullmatch(number[3:])) else None


def same_number(value: str, other: str) -> bool:
    """True only when both fold to the same number; two unreadable ones are never the same."""
    number = international(value)
    return number is not None and number == international(other)
