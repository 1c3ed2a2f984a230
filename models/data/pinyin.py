"""The first letters of a name's pinyin, by which it is searched (示例光明宾馆: slgmbg).

The letters of the 20,992 characters of the basic block, from pypinyin's table (MIT, Copyright (c) 2016 mozillazg);
a character with several readings has the one usual in names of shops and places.
"""

from __future__ import annotations

from functools import lru_cache

from models.data import read

FIRST, LAST = 0x4E00, 0x9FFF


@lru_cache(maxsize=1)
def _letters() -> str:
    return "".join(read("pinyin_initials.txt").decode("ascii").split())


def initials(name: str, limit: int = 400) -> str:
    """In lower case; letters and digits stand for themselves, all else is left out."""
    letters, results = _letters(), []
    for value in name:
        if FIRST <= ord(value) <= LAST:
            results.append(letters[ord(value) - FIRST])
        elif value.isascii() and value.isalnum():
            results.append(value.lower())
    return "".join(results).replace("-", "")[:limit]
