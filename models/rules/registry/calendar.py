"""The State Council's list of days off and make-up days, and the district's streets, on their way in (Art. 10, 16 (3)).

A list of a year replaces what was known of that year. One that lacks New Year's Day, Labour Day or National Day is a
part of a list, and deadlines counted by it would be wrong: it is refused.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from models.refusal import Refusal
from models.rules.registry.cells import Cells, Checked, Once, check_rows
from models.rules.registry.layout import Layout
from models.rules.registry.table import FOUND, TablePlace, read_table
from models.rules.workdays import FIRST, LAST, Calendar

ARTICLE = "16(3)"
DAY, ARRANGED, NOTE = "日期", "安排", "说明"
CALENDAR = Layout(
    (DAY, ARRANGED, NOTE),
    required=(DAY, ARRANGED),
    synonyms={
        DAY: ("DATE", "时间", "放假日期", "调休日期"),
        ARRANGED: ("类型", "类别", "STATUS", "TYPE", "放假安排", "是否放假", "性质"),
        NOTE: ("备注", "节日", "名称", "节假日", "NAME", "节日名称"),
    },
)
STREETS = Layout(
    ("code", "name", "district", "district_code"),
    required=("code", "name"),
    synonyms={
        "code": ("街道代码", "街道编码", "编码", "代码", "区划代码", "乡镇街道代码"),
        "name": ("街道", "街道名称", "名称", "乡镇街道", "辖区街道", "街道(乡镇)", "乡镇/街道"),
        "district": ("区县", "所属区县", "区", "县区", "所属区"),
        "district_code": ("区县代码", "区代码"),
    },
)
WORKED = {
    **dict.fromkeys(("放假", "休息", "休", "假", "节假日", "法定节假日", "OFF", "HOLIDAY", "是", "调休放假"), False),
    **dict.fromkeys(("补班", "上班", "班", "调休上班", "补休上班", "WORK", "WORKDAY", "否", "工作日", "调班"), True),
}  # fmt: skip
ALWAYS_OFF = ((1, 1), (5, 1), (10, 1))


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day off, or one that is worked instead."""

    day: date
    worked: bool


@dataclass(frozen=True, slots=True)
class StreetRow:
    code: str
    name: str
    district: str
    source: str = ""
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """What is announced for a year."""

    year: int
    off: tuple[date, ...]
    work: tuple[date, ...]


def check_streets(data: bytes, place: TablePlace = FOUND) -> Checked[StreetRow]:
    return check_rows(read_table(data, STREETS, place), read_street)


def check_calendar(data: bytes, place: TablePlace = FOUND) -> Checked[DayRow]:
    """A table of days, or the form that the sample has: `{"years": {"2027": {"off": [...], "work": [...]}}}`."""
    return check_rows(read_table(_as_table(data), CALENDAR, place), _read_day)


def years_of(rows: Sequence[DayRow]) -> list[Year]:
    """The days by year. Refuses a year that lacks a day which is always off."""
    by_year: dict[int, list[DayRow]] = defaultdict(list)
    for row in rows:
        by_year[row.day.year].append(row)
    years = []
    for number, days in sorted(by_year.items()):
        off = tuple(sorted(row.day for row in days if not row.worked))
        if lacking := [date(number, *always) for always in ALWAYS_OFF if date(number, *always) not in off]:
            raise Refusal(
                "registry.calendar_incomplete", ARTICLE, year=number, days=[str(day) for day in lacking]
            )
        years.append(Year(number, off, tuple(sorted(row.day for row in days if row.worked))))
    return years


@lru_cache(maxsize=4)
def merged(base: Calendar, years: tuple[Year, ...]) -> Calendar:
    """`base` with these years in the place of what it knew of them."""
    new = {year.year for year in years}
    off = frozenset(
        {day for day in base.off if day.year not in new} | {day for year in years for day in year.off}
    )
    work = frozenset(
        {day for day in base.makeup if day.year not in new} | {day for year in years for day in year.work}
    )
    announced = base.announced | new
    if (announced, off, work) == (base.announced, base.off, base.makeup):
        return base
    return Calendar(announced, off, work)


def _read_day(cells: Cells, once: Once) -> DayRow:
    day = cells.day(DAY)
    if day is None and not cells.bad:
        cells.refuse(DAY, "missing")
    if day is not None and not FIRST <= day <= LAST:
        cells.refuse(DAY, "date")
    worked = cells.choice(ARRANGED, WORKED, False)
    once.claim(cells, DAY, str(day) if day else None)
    if day and worked and day.weekday() < 5:
        cells.warn(ARRANGED, "worked_anyway")
    return DayRow(day or FIRST, worked)


def read_street(cells: Cells, once: Once) -> StreetRow:
    row = StreetRow(
        code=cells.code("code", 16, required=True),
        name=cells.label("name", 40, required=True),
        district=cells.label("district", 80),
    )
    once.claim(cells, "code", row.code, row.name)
    once.claim(cells, "name", row.name, row.code)
    return row


def _as_table(data: bytes) -> bytes:
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return data
    try:
        years = json.loads(data.decode("utf-8-sig"))["years"]
        lines = [line for year, lists in years.items() for line in _days(year, lists)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal("registry.not_csv", ARTICLE, kind="json") from error
    return "\n".join([f"{DAY},{ARRANGED}", *lines]).encode()


def _days(year: str, lists: Any) -> list[str]:
    """A year whose list is not announced says nothing."""
    if lists.get("status", "announced") != "announced":
        return []
    if wrong := [
        day for kind in ("off", "work") for day in lists[kind] if not str(day).startswith(f"{year}-")
    ]:
        raise Refusal("workdays.bad_day", article=ARTICLE, year=year, day=wrong[0])
    return [f"{day},放假" for day in lists["off"]] + [f"{day},补班" for day in lists["work"]]
