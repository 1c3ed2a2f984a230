"""The courier keeps the limits; the trouble of one chat is nobody else's; a crash loses nothing (R18-R20)."""

import asyncio
import logging
from datetime import timedelta

from models import store
from models.delivery import TryLater
from models.operations import outbox
from models.procedure import delivery, notice_records
from models.rules.actor import Role
from models.tables import Attempt, Binding, Outbox, OutboxState, Target, Task
from tests.server.courier.chats import Chat, at_work, now, person, settled, stepped, steps
from tests.server.intake.gate import locked
from tests.support import district
from tests.support.district import written


async def owe(account, key, lane=outbox.BULK):
    await outbox.enqueue(account, "news", key=key, at=now(), lane=lane)


def texts(stage, chat=None):
    return [call.parameters["text"] for call in stage.calls("sendMessage", chat) if call.status == 200]


async def test_r18_sixty_messages_go_out_within_the_limits_and_an_answer_goes_before_them(any_db):
    async with stepped() as stage:
        people = [await person(stage, f"联办{n}") for n in range(60)]
        for n, account in enumerate(people):
            await owe(account, f"k{n}")
        stage.faults.enforce_limits()
        async with at_work(chat=Chat(stage)) as courier:
            await steps.until_true(lambda: len(texts(stage)) >= 10)
            await owe(people[59], "answer", outbox.INTERACTIVE)
            courier.wake()
            await settled()
        assert sorted(texts(stage)) == sorted([*(f"k{n}" for n in range(60)), "answer"])
        assert [call.status for call in stage.calls("sendMessage") if call.status != 200] == []
        assert texts(stage).index("answer") < 30


async def test_d10_a_chat_that_asked_to_wait_is_left_alone_and_no_other(db):
    async with stepped() as stage:
        first, *others = [await person(stage, f"联办{n}") for n in range(9)]
        held = (await Binding.get(account=first)).telegram_id
        stage.faults.too_many("sendMessage", retry_after=3, chat_id=held)
        for n in range(2):
            await owe(first, f"held{n}")
        async with at_work(chat=Chat(stage)):
            await steps.until_true(lambda: stage.calls("sendMessage", held))
            for n, account in enumerate(others):
                await owe(account, f"k{n}")
            await settled(*(f"k{n}" for n in range(8)))
            assert texts(stage, held) == []
            await settled()
        refused, *later = stage.calls("sendMessage", held)
        assert refused.status == 429
        assert later[0].at - refused.at >= 3.0
        assert sorted(texts(stage, held)) == ["held0", "held1"]
        assert max(call.at for call in stage.calls("sendMessage") if call.chat_id != held) < later[0].at


async def test_d11_who_blocked_the_bot_is_written_to_no_more_until_they_are_back(db):
    async with stepped() as stage:
        account = await person(stage, "联办")
        stage.faults.blocked("sendMessage")
        await owe(account, "one")
        async with at_work(chat=Chat(stage)) as courier:
            await steps.until_true(Binding.filter(account=account, blocked_at__isnull=False).exists)
            await owe(account, "two")
            courier.wake()
            await steps.passes(10.0)
            assert len(stage.calls("sendMessage")) == 1
            await Binding.all().update(blocked_at=None)
            courier.wake()
            await settled()
        assert sorted(texts(stage)) == ["one", "two"]


async def test_the_letter_of_somebody_who_blocked_the_bot_ends_with_a_call(db):
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("number").first()
    async with written():
        await Target.filter(code=task.target_id).update(email="hotel@example.test")
    entity = await district.account(Role.ENTITY, task.target_id)
    async with stepped() as stage:
        phone = stage.phone("示例宾馆")
        await phone.start()
        async with written():
            await Binding.create(account=entity, telegram_id=phone.id, bound_at=now())
        await district.visit_fixed(task, district.district())
        letter = await notice_records.current(task)
        stage.faults.blocked("sendMessage")
        async with at_work(chat=Chat(stage)):
            await steps.until_true(Outbox.filter(kind="notice.by_hand").exists)
    tried = await Attempt.filter(notice=letter).order_by("id")
    assert [(one.channel, one.detail) for one in tried] == [
        ("chat", "Forbidden: bot was blocked by the user")
    ]


async def test_a_crash_while_handing_over_sends_a_message_once_more_and_at_most_once(any_db):
    async with stepped() as stage:
        await owe(await person(stage, "联办"), "k")
        arrived = asyncio.Event()

        async def crashing(parcel):
            await Chat(stage)(parcel)
            arrived.set()
            await asyncio.Event().wait()

        async with at_work("first", chat=crashing):
            await arrived.wait()
        assert (await Outbox.get(key="k")).state == OutboxState.SENDING
        async with at_work("second", chat=Chat(stage)):
            await settled()
        assert texts(stage) == ["k", "k"]


async def test_trouble_with_the_database_does_not_send_anything_twice(db):
    await store.close()
    async with store.opened(db + "&busy_timeout=20"), stepped() as stage:
        await owe(await person(stage, "联办"), "k")
        arrived, release = asyncio.Event(), asyncio.Event()

        async def slow(parcel):
            said = await Chat(stage)(parcel)
            arrived.set()
            await release.wait()
            return said

        async with at_work(chat=slow):
            await arrived.wait()
            with locked(db):
                release.set()
                await steps.passes(10.0)
            await settled()
        assert texts(stage) == ["k"]


async def test_one_process_delivers_and_the_other_stands_by(db):
    async with stepped() as stage:
        account = await person(stage, "联办")
        async with at_work("one", chat=Chat(stage)):
            await owe(account, "k1")
            await settled()
            async with at_work("two", chat=Chat(stage)):
                await owe(account, "k2")
                await settled()
        assert texts(stage) == ["k1", "k2"]


async def test_a_message_that_cannot_be_worded_is_logged_and_comes_again(db, caplog):
    caplog.set_level(logging.ERROR)
    async with stepped() as stage:
        await owe(await person(stage, "联办"), "k")
        tries = []

        async def clumsy(parcel):
            tries.append(parcel.key)
            raise KeyError("word")

        async with at_work(chat=clumsy):
            await steps.until_true(Outbox.filter(key="k", attempts__gt=0).exists)
        row = await Outbox.get(key="k")
        assert row.state == OutboxState.WAITING
        assert row.due_at > now() + timedelta(seconds=1)
        assert "KeyError" in row.error
    assert "failed" in caplog.text


async def test_unbound_people_wait_and_are_written_to_when_they_are_bound(db):
    async with stepped() as stage:
        account = await person(stage, "联办")
        await Binding.all().update(ended_at=now())
        await owe(account, "k")
        async with at_work(chat=Chat(stage)):
            await steps.passes(10.0)
            assert texts(stage) == []
            await Binding.all().update(ended_at=None)
            await settled()
        assert texts(stage) == ["k"]


async def test_a_channel_that_does_not_say_how_long_to_wait_holds_nobody_up(db):
    async with stepped() as stage:
        down = await person(stage, "甲")
        await owe(down, "down")
        await owe(await person(stage, "乙"), "up")

        async def half(parcel):
            if parcel.key == "down" and parcel.attempts == 0:
                raise TryLater(0.0, "no answer")
            return await Chat(stage)(parcel)

        async with at_work(chat=half):
            await settled()
        assert texts(stage) == ["up", "down"]


async def test_a_letter_that_strayed_is_found_by_the_clock(db):
    account = await district.account(Role.OFFICE, "测试")
    await outbox.enqueue(account, "news", key="old", at=now() - timedelta(days=20))
    assert await delivery.settle_unbound(at=now()) == 1
