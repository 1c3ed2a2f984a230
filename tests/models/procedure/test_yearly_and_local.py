"""Art. 10, 16 (3): what changes by year and by district comes in from files, and every open term follows."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest

from models.data import read, streets, workday_calendar
from models.procedure import calendar, rectification, rectification_term, registry
from models.queries import calendar as calendars
from models.queries import evidence
from models.queries import rectification as orders
from models.queries import streets as known_streets
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.visit import SHANGHAI
from models.states import RectificationState as R
from models.states import TaskState as T
from models.tables import CalendarYear, Event, Notification, Outbox, Street, Target, Task
from tests.support import rectifying
from tests.support.district import CEREMONY, OFFICE, district, drawn, found, team_of
from tests.support.register_files import TARGET, table, xlsx

NEXT = max(workday_calendar().announced) + 1
OFF = [
    date(NEXT, 1, 1), date(NEXT, 1, 4), date(NEXT, 1, 5), date(NEXT, 1, 6), date(NEXT, 5, 1), date(NEXT, 10, 1),
]  # fmt: skip
WORK = [date(NEXT, 1, 2)]


def listed(off: list[date] = OFF, work: list[date] = WORK, form: str = "{}") -> bytes:
    rows = [{"日期": form.format(day), "安排": "放假"} for day in off]
    return table(*rows, *({"日期": form.format(day), "安排": "补班"} for day in work))


async def take(data: bytes, at: datetime = CEREMONY, **said: object) -> registry.ImportReport:
    return await calendar.import_calendar(data, by=OFFICE, at=at, **said)  # type: ignore[arg-type]


async def test_a13_next_years_list_comes_in_with_its_source_and_date(any_db: str) -> None:
    report = await take(listed(), source="示例通知", dated=date(NEXT - 1, 11, 4))
    assert (report.taken, report.added) == (True, 1)
    (row,) = await calendars.announced()
    assert (row.year, row.off, row.work, row.source, row.dated) == (
        NEXT,
        6,
        1,
        "示例通知",
        date(NEXT - 1, 11, 4),
    )
    now = await calendars.current()
    assert NEXT in now.announced and not now.is_workday(date(NEXT, 1, 4)) and now.is_workday(date(NEXT, 1, 2))
    assert (await take(listed(), source="示例通知")).unchanged == 1
    assert await Event.filter(kind="registry.calendar").count() == 1


@pytest.mark.parametrize("form", ["{:%Y/%m/%d} 00:00:00", "{:%Y年%m月%d日}", "{:%Y%m%d}"])
async def test_a13_the_list_may_be_written_in_any_form(db: str, form: str) -> None:
    await take(listed(form=form))
    from_table = await calendars.current()
    head = [
        ["放假安排"],
        ["日期", "类型"],
        *([str(day), "休"] for day in OFF),
        *([str(day), "班"] for day in WORK),
    ]
    written = {"years": {str(NEXT): {"off": [str(day) for day in OFF], "work": [str(day) for day in WORK]}}}
    for data in (xlsx(head), json.dumps(written).encode()):
        assert (await take(data)).unchanged == 1
    assert await calendars.current() == from_table


async def test_a13_a_part_of_a_year_and_a_wrong_day_are_refused_and_nothing_is_kept(db: str) -> None:
    with pytest.raises(Refusal) as refused:
        await take(listed(OFF[:4]))
    assert (refused.value.code, refused.value.params["year"]) == ("registry.calendar_incomplete", NEXT)
    wrong = table({"日期": f"{NEXT}-02-30", "安排": "放假"}, {"日期": f"{NEXT}-01-01", "安排": "不知道"})
    assert [(bad.number, bad.column) for bad in (await take(wrong)).bad] == [(2, "日期"), (3, "安排")]
    twice = await take(listed([*OFF, OFF[0]]))
    assert {bad.reason for bad in twice.bad} == {"twice"} and not await CalendarYear.exists()
    with pytest.raises(Refusal, match=r"actor\.role"):
        await calendar.import_calendar(listed(), by=Actor(Role.HEAD, "x"), at=CEREMONY)


async def concluded(ended: date) -> Task:
    await found()
    await drawn()
    task = await Task.all().order_by("rank").first()
    assert task
    due = district().calendar.nth_workday_after(ended)
    task.state, task.ended_at = T.CONCLUDED, datetime.combine(ended, time(17), SHANGHAI)
    task.entry_due, task.due_provisional = due.date, due.provisional
    await task.save()
    await team_of(task)  # every officer has an account
    return task


async def test_a13_every_open_term_is_counted_again_and_who_it_moves_for_is_told(db: str) -> None:
    ended = date(NEXT - 1, 12, 10)
    task = await concluded(ended)
    await take(listed())
    after = await Task.get(id=task.id)
    assert (after.entry_due, after.due_provisional) == (
        (await calendars.current()).nth_workday_after(ended).date,
        False,
    )
    assert after.entry_due > task.entry_due
    told = await Outbox.filter(kind="calendar.due_moved")
    assert told and {row.payload["due"] for row in told} == {after.entry_due.isoformat()}
    assert (await Event.get(kind="deadline.counted_again")).data["due"] == after.entry_due.isoformat()


async def test_a13_a_firm_term_moves_too_when_a_list_is_corrected(db: str) -> None:
    await take(listed())
    ended = date(NEXT, 1, 10)
    task = await concluded(ended)
    due = (await calendars.current()).nth_workday_after(ended)
    await Task.filter(id=task.id).update(entry_due=due.date, due_provisional=False)
    extra = due.date - timedelta(
        days=next(n for n in range(1, 9) if (due.date - timedelta(days=n)).weekday() < 5)
    )
    await take(listed([*OFF, extra]))
    assert (await Task.get(id=task.id)).entry_due > due.date


@pytest.mark.parametrize("state", [T.ENTERED, T.REVIEWED, T.PUBLISHED])
async def test_a13_while_the_platforms_receipt_is_owed_its_term_is_counted_again(db: str, state: T) -> None:
    task = await concluded(date(NEXT - 1, 12, 10))
    await Task.filter(id=task.id).update(state=state)
    await take(listed())
    assert (await Task.get(id=task.id)).entry_due > task.entry_due
    assert await Outbox.filter(kind="calendar.due_moved").exists()


async def test_a13_a_term_that_nothing_hangs_on_any_more_stays_as_it_was(db: str) -> None:
    task = await concluded(date(NEXT - 1, 12, 10))
    await Task.filter(id=task.id).update(state=T.REVIEWED, platform_receipt="示例-回执")
    await take(listed())
    assert (await Task.get(id=task.id)).entry_due == task.entry_due


async def test_a13_the_last_day_of_an_order_that_is_a_day_off_now_moves_and_the_entity_is_told(
    any_db,
) -> None:
    of = await rectifying.reviewed()
    kept, moved = (
        await of.ordered(date(NEXT, 1, 11)),
        await rectification.issue(
            of.task.number, date(NEXT, 1, 4), by=of.other, at=rectifying.ENDED, district=district()
        ),
    )
    assert moved.due == date(NEXT, 1, 4)
    await take(listed())
    after = await orders.line(moved.id)
    assert after.due == date(NEXT, 1, 7)
    assert (after.state, after.steps[-1].kind, after.steps[-1].until) == (moved.state, "moved", after.due)
    assert await Notification.exists(kind="order_step", told_at=None)
    assert (await Event.get(kind="rectification.moved")).data["due"] == after.due.isoformat()
    assert await Outbox.filter(kind="rectification.moved").exists()
    assert (await orders.line(kept.id)).due == kept.due
    assert (await evidence.verify()).differences == []


async def test_a13_an_order_that_lapsed_on_what_is_a_day_off_now_stands_again(db: str) -> None:
    of = await rectifying.reviewed()
    order = await of.ordered(date(NEXT, 1, 4))
    await rectification_term.chase(at=datetime.combine(date(NEXT, 1, 5), time(9), SHANGHAI))
    assert (await orders.line(order.id)).state == R.LAPSED
    await take(listed(), at=datetime.combine(date(NEXT, 1, 5), time(10), SHANGHAI))
    after = await orders.line(order.id)
    assert (after.state, after.due > order.due) == (R.EXTENDED, True)


async def test_a13_a_visit_that_falls_on_a_day_off_is_named_and_stays(db: str) -> None:
    await found()
    await drawn()
    task = await Task.all().order_by("rank").first()
    assert task
    begins = datetime.combine(date(NEXT, 1, 5), time(9), SHANGHAI)
    task.state, task.visit_from, task.visit_until = T.SCHEDULED, begins, begins + timedelta(hours=2)
    await task.save()
    await team_of(task)
    await take(listed())
    assert {row.payload["day"] for row in await Outbox.filter(kind="calendar.visit_on_day_off")} == {
        f"{NEXT}-01-05"
    }
    assert (await Task.get(id=task.id)).visit_from == begins


async def test_a13_the_running_server_counts_by_the_new_list(db: str) -> None:
    place = district()
    assert not await calendars.refresh(place) and NEXT not in place.calendar.announced
    await take(listed())
    assert await calendars.refresh(place) and NEXT in place.calendar.announced
    assert not await calendars.refresh(place)


LOCAL = table(
    {"街道代码": "410411001", "街道名称": "示例东街道"}, {"街道代码": "410411002", "街道名称": "示例西街道"}
)


async def test_a13_another_district_brings_its_own_streets(any_db: str) -> None:
    at = datetime(2026, 11, 23, 4, tzinfo=UTC)
    for act, name in ((registry.import_departments, "departments.csv"), (registry.import_items, "items.csv")):
        await act(read(name), by=OFFICE, at=at)
    there = table({**TARGET, "街道代码": "410411001", "辖区街道": "示例东街道"})
    assert [bad.reason for bad in (await registry.import_targets(there, by=OFFICE, at=at)).bad] == [
        "unknown_street"
    ]
    report = await registry.import_streets(
        LOCAL, by=OFFICE, at=at, source="示例区民政局", dated=date(2026, 1, 1)
    )
    assert report.added == 2 and await known_streets.count() == 2
    assert [(row.source, row.dated) for row in await Street.all()] == [("示例区民政局", date(2026, 1, 1))] * 2
    assert (await registry.import_targets(there, by=OFFICE, at=at)).added == 1
    assert (await Target.get(code=TARGET["对象编号"])).street == "410411001"
    other = {
        **TARGET,
        "对象编号": "X1",
        "统一社会信用代码": "",
        "注册号": "410402600000032",
        "名称": "另一家示例店",
    }
    sample = await registry.import_targets(table(other), by=OFFICE, at=at)
    assert [bad.reason for bad in sample.bad] == ["unknown_street"]  # the sample's streets are gone


async def test_a13_until_a_list_comes_in_the_samples_streets_stand(db: str) -> None:
    assert await known_streets.current() == streets() and await known_streets.count() == 0


NOTICE = f"""关于{NEXT}年部分节假日安排的示例
一、元旦：1月1日放假，共1天。
二、春节：2月6日至12日放假调休，共7天。2月14日（周日）上班。
三、清明节：4月5日放假。
四、劳动节：5月1日放假。
五、端午节：6月9日放假。
六、中秋节：9月15日放假。
七、国庆节：10月1日至7日放假，共7天。"""


async def test_the_notices_own_sentences_wait_until_somebody_has_compared_them(db: str) -> None:
    report = await take(NOTICE.encode())
    assert not report.taken and not report.bad and not await CalendarYear.exists()
    assert [remark.column for remark in report.asked] == [
        "元旦", "春节", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节",
    ]  # fmt: skip
    assert (await take(NOTICE.encode(), confirmed=True)).added == 1
    now = await calendars.current()
    assert not now.is_workday(date(NEXT, 2, 8)) and now.is_workday(date(NEXT, 2, 14))
    longer = NOTICE.replace("2月6日至12日放假调休，共7天", "2月6日至13日放假调休，共8天").replace(
        "1日至7日放假，共7天", "1日至8日放假，共8天"
    )
    again = await take(longer.encode())
    assert [(one.value, one.reason) for one in again.asked if not one.column] == [
        (f"{NEXT}-10-08", "calendar_now_off")
    ]
    assert not (await calendars.current()).is_workday(date(NEXT, 10, 7))
    assert (await calendars.current()).is_workday(date(NEXT, 10, 8))
