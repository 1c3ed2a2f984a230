"""Characters that older systems kept in Unicode's private area, and what they became (GB 18030-2005, -2022).

Police and registry systems of the nineties put 䶮, 㐱 or 龴 where every system keeps its own: another computer shows a
box. For those that GBK and GB 18030 themselves put there the successor is agreed; for any other nobody can tell.
"""

from __future__ import annotations

import re

PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_LATER = {  # still private in GB 18030-2000, and so in Python's codec
    0xE78D: 0xFE10, 0xE78E: 0xFE12, 0xE78F: 0xFE11, 0xE790: 0xFE13, 0xE791: 0xFE14, 0xE792: 0xFE15, 0xE793: 0xFE16,
    0xE794: 0xFE17, 0xE795: 0xFE18, 0xE796: 0xFE19, 0xE7C7: 0x1E3F, 0xE816: 0x20087, 0xE817: 0x20089,
    0xE818: 0x200CC, 0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7, 0xE831: 0x215D7,
    0xE832: 0x9FB8, 0xE83B: 0x2298F, 0xE843: 0x9FB9, 0xE854: 0x9FBA, 0xE855: 0x241FE, 0xE864: 0x9FBB,
}  # fmt: skip


def _of_gbk() -> dict[int, int]:
    """GBK's own private characters, in the order in which their bytes stand in GB 18030."""
    rows = [(0xE7C8, b"\xa8", [0xBF]), (0xE7E7, b"\xa9", [*range(0x89, 0x96)])]
    rows.append((0xE815, b"\xfe", [*range(0x50, 0x7F), *range(0x80, 0xA1)]))
    pairs = [
        (first + step, ord((lead + bytes([trail])).decode("gb18030")))
        for first, lead, trails in rows
        for step, trail in enumerate(trails)
    ]
    return {old: new for old, new in pairs if old != new}


SUCCESSORS = _of_gbk() | _LATER


def folded(value: str) -> str:
    """`value` with the characters that Unicode has by now in their agreed places."""
    return value.translate(SUCCESSORS) if PRIVATE.search(value) else value
