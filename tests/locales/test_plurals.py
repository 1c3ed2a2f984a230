"""One is one: an English sentence about `n` things has a form for a single one."""

from __future__ import annotations

import re

import pytest

from locales import sentences, words

COUNTED = re.compile(
    r"\{n\} (?:working )?(?:days|hours|minutes|rows|files|events|entries|points|items|people|lines|photos|notices|papers"
    r"|bytes|targets|officers|tasks|visits|questions)\b"
)


def test_c13_what_is_counted_by_n_has_a_singular() -> None:
    assert [
        key for key, forms in sentences("en").items() if len(forms) == 1 and COUNTED.search(forms[0])
    ] == []


@pytest.mark.parametrize(
    ("key", "one", "two"),
    [
        ("term.before.days", "with 1 day left", "with 2 days left"),
        ("set_aside.bytes", "1 byte", "2 bytes"),
        ("cli.untold.settled", "1 line settled.", "2 lines settled."),
    ],
)
def test_c13_one_is_said_in_the_singular(key: str, one: str, two: str) -> None:
    said = words("en")
    assert (said(key, n=1), said(key, n=2)) == (one, two)
    assert words("zh_Hans")(key, n=1)
