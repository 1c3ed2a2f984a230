"""Bad days on order: every fault reaches python-telegram-bot as Telegram's own would."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter

from tests.server.practice.bots import application
from tests.support.practice_phones import practice
from tests.support.waiting import until


async def test_too_many_requests_names_the_seconds_to_wait() -> None:
    async with practice() as stage, application(stage) as app:
        await stage.phone("张检查", id=7).start()
        stage.faults.too_many("sendMessage", retry_after=9)
        with pytest.raises(RetryAfter) as caught:
            await app.bot.send_message(7, "甲")
        assert caught.value.retry_after == timedelta(seconds=9)
        await app.bot.send_message(7, "甲")


@pytest.mark.parametrize(("status", "html"), [(500, False), (502, True)])
async def test_server_errors_are_network_errors_in_json_and_in_html(status: int, html: bool) -> None:
    async with practice() as stage, application(stage) as app:
        await stage.phone("张检查", id=7).start()
        stage.faults.server_error("sendMessage", status, times=2, html=html)
        for _ in range(2):
            with pytest.raises(NetworkError):
                await app.bot.send_message(7, "甲")
        await app.bot.send_message(7, "甲")


async def test_blocked_unknown_and_migrated_chats_by_order() -> None:
    async with practice() as stage, application(stage) as app:
        await stage.phone("张检查", id=7).start()
        stage.faults.blocked(chat_id=7)
        with pytest.raises(Forbidden):
            await app.bot.send_message(7, "甲")
        stage.faults.chat_not_found("sendMessage")
        with pytest.raises(BadRequest, match="Chat not found"):
            await app.bot.send_message(7, "甲")
        stage.faults.migrated(-100777, "sendMessage")
        with pytest.raises(ChatMigrated) as caught:
            await app.bot.send_message(7, "甲")
        assert caught.value.new_chat_id == -100777


async def test_a_connection_cut_before_the_effect_leaves_none_and_after_it_leaves_one() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查", id=7)
        await zhang.start()
        stage.faults.drop("sendMessage")
        with pytest.raises(NetworkError):
            await app.bot.send_message(7, "甲")
        assert zhang.bot_messages == 0
        stage.faults.drop("sendMessage", after=True)
        with pytest.raises(NetworkError):
            await app.bot.send_message(7, "甲")
        assert zhang.bot_messages == 1
        assert [call.fault for call in stage.calls("sendMessage")] == ["drop_before", "drop_after"]


async def test_a_delayed_call_comes_late_and_others_pass_it() -> None:
    async with practice() as stage, application(stage) as app:
        await stage.phone("张检查", id=7).start()
        stage.exchange.clock.hold()
        stage.faults.delay("sendMessage", 0.4)
        slow = asyncio.create_task(app.bot.send_message(7, "甲"))
        await until(lambda: stage.calls("sendMessage"))
        await app.bot.send_message(7, "乙")
        stage.exchange.clock.advance(0.39)
        await app.bot.send_message(7, "丙")
        assert not slow.done()
        stage.exchange.clock.advance(0.02)
        await slow


async def test_faster_than_telegram_allows_is_refused_until_the_second_is_over() -> None:
    async with practice() as stage, application(stage) as app:
        for chat in (7, 8):
            await stage.phone("张检查", id=chat).start()
        stage.faults.enforce_limits()
        await app.bot.send_message(7, "甲")
        with pytest.raises(RetryAfter):
            await app.bot.send_message(7, "乙")
        await app.bot.send_message(8, "甲")
        stage.exchange.clock.advance(1.01)
        await app.bot.send_message(7, "乙")
