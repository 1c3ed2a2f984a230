"""What people write, made comparable and harmless: names kept as written, codes made one form (Art. 4, 10).

A name goes onto legal papers, so its characters stay (full-width brackets too); what nobody can see goes.
A code is compared by machines, so it is folded as the draw folds it: NFKC, upper case, white space out.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from models.rules import private_use

_HIDDEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_FILLER = re.compile("[\u115f\u1160\u3164\uffa0]")  # letters to Unicode, blank to the eye
_SURROGATE = re.compile("[\ud800-\udfff]")
_LOOSE_JOINER = re.compile("(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d|\u200d$")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def visible(value: str) -> str:
    """Text without bidi controls, zero-width and control characters; line breaks stay, emoji joiners too.
    Private characters with an agreed successor are that one."""
    if value.isprintable() and not _FILLER.search(value):
        return value
    shown = private_use.folded(_SURROGATE.sub("\ufffd", value))
    return _CONTROL.sub("", _LOOSE_JOINER.sub("", _HIDDEN.sub("", shown)))


@lru_cache(maxsize=8192)
def name(value: str) -> str:
    """A name or short label on one line: visible characters, composed (NFC), single spaces."""
    return " ".join(unicodedata.normalize("NFC", visible(value)).split())


@lru_cache(maxsize=8192)
def code(value: str) -> str:
    """A code, number or certificate in the form in which it is compared, hashed and drawn."""
    if value.isascii() and value.isprintable():
        return "".join(value.upper().split())
    folded = _folded(visible(value))
    while (again := _folded(folded)) != folded:  # an accent set free by its space joins the letter before it
        folded = again
    return folded


def _folded(value: str) -> str:
    return "".join(unicodedata.normalize("NFKC", value).upper().split())


def likeness(value: str) -> str:
    """Two names with equal likeness read the same: width, case, spaces and brackets folded."""
    return "".join(unicodedata.normalize("NFKC", name(value)).casefold().split())


def tail(certificate: str) -> str:
    """The last four letters or digits of a certificate: enough to compare with the one shown at the door."""
    return "".join(value for value in certificate if value.isalnum())[-4:]


def masked(name: str) -> str:
    """张*: the family name, and that there is more."""
    return name[:1] + "*" * max(1, min(2, len(name) - 1))
