"""合并上门 on the phone: proposed once, accepted or refused with a reason, unknown to whoever is not asked (Art. 15)."""

from __future__ import annotations

import json

import pytest

from models.procedure import visit_join
from models.rules.actor import Actor, Role
from models.tables import Assignment, Event, VisitJoin
from tests.server.companion.phone import Phone, new_key
from tests.server.pages import site
from tests.support import district as sample
from tests.support import two_batches
from tests.support.district import CEREMONY


@pytest.fixture
async def world(db):
    tasks = await two_batches.drawn()
    async with site() as made:
        made.tasks = tasks
        yield made


async def leaders_phone(world, task) -> Phone:
    phone = Phone(await world.browser(), (await sample.leader_of(task)).id)
    await phone.sign_in()
    return phone


async def send(phone: Phone, act: str, key: str = "", **said):
    return await phone.send(f"/me/{act}", json.dumps({"key": key or new_key(), **said}).encode())


async def heads_accept(first, second) -> None:
    row = await VisitJoin.get()
    seats = await Assignment.filter(task_id__in=[first.id, second.id], leader=True, until=None)
    for department in sorted({seat.department for seat in seats}):
        head = Actor(Role.HEAD, department, department=department)
        await visit_join.answer(row.id, True, by=head, at=CEREMONY)


async def test_two_leaders_join_their_visits_from_their_phones_and_take_them_apart(world):
    first, second = world.tasks
    one, other = await leaders_phone(world, first), await leaders_phone(world, second)
    (possible,) = (await one.get("/joins")).body["joinable"]
    assert (possible["number"], possible["other"]) == (first.number, second.number)
    key = new_key()
    for _ in range(2):  # a receipt that was lost is asked for again: one proposal
        sent = await send(one, "join", key, number=first.number, other=second.number)
        assert sent.status == 201
    assert await VisitJoin.all().count() == 1
    (proposal,) = (await other.get("/joins")).body["joins"]
    assert proposal["asks"] and proposal["parties"][0]["agreed"] is True
    assert (await send(other, "join_answer", join=proposal["id"], agree=True)).status == 201
    await heads_accept(first, second)
    (joined,) = (await one.get("/joins")).body["joins"]
    assert (joined["joined"], joined["asks"], joined["to_come"]) == (True, False, True)
    assert (await send(one, "join_part", join=joined["id"], reason=" ")).status == 409
    assert (await send(one, "join_part", join=joined["id"], reason="示例:时间安排不合适")).status == 201
    assert (await VisitJoin.get()).ended_at is not None
    assert (await one.get("/joins")).body["joins"] == []


async def test_an_objection_needs_its_reason_and_ends_the_proposal(world):
    first, second = world.tasks
    one, other = await leaders_phone(world, first), await leaders_phone(world, second)
    join = (await send(one, "join", number=first.number, other=second.number)).body["join"]
    silent = await send(other, "join_answer", join=join, agree=False)
    assert silent.body["error"]["code"] == "visit.join_needs_reason"
    assert (await send(other, "join_answer", join=join, agree=False, reason="人员安排不开")).status == 201
    row = await VisitJoin.get()
    assert row.ended_at is not None and row.end_reason == "人员安排不开"
    assert await Event.filter(kind="visit.join_objected").count() == 2
    assert (await one.get("/joins")).body["joins"] == []


async def test_who_is_not_asked_sees_no_proposal_and_answers_none(world):
    first, second = world.tasks
    one = await leaders_phone(world, first)
    join = (await send(one, "join", number=first.number, other=second.number)).body["join"]
    member = await Assignment.filter(task=first, leader=False, until=None).first()
    theirs = Phone(await world.browser(), member.inspector_id)
    await theirs.sign_in()
    assert (await theirs.get("/joins")).body == {"joins": [], "joinable": []}
    assert (await send(theirs, "join_answer", join=join, agree=True)).status == 404
    assert (await send(theirs, "join", number=first.number, other=second.number)).status == 403
