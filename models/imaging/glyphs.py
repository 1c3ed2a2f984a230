"""Which characters our font can show, and which other installed font can show the rest (Art. 16 (2)).

A paper never prints a crossed box: what no font has stands as its code point, 〔U+22222〕, and whoever can act is told
before, where the name comes in and where the letter is looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from models.imaging.font import FONT, FONT_INDEX
from models.rules.private_use import PRIVATE

FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts",
    "/System/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}
MOST = 400  # font files that are looked into
# What the font has without gaps: looked up nowhere, so that a usual name costs nothing.
_SURE = re.compile(
    "[\t\n\r -~\u00a0-\u00ff\u2460-\u24ff\u3000-\u3029\u3041-\u3096\u30a0-\u30ff\u3400-\u4db5\u4e00-\u9fa5\uff01-\uff5e]*"
)
# Latin, Greek, Cyrillic and signs stand in the fonts that the typesetter brings along.
_BROUGHT = re.compile("[\u0100-\u052f\u1e00-\u2bff\ufe00-\ufe0f]")
_SHAPED = re.compile("bold|italic|oblique|light|thin|black|condensed|mono|math")  # upright ones go first
_UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp", "Cs"}


def lacking(text: str) -> str:
    """The characters of `text` that our font has not, each once; private ones are nobody's and always among them."""
    if _SURE.fullmatch(text):
        return ""
    there = covered()
    return "".join(
        fromkey
        for fromkey in dict.fromkeys(text)
        if ord(fromkey) not in there
        and not _BROUGHT.match(fromkey)
        and unicodedata.category(fromkey) not in _UNSEEN
    )


def unprintable(text: str) -> str:
    """Those of `text` that no installed font can show either."""
    missing = lacking(text)
    return fallback(missing)[1] if missing else ""


def spelt(text: str, characters: str) -> str:
    """`text` with `characters` written as their code points."""
    return text.translate({ord(character): f"〔U+{ord(character):X}〕" for character in characters})


@cache
def covered() -> frozenset[int]:
    """The code points of our font."""
    return _points(FONT, FONT_INDEX)


@cache
def fallback(characters: str) -> tuple[tuple[str, ...], str]:
    """Files of installed fonts that together show what they can of `characters`, and what none of them can."""
    files: list[str] = []
    left = [character for character in characters if not PRIVATE.match(character)]
    for path in _installed() if left else ():
        there = _points(path, 0)
        if any(ord(value) in there for value in left):
            files.append(str(path))
            left = [value for value in left if ord(value) not in there]
        if not left:
            break
    lost = {*left, *(character for character in characters if PRIVATE.match(character))}
    return tuple(files), "".join(character for character in characters if character in lost)


@cache
def _installed() -> Sequence[Path]:
    return tuple(_found())[:MOST]


def _found() -> Iterator[Path]:
    for folder in FOLDERS:
        root = Path(folder).expanduser()
        if root.is_dir():
            results = [path for path in root.rglob("*") if path.suffix.lower() in SUFFIXES]
            yield from sorted(results, key=lambda path: (bool(_SHAPED.search(path.stem.lower())), str(path)))


@cache
def _points(path: Path, index: int) -> frozenset[int]:
    """The code points of a font file; none of one that cannot be read."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(str(path), fontNumber=index, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError, ValueError, AssertionError, KeyError):
        return frozenset()
