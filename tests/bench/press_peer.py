"""The peer of `bench_press`: stock python-telegram-bot, one Tortoise transaction of two rows a press, SQLite FULL.

The same two calls of the Bot API a press (an answer, an edited card of eight buttons). Updates are put on PTB's queue and
acknowledged before they are handled, as PTB's own webhook does.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)
from tortoise import Tortoise, fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

LABELS = ("合格", "不合格", "不适用", "备注", "上一项", "下一项", "列表", "任务")


class Answer(Model):
    id = fields.IntField(primary_key=True)
    chat = fields.BigIntField()
    question = fields.IntField()
    verdict = fields.CharField(max_length=400)
    at = fields.DatetimeField()


class Log(Model):
    id = fields.IntField(primary_key=True)
    update = fields.BigIntField()
    what = fields.CharField(max_length=40)
    at = fields.DatetimeField()


def card(question: int) -> dict[str, Any]:
    keys = [InlineKeyboardButton(label, callback_data=f"q:{question}:{n}") for n, label in enumerate(LABELS)]
    text = f"<b>第{question}项（治安）</b> · 示例区示例010宾馆有限公司\n是否如实登记住宿人员信息\n依据：《示例条例》第1条"
    return {
        "text": text,
        "parse_mode": "HTML",
        "reply_markup": InlineKeyboardMarkup([keys[:3], keys[3:6], keys[6:]]),
    }


async def _written(update: Update, verdict: str) -> None:
    async with in_transaction():
        at = datetime.now(UTC)
        await Answer.create(chat=update.effective_chat.id, question=1, verdict=verdict, at=at)  # type: ignore[union-attr]
        await Log.create(update=update.update_id, what="answer", at=at)


async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    press = update.callback_query
    assert press
    await _written(update, press.data or "")
    await press.answer("已保存")
    await press.edit_message_text(**card(update.update_id % 50 + 1))


async def said(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    await _written(update, update.message.text or "")
    await update.message.set_reaction("👍")
    await update.message.reply_text(**card(1))


async def main(database: str, port: int, api: str, token: str) -> None:
    await Tortoise.init(
        db_url=f"sqlite://{database}?journal_mode=WAL&synchronous=FULL", modules={"models": ["__main__"]}
    )
    await Tortoise.generate_schemas()
    builder = ApplicationBuilder().token(token).updater(None).base_url(f"{api}/bot").concurrent_updates(40)
    application: Application[Any, Any, Any, Any, Any, Any] = builder.build()
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(MessageHandler(filters.TEXT, said))

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
