"""期限提醒: each threshold once to each person, late rather than never, by the announced calendar (Art. 16 (3))."""

import asyncio
import random
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from models import store
from models.data import workday_calendar
from models.district import District
from models.procedure import department_result, enrolment, reminder
from models.rules.actor import Role
from models.rules.quiet_hours import read_quiet_hours
from models.rules.reminding import overdue, threshold
from models.rules.term.kinds import BY_NAME
from models.rules.visit import SHANGHAI
from models.rules.workdays import Calendar
from models.states import TaskState
from models.tables import Account, Assignment, Event, Outbox, Task, TermReminder
from tests.support import district

PLACE = district.district()
ENDED = date(2026, 3, 2)
ENTRY = BY_NAME["entry"].thresholds


def on(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


async def concluded(count: int = 1, ended: date = ENDED, place: District = PLACE) -> list[Task]:
    """Tasks whose visits ended on one day, their officers and heads with accounts."""
    await district.found()
    await district.drawn()
    for department in district.CREW:
        await district.account(Role.HEAD, department)
    tasks = await Task.all().order_by("rank").limit(count)
    due = place.calendar.nth_workday_after(ended)
    await Task.exclude(id__in=[task.id for task in tasks]).update(state=TaskState.ARCHIVED)
    for task in tasks:
        await district.team_of(task)
        await district.answered(task, on(ended))
        task.state, task.ended_at = TaskState.CONCLUDED, on(ended)
        task.entry_due, task.due_provisional = due.date, due.provisional
        await task.save()
    return tasks


def before(task: Task, days: int) -> date:
    """The day on which so many working days are left."""
    assert task.entry_due
    return PLACE.calendar.nth_workday_before(task.entry_due, days).date if days else task.entry_due


async def sweep(at: datetime, place: District = PLACE) -> int:
    return await reminder.sweep(at=at, district=place)


async def said() -> list[tuple[int, int, int]]:
    rows = await TermReminder.all().order_by("id")
    return [(int(row.subject.removeprefix("task:")), row.account_id, row.threshold) for row in rows]


async def officers(task: Task) -> set[int]:
    return {one.account for people in (await district.team_of(task)).values() for one in people}


async def heads() -> set[int]:
    return {one.id for one in await Account.filter(role=Role.HEAD)}


@pytest.mark.parametrize(
    ("left", "reached"),
    [(11, None), (10, 10), (9, 10), (6, 10), (5, 5), (3, 5), (2, 2), (1, 1), (0, 0)],
)
def test_the_tightest_threshold_that_is_reached_counts(left, reached):
    assert threshold(ENTRY, left) == reached


@pytest.mark.parametrize(("days", "reached"), [(1, -1), (7, -1), (8, -2), (14, -2), (15, -3)])
def test_overdue_is_said_on_the_day_and_then_each_week(days, reached):
    assert overdue(ENDED, ENDED + timedelta(days=days)) == reached


@pytest.mark.parametrize("left", [10, 5, 2, 1])
async def test_officers_and_leader_hear_of_each_threshold_on_its_day(db, left):
    [task] = await concluded()
    await sweep(on(before(task, left + 1)))
    earlier = len(await said())
    await sweep(on(before(task, left)))
    now = (await said())[earlier:]
    assert Counter(now) == Counter((task.id, account, left) for account in await officers(task))
    assert {who for _, who, _ in now} & await heads() == set()


async def test_heads_hear_on_the_last_day_and_when_it_is_overdue(db):
    [task] = await concluded()
    await sweep(on(before(task, 0)))
    everybody = await officers(task) | await heads()
    assert {row for row in await said() if row[2] == 0} == {(task.id, who, 0) for who in everybody}
    await sweep(on(before(task, 0) + timedelta(days=1)))
    assert {row for row in await said() if row[2] == -1} == {(task.id, who, -1) for who in everybody}


async def test_only_departments_without_a_result_hear_of_it_and_the_leader_alone_once_all_are_in(db):
    [task] = await concluded()
    team, leader = await district.team_of(task), await district.leader_of(task)
    first, *rest = [code for code in team if code != leader.department]
    for code in rest:
        await department_result.enter(task.number, ["R01"], by=team[code][0], at=on(before(task, 3)))
    await department_result.enter(task.number, ["R01"], by=leader, at=on(before(task, 3)))
    await sweep(on(before(task, 0)))
    owing = {one.account for one in team[first]} | {(await Account.get(role=Role.HEAD, department=first)).id}
    assert {(who, left) for _, who, left in await said()} == {(who, 0) for who in owing | {leader.account}}
    await department_result.enter(task.number, ["R01"], by=team[first][0], at=on(before(task, 0), 11))
    earlier = len(await said())
    await sweep(on(PLACE.calendar.nth_workday_after(task.entry_due, 2).date))
    kinds = {(row.kind, row.account_id) for row in (await TermReminder.all().order_by("id"))[earlier:]}
    assert ("confirm", leader.account) in kinds and "entry" not in {kind for kind, _ in kinds}


async def test_a_message_names_task_days_left_and_day(db):
    [task] = await concluded()
    await sweep(on(before(task, 5)))
    row = await Outbox.filter(kind="reminder").first()
    assert row.payload["tasks"] == [
        {
            "task": task.number,
            "id": task.id,
            "kind": "entry",
            "left": 5,
            "threshold": 5,
            "due": task.entry_due.isoformat(),
            "about": None,
            "provisional": False,
        }
    ]


async def test_at_night_nobody_is_disturbed_and_in_the_morning_they_are_told(db):
    [task] = await concluded()
    day = before(task, 5)
    for hour, minute in [(0, 0), (7, 29), (21, 0), (23, 59)]:
        assert await sweep(on(day, hour, minute)) == 0
    assert await sweep(on(day, 7, 30)) > 0


async def test_a_district_has_its_own_quiet_hours(db):
    [task] = await concluded()
    place = replace(PLACE, quiet_hours=read_quiet_hours("18:00-09:00"))
    assert await sweep(on(before(task, 10), 8, 59), place) == 0
    assert await sweep(on(before(task, 10), 18), place) == 0
    assert await sweep(on(before(task, 10), 9), place) > 0


async def test_what_has_been_entered_is_reminded_of_no_more(db):
    [task] = await concluded()
    await Task.filter(id=task.id).update(state=TaskState.ENTERED)
    await sweep(on(before(task, 0)))
    assert not await TermReminder.filter(kind="entry").exists()


async def test_who_takes_over_is_told_and_who_left_is_not(db):
    [task] = await concluded()
    gone = await Assignment.filter(task=task, leader=False).first()
    await Assignment.filter(id=gone.id).update(until=on(ENDED))
    new = await enrolment.account_of_inspector("INS-GA-6", on(ENDED))
    await Assignment.create(
        task=task, inspector_id=new.actor.id, department="GA", since=on(ENDED), leader=False
    )
    await sweep(on(before(task, 5)))
    told = {who for _, who, _ in await said()}
    left = await Account.get(inspector_id=gone.inspector_id)
    assert new.id in told
    assert left.id not in told


async def test_a_disabled_account_hears_nothing(db):
    [task] = await concluded()
    out = await Account.get(id=min(await officers(task)))
    await enrolment.disable(out.id, by=district.OFFICE, at=on(ENDED))
    await sweep(on(before(task, 5)))
    assert out.id not in {who for _, who, _ in await said()}


async def test_r16_three_days_off_are_caught_up_in_one_message_a_person(db):
    tasks = await concluded(3)
    await sweep(on(before(tasks[0], 3)))
    await Outbox.all().delete()
    await sweep(on(before(tasks[0], 0)))
    people = {who for task in tasks for who in await officers(task)} | await heads()
    rows = await Outbox.filter(kind="reminder")
    assert Counter(row.account_id for row in rows) == Counter(people)
    assert {len(row.payload["tasks"]) for row in rows if row.account_id in await heads()} == {3}
    assert {one["threshold"] for row in rows for one in row.payload["tasks"]} == {0}


@pytest.mark.parametrize("seed", range(3))
async def test_r15_d76_months_of_restarts_and_wrong_clocks_leave_each_reminder_once(db, seed, full_size):
    """A clock an hour slow or a day fast, the process begun anew at any time: each threshold once each."""
    dice = random.Random(seed)
    tasks = await concluded(5)
    for number, task in enumerate(tasks):
        ended = ENDED + timedelta(days=3 * number)
        due = PLACE.calendar.nth_workday_after(ended)
        await Task.filter(id=task.id).update(ended_at=on(ended), entry_due=due.date)
    at, end, last = on(ENDED), on(ENDED + timedelta(days=60)), ENDED
    while at < end:
        wrong = dice.choice([timedelta(0)] * 6 + [timedelta(hours=-1), timedelta(days=1)])
        await sweep(at + wrong)
        if not PLACE.quiet_hours.hold(at + wrong):
            last = max(last, (at + wrong).date())
        if dice.random() < 0.02:
            await store.close()
            await store.open(db)
        at += timedelta(hours=1 if full_size else 4)
    expected = Counter()
    for task in await Task.filter(id__in=[one.id for one in tasks]):
        assert overdue(task.entry_due, last) < -1, "weeks overdue"
        for reached in (*ENTRY, *range(-1, overdue(task.entry_due, last) - 1, -1)):
            people = await officers(task) | (await heads() if reached <= 0 else set())
            expected.update((task.id, who, reached) for who in people)
    assert Counter(await said()) == expected


async def test_a_host_in_another_zone_says_the_same(db):
    [task] = await concluded()
    assert await sweep(on(before(task, 6), 20).astimezone(ZoneInfo("UTC"))) > 0
    assert {reached for *_, reached in await said()} == {10}
    assert await sweep(on(before(task, 5), 8).astimezone(ZoneInfo("UTC"))) > 0
    assert {reached for *_, reached in await said()} == {10, 5}


async def test_two_clocks_at_once_say_it_once(any_db):
    [task] = await concluded()
    at = on(before(task, 5))
    await asyncio.gather(*(sweep(at) for _ in range(4)), return_exceptions=True)
    everybody = await officers(task)
    assert Counter(await said()) == Counter((task.id, who, 5) for who in everybody)
    assert await Outbox.filter(kind="reminder").count() == len(everybody)


def announced(year: int, *off: date) -> District:
    """The district after that year's list was announced."""
    known = workday_calendar()
    calendar = Calendar(known.announced | {year}, known.off | set(off), known.makeup)
    return District("示例区", b"0" * 32, calendar, "http://127.0.0.1:8080")


async def test_d77_a_provisional_day_is_said_to_be_one_and_counted_again_when_the_list_is_out(db):
    year = max(workday_calendar().announced) + 1
    ended = date(year - 1, 12, 10)
    [task] = await concluded(ended=ended)
    task = await Task.get(id=task.id)
    assert task.due_provisional
    first = task.entry_due
    await sweep(on(first - timedelta(days=20)))
    await sweep(on(first))
    assert all(
        one["provisional"] for row in await Outbox.filter(kind="reminder") for one in row.payload["tasks"]
    )
    told = len(await said())

    after = announced(year, *(date(year, 1, day) for day in range(1, 5)))
    await sweep(on(first), after)
    task = await Task.get(id=task.id)
    assert (task.due_provisional, task.entry_due) == (False, after.calendar.nth_workday_after(ended).date)
    assert task.entry_due > first
    note = await Event.get(kind="deadline.counted_again")
    assert note.data["due"] == task.entry_due.isoformat()
    new = (await said())[told:]
    assert {reached for *_, reached in new} == {
        threshold(ENTRY, after.calendar.workdays_between(first, task.entry_due))
    }
    assert await sweep(on(first), after) == 0
    assert await Event.filter(kind="deadline.counted_again").count() == 1


async def test_a_day_that_becomes_firm_and_stays_is_not_said_twice(db):
    year = max(workday_calendar().announced) + 1
    [task] = await concluded(ended=date(year - 1, 12, 10))
    await sweep(on(task.entry_due))
    told = len(await said())
    same = announced(year, *(day for day in workday_calendar().off if day.year == year))
    await sweep(on(task.entry_due), same)
    assert not (await Task.get(id=task.id)).due_provisional
    assert len(await said()) == told
