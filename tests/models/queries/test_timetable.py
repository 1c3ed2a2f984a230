"""Art. 15: laid out again after a change, a round keeps what its members were told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.procedure import away_time, inspection, itinerary
from models.queries import itinerary as rounds
from models.queries import timetable
from models.rules.away_time import DayPart, window_of
from models.rules.visit import local_day
from models.tables import Task
from tests.support import district as sample
from tests.support import round_of_twelve
from tests.support.district import BATCH, CEREMONY, district
from tests.support.round_of_twelve import VISITS


@pytest.fixture
async def proposed(any_db) -> list[Task]:
    """All twelve are proposed as they were laid out."""
    tasks = await round_of_twelve.one_team()
    leader = await sample.leader_of(tasks[0])
    for task in tasks:
        await inspection.close_network_check(task.number, by=leader, at=CEREMONY)
    planned = await laid_out()
    assert len(planned.windows) == VISITS
    await itinerary.propose(list(planned.windows.items()), by=leader, at=CEREMONY, key="press")
    return await Task.all().order_by("proposed_from")


async def laid_out():
    leader = await sample.leader_of(await Task.all().first())
    [round_] = await rounds.rounds(BATCH, leader.id, None, at=CEREMONY, district=district())
    return await timetable.plan(round_, BATCH, local_day(CEREMONY), CEREMONY, district())


async def test_with_nothing_changed_there_is_nothing_to_ask_anew(proposed):
    again = await laid_out()
    assert (dict(again.windows), dict(again.moved), dict(again.left)) == ({}, {}, {})


async def test_of_a_member_who_cannot_come_one_morning_only_that_mornings_visits_move(proposed):
    leader = await sample.leader_of(proposed[0])
    member = next(
        by for people in (await sample.team_of(proposed[0])).values() for by in people if by.id != leader.id
    )
    day = local_day(proposed[0].proposed_from)
    await away_time.say(*window_of(day, DayPart.MORNING), by=member, at=CEREMONY + timedelta(hours=1))
    morning = {
        task.number
        for task in proposed
        if window_of(day, DayPart.MORNING).begins <= task.proposed_from < window_of(day, DayPart.MORNING).ends
    }
    again = await laid_out()
    assert morning
    assert set(again.windows) == morning
    assert not again.left
