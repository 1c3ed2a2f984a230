"""Art. 16 (3): the yearly notice of days off is read from its own sentences, checked against itself."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.data import read, workday_calendar
from models.refusal import Refusal
from models.rules.registry.calendar_notice import HOLIDAYS, arranged, notice_text, notice_year, read_notice
from models.rules.workdays import Calendar

WEEKDAYS = "一二三四五六日"
NUMERALS = "一二三四五六七"


def spelled(day: date, style: str, month: bool = True, year: bool = False) -> str:
    named = f"{day.year}年" * year + f"{day.month}月" * month + f"{day.day}日"
    weekday = WEEKDAYS[day.weekday()]
    return named + {"none": "", "short": f"（周{weekday}）", "long": f"(星期{weekday})"}[style]


def span(days: list[date], style: str, year: bool) -> str:
    first, last = days[0], days[-1]
    if first == last:
        return spelled(first, style, year=year)
    return spelled(first, style, year=year) + "至" + spelled(last, style, last.month != first.month)


def runs(days: list[date]) -> list[list[date]]:
    """Days one after the other, together."""
    numbered = enumerate(sorted(days))
    return [[day for _, day in run] for _, run in groupby(numbered, lambda n: n[1] - timedelta(days=n[0]))]


def notice(year: int, off: list[date], work: list[date], style: str, lines: bool, with_year: bool) -> str:
    """A notice of seven sections; days that are worked stand in the section of the nearest holiday."""
    sections = runs(off)
    texts = []
    names = ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"]
    named = [*names[: len(sections) - 1], "、".join(names[len(sections) - 1 :])]
    for n, (days, name) in enumerate(zip(sections, named, strict=True)):
        mine = [day for day in work if min(sections, key=lambda run: abs((run[0] - day).days)) is days]
        text = f"{NUMERALS[n]}、{name}：{span(days, style, with_year)}放假调休，共{len(days)}天。"
        if mine:
            text += "、".join(spelled(day, style) for day in mine) + "上班。"
        texts.append(text)
    return f"关于{year}年部分节假日安排的示例\n" + ("\n" if lines else "").join(texts)


def announced() -> list[tuple[int, list[date], list[date]]]:
    years = json.loads(read("workday_calendar.json"))["years"]
    found = []
    for year, lists in years.items():
        off, work = [[date.fromisoformat(day) for day in lists[kind]] for kind in ("off", "work")]
        if lists["status"] == "announced" and 6 <= len(runs(off)) <= 7:
            found.append((int(year), off, work))
    return found


@given(
    st.sampled_from(announced()), st.sampled_from(["none", "short", "long"]), st.booleans(), st.booleans(),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
)  # fmt: skip
def test_every_year_announced_so_far_is_read_from_its_sentences(
    case: tuple[int, list[date], list[date]], style: str, lines: bool, with_year: bool, codec: str
) -> None:
    year, off, work = case
    text = notice_text(notice(year, off, work, style, lines, with_year).encode(codec))
    assert notice_year(text) == year
    checked = read_notice(text)
    assert checked.bad == []
    assert {day.day for day in checked.good if not day.worked} == set(off)
    assert {day.day for day in checked.good if day.worked} == set(work)


SECTIONS = {name: f"{name}节：{day}放假。" for name, day in zip(
    HOLIDAYS, ("1月1日", "2月6日", "4月5日", "5月1日", "6月9日", "9月15日", "10月1日"), strict=True)}  # fmt: skip


def changed(holiday: str, text: str) -> str:
    sections = SECTIONS | {holiday: f"{holiday}节：{text}"} if text else {
        name: line for name, line in SECTIONS.items() if name != holiday
    }  # fmt: skip
    numbered = zip(NUMERALS, sections.values(), strict=False)
    return "关于2027年部分节假日安排的示例\n" + "\n".join(f"{n}、{line}" for n, line in numbered)


@pytest.mark.parametrize(
    ("holiday", "text", "reason"),
    [
        ("春节", "2月6日（周一）放假。", "notice_weekday"),
        ("春节", "2月6日至8日放假，共4天。", "notice_count"),
        ("春节", "2月8日至6日放假。", "notice_order"),
        ("春节", "2月30日放假。", "date"),
        ("春节", "2月6日放假，2月14日上班。", "notice_sentence"),
        ("春节", "2月6日放假。2月10日上班。", "worked_anyway"),
        ("春节", "2月6日放假。商店照常营业。2月9日可以休息。", "notice_sentence"),
        ("春节", "放假时间另行通知。", "notice_no_day"),
        ("清明", "2月6日放假。", "notice_twice"),
        ("清明", "2025年4月5日放假。", "notice_other_year"),
        ("中秋", "", "notice_holiday_missing"),
    ],
)
def test_what_contradicts_itself_or_cannot_be_read_is_refused_by_its_line(
    holiday: str, text: str, reason: str
) -> None:
    assert [remark.reason for remark in read_notice(changed(holiday, text)).bad][:1] == [reason]


def test_advice_to_rest_is_no_day_off_and_is_named() -> None:
    checked = read_notice(changed("春节", "2月6日放假。鼓励职工2月5日休息。"))
    assert checked.bad == []
    assert [remark.reason for remark in checked.warnings] == ["notice_advice"]
    assert date(2027, 2, 5) not in {day.day for day in checked.good}


def test_a_table_or_another_text_is_no_notice() -> None:
    assert notice_text("日期,安排\n2027-01-01,放假\n".encode()) == ""
    assert notice_text(b"\xff\xfe\x00") == ""


def test_a_holiday_that_begins_in_december_changes_the_year_before_too() -> None:
    checked = read_notice(changed("元旦", "2026年12月31日至2027年1月2日放假，共3天。2026年12月27日上班。"))
    assert checked.bad == []
    known = workday_calendar()
    rows = arranged(checked.good, 2027, known)
    days = {row.day: row.worked for row in rows}
    assert days[date(2026, 12, 27)]
    assert days[date(2026, 12, 31)] is False
    assert {day for day in known.off if day.year == 2026} <= set(days)
    with pytest.raises(Refusal, match="calendar_year_before"):
        arranged(checked.good, 2027, Calendar(frozenset({2025}), frozenset(), frozenset()))


def test_a_weekend_of_december_leaves_the_year_before_alone() -> None:
    checked = read_notice(changed("元旦", "2026年12月26日至27日放假。2027年1月1日放假。"))
    assert {row.day.year for row in arranged(checked.good, 2027, workday_calendar())} == {2027}
