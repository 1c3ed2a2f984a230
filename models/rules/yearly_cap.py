"""次数上限: how often a target may be drawn in one year, by the regulation, the item list and the district (Art. 9, 14 (1)).

Without an exception once a year. A 重点检查事项 lifts that, up to the frequency that the item list publishes for it. The
district's own cap holds for all visits. An exception that was declared (complaint, referral, case) lifts all three.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

ORDINARY = 1
"""Visits of a year without an exception (Art. 14 (1))."""
TIMES = re.compile(r"(?:(\d{1,3})\s*[-~–—至到])?\s*(\d{1,3})\s*次\s*[/每]\s*(半年|季度|季|月|年)")
EVERY = re.compile(r"[每毎]\s*(半年|季度|季|月|年)\s*(?:(\d{1,3})\s*[-~–—至到])?\s*(\d{1,3})\s*次")
A_YEAR = {"年": 1, "半年": 2, "季": 4, "季度": 4, "月": 12}
LEAST = re.compile("[≥>＞]|不少于|不低于|至少|以上")
"""Words that say a floor: no cap can be read from them."""
SPENT, FOR_ITEM, FOR_DISTRICT = "checked-this-year", "item-cap", "year-cap"
GROUNDS = frozenset({SPENT, FOR_ITEM, FOR_DISTRICT})
"""Grounds on which a target is left out of a pool because of its year."""
DRAWN_ELSEWHERE = "drawn-elsewhere"
"""Ground of a hold: the target lies in the pool of another open draw, and is removed if that one draws it first."""


@dataclass(frozen=True, slots=True)
class YearVisits:
    """What counts against a target's year. `registered`: visits the register holds, of items unknown; `drawn`: tasks drawn,
    visited or still to be; `items`: these by item; `pools`, `pool_items`: the same of committed draws that nobody has
    held yet, in whose pool it lies."""

    registered: int = 0
    drawn: int = 0
    items: Mapping[str, int] = field(default_factory=dict)
    pools: int = 0
    pool_items: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.registered + self.drawn


@lru_cache(maxsize=256)
def item_cap(frequency: str) -> int | None:
    """Visits of a year that the frequency of an item allows: `1次/年` 1, `1-2次/年` 2, `每半年1次` 2; None where it
    names no upper number (`≥1次/年`, `按需`)."""
    if LEAST.search(frequency):
        return None
    if match := TIMES.search(frequency):
        return int(match[2]) * A_YEAR[match[3]]
    if match := EVERY.search(frequency):
        return int(match[3]) * A_YEAR[match[1]]
    return None


def items_left(year: YearVisits, key_items: Mapping[str, int | None]) -> tuple[str, ...]:
    """Of the 重点检查事项 those below their cap. `key_items`: code to cap, in the plan's order."""
    return tuple(code for code, cap in key_items.items() if cap is None or year.items.get(code, 0) < cap)


def year_ground(year: YearVisits, key_items: Mapping[str, int | None], most: int) -> str | None:
    """Why a target without a declared exception may not be drawn again; None when it may. `most`: the district's cap,
    0 without one. Pools do not count: who comes out of them is open."""
    if year.total < ORDINARY:
        return None
    if most and year.total >= most:
        return FOR_DISTRICT
    if items_left(year, key_items):
        return None
    return FOR_ITEM if key_items else SPENT


def waits(year: YearVisits, key_items: Mapping[str, int | None], most: int) -> bool:
    """Whether a target that may be drawn now may not be once the open draws in whose pools it lies have drawn it."""
    if not year.pools:
        return False
    items = {code: year.items.get(code, 0) + year.pool_items.get(code, 0) for code in key_items}
    drawn = replace(year, drawn=year.drawn + year.pools, items=items)
    return year_ground(drawn, key_items, most) is not None


def left_of_year(year: YearVisits, key_items: Mapping[str, int | None], most: int) -> int | None:
    """剩余: visits that a target may still be drawn for this year, no exception declared; None without an upper number."""
    ways = [max(ORDINARY - year.total, 0)]
    for code, cap in key_items.items():
        if cap is None:
            return max(most - year.total, 0) if most else None
        ways.append(max(cap - year.items.get(code, 0), 0))
    return min(max(ways), max(most - year.total, 0)) if most else max(ways)
