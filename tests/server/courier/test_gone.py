"""Blocked, moved, gone: one state each, a person takes over, nothing is tried for ever (R20, D11, D12)."""

import pytest

from models.procedure import notice_records
from models.queries import evidence
from models.rules.actor import Role
from models.states import NoticeState
from models.tables import Attempt, Binding, Notice, Outbox, Task
from tests.server.courier.chats import at_work, now, stepped, steps
from tests.server.courier.crowd import PLACE, the_bot
from tests.support import district
from tests.support.district import written


async def told(stage, channels=()):
    """A letter on its way to an entity's chat: the letter, and the chat."""
    await district.found()
    await district.drawn()
    task = await Task.all().select_related("target").order_by("number").first()
    task.target.channels = list(channels)
    await task.target.save()
    phone = stage.phone("示例宾馆")
    await phone.start()
    entity = await district.account(Role.ENTITY, task.target_id)
    async with written():
        await Binding.create(account=entity, telegram_id=phone.id, bound_at=now())
    leader = await district.leader_of(task)
    officer = stage.phone("组长")
    await officer.start()
    async with written():
        await Binding.create(account_id=leader.account, telegram_id=officer.id, bound_at=now())
    await district.visit_fixed(task, PLACE)
    return await notice_records.current(task), phone.id, officer


def orders(stage, to):
    return {
        "blocked": lambda: stage.faults.blocked("sendMessage", times=9, chat_id=to),
        "not found": lambda: stage.faults.chat_not_found("sendMessage", times=9, chat_id=to),
        "deactivated": lambda: stage.faults.refuse(
            "sendMessage", 403, "Forbidden: user is deactivated", times=9, chat_id=to
        ),
    }


@pytest.mark.parametrize("how", ["blocked", "not found", "deactivated"])
async def test_r20_d11_who_is_gone_is_written_to_once_and_the_leader_is_asked_to_telephone(db, how):
    async with stepped() as stage, the_bot(stage) as (chat, _):
        letter, to, officer = await told(stage)
        orders(stage, to)[how]()
        before = len(stage.calls("sendMessage", to))
        async with at_work(chat=chat):
            await steps.until_true(lambda: officer.find("电话告知"))
            await steps.passes(30.0)
        assert len(stage.calls("sendMessage", to)) - before == 1
        assert (await Binding.get(telegram_id=to)).blocked_at is not None
        assert [(one.channel, one.outcome) for one in await Attempt.filter(notice=letter)] == [
            ("chat", "failed")
        ]
        assert (await Notice.get(id=letter.id)).state == NoticeState.BY_HAND
        assert await Outbox.filter(kind="notice.by_hand").count() == 1
        assert (await evidence.verify()).differences == []


async def test_r20_d12_a_chat_that_moved_is_followed_and_the_letter_goes_out_once(db):
    async with stepped() as stage, the_bot(stage) as (chat, _):
        letter, to, _officer = await told(stage)
        there = stage.phone("示例宾馆新号", id=7_000_007)
        await there.start()
        stage.faults.migrated(there.id, "sendMessage", chat_id=to)
        before = len(stage.calls("sendMessage", to))
        async with at_work(chat=chat):
            await steps.until_true(Attempt.filter(notice=letter).exists)
        assert len(stage.calls("sendMessage", to)) - before == 1
        assert [call.status for call in stage.calls("sendMessage", there.id)][-1:] == [200]
        assert await Binding.filter(telegram_id=there.id, blocked_at=None, ended_at=None).count() == 1
        assert not await Binding.filter(telegram_id=to, ended_at=None).exists()
        assert (await Notice.get(id=letter.id)).state == NoticeState.SENT


async def test_r20_a_chat_that_moves_for_ever_is_given_up(db):
    async with stepped() as stage, the_bot(stage) as (chat, _):
        letter, to, officer = await told(stage)
        stage.faults.migrated(to, "sendMessage", times=99, chat_id=to)
        async with at_work(chat=chat):
            await steps.until_true(lambda: officer.find("电话告知"))
        assert len([call for call in stage.calls("sendMessage", to) if call.status == 400]) <= 8
        assert (await Notice.get(id=letter.id)).state == NoticeState.BY_HAND
