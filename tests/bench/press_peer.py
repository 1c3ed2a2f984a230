"""The peer of `bench_press`: stock python-telegram-bot, one Tortoise transaction of two rows a press, SQLite FULL.

The same two calls of the Bot API a press (an answer, an edited card of eight buttons). Updates are put on PTB's queue and
acknowledged before they are handled, as PTB's own webhook does.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from aiohttp import web
from press_peer_tables import keys, opened, text, write
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)


def card(question: int) -> dict[str, Any]:
    rows = [
        [InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in keys(question)
    ]
    return {"text": text(question), "parse_mode": "HTML", "reply_markup": InlineKeyboardMarkup(rows)}


async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    press, chat = update.callback_query, update.effective_chat
    assert press and chat
    await write(chat.id, update.update_id, press.data or "")
    await press.answer("已保存")
    await press.edit_message_text(**card(update.update_id % 50 + 1))


async def typed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    await write(update.message.chat.id, update.update_id, update.message.text or "")
    await update.message.set_reaction("👍")
    await update.message.reply_text(**card(1))


async def main(database: str, port: int, api: str, token: str) -> None:
    await opened(database)
    builder = ApplicationBuilder().token(token).updater(None).base_url(f"{api}/bot").concurrent_updates(40)
    application: Application[Any, Any, Any, Any, Any, Any] = builder.build()
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(MessageHandler(filters.TEXT, typed))

    async def take(request: web.Request) -> web.Response:
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return web.Response()

    app = web.Application()
    app.router.add_post("/telegram", take)
    async with application:
        await application.start()
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await application.bot.set_webhook(f"http://127.0.0.1:{port}/telegram")
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(os.environ["PORT"]), os.environ["API"], os.environ["TOKEN"]))
