"""Hundreds of letters by a clock, not by hope: Telegram's limits kept, people answered meanwhile (R18, R19)."""

import asyncio
import time

from models.procedure import message
from models.tables import Attempt, Binding, Notice, Outbox
from tests.phones import practice
from tests.server.courier.chats import at_work, now, person, settled
from tests.server.courier.crowd import letters, the_bot


def sent(stage, method="sendMessage"):
    return [call for call in stage.calls(method) if call.status == 200]


def refused(stage):
    return [call for call in stage.calls() if call.status == 429]


async def test_r18_the_letters_of_a_whole_batch_keep_the_limits_while_people_are_answered(db, full_size):
    count, waits = 500 if full_size else 40, []
    async with practice() as stage, the_bot(stage) as (chat, _):
        await letters(stage, count)
        officers = [await person(stage, f"检查员{n}") for n in range(10)]
        stage.faults.enforce_limits()
        before = len(stage.calls())

        async def answered(n):
            """An officer presses; what they are owed, and the answer to the press itself."""
            began = time.perf_counter()
            key = f"reply{n}"
            await message.owe(officers[n % 10], "enrolment.guessing", key=key, at=now(), lane=message.INTERACTIVE)
            courier.wake()
            while (await Outbox.get(key=key)).state != "sent":
                await asyncio.sleep(0.01)
            waits.append(time.perf_counter() - began)

        async with at_work(chat=chat) as courier:
            began, n, asked = time.perf_counter(), 0, []
            while await Attempt.filter(channel="chat").count() < count:
                asked.append(asyncio.create_task(answered(n)))
                n += 1
                await asyncio.sleep(0.25)
            took = time.perf_counter() - began
            await asyncio.gather(*asked)
            while len(sent(stage, "sendDocument")) < count:
                await asyncio.sleep(0.1)
        assert refused(stage) == []
        assert await Notice.filter(version__gte=100, state="sent").count() == count
        assert len(sent(stage, "sendDocument")) == count
        waits.sort()
        p95 = waits[int(len(waits) * 0.95) - 1] if len(waits) > 1 else waits[0]
        print(f"R18: {count} letters in {took:.1f} s, {len(stage.calls()) - before} calls, p95 {p95:.3f} s")
        assert took <= (25 if full_size else 15)
        assert p95 <= (1.0 if full_size else 3.0)


async def test_r19_chats_that_ask_to_wait_are_left_alone_and_the_others_do_not_notice(db, full_size):
    count = 200 if full_size else 30
    async with practice() as stage, the_bot(stage) as (chat, _):
        people = [await person(stage, f"检查员{n}") for n in range(count)]
        held, others = people[:10], people[10:]
        phones = {one.account_id: one.telegram_id for one in await Binding.all()}

        async def news(name, to):
            """Owe each a message; how long the slowest twentieth waits for it."""
            keys = [f"{name}{one.id}" for one in to]
            for one, key in zip(to, keys, strict=True):
                await message.owe(one, "enrolment.guessing", key=key, at=now())
                courier.wake()
                await asyncio.sleep(0.06)
            await settled(*keys)
            rows = await Outbox.filter(key__in=keys)
            waits = sorted((row.sent_at - row.due_at).total_seconds() for row in rows)
            return waits[int(len(waits) * 0.95) - 1]

        async with at_work(chat=chat) as courier:
            before = await news("before", others)
            for n, one in enumerate(held):
                stage.faults.too_many("sendMessage", retry_after=(1, 3, 60)[n % 3], chat_id=phones[one.id])
                await message.owe(one, "enrolment.guessing", key=f"held{one.id}", at=now())
            meanwhile = await news("meanwhile", others)
            await settled(*(f"held{one.id}" for n, one in enumerate(held) if n % 3 < 2))
        print(f"R19: p95 {before * 1000:.0f} ms before, {meanwhile * 1000:.0f} ms while ten chats wait")
        assert meanwhile - before <= (0.05 if full_size else 0.5)
        for n, one in enumerate(held):
            first, *later = stage.calls("sendMessage", phones[one.id])[-2 if n % 3 < 2 else -1 :]
            assert first.status == 429
            assert all(call.at - first.at >= (1, 3, 60)[n % 3] for call in later)
