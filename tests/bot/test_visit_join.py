"""合并上门 in the chat: proposed from the week, accepted and objected to by a press (Art. 15)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from models.procedure import visit_join
from models.procedure.enrolment import actor_of
from models.rules.actor import Role
from models.tables import Assignment, Task, VisitJoin
from server.practice import Phone
from tests.bot.chat import Chat, chatting
from tests.support import district, two_batches


@pytest.fixture
async def chat(db) -> AsyncIterator[Chat]:
    await two_batches.drawn()
    async with chatting() as chat:
        yield chat


async def test_a_leader_proposes_from_the_week_and_the_others_accept_by_a_press(chat: Chat) -> None:
    first = await Task.filter(batch_id=district.BATCH).order_by("number").first()
    second = await Task.get(batch_id=two_batches.OTHER)
    seats = await Assignment.filter(task_id__in=[first.id, second.id], leader=True, until=None)
    heads = [
        await chat.phone(await district.account(Role.HEAD, department))
        for department in sorted({seat.department for seat in seats})
    ]
    other = await chat.officer(await district.leader_of(second))
    leader = await chat.officer(await district.leader_of(first))
    await leader.say("/today")
    await leader.wait_for("我的任务")
    await chat.tap(leader, "本周安排", "合并上门")
    await chat.post()
    for phone in (other, *heads):
        await chat.tap(phone, "同意合并")
    assert (await VisitJoin.get()).joined_at is not None
    await chat.post()
    await leader.wait_for(lambda shown: "已合并上门" in shown.text, any_time=True)
    await chat.tap(leader, "分开上门")
    await leader.say("示例:另有安排")
    await leader.wait_for(lambda shown: "不合并上门" in shown.text, any_time=True)
    assert (await VisitJoin.get()).end_reason == "示例:另有安排"
    assert chat.errors == []


async def test_c15_a_proposal_answered_or_ended_at_the_desk_asks_nobody_in_the_chat(chat: Chat) -> None:
    first = await Task.filter(batch_id=district.BATCH).order_by("number").first()
    second = await Task.get(batch_id=two_batches.OTHER)
    proposer, other = await district.leader_of(first), await district.leader_of(second)
    heads = {
        code: await chat.phone(await district.account(Role.HEAD, code))
        for code in sorted({proposer.department, other.department})
    }
    leader = await chat.officer(other)
    made = await visit_join.propose(first.number, second.number, by=proposer, at=chat.clock())
    await chat.post()

    def asked(phone: Phone) -> bool:
        return any("同意合并" in one for shown in phone.messages() for one in shown.buttons)

    assert asked(leader) and all(map(asked, heads.values()))
    await visit_join.answer(made.id, True, by=other, at=chat.clock())
    await chat.post()
    assert not asked(leader) and all(map(asked, heads.values()))
    code = min(heads)
    head = actor_of(await district.account(Role.HEAD, code))
    chat.clock.move(timedelta(minutes=1))
    await visit_join.answer(made.id, False, "示例:不便", by=head, at=chat.clock())
    await chat.post()
    assert not any(map(asked, heads.values()))
    assert chat.errors == []
