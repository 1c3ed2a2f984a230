"""msgspec's own sentences about the fields of an act in the reader's language, each with what it should be."""

from __future__ import annotations

import re

from locales import Words

_SENTENCES = {
    "missing": r"Object missing required field `(?P<field>\w+)`",
    "unknown": r"Object contains unknown field `(?P<field>\w+)`",
    "choice": r"Invalid enum value (?P<value>.+) - at `\$\.(?P<field>\w+).*`",
    "moment": r"Invalid RFC3339 encoded datetime - at `\$\.(?P<field>\w+).*`",
    "zone": r"Expected `datetime` with a timezone component - at `\$\.(?P<field>\w+).*`",
    "day": r"Invalid RFC3339 encoded date - at `\$\.(?P<field>\w+).*`",
    "clock": r"Invalid RFC3339 encoded time - at `\$\.(?P<field>\w+).*`",
    "flag": r"Expected `bool(?: \| null)?`, got .+ - at `\$\.(?P<field>\w+).*`",
    "number": r"Expected `(?:int|float)(?: \| null)?`, got .+ - at `\$\.(?P<field>\w+).*`",
    "most": r"Expected `(?:int|float)` <=? (?P<value>\S+) - at `\$\.(?P<field>\w+).*`",
    "least": r"Expected `(?:int|float)` >=? (?P<value>\S+) - at `\$\.(?P<field>\w+).*`",
    "longest": r"Expected `str` of length <= (?P<value>\d+) - at `\$\.(?P<field>\w+).*`",
    "pair": r"(?P<field>.+): FIELD=VALUE",
    "other": r".* - at `\$\.(?P<field>\w+).*`",
}
"""What msgspec says, by what is wrong: the first that fits."""


def worded(message: str, words: Words) -> str:
    """The sentence that msgspec means; one without a field is shown as it is."""
    for name, pattern in _SENTENCES.items():
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return words(f"cli.shape.{name}", **match.groupdict())
    return message
