"""Hundreds of letters by a clock, not by hope: Telegram's limits kept, people answered meanwhile (R18, R19).

Seconds here are those of the limits, which the test moves, and not the machine's.
"""

from models.operations import outbox
from models.tables import Attempt, Binding, Notice, Outbox
from tests.server.courier.chats import at_work, now, person, settled, stepped, steps
from tests.server.courier.crowd import letters, the_bot


def sent(stage, method="sendMessage"):
    return [call for call in stage.calls(method) if call.status == 200]


def refused(stage):
    return [call for call in stage.calls() if call.status == 429]


async def slowest_twentieth(**which):
    """How long messages waited that went out, but for the slowest twentieth."""
    waits = sorted((row.sent_at - row.due_at).total_seconds() for row in await Outbox.filter(**which))
    return waits[max(int(len(waits) * 0.95) - 1, 0)]


async def test_r18_the_letters_of_a_whole_batch_keep_the_limits_while_people_are_answered(db, full_size):
    count, n = 500 if full_size else 40, 0
    async with stepped() as stage, the_bot(stage) as (chat, _):
        await letters(stage, count)
        officers = [await person(stage, f"检查人员{n}") for n in range(10)]
        stage.faults.enforce_limits()
        async with at_work(chat=chat) as courier:
            began = steps.at
            while await Attempt.filter(channel="chat").count() < count:
                key = f"reply{n}"
                await outbox.enqueue(
                    officers[n % 10], "enrolment.guessing", key=key, at=now(), lane=outbox.INTERACTIVE
                )
                courier.wake()
                await steps.passes(0.25)
                n += 1
            took = steps.at - began
            await settled(*(f"reply{one}" for one in range(n)))
            await steps.until_true(lambda: len(sent(stage, "sendDocument")) >= count)
        assert refused(stage) == []
        assert await Notice.filter(version__gte=100, state="sent").count() == count
        assert len(sent(stage, "sendDocument")) == count
        assert took <= (25 if full_size else 3)
        assert n > 5
        assert await slowest_twentieth(key__startswith="reply") <= 1.0


async def test_r19_chats_that_ask_to_wait_are_left_alone_and_the_others_do_not_notice(db, full_size):
    count = 200 if full_size else 30
    async with stepped() as stage, the_bot(stage) as (chat, _):
        people = [await person(stage, f"检查人员{n}") for n in range(count)]
        held, others = people[:10], people[10:]
        phones = {one.account_id: one.telegram_id for one in await Binding.all()}

        async def news(name, to):
            """Owe each a message; how long the slowest twentieth waits for it."""
            for one in to:
                await outbox.enqueue(one, "enrolment.guessing", key=f"{name}{one.id}", at=now())
                courier.wake()
                await steps.passes(0.06)
            await settled(*(f"{name}{one.id}" for one in to))
            return await slowest_twentieth(key__startswith=name)

        async with at_work(chat=chat) as courier:
            before = await news("before", others)
            for n, one in enumerate(held):
                stage.faults.too_many("sendMessage", retry_after=(1, 3, 60)[n % 3], chat_id=phones[one.id])
                await outbox.enqueue(one, "enrolment.guessing", key=f"held{one.id}", at=now())
                await steps.passes(0.6)  # three within a second would be taken for all chats
            meanwhile = await news("meanwhile", others)
            await settled(*(f"held{one.id}" for n, one in enumerate(held) if n % 3 < 2))
        assert meanwhile - before <= (
            0.05 if full_size else 0.5
        )  # the ten leave together before the first others
        for n, one in enumerate(held):
            first, *later = stage.calls("sendMessage", phones[one.id])[-2 if n % 3 < 2 else -1 :]
            assert first.status == 429
            assert all(call.at - first.at >= (1, 3, 60)[n % 3] for call in later)
