"""A small real bot (python-telegram-bot) that polls the stand-in or is called by it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from tests.support.practice_phones import Stage

SECRET = "a-secret-for-this-test_1"
Context = ContextTypes.DEFAULT_TYPE


async def _start(update: Update, context: Context) -> None:
    assert update.message
    keyboard = [
        [
            InlineKeyboardButton("合格", callback_data="pass"),
            InlineKeyboardButton("不合格", callback_data="fail"),
        ]
    ]
    await update.message.reply_text(
        f"您好 {' '.join(context.args or [])}".strip(), reply_markup=InlineKeyboardMarkup(keyboard)
    )


async def _pressed(update: Update, context: Context) -> None:
    assert update.callback_query
    await update.callback_query.answer("已保存")
    await update.callback_query.edit_message_text(f"答复：{update.callback_query.data}")


async def _echo(update: Update, context: Context) -> None:
    assert update.effective_message
    await update.effective_message.reply_text(f"收到：{update.effective_message.text}")


async def _edited(update: Update, context: Context) -> None:
    assert update.effective_message
    await update.effective_message.reply_text(f"改为：{update.effective_message.text}")


def application(stage: Stage) -> Application[Any, Any, Any, Any, Any, Any]:
    """An application without an updater: the test fetches updates or is called with them."""
    built = (
        Application.builder()
        .token(stage.token)
        .base_url(stage.base_url)
        .base_file_url(stage.base_file_url)
        .updater(None)
        .build()
    )
    built.add_handler(CommandHandler("start", _start))
    built.add_handler(CallbackQueryHandler(_pressed))
    built.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, _edited))
    built.add_handler(MessageHandler(filters.TEXT, _echo))
    return built


@asynccontextmanager
async def polling(stage: Stage) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    app = application(stage)
    async with app:
        poller = asyncio.create_task(_poll(app))
        try:
            yield app
        finally:
            poller.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await poller


async def _poll(app: Application[Any, Any, Any, Any, Any, Any]) -> None:
    offset = 0
    while True:
        try:
            updates = await app.bot.get_updates(offset=offset, timeout=5, allowed_updates=Update.ALL_TYPES)
        except TelegramError:
            continue
        for update in updates:
            await app.process_update(update)
            offset = update.update_id + 1


@asynccontextmanager
async def called(stage: Stage) -> AsyncIterator[tuple[Application[Any, Any, Any, Any, Any, Any], list[Any]]]:
    """The bot behind a webhook, and every body its door has read.

    As many updates as `bot_data["refuse"]` is long are answered 503 first.
    """
    app = application(stage)
    seen: list[Any] = []
    refuse: list[int] = app.bot_data.setdefault("refuse", [])

    async def door(request: web.Request) -> web.Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != SECRET:
            return web.Response(status=403)
        body = await request.json()
        seen.append(body)
        if refuse:
            refuse.pop()
            return web.Response(status=503)
        await app.process_update(Update.de_json(body, app.bot))
        return web.Response()

    server = web.Application()
    server.router.add_post("/tg", door)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with app:
        await app.bot.set_webhook(
            f"http://127.0.0.1:{runner.addresses[0][1]}/tg",
            secret_token=SECRET,
            allowed_updates=Update.ALL_TYPES,
        )
        try:
            yield app, seen
        finally:
            await runner.cleanup()
