"""检查日历: a leader moves a visit; what each time would come to is said before, and a refusal says why (Art. 15, 16 (2))."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from models.procedure import away_time, inspection, schedule
from models.procedure.enrolment import actor_of
from models.rules.actor import Role
from models.tables import Assignment, Inspector, Notice, Outbox, Task
from server import watching
from tests.server.pages import FORM, site
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, district
from tests.support.waiting import PATIENCE

WEEK = "2026-12-08"
MOVE = "/console/calendar/move"


@pytest.fixture
async def world(db):
    await sample.found()
    await sample.drawn()
    async with site() as made:
        made.server.app[watching.WATCH].tick = 0.02
        yield made


async def two_of_a_team() -> tuple[Task, Task]:
    """The first is fixed on Tuesday at nine; the second has no time yet."""
    task = await Task.all().order_by("number").first()
    await sample.visit_fixed(task, district())
    other = await Task.filter(team_id=task.team_id).exclude(id=task.id).order_by("number").first()
    await inspection.close_network_check(other.number, by=await sample.leader_of(other), at=CEREMONY)
    return task, other


async def leaders(world, task: Task):
    browser = await world.browser(Role.INSPECTOR, (await sample.leader_of(task)).id)
    await browser.get(f"/console/calendar?week={WEEK}")
    return browser


async def slots(browser, task: Task) -> dict[tuple[str, str], dict[str, str]]:
    page = await browser.get(f"/console/calendar/slots.json?task={task.number}&week={WEEK}")
    assert page.status == 200
    days = json.loads(page.html)["days"]
    return {(day["day"], slot["begins"]): slot for day in days for slot in day["slots"]}


async def test_each_time_says_before_it_is_chosen_what_it_would_come_to(world):
    fixed, other = await two_of_a_team()
    member = await Assignment.filter(task=other, leader=False, until=None).first()
    away = actor_of(await sample.account(Role.INSPECTOR, member.inspector_id))
    thursday = VISIT + timedelta(days=2)
    await away_time.say(thursday, thursday + timedelta(hours=2), by=away, at=CEREMONY)
    offered = await slots(await leaders(world, other), other)
    met = offered[(WEEK, "09:30")]
    assert met["state"] == "refused" and fixed.number in met["why"]
    assert offered[(WEEK, "11:00")]["state"] == "free"
    assert offered[("2026-12-10", "09:00")]["state"] == "warned"
    assert (await Inspector.get(code=member.inspector_id)).name in offered[("2026-12-10", "09:00")]["why"]
    assert ("2026-12-12", "09:00") not in offered  # a Saturday
    assert {at for day, at in offered if day == WEEK} >= {"08:30", "16:00"} and (WEEK, "16:30") not in offered


async def test_a_time_outside_the_batch_or_too_soon_is_known_beforehand(world):
    _, other = await two_of_a_team()
    browser = await leaders(world, other)
    page = await browser.get(f"/console/calendar/slots.json?task={other.number}&week=2026-12-01")
    days = {day["day"]: day["slots"] for day in json.loads(page.html)["days"]}
    assert all("告知期" in slot["why"] and slot["state"] != "free" for slot in days["2026-12-01"])
    assert all(slot["state"] == "free" for slot in days["2026-12-03"])
    past = await browser.get(f"/console/calendar/slots.json?task={other.number}&week=2027-06-07")
    late = [slot for day in json.loads(past.html)["days"] for slot in day["slots"]]
    assert late and all(slot["state"] == "refused" and slot["why"] for slot in late)


async def test_a_visit_is_moved_by_its_form_and_the_members_are_asked(world):
    _, other = await two_of_a_team()
    browser = await leaders(world, other)
    page = await browser.get(f"/console/calendar?week={WEEK}")
    assert "尚未排时间的检查" in page.text and MOVE in {form["action"] for form in page.reader.forms}
    answer = await browser.post(MOVE, task=other.number, day="2026-12-09", begins="15:00")
    assert answer.status == 303
    moved = await Task.get(id=other.id)
    assert moved.proposed_from == VISIT + timedelta(days=1, hours=6)
    assert moved.proposed_until - moved.proposed_from == timedelta(hours=2)
    assert (
        "已就新时间征求成员" in (await browser.get(f"/console/calendar?week={WEEK}&done=calendar_asked")).text
    )


async def test_a_fixed_visit_that_is_dragged_stands_with_its_letter_until_it_is_fixed_anew(world):
    fixed, _ = await two_of_a_team()
    await sample.team_of(fixed)
    browser = await leaders(world, fixed)
    await browser.post(MOVE, task=fixed.number, day="2026-12-11", begins="09:00")
    task = await Task.get(id=fixed.id)
    assert (task.visit_from, task.proposed_from) == (VISIT, VISIT + timedelta(days=3))
    assert await Notice.filter(task=task).count() == 1
    assert await Outbox.filter(kind="visit.proposed").exists()


async def test_what_cannot_be_is_refused_with_its_reason_and_nothing_moves(world):
    fixed, other = await two_of_a_team()
    browser = await leaders(world, other)
    told = await browser.post(MOVE, task=other.number, day=WEEK, begins="09:30")
    assert told.status == 409 and fixed.number in told.text
    assert (await browser.post(MOVE, task=other.number, day="2027-06-07", begins="09:00")).status == 409
    assert (await browser.post(MOVE, task=other.number, day="dies", begins="09:00")).status == 400
    assert (await Task.get(id=other.id)).proposed_from is None


async def test_only_the_leader_moves_and_who_does_not_serve_learns_of_no_task(world):
    _, other = await two_of_a_team()
    member = await Assignment.filter(task=other, leader=False, until=None).first()
    theirs = await world.browser(Role.INSPECTOR, member.inspector_id)
    page = await theirs.get("/console/calendar")
    assert "data-move" not in page.html
    at = f"/console/calendar/slots.json?task={other.number}&week={WEEK}"
    assert (await theirs.get(at)).status == 403
    serving = await Assignment.filter(task=other, until=None).values_list("inspector_id", flat=True)
    stranger = await Inspector.exclude(code__in=serving).first()
    away = await world.browser(Role.INSPECTOR, stranger.code)
    await away.get("/console/calendar")
    assert (await away.get(at)).status == 404
    assert (await away.post(MOVE, task=other.number, day="2026-12-09", begins="15:00")).status == 404


async def test_who_sees_a_visit_hears_that_the_week_changed_and_nobody_else_does(world):
    _, other = await two_of_a_team()
    serving = await Assignment.filter(task=other, until=None)
    outside = await Inspector.exclude(department__in={seat.department for seat in serving}).first()
    member = next(seat for seat in serving if not seat.leader)
    lines = {}
    for code in filter(None, (member.inspector_id, outside and outside.code)):
        browser = await world.browser(Role.INSPECTOR, code)
        lines[code] = await browser.client.get("/console/calendar/live", headers=FORM)
        assert lines[code].content_type == "text/event-stream"
        await lines[code].content.readuntil(b": here\n\n")
    begins = VISIT + timedelta(days=1)
    await schedule.propose(
        other.number, begins, begins + timedelta(hours=2), by=await sample.leader_of(other), at=CEREMONY
    )
    async with asyncio.timeout(PATIENCE):
        assert await lines[member.inspector_id].content.readuntil(b"\n\n") == b"data: {}\n\n"
    if outside:
        assert not lines[outside.code].content._buffer
    for line in lines.values():
        line.close()
