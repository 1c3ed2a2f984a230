"""Fetched updates: confirmed after they are stored, by one process at a time (F1, F3, D9)."""

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from models import store
from models.tables import Inbox, Stray
from server.intake.polling import Poller
from tests.server.intake.gate import failing_commits, locked
from tests.support.practice_phones import practice
from tests.support.virtual_time import Steps
from tests.support.waiting import until


def now():
    return datetime.now(UTC)


class Polling:
    """A poller at work, by a time that the test moves. `woken`: who told that something was stored."""

    def __init__(self, stage, holder):
        self.woken, self.steps = [], Steps()
        self._poller = Poller(
            f"{stage.base_url}{stage.token}",
            holder,
            now,
            lambda: self.woken.append(holder),
            waiting=self.steps,
        )

    async def run(self):
        await self._poller.run()

    async def rests(self):
        """Until it waits before it asks again."""
        await self.steps.quiet()

    async def asks_again(self):
        await self.steps.step()


@asynccontextmanager
async def polling(stage, holder="one"):
    made = Polling(stage, holder)
    running = asyncio.create_task(made.run())
    try:
        with made.steps.watching(lambda: [running]):
            yield made
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def confirmed(stage):
    """Until Telegram knows that everything was taken."""
    await until(lambda: not stage.waiting_updates())


def stored(count):
    async def fits():
        return await Inbox.all().count() == count

    return fits


async def test_an_update_is_confirmed_after_it_was_stored(any_db):
    async with practice() as stage, polling(stage) as made:
        zhang = stage.phone("张检查")
        for _ in range(3):
            await zhang.say("您好")
        await until(stored(3))
        await confirmed(stage)
        assert made.woken
        assert [row.sender for row in await Inbox.all()] == [zhang.id] * 3


async def test_r3_what_was_not_committed_is_not_confirmed_and_comes_again(any_db):
    async with practice() as stage, polling(stage) as made:
        async with failing_commits():
            await stage.phone("张检查").say("您好")
            await made.rests()
            assert len(stage.waiting_updates()) == 1
        await made.asks_again()
        await until(stored(1))
        await confirmed(stage)


async def test_d8_a_locked_database_is_waited_for(db):
    await store.close()
    async with store.opened(db + "&busy_timeout=20"), practice() as stage, polling(stage) as made:
        await until(lambda: stage.calls("getUpdates"))
        with locked(db):
            await stage.phone("张检查").say("您好")
            await made.rests()
            assert len(stage.waiting_updates()) == 1
        await made.asks_again()
        await until(stored(1))
        await confirmed(stage)


async def test_d4_one_that_cannot_be_read_does_not_hold_up_the_others(db):
    async with practice() as stage:
        zhang = stage.phone("张检查")
        await zhang.say("一")
        stage.exchange.updates.inject({"update_id": 700_000_002, "message": {"no": "date"}})
        stage.exchange.updates.inject({"update_id": 700_000_003, "message": {"text": "\ud800"}})
        stage.exchange.updates.inject(["no", "update"])
        await zhang.say("二")
        async with polling(stage):
            await until(stored(4))
            await confirmed(stage)
        assert await Stray.all().count() == 1


async def test_what_has_no_number_is_kept_once_and_asked_for_calmly(db):
    async with practice() as stage:
        stage.exchange.updates.inject("nothing")
        async with polling(stage) as made:
            await made.rests()
            await made.asks_again()
            await made.rests()
            assert made.steps.at >= 1.0
        assert await Stray.all().count() == 1
        assert len(stage.calls("getUpdates")) <= 2


async def test_bad_days_of_the_bot_api_are_waited_out(db):
    async with practice() as stage:
        stage.faults.server_error("getUpdates", 502, html=True)
        stage.faults.drop("getUpdates")
        stage.faults.too_many("getUpdates", retry_after=1)
        await stage.phone("张检查").say("您好")
        async with polling(stage) as made:
            for _ in range(3):
                await made.rests()
                await made.asks_again()
            await until(stored(1))


async def test_a_webhook_of_former_times_is_taken_away_and_nothing_waiting_is_dropped(db):
    async with practice() as stage:
        stage.exchange.updates.set_webhook({"url": "http://127.0.0.1:9/telegram"})
        await stage.phone("张检查").say("您好")
        async with polling(stage):
            await until(stored(1))


async def test_d9_the_second_poller_stands_by_with_one_line_in_the_log(db, caplog):
    caplog.set_level(logging.WARNING, "server.intake.polling")
    async with practice() as stage, polling(stage):
        await until(lambda: stage.calls("getUpdates"))
        async with polling(stage, "two") as second:
            await stage.phone("张检查").say("您好")
            await second.steps.passes(2.5)
        await until(stored(1))
        assert [call.status for call in stage.calls("getUpdates") if call.status == 409] == []
    assert [r.getMessage() for r in caplog.records] == ["another process polls; standing by"]


async def test_d9_whoever_stands_by_goes_on_when_the_other_leaves(db):
    async with practice() as stage:
        async with polling(stage):
            await until(lambda: stage.calls("getUpdates"))
            second = polling(stage, "two")
            made = await second.__aenter__()
            await made.rests()
        await stage.phone("张检查").say("您好")
        await made.asks_again()
        await until(stored(1))
        assert made.woken == ["two"]
        await second.__aexit__(None, None, None)
