"""Art. 15: members have their days to answer a proposed time; the silent are reminded once, named, and then not waited for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models.procedure import inspection, itinerary, reminder, schedule
from models.queries import itinerary as rounds
from models.rules.actor import Role
from models.rules.free_times import Window
from models.rules.overdue import read_terms
from models.tables import Event, Task, TermReminder
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, VISIT, district

TWO_HOURS = timedelta(hours=2)
MONDAY = datetime(2026, 11, 30, 7, 30, tzinfo=sample.SHANGHAI)  # the Friday's members had until its evening
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
async def task(any_db) -> Task:
    """Proposed on Friday; one member has not answered, the others can."""
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("number").first()
    leader = await sample.leader_of(task)
    await inspection.close_network_check(task.number, by=leader, at=CEREMONY)
    await itinerary.propose(
        [(task.number, Window(VISIT, VISIT + TWO_HOURS))], by=leader, at=CEREMONY, key="one press"
    )
    for each in await everybody(task):
        if each.id not in (leader.id, (await silent(task)).id):
            await schedule.reply(task.number, True, by=each, at=CEREMONY)
    for each in await everybody(task):
        await sample.account(Role.INSPECTOR, each.id)
    return task


async def everybody(task: Task):
    return [by for people in (await sample.team_of(task)).values() for by in people]


async def silent(task: Task):
    return (await sample.team_of(task))["WJ"][0]


async def ready_at(task: Task, at: datetime):
    return await rounds.ready((await sample.leader_of(task)).id, at, district())


async def reminded_of_it() -> list[TermReminder]:
    return await TermReminder.filter(kind="answer").order_by("id").select_related("account")


async def test_until_the_days_are_over_the_leader_waits_and_afterwards_goes_on_with_the_silent_named(task):
    assert await ready_at(task, CEREMONY) == ()
    assert await ready_at(task, MONDAY + timedelta(hours=12)) == ()
    [goes_on] = await ready_at(task, TUESDAY)
    assert goes_on.silent == ((await silent(task)).name,)
    [round_] = await rounds.rounds(
        BATCH, (await sample.leader_of(task)).id, None, at=TUESDAY, district=district()
    )
    assert [visit.number for visit in round_.complete] == [task.number]


async def test_who_refused_is_never_passed_over(task):
    await schedule.reply(task.number, False, by=await silent(task), at=CEREMONY)
    assert await ready_at(task, TUESDAY) == ()


async def test_the_silent_are_reminded_once_and_then_the_leader_hears_that_it_can_go_on(task):
    member, leader = await silent(task), await sample.leader_of(task)
    for day in range(3):
        await reminder.sweep(at=MONDAY + timedelta(days=day), district=district())
    told = [(row.account.inspector_id, row.threshold) for row in await reminded_of_it()]
    assert told == [(member.id, 0), (leader.id, -1)]


async def test_who_has_answered_is_not_reminded(task):
    await schedule.reply(task.number, True, by=await silent(task), at=CEREMONY)
    await reminder.sweep(at=MONDAY, district=district())
    assert await reminded_of_it() == []


async def test_the_trail_of_the_fixed_time_names_who_never_answered(task):
    leader = await sample.leader_of(task)
    await itinerary.fix([task.number], by=leader, at=TUESDAY, district=district(), key="press")
    fixed = await Event.get(kind="visit.fixed")
    assert fixed.data["silent"] == [(await silent(task)).id]
    assert (await Task.get(id=task.id)).proposed_at is None


async def test_the_district_may_give_more_days(task):
    place = replace(district(), terms=read_terms("answer=5"))
    leader = await sample.leader_of(task)
    assert await rounds.ready(leader.id, TUESDAY, place) == ()
    assert len(await rounds.ready(leader.id, MONDAY + timedelta(days=7), place)) == 1
