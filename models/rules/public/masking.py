"""不公示的内容: what is hidden in words that everybody reads: names of known persons, telephones, ID numbers, mail (Art. 8).

A reason is typed by a person and read by all; what names somebody in it is shown with stars, the rest stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from models.rules import text

_GAP = r"[\s\-—–·.]?"
_WIDE = r"[\s\-—–·._/()]{0,3}"
_ABROAD = rf"(?:(?:\+|00)?86{_WIDE})?"  # as a telephone writes a number down for its owner
_PATTERNS = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII),
    re.compile(
        rf"(?<!\d)[1-8](?:{_GAP}\d){{5}}{_GAP}(?:19|20)(?:{_GAP}\d){{2}}{_GAP}(?:0\d|1[0-2]){_GAP}[0-3]\d"
        rf"(?:{_GAP}\d){{3}}{_GAP}[\dXx](?!\d)"
    ),
    re.compile(rf"(?<!\d){_ABROAD}1[3-9]\d(?:{_GAP}\d){{8}}(?!\d)"),
    re.compile(rf"(?<!\d){_ABROAD}1[3-9]\d{_WIDE}(?:\d{{4}}{_WIDE}\d{{4}}|\d{{3}}{_WIDE}\d{{5}})(?!\d)"),
    re.compile(rf"(?<!\d)\(?0\d{{2,3}}{_WIDE}\d{{3,4}}{_GAP}\d{{4}}(?!\d)"),
    re.compile(rf"(?<!\d)(?:\+|00)86{_WIDE}\d{{2,3}}{_WIDE}\d{{3,4}}{_GAP}\d{{4}}(?!\d)"),
    re.compile(rf"(?:电话|手机|座机|固话|致电|拨打|(?i:tel))[^\d\n]{{0,4}}(\d{{3,4}}{_GAP}\d{{4}})(?!\d)"),
)
SHOWN = 3  # characters, so that a reader sees what kind of thing stood there
SHORTEST = 2  # characters of a name that is looked for


def masked(value: str, names: Iterable[str] = ()) -> str:
    """`value` with stars in place of what names a person. `names`: of the persons the district knows."""
    joined = "".join(value.split())
    written = {"".join(name.split()) for name in names if name} if joined else set()
    named = {
        letters for letters in written if len(letters) >= SHORTEST and letters in joined
    }  # 张 三 is 张三
    for letters in sorted(named, key=len, reverse=True):
        if letters in joined:
            spaced = re.compile(r"\s*".join(map(re.escape, letters)))
            value = spaced.sub(text.masked(letters).replace("\\", r"\\"), value)
            joined = "".join(value.split())
    for pattern in _PATTERNS:
        for match in reversed([*pattern.finditer(_narrow(value))]):
            first, last = match.span(match.lastindex or 0)
            first += SHOWN
            value = value[:first] + "*" * (last - first) + value[last:]
    return value


def _narrow(value: str) -> str:
    """As many characters, those of full width as their narrow ones."""
    if value.isascii():
        return value
    folded = ((letter, unicodedata.normalize("NFKC", letter)) for letter in value)
    return "".join(narrow if len(narrow) == 1 else letter for letter, narrow in folded)
