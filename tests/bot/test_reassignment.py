"""改派 in the chat: proposed from the task's card, agreed and objected to by a press (Art. 15)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.buttons import Act
from models.procedure import reassignment
from models.rules.actor import Role
from models.tables import Assignment, Reassignment, Task
from tests.bot.chat import Chat, chatting
from tests.support import district


@pytest.fixture
async def chat(db) -> AsyncIterator[Chat]:
    await district.found()
    await district.drawn()
    async with chatting() as chat:
        yield chat


async def both() -> tuple[Task, Task]:
    first = await Task.all().order_by("number").first()
    return first, await Task.exclude(team_id=first.team_id).order_by("number").first()


async def head_phone(chat: Chat, task: Task):
    seat = await Assignment.get(task=task, leader=True, until=None)
    return await chat.phone(await district.account(Role.HEAD, seat.department))


async def test_a_leader_asks_from_the_card_and_two_presses_hand_the_task_over(chat: Chat) -> None:
    task, other = await both()
    head, taking = await head_phone(chat, task), await chat.officer(await district.leader_of(other))
    leader = await chat.officer(await district.leader_of(task))
    await chat.press(leader, Act.REPLACE, task.id)
    await chat.tap(leader, "改派给另一组", "待查", "人手不足")
    await chat.post()
    for phone in (taking, head):
        await chat.tap(phone, "同意改派")
    assert (await Reassignment.get()).done_at is not None
    assert (await Task.get(id=task.id)).team_id == other.team_id
    await chat.post()
    await leader.wait_for(lambda shown: "已改派" in shown.text and "人手不足" in shown.text, any_time=True)
    assert chat.errors == []


async def test_an_objection_is_typed_and_all_read_it(chat: Chat) -> None:
    task, other = await both()
    taking = await chat.officer(await district.leader_of(other))
    leader = await chat.officer(await district.leader_of(task))
    team = 3 - (await task.team).number
    await reassignment.propose(task.number, team, "near", by=await district.leader_of(task), at=chat.clock())
    await chat.post()
    await chat.tap(taking, "提出异议")
    await taking.say("示例:本组已排满")
    await taking.wait_for(lambda shown: "不改派" in shown.text, any_time=True)
    await chat.post()
    await leader.wait_for(lambda shown: "不改派" in shown.text and "本组已排满" in shown.text, any_time=True)
    assert (await Reassignment.get()).end_reason == "示例:本组已排满"
    assert chat.errors == []
