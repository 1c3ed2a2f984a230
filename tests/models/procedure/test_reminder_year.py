"""A year of reminders: begun anew every hour, by a wrong clock, over a list of holidays that comes late (R15)."""

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import pytest

from models import store
from models.data import workday_calendar
from models.district import District
from models.procedure import reminder
from models.queries.sheet import sheet_of
from models.rules.actor import Role
from models.rules.visit import SHANGHAI
from models.rules.workdays import Calendar
from models.states import TaskState
from models.tables import Account, Answer, Assignment, Event, Outbox, Task, TermReminder
from tests.support import district

UNTIL, LISTED = date(2027, 6, 30), date(2026, 12, 30)
OFF = frozenset({date(2027, 1, 4), date(2027, 1, 5)})  # working days until the list of 2027 is out
KNOWN = workday_calendar()
NEW = Calendar(KNOWN.announced | {2027}, KNOWN.off | OFF, KNOWN.makeup)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Owed:
    """What the regulation asks for one task, counted day by day on the fingers."""

    task: Task
    ended: date
    early: bool
    people: set[int]
    due: date = date.min
    firm: bool = False
    entered: bool = False
    said: set[tuple[int, int, date]] = field(default_factory=set)

    def count(self, calendar: Calendar) -> None:
        self.due, left = self.ended, 20
        while left:
            self.due += DAY
            left -= calendar.is_workday(self.due)
        self.firm = self.due.year in calendar.announced

    def of(self, today: date, calendar: Calendar, heads: set[int]) -> None:
        days = ((today + DAY * n) for n in range(1, (self.due - today).days + 1))
        left = -1 if today > self.due else sum(map(calendar.is_workday, days))
        reached = next((one for one in (-1, 0, 1, 2, 5, 10) if left <= one), None)
        if reached is not None:
            everybody = self.people | (heads if reached <= 0 else set())
            self.said |= {(who, reached, self.due) for who in everybody}

    def entry(self) -> date:
        return self.due - 3 * DAY if self.early else self.due + 5 * DAY


def by_list(calendar: Calendar) -> District:
    return replace(district.district(), calendar=calendar)


def clock(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


async def visits(count: int, first: date, last: date) -> list[Owed]:
    """Tasks whose visits will end between two days, every third of them entered before it is due."""
    await district.found()
    await district.drawn()
    for department in district.CREW:
        await district.account(Role.HEAD, department)
    drawn = await Task.all().order_by("rank")
    teams = {one.id: await Assignment.filter(task=one) for one in drawn}
    crews = {one.id: (await district.team_of(one)).values() for one in drawn}
    people = {id: {who.account for crew in crews[id] for who in crew} for id in crews}
    pattern = [drawn[n % len(drawn)] for n in range(count)]
    await Task.bulk_create(
        Task(
            number=f"{one.batch_id}-Y{n}", batch_id=one.batch_id, draw_id=one.draw_id, team_id=one.team_id,
            target_id=one.target_id, pool_id=one.pool_id, rank=1000 + n, state=TaskState.ASSIGNED,
            assigned_at=one.assigned_at,
        )
        for n, one in enumerate(pattern)
    )  # fmt: skip
    made = await Task.filter(rank__gte=1000).order_by("rank")
    await Assignment.bulk_create(
        Assignment(
            task_id=task.id, inspector_id=seat.inspector_id, department=seat.department, leader=seat.leader,
            since=seat.since,
        )
        for task, one in zip(made, pattern, strict=True) for seat in teams[one.id]
    )  # fmt: skip
    of_each = {ask.department: ask.id for ask in (await sheet_of(drawn[0])).asks}
    await Answer.bulk_create(  # every department inspected: each owes a result
        Answer(task_id=task.id, question_id=id, version=1, verdict="pass", by="示例", at=clock(first, 9))
        for task in made for id in of_each.values()
    )  # fmt: skip
    span = (last - first).days
    return [
        Owed(task, first + DAY * (n * span // count), n % 3 == 2, people[one.id])
        for n, (task, one) in enumerate(zip(made, pattern, strict=True))
    ]


async def lived(today: date, owed: list[Owed], calendar: Calendar) -> None:
    """Visits that ended yesterday are concluded; what was entered yesterday is entered."""
    for one in owed:
        if one.ended + DAY == today:
            one.count(calendar)
            await Task.filter(id=one.task.id).update(
                state=TaskState.CONCLUDED, ended_at=clock(one.ended, 16), entry_due=one.due,
                due_provisional=not one.firm,
            )  # fmt: skip
        elif one.due != date.min and not one.entered and one.entry() < today:
            one.entered = True
            await Task.filter(id=one.task.id).update(state=TaskState.ENTERED)


@pytest.mark.timeout(900)
async def test_r15_d76_d77_a_year_of_restarts_and_a_late_list_leave_each_reminder_once(db, full_size):
    """What stands in the database at the end is what the fingers counted: nothing missed, nothing twice."""
    dice, count = random.Random(15), 200 if full_size else 8
    today = UNTIL - 364 * DAY if full_size else LISTED - 25 * DAY
    until = UNTIL if full_size else LISTED + 20 * DAY
    owed = await visits(count, today, until - 40 * DAY)
    heads = {one.id for one in await Account.filter(role=Role.HEAD)}
    place, again = by_list(KNOWN), 0
    while today <= until:
        if today == LISTED:
            assert all(map(KNOWN.is_workday, OFF))
            place = by_list(NEW)
        await lived(today, owed, place.calendar)
        running = [one for one in owed if one.due != date.min and not one.entered]
        for one in running:
            if today == LISTED and not one.firm:
                one.count(NEW)
                again += 1
            one.of(today, place.calendar, heads)
        for hour in range(0, 24, 1 if full_size else 3):
            await reminder.sweep(at=clock(today, hour) + dice.choice((-HOUR, 0 * HOUR, HOUR)), district=place)
            await store.close()
            await store.open(db)
        today += DAY
    expected = Counter((f"task:{one.task.id}", *said) for one in owed for said in one.said)
    rows = await TermReminder.filter(kind="entry")
    assert Counter((row.subject, row.account_id, row.threshold, row.due) for row in rows) == expected
    numbers = {one.task.number: one.task.id for one in owed}
    sent = Counter(
        (f"task:{numbers[said['task']]}", row.account_id, said["threshold"], date.fromisoformat(said["due"]))
        for row in await Outbox.filter(kind="reminder")
        for said in row.payload["tasks"]
        if said["kind"] == "entry"
    )
    assert sent == expected
    assert {row.id: row.entry_due for row in await Task.filter(rank__gte=1000)} == {
        one.task.id: one.due for one in owed
    }
    assert again
    assert await Event.filter(kind="deadline.counted_again").count() == again
