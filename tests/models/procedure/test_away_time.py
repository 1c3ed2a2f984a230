"""Art. 15: an officer says when they cannot come; nothing is planned then, and what meets it is said with who and when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.procedure import away_time, inspection, register_entry, schedule
from models.queries import away_time as away_times
from models.queries import clash, free_times, itinerary, timetable
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.away_time import DayPart, part_of, window_of
from models.rules.visit import SHANGHAI, local_day
from models.tables import Assignment, AwayTime, Event, Inspector, Outbox, Task
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, OFFICE, VISIT, district

TWO_HOURS = timedelta(hours=2)
AFTERNOON = window_of(date(2026, 12, 9), DayPart.AFTERNOON)


@pytest.fixture
async def task(any_db) -> Task:
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("number").first()
    for each in await Task.filter(team_id=task.team_id):
        await inspection.close_network_check(each.number, by=await sample.leader_of(each), at=CEREMONY)
    return task


async def a_member(task: Task):
    leader = await sample.leader_of(task)
    return next(by for people in (await sample.team_of(task)).values() for by in people if by.id != leader.id)


async def round_of(task: Task):
    leader = await sample.leader_of(task)
    return (await itinerary.rounds(BATCH, leader.id, None, at=CEREMONY, district=district()))[0]


async def test_no_visit_is_planned_while_a_member_cannot_come(task):
    member, round_ = await a_member(task), await round_of(task)
    first = (await timetable.plan(round_, BATCH, VISIT.date(), CEREMONY, district())).windows[task.number]
    await away_time.say(*window_of(local_day(first.begins), DayPart.DAY), by=member, at=CEREMONY)
    windows = (await timetable.plan(round_, BATCH, VISIT.date(), CEREMONY, district())).windows
    assert set(windows) == {visit.number for visit in round_.plannable}
    assert all(local_day(window.begins) != local_day(first.begins) for window in windows.values())


async def test_who_is_away_on_every_day_of_the_window_is_named_as_the_cause(task):
    member, round_ = await a_member(task), await round_of(task)
    for first, last in ((date(2026, 11, 28), date(2026, 12, 9)), (date(2026, 12, 9), date(2026, 12, 22))):
        begins, ends = (window_of(day, DayPart.DAY).begins for day in (first, last))
        await away_time.say(begins, ends, by=member, at=CEREMONY)
    planned = await timetable.plan(round_, BATCH, VISIT.date(), CEREMONY, district())
    assert not planned.windows
    assert {(cause.why, cause.names) for cause in planned.left.values()} == {("people", (member.name,))}


async def test_a_leave_of_the_register_is_planned_around_too(task):
    member, round_ = await a_member(task), await round_of(task)
    async with sample.written():
        await Inspector.filter(code=member.id).update(
            leave_from=date(2026, 12, 1), leave_until=date(2026, 12, 14)
        )
    windows = (await timetable.plan(round_, BATCH, VISIT.date(), CEREMONY, district())).windows
    assert windows
    assert all(local_day(window.begins) > date(2026, 12, 14) for window in windows.values())


async def with_hours(member: Actor, hours: str) -> None:
    """The office writes an officer's working hours into the register."""
    kept = await register_entry.edit("inspectors", member.id, {"工作时间": hours}, by=OFFICE, at=CEREMONY)
    assert kept.taken, kept.bad


async def test_working_hours_of_the_register_are_planned_around(task):
    member, round_ = await a_member(task), await round_of(task)
    await with_hours(member, "周二、周四 13:00-18:00")
    plan = await timetable.plan(round_, BATCH, VISIT.date(), CEREMONY, district())
    assert plan.windows and plan.hours == ((member.name, "周二、周四 13:00-18:00"),)
    for window in plan.windows.values():
        begins = window.begins.astimezone(SHANGHAI)
        assert begins.weekday() in (1, 3) and begins.hour >= 13
    await with_hours(member, "周日 1:00-2:00")
    plan = await timetable.plan(round_, BATCH, VISIT.date(), CEREMONY, district())
    assert {(cause.why, cause.names) for cause in plan.left.values()} == {("people", (member.name,))}


async def test_an_hour_outside_them_is_said_to_the_leader_and_may_be_agreed_to(task):
    leader, member = await sample.leader_of(task), await a_member(task)
    await with_hours(member, "周一至周五 08:30-12:00")
    begins = AFTERNOON.begins + TWO_HOURS
    await schedule.propose(task.number, begins, begins + TWO_HOURS, by=leader, at=CEREMONY)
    proposed = [await Task.get(id=task.id)]
    [met] = (await clash.of_proposals(proposed))[task.id]
    assert (met.away, met.names, met.hours) == (True, (member.name,), "周一至周五 08:30-12:00")
    day = local_day(begins)
    busy = [met for _, met in await clash.busy_of(task.id, CEREMONY, (day, day)) if met.hours]
    assert [local_day(met.begins) for met in busy] == [day] and not await clash.busy_of(task.id, CEREMONY)
    await schedule.reply(task.number, True, by=member, at=CEREMONY)
    assert (await clash.of_proposals(proposed))[task.id] == ()


async def test_the_entity_is_offered_no_time_outside_them(task):
    member = await a_member(task)
    await with_hours(member, "14:00-18:00")
    offered = await free_times.free(task, CEREMONY, district())
    assert offered and all(window.begins.astimezone(SHANGHAI).hour >= 14 for window in offered)


async def test_a_proposed_visit_that_meets_it_is_answered_and_the_leader_hears_of_it(task):
    leader, member = await sample.leader_of(task), await a_member(task)
    begins = AFTERNOON.begins + TWO_HOURS
    await schedule.propose(task.number, begins, begins + TWO_HOURS, by=leader, at=CEREMONY)
    kept = await away_time.say(*AFTERNOON, by=member, at=CEREMONY)
    assert (kept.asked, kept.fixed) == ((task.number,), ())
    seat = await Assignment.get(task=task, inspector_id=member.id, until=None)
    assert seat.declined_from == begins
    assert await Outbox.filter(kind="visit.declined").count() == 1
    [met] = (await clash.of_proposals([await Task.get(id=task.id)]))[task.id]
    assert (met.away, met.names, met.begins) == (True, (member.name,), AFTERNOON.begins)


async def test_a_fixed_visit_stays_and_its_leader_is_told(task):
    member = await a_member(task)
    await sample.visit_fixed(task, district())
    kept = await away_time.say(*window_of(VISIT.date(), DayPart.MORNING), by=member, at=CEREMONY)
    assert (kept.asked, kept.fixed) == ((), (task.number,))
    assert (await Task.get(id=task.id)).visit_from == VISIT
    assert await Outbox.filter(kind="visit.cannot_keep").count() == 1


async def test_whoever_agrees_to_an_hour_is_not_held_to_what_they_said_before(task):
    leader, member = await sample.leader_of(task), await a_member(task)
    await away_time.say(*AFTERNOON, by=member, at=CEREMONY)
    begins = AFTERNOON.begins + TWO_HOURS
    await schedule.propose(task.number, begins, begins + TWO_HOURS, by=leader, at=CEREMONY)
    proposed = [await Task.get(id=task.id)]
    assert (await clash.of_proposals(proposed))[task.id]
    await schedule.reply(task.number, True, by=member, at=CEREMONY)
    assert (await clash.of_proposals(proposed))[task.id] == ()


async def test_the_entity_is_offered_no_time_at_which_a_member_cannot_come(task):
    member = await a_member(task)
    offered = await free_times.free(task, CEREMONY, district())
    await away_time.say(*offered[0], by=member, at=CEREMONY)
    assert offered[0] not in await free_times.free(task, CEREMONY, district())


async def test_said_twice_it_is_one_row_and_taken_back_it_stays_as_a_row(task):
    member = await a_member(task)
    first = await away_time.say(*AFTERNOON, by=member, at=CEREMONY)
    again = await away_time.say(*AFTERNOON, by=member, at=CEREMONY)
    assert first.time == again.time
    assert first.time.part == DayPart.AFTERNOON
    for _ in range(2):
        await away_time.take_back(first.time.id, by=member, at=CEREMONY)
    assert await away_times.of_officer(member.id, CEREMONY) == ()
    row = await AwayTime.get()
    assert row.taken_back_at == CEREMONY
    trail = Event.filter(chain=f"officer:{member.id}").order_by("seq")
    kinds = [each.kind for each in await trail]
    assert kinds == ["away.said", "away.taken_back"]


async def test_nobody_takes_back_what_another_said(task):
    leader, member = await sample.leader_of(task), await a_member(task)
    kept = await away_time.say(*AFTERNOON, by=member, at=CEREMONY)
    for wrong in (kept.time.id, kept.time.id + 99):
        with pytest.raises(Refusal) as no:
            await away_time.take_back(wrong, by=leader, at=CEREMONY)
        assert no.value.code == "away.unknown"


@pytest.mark.parametrize(
    ("begins", "ends", "code"),
    [
        (timedelta(days=-2), timedelta(days=-1), "away.past"),
        (timedelta(days=2), timedelta(days=1), "visit.ends_before_it_begins"),
        (timedelta(days=1), timedelta(days=16), "away.too_long"),
        (timedelta(days=400), timedelta(days=401), "away.too_long"),
    ],
)
async def test_what_is_no_time_to_come_is_refused(task, begins, ends, code):
    with pytest.raises(Refusal) as no:
        await away_time.say(CEREMONY + begins, CEREMONY + ends, by=await a_member(task), at=CEREMONY)
    assert no.value.code == code
    assert not await AwayTime.exists()


def test_a_day_and_its_halves_are_known_again_and_other_hours_are_not():
    day = date(2026, 12, 9)
    assert [part_of(window_of(day, part)) for part in DayPart] == list(DayPart)
    assert part_of(AFTERNOON._replace(begins=AFTERNOON.begins + TWO_HOURS)) is None
