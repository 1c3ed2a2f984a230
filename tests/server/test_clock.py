"""The clock of the process: what fell due while nobody was there is said as soon as somebody is (Art. 16 (3))."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

from models.operations import inbox
from models.procedure import reminder
from models.rules.actor import Role
from models.states import TaskState
from models.tables import Outbox, Task
from server import clock
from tests.support import district
from tests.support.district import VISIT, Clock
from tests.support.virtual_time import Steps

PLACE = district.district()
ENDED = date(2026, 12, 8)


async def overdue_while_off() -> tuple[Clock, int]:
    """Tasks three days further than when the server went, over two thresholds; the clock and the people."""
    await district.found()
    await district.drawn()
    for department in district.CREW:
        await district.account(Role.HEAD, department)
    due = PLACE.calendar.nth_workday_after(ENDED).date
    people: set[int] = set()
    for task in await Task.all():
        people |= {one.account for crew in (await district.team_of(task)).values() for one in crew}
        await district.answered(task, VISIT)
        await Task.filter(id=task.id).update(state=TaskState.CONCLUDED, ended_at=VISIT, entry_due=due)
    last = VISIT + (due - ENDED)
    off = last - (due - PLACE.calendar.nth_workday_before(due, 3).date)
    assert last - off >= timedelta(days=3)
    await reminder.sweep(at=off, district=PLACE)
    await Outbox.all().delete()
    return Clock(last), len(people) + len(district.CREW)


async def told(count: int, steps: Steps) -> float:
    """Waits until everybody has their message; the seconds it took, by the clock's own count."""

    async def everybody() -> bool:
        await steps.quiet()
        return await Outbox.filter(kind="reminder").count() >= count

    await steps.until_true(everybody)
    return steps.at


@asynccontextmanager
async def running(now: Clock) -> AsyncIterator[Steps]:
    """The clock at the product's own interval, by a time that the test moves."""
    steps = Steps()
    work = asyncio.create_task(clock.run("ours", PLACE, now, now.wake, waiting=steps))
    try:
        with steps.watching(lambda: [work]):
            yield steps
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def one_each(count: int) -> None:
    rows = await Outbox.filter(kind="reminder")
    assert Counter(Counter(row.account_id for row in rows).values()) == {1: count}
    assert {one["threshold"] for row in rows for one in row.payload["tasks"]} == {0}


async def test_r16_what_fell_due_in_three_days_off_is_said_in_the_first_round(db):
    """At the product's own interval: nobody waits for a second round, and the post is woken."""
    now, count = await overdue_while_off()
    async with running(now) as steps:
        assert await told(count, steps) < clock.EVERY
    assert now.woken == 1
    await one_each(count)


async def test_r16_within_sixty_seconds_although_another_machine_died_holding_the_right(db):
    """Two rounds wait, the third says it."""
    now, count = await overdue_while_off()
    await inbox.lease("clock", "elsewhere:1:theirs", clock.EVERY * 1.5, at=now())
    async with running(now) as steps:
        took = await told(count, steps)
    assert clock.EVERY < took <= 60
    await one_each(count)
