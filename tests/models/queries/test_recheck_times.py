"""Art. 15, 17: an announced recheck is an officer's hour like any visit; nothing else is fixed in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from models.procedure import away_time, inspection, recheck, rectification, reminder, schedule
from models.procedure.enrolment import actor_of
from models.queries import clash, free_times, orders_due, recheck_times, timetable, visit_slots, visit_week
from models.queries import itinerary as rounds
from models.queries.board import sight_of
from models.queries.person import holder_of
from models.rules.actor import Actor, Role
from models.rules.away_time import DayPart, window_of
from models.rules.free_times import Window
from models.rules.recheck import TAKES, PointFound
from models.rules.rectification import RectificationOutcome
from models.rules.visit import local_day
from models.rules.visit_slots import SlotState
from models.rules.visit_week import monday_of
from models.tables import Account, Assignment, Task, TermReminder
from server.calendar_feed import calendar_of
from tests.models.procedure.test_publication import refused
from tests.models.procedure.test_recheck import BEGINS, Visit, announced
from tests.support.district import BATCH, account, district, leader_of
from tests.support.rectifying import ENDED

HOUR = Window(BEGINS, BEGINS + TAKES)
TWO_HOURS = timedelta(hours=2)


@dataclass
class Meeting:
    """`other`: a task to be visited, in which one of the recheck's officers serves too."""

    visit: Visit
    other: Task
    leader: Actor

    async def proposed(self, begins=BEGINS) -> None:
        await schedule.propose(self.other.number, begins, begins + TWO_HOURS, by=self.leader, at=ENDED)

    async def fixed(self) -> None:
        await schedule.fix(self.other.number, by=self.leader, at=ENDED, district=district(), reason="示例")


async def _other(visit: Visit) -> Meeting:
    seats = Assignment.filter(inspector_id=visit.mate.id, until=None).exclude(task=visit.of.task)
    seat = await seats.order_by("task_id").select_related("task").first()
    leader = await leader_of(seat.task)
    await inspection.close_network_check(seat.task.number, by=leader, at=ENDED)
    return Meeting(visit, await Task.get(id=seat.task_id), leader)


async def test_a1_no_visit_is_proposed_over_an_announced_recheck(any_db) -> None:
    met = await _other(await announced())
    assert (await refused(met.proposed(BEGINS - timedelta(hours=1)))).startswith("visit.recheck_then")
    await met.proposed(BEGINS - TWO_HOURS)
    await met.fixed()


async def test_a1_a_time_proposed_before_the_recheck_was_announced_is_not_fixed_over_it(any_db) -> None:
    visit = await announced()
    met = await _other(visit)
    day_after = BEGINS + timedelta(days=1)
    await met.proposed(day_after)
    moved = await recheck.announce(visit.order.id, day_after, visit.mate.id, by=visit.of.officer, at=ENDED)
    assert (await refused(met.fixed())).startswith("visit.recheck_then")
    [warned] = list((await clash.of_proposals([await Task.get(id=met.other.id)]))[met.other.id])
    assert (warned.recheck, warned.fixed) == (moved.number, True)
    await recheck.announce(visit.order.id, BEGINS, visit.mate.id, by=visit.of.officer, at=ENDED)
    await met.fixed()


async def test_a1_whoever_plans_sees_the_hour_as_taken(any_db) -> None:
    met = await _other(await announced())
    busy = [(window, one.recheck) for window, one in await clash.busy_times(met.other, ENDED)]
    assert (HOUR, met.visit.line.number) in busy
    slots = await visit_slots.visit_slots(
        met.other.number, monday_of(BEGINS.date().isoformat(), BEGINS.date()), by=met.leader, at=ENDED,
        district=district(),
    )  # fmt: skip
    states = {slot.window.begins: slot.state for _, day in slots.days for slot in day}
    assert states[BEGINS] == SlotState.REFUSED
    offered = await free_times.free(met.other, ENDED, district())
    assert offered and not any(window.meets(HOUR) for window in offered)


async def test_a1_visits_are_laid_out_around_an_announced_recheck(any_db) -> None:
    met = await _other(await announced())

    async def laid_out() -> Window:
        [round_] = await rounds.rounds(BATCH, met.leader.id, None, at=ENDED, district=district())
        planned = await timetable.plan(round_, BATCH, local_day(ENDED), ENDED, district())
        return planned.windows[met.other.number]

    before = await laid_out()
    visit = met.visit
    await recheck.announce(visit.order.id, before.begins, visit.mate.id, by=visit.of.officer, at=ENDED)
    assert not (await laid_out()).meets(Window(before.begins, before.begins + TAKES))


async def test_a1_one_officer_is_at_one_recheck_at_a_time(any_db) -> None:
    met = await _other(await announced())
    assert [one.number for one in await recheck_times.of_officers([met.visit.mate.id])] == [
        met.visit.line.number
    ]
    assert await clash.with_fixed(met.other, *HOUR, [met.visit.mate.id])
    assert not await clash.with_fixed(met.visit.of.task, *HOUR), "two orders of one visit are one door"


async def test_what_was_verified_from_papers_frees_the_hour(any_db) -> None:
    visit = await announced()
    await rectification.decide(visit.order.id, RectificationOutcome.VERIFIED, by=visit.of.officer, at=ENDED)
    assert await recheck_times.of_officers([visit.mate.id]) == ()


async def test_who_comes_along_is_not_taken_where_they_said_that_they_cannot_come(any_db) -> None:
    visit = await announced()
    day = BEGINS.date() + timedelta(days=1)
    await away_time.say(*window_of(day, DayPart.MORNING), by=visit.mate, at=ENDED)

    def again(hours: int):
        begins = BEGINS + timedelta(days=1, hours=hours)
        return recheck.announce(visit.order.id, begins, visit.mate.id, by=visit.of.officer, at=ENDED)

    assert (await refused(again(0))).startswith("recheck.second_away")
    assert (await again(5)).begins == BEGINS + timedelta(days=1, hours=5)


async def _due() -> list[tuple[str, date, tuple[str, ...]]]:
    terms = [term for _, term in await orders_due.every()]
    return [(term.kind, term.day, term.officers) for term in terms if term.kind.startswith("recheck")]


async def test_r15_its_two_officers_are_reminded_of_the_day_that_was_told(any_db) -> None:
    visit = await announced()
    both = (visit.of.officer.id, visit.mate.id)
    assert await _due() == [("recheck", local_day(BEGINS), both)]
    later = BEGINS + timedelta(days=1)
    await recheck.announce(visit.order.id, later, visit.mate.id, by=visit.of.officer, at=ENDED)
    assert await _due() == [("recheck", local_day(later), both)], "another day takes its place"
    await rectification.decide(visit.order.id, RectificationOutcome.VERIFIED, by=visit.of.officer, at=ENDED)
    assert await _due() == []


async def test_r15_whoever_has_not_signed_its_record_is_reminded_until_both_have(any_db) -> None:
    visit = await announced()
    await visit.ended(PointFound.RECTIFIED, PointFound.RECTIFIED)
    both = (visit.of.officer.id, visit.mate.id)
    assert await _due() == [("recheck_sign", local_day(BEGINS), both)]
    await visit.signed_by(visit.of.officer)
    assert await _due() == [("recheck_sign", local_day(BEGINS), (visit.mate.id,))]
    await visit.signed_by(visit.mate)
    assert await _due() == []


async def test_r15_of_a_recheck_that_was_not_held_the_head_of_its_department_hears_too(any_db) -> None:
    visit = await announced()
    told = {visit.of.officer.id, visit.mate.id}
    for code in told:
        await account(Role.INSPECTOR, code)
    morning = BEGINS.replace(hour=8)
    await reminder.sweep(at=morning, district=district())
    assert await _heard("recheck") == told
    await reminder.sweep(at=morning + timedelta(days=1), district=district())
    assert await _heard("recheck") == {*told, visit.of.head.id}


async def _heard(kind: str) -> set[str]:
    ids = await TermReminder.filter(kind=kind).values_list("account_id", flat=True)
    return {actor_of(row).id for row in await Account.filter(id__in=list(ids)).select_related("inspector")}


async def test_its_officers_read_it_in_their_week_and_in_their_calendar(any_db) -> None:
    visit = await announced()
    monday = monday_of(BEGINS.date().isoformat(), BEGINS.date())

    async def in_the_week(by: Actor, officer: str = "", department: str = "") -> list[str]:
        week = await visit_week.visit_week(
            monday, sight_of(by), district().calendar, serving=visit_week.Serving(officer, department), by=by
        )
        return [time.number for day in week.days for time in day.rechecks]

    for officer in (visit.of.officer, visit.mate):
        assert await in_the_week(officer, officer.id) == [visit.line.number]
        row = await Account.get(inspector_id=officer.id).select_related("inspector")
        assert "现场复查：".encode() in await calendar_of(holder_of(row), district(), ENDED)
    assert await in_the_week(visit.of.other, visit.of.other.id) == []
    assert await in_the_week(visit.of.head, department=visit.of.department) == [visit.line.number]
