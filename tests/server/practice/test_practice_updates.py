"""Updates wait until they are confirmed: by offset when polled, by 2xx when pushed (F1-F5)."""

from __future__ import annotations

import asyncio

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import Conflict

from tests.server.practice.bots import SECRET, application, called
from tests.support.practice_phones import practice
from tests.support.waiting import until


async def test_an_update_is_given_again_until_the_offset_passes_it() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查")
        await zhang.say("甲")
        await zhang.say("乙")
        first = await app.bot.get_updates(limit=1)
        assert await app.bot.get_updates(limit=1) == first
        [second] = await app.bot.get_updates(offset=first[0].update_id + 1)
        assert second.message and second.message.text == "乙"
        assert len(stage.waiting_updates()) == 1
        assert await app.bot.get_updates(offset=second.update_id + 1) == ()
        assert stage.waiting_updates() == []


async def test_a_long_poll_ends_as_soon_as_somebody_writes() -> None:
    async with practice() as stage, application(stage) as app:
        poll = asyncio.create_task(app.bot.get_updates(timeout=30))
        await until(lambda: stage.exchange.updates.polled)
        assert not poll.done()
        await stage.phone("张检查").say("甲")
        assert len(await poll) == 1


async def test_a_second_poller_ends_the_first_with_a_conflict() -> None:
    async with practice() as stage, application(stage) as one, application(stage) as other:
        first = asyncio.create_task(one.bot.get_updates(timeout=30))
        await until(lambda: stage.exchange.updates.polled)
        second = asyncio.create_task(other.bot.get_updates(timeout=30))
        with pytest.raises(Conflict):
            await first
        await stage.phone("张检查").say("甲")
        assert len(await second) == 1


async def test_polling_while_a_webhook_is_set_is_a_conflict() -> None:
    async with practice() as stage, application(stage) as app:
        await app.bot.set_webhook("https://example.org/tg")
        with pytest.raises(Conflict, match="webhook is active"):
            await app.bot.get_updates()
        await app.bot.delete_webhook()
        assert await app.bot.get_updates() == ()


async def test_kinds_not_asked_for_are_not_kept() -> None:
    async with practice() as stage, application(stage) as app:
        await app.bot.get_updates(allowed_updates=["callback_query"])
        zhang = stage.phone("张检查")
        await zhang.start()
        await app.bot.send_message(
            zhang.id,
            "甲",
            reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("按", callback_data="x")]]),
        )
        await zhang.press("按")
        assert [[*update][1] for update in stage.waiting_updates()] == ["callback_query"]


async def test_a_press_is_lost_after_150_seconds_and_a_message_after_a_day() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查")
        await zhang.start()
        await app.bot.send_message(
            zhang.id,
            "甲",
            reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("按", callback_data="x")]]),
        )
        await zhang.press("按")
        stage.exchange.clock.advance(151)
        assert [[*update][1] for update in stage.waiting_updates()] == ["message"]
        stage.exchange.clock.advance(86_400)
        assert stage.waiting_updates() == []


async def test_the_webhook_is_called_with_its_secret_again_and_again_until_it_says_yes() -> None:
    async with practice() as stage, called(stage) as (app, seen):
        app.bot_data["refuse"] += [503, 503]
        zhang = stage.phone("张检查")
        await zhang.say("甲")
        await zhang.wait_for("收到：甲")
        await stage.bot_is_idle()
        assert [update["update_id"] for update in seen] == [seen[0]["update_id"]] * 3
        info = await app.bot.get_webhook_info()
        assert info.pending_update_count == 0
        assert info.last_error_message == "Wrong response from the webhook: 503"
        assert stage.exchange.updates.webhook["secret_token"] == SECRET


async def test_updates_come_twice_or_in_the_wrong_order_when_ordered_so() -> None:
    async with practice() as stage, called(stage) as (_, seen):
        zhang = stage.phone("张检查")
        stage.faults.duplicate()
        await zhang.say("甲")
        await stage.bot_is_idle()
        assert [update["message"]["text"] for update in seen] == ["甲", "甲"]
        stage.faults.swap()
        await asyncio.gather(zhang.say("乙"), zhang.say("丙"))
        await stage.bot_is_idle()
        assert [update["message"]["text"] for update in seen[2:]] == ["丙", "乙"]


async def test_any_body_can_be_put_in_line_for_the_bot_to_choke_on() -> None:
    async with practice() as stage, application(stage) as app:
        stage.exchange.updates.inject({"update_id": 5, "message": {"message_id": 1}})
        stage.exchange.updates.inject({"update_id": 6, "quantum_entanglement": True})
        with pytest.raises(KeyError):
            await app.bot.get_updates()
        [unknown] = await app.bot.get_updates(offset=6)
        assert unknown.api_kwargs == {"quantum_entanglement": True}
