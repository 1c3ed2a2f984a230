"""排检查时间 on the phone: a draft from the house, proposed once, answered by one tap, fixed once (Art. 15, 16 (2))."""

from __future__ import annotations

import json

import pytest

from models.procedure import inspection
from models.states import TaskState
from models.tables import Task
from tests.server.companion.phone import Phone, new_key
from tests.server.pages import site
from tests.support import district as sample
from tests.support import round_of_twelve
from tests.support.district import CEREMONY
from tests.support.round_of_twelve import VISITS


@pytest.fixture
async def world(db):
    tasks = await round_of_twelve.one_team()
    for task in tasks:
        await inspection.close_network_check(task.number, by=await sample.leader_of(task), at=CEREMONY)
    async with site() as made:
        yield made


async def phone_of(world, officer: str) -> Phone:
    phone = Phone(await world.browser(), officer)
    await phone.sign_in()
    return phone


async def send(phone: Phone, act: str, key: str = "", **said):
    return await phone.send(f"/me/{act}", json.dumps({"key": key or new_key(), **said}).encode())


async def test_a_leader_proposes_all_visits_and_fixes_those_that_every_member_can_keep(world):
    task = await Task.all().first()
    leader = await phone_of(world, (await sample.leader_of(task)).id)
    draft = (await leader.get("/timetable")).body
    assert len(draft["visits"]) == VISITS
    wanted = [{name: visit[name] for name in ("number", "begins", "ends")} for visit in draft["visits"]]
    key = new_key()
    for _ in range(2):
        sent = await send(leader, "propose_all", key, visits=wanted)
        assert (sent.status, sent.body["done"], sent.body["refused"]) == (201, VISITS, [])
    asked = (await leader.get("/timetable")).body
    assert (len(asked["asked"]), asked["visits"], asked["ready"]) == (VISITS, [], [])
    assert all(len(visit["silent"]) == 7 for visit in asked["asked"])
    for people in (await sample.team_of(task)).values():
        for by in people:
            if by.id != leader.officer:
                member = await phone_of(world, by.id)
                for line in (await member.get("/tasks")).body["tasks"]:
                    replied = await member.act(
                        line["number"], "reply", can=True, begins=line["proposed_from"]
                    )
                    assert replied.status == 201
    ready = (await leader.get("/timetable")).body["ready"]
    fixed = await send(leader, "fix_all", numbers=[visit["number"] for visit in ready])
    assert (fixed.status, fixed.body["done"]) == (201, VISITS)
    assert await Task.filter(state=TaskState.SCHEDULED).count() == VISITS


async def test_what_is_refused_of_many_is_named_and_the_rest_is_done(world):
    task = await Task.all().order_by("number").first()
    leader = await phone_of(world, (await sample.leader_of(task)).id)
    draft = (await leader.get("/timetable")).body["visits"]
    wanted = [{name: visit[name] for name in ("number", "begins", "ends")} for visit in draft]
    wanted[0] |= {"begins": "2027-02-01T09:00:00+08:00", "ends": "2027-02-01T11:00:00+08:00"}
    sent = await send(leader, "propose_all", visits=wanted)
    assert sent.body["done"] == VISITS - 1
    assert [each["number"] for each in sent.body["refused"]] == [wanted[0]["number"]]


async def test_whoever_leads_nothing_has_no_draft(world):
    task = await Task.all().first()
    leader = await sample.leader_of(task)
    member = next(
        by for people in (await sample.team_of(task)).values() for by in people if by.id != leader.id
    )
    phone = await phone_of(world, member.id)
    assert (await phone.get("/timetable")).body["visits"] == []
    stolen = await send(phone, "fix_all", numbers=[task.number])
    assert (stolen.body["done"], len(stolen.body["refused"])) == (0, 1)
