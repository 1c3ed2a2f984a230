"""The State Council's yearly notice of days off, read from its own sentences (Art. 16 (3)).

A section per holiday: `name：DAYS放假…，共n天。DAYS上班。`. What the notice says of a day is checked against itself: its
weekday, the number of days, that each of the seven holidays has a section. A sentence with a day in it that is
neither is refused by its section, never passed over; advice (鼓励 …) is named as no day off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.refusal import Refusal
from models.rules.registry.calendar import ARTICLE, DayRow
from models.rules.registry.cells import SHOWN, Checked, Remark
from models.rules.workdays import Calendar

HOLIDAYS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
LONGEST = 31  # days of one holiday
_YEAR = re.compile(r"(20[0-9]{2})年(?:部分|法定)?节假日")
_SECTION = re.compile(r"(?:^|[。\n])\s*[一二三四五六七八九十]+、\s*([^：:。\n]{2,20})[：:]")
_DAY = (
    r"(?:(?P<year{0}>20[0-9]{{2}})年)?(?:(?P<month{0}>[0-9]{{1,2}})月)?(?P<day{0}>[0-9]{{1,2}})[日号]"
    r"(?:[（(](?P<note{0}>[^）)]*)[）)])?"
)
_DAYS = re.compile(_DAY.format(1) + r"(?:(?:至|到|-|—|－|~|～)" + _DAY.format(2) + ")?")
_ANY_DAY = re.compile(r"[0-9]{1,2}月[0-9]{1,2}[日号]")
_COUNT = re.compile(r"(?:共|放假)([0-9]{1,2})天")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_WEEKDAYS = dict(zip("一二三四五六日天", (*range(7), 6), strict=True))


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """A day that the notice names. `holiday`: the section's name; `line`: where it begins."""

    day: date
    worked: bool
    holiday: str
    line: int


class _Reader:
    """What is read of one section; `year` and `month` are those last written, as a reader fills them in."""

    def __init__(self, line: int, holiday: str, year: int) -> None:
        self.number, self.holiday, self.year, self.month = line, holiday, year, 0
        self.days: list[NoticeDay] = []
        self.bad: list[Remark] = []
        self.warnings: list[Remark] = []

    def remark(self, into: list[Remark], value: str, reason: str, **params: object) -> None:
        into.append(Remark(self.number, self.holiday, value[:SHOWN], reason, params))

    def read(self, sentence: str) -> None:
        if not _ANY_DAY.search(sentence):
            return
        if sentence.startswith("鼓励"):
            self.remark(self.warnings, sentence, "notice_advice")
            return
        listed, worked = _listed(sentence)
        days = [] if listed is None else list(self._spans(listed))
        if not days:
            self.remark(self.bad, sentence, "notice_sentence")
            return
        counted = _COUNT.search(sentence)
        if counted and not worked and int(counted[1]) != len(days):
            self.remark(self.bad, sentence, "notice_count", said=int(counted[1]), n=len(days))
        self.days += [NoticeDay(day, worked, self.holiday, self.number) for day in days]

    def _spans(self, listed: str) -> Iterator[date]:
        for match in _DAYS.finditer(listed):
            first = self._day(match, "1")
            last = self._day(match, "2") if match["day2"] else first
            if first is None or last is None:
                continue
            if not 0 <= (last - first).days < LONGEST:
                self.remark(self.bad, match[0], "notice_order")
                continue
            yield from (first + timedelta(days=n) for n in range((last - first).days + 1))

    def _day(self, match: re.Match[str], which: str) -> date | None:
        self.year = int(match["year" + which] or self.year)
        self.month = int(match["month" + which] or self.month)
        try:
            day = date(self.year, self.month, int(match["day" + which]))
        except ValueError:
            self.remark(self.bad, match[0], "date")
            return None
        weekday = _WEEKDAY.search(match["note" + which] or "")
        if weekday and _WEEKDAYS[weekday[1]] != day.weekday():
            self.remark(self.bad, match[0], "notice_weekday", day=str(day))
        return day


def _listed(sentence: str) -> tuple[str | None, bool]:
    """The days of a sentence as they are written, and whether they are worked; None for any other sentence."""
    for word, worked in (("放假", False), ("上班", True)):
        before, result, after = sentence.partition(word)
        if result and not _DAYS.sub("", before).strip("、，,和及 \t") and not _ANY_DAY.search(after):
            return before, worked
    return None, False


def notice_text(data: bytes) -> str:
    """What a file or a pasted text says, if it is such a notice; else nothing."""
    for codec in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        return text if notice_year(text) else ""
    return ""


def notice_year(text: str) -> int | None:
    """The year that a text arranges the holidays of; None where it is no such notice."""
    match = _YEAR.search(text)
    return int(match[1]) if match and _SECTION.search(text) else None


def read_notice(text: str) -> Checked[NoticeDay]:
    """Every day that the notice names. A remark's `number` is the section's line, its column the holiday."""
    year = notice_year(text)
    assert year is not None
    heads = list(_SECTION.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    good: list[NoticeDay] = []
    bad: list[Remark] = []
    warnings: list[Remark] = []
    for head, end in zip(heads, ends, strict=True):
        line = text.count("\n", 0, head.start(1)) + 1
        reader = _Reader(line, head[1].strip(), year)
        for sentence in re.split(r"[。；;\n]", text[head.end() : end]):
            reader.read(sentence.strip())
        if not any(not day.worked for day in reader.days) and not reader.bad:
            reader.remark(reader.bad, "", "notice_no_day")
        good += reader.days
        bad += reader.bad
        warnings += reader.warnings
    named = "".join(head[1] for head in heads)
    bad += [
        Remark(line, holiday, "", "notice_holiday_missing") for holiday in HOLIDAYS if holiday not in named
    ]
    return Checked(good, [*bad, *_contradictions(good, year)], warnings)


def arranged(days: list[NoticeDay], year: int, known: Calendar) -> list[DayRow]:
    """The days of a notice as rows of the calendar. Days of the year before that change it (a holiday that begins
    in December) come with the rest of that year's list; refused where that list is not there yet."""
    rows = [DayRow(named.day, named.worked) for named in days if named.day.year == year]
    moved = {d.day: d.worked for d in days if d.day.year < year and known.is_workday(d.day) != d.worked}
    if not moved:
        return rows
    if year - 1 not in known.announced:
        raise Refusal("registry.calendar_year_before", ARTICLE, year=year - 1, days=sorted(map(str, moved)))
    before = dict.fromkeys((day for day in known.off if day.year == year - 1), False)
    before |= dict.fromkeys((day for day in known.makeup if day.year == year - 1), True)
    return rows + [DayRow(day, worked) for day, worked in sorted((before | moved).items())]


def _contradictions(days: list[NoticeDay], year: int) -> Iterator[Remark]:
    """A day named twice, a working day that is announced as one, a day of quite another year."""
    seen: set[date] = set()
    for named in days:
        if named.day in seen:
            yield Remark(named.line, named.holiday, str(named.day), "notice_twice")
        seen.add(named.day)
        if named.worked and named.day.weekday() < 5:
            yield Remark(named.line, named.holiday, str(named.day), "worked_anyway")
        if not date(year - 1, 12, 1) <= named.day <= date(year, 12, 31):
            yield Remark(named.line, named.holiday, str(named.day), "notice_other_year", {"year": year})


def read_days(days: list[NoticeDay]) -> list[Remark]:
    """What was read, for a person to compare with the notice: a line per holiday, days off and days worked."""
    return [
        Remark(
            line, holiday, "", "notice_worked" if worked else "notice_off",
            {"days": [str(named.day) for named in section], "n": len(section)},
        )
        for (line, holiday, worked), section in _sections(days).items()
    ]  # fmt: skip


def _sections(days: list[NoticeDay]) -> dict[tuple[int, str, bool], list[NoticeDay]]:
    sections: dict[tuple[int, str, bool], list[NoticeDay]] = {}
    for named in sorted(days, key=lambda named: (named.line, named.worked, named.day)):
        sections.setdefault((named.line, named.holiday, named.worked), []).append(named)
    return sections


def differences(rows: list[DayRow], known: Calendar) -> list[Remark]:
    """The days that count otherwise than by the list known so far, of years that have one."""
    years = {row.day.year for row in rows} & known.announced
    new = {row.day: row.worked for row in rows}
    every = (date(year, 1, 1) + timedelta(days=n) for year in sorted(years) for n in range(366))
    changed = [
        (day, worked)
        for day in every
        if day.year in years and (worked := new.get(day, day.weekday() < 5)) != known.is_workday(day)
    ]
    return [
        Remark(0, "", str(day), "calendar_now_worked" if worked else "calendar_now_off")
        for day, worked in changed
    ]
