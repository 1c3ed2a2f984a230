"""What is typed after an option: a whole number, a year, a day (as people write it), a login. ArgumentTypeError says which it is
not; `argument_errors` words that.
"""

from __future__ import annotations

import argparse
from datetime import date

from models.rules.day import read_day
from models.rules.text import visible

MOST = 2**31 - 1
"""What a column of whole numbers holds."""
LONGEST = 80
"""Characters of a login."""


def whole(text: str) -> int:
    """A whole number that a database takes."""
    try:
        given = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"no number: {text[:40]}") from None
    if abs(given) > MOST:
        raise argparse.ArgumentTypeError(f"no number: {text[:40]}")
    return given


def counted(text: str) -> int:
    """A whole number from 1 on."""
    if (given := whole(text)) < 1:
        raise argparse.ArgumentTypeError(f"no count: {text[:40]}")
    return given


def year(text: str) -> int:
    """A year of this century."""
    if not 2000 <= (given := whole(text)) <= 2099:
        raise argparse.ArgumentTypeError(f"no year: {text[:40]}")
    return given


def day(text: str) -> date:
    """A day in any form that the registers take (C2)."""
    if (given := read_day(text)) is None:
        raise argparse.ArgumentTypeError(f"no day: {text[:40]}")
    return given


def login(text: str) -> str:
    """What somebody signs in with: visible signs, as many as are kept."""
    if not (given := visible(text).strip()) or len(given) > LONGEST:
        raise argparse.ArgumentTypeError(f"no login: {text[:40]}")
    return given
