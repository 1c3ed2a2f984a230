"""The other peer of `bench_press`: stock aiogram with its own aiohttp webhook, the same rows and calls as `press_peer`.

aiogram is none of the product's packages: `--aiogram PYTHON` names an interpreter that has it beside tortoise-orm.
"""

from __future__ import annotations

import asyncio
import os
import sys

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReactionTypeEmoji,
    Update,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from press_peer_tables import keys, opened, text, write

dispatcher = Dispatcher()


def markup(question: int) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=label, callback_data=data) for label, data in row]
            for row in keys(question)
        ]
    )


@dispatcher.callback_query()
async def pressed(press: CallbackQuery, event_update: Update) -> None:
    await write(press.from_user.id, event_update.update_id, press.data or "")
    await press.answer("已保存")
    question = event_update.update_id % 50 + 1
    assert isinstance(press.message, Message)
    await press.message.edit_text(text(question), parse_mode="HTML", reply_markup=markup(question))


@dispatcher.message(F.text)
async def typed(message: Message, event_update: Update) -> None:
    await write(message.chat.id, event_update.update_id, message.text or "")
    await message.react([ReactionTypeEmoji(emoji="👍")])
    await message.answer(text(1), parse_mode="HTML", reply_markup=markup(1))


async def main(database: str, port: int, api: str, token: str) -> None:
    await opened(database)
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=os.environ["SECRET"]).register(app, path="/telegram")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await bot.set_webhook(f"http://127.0.0.1:{port}/telegram")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(os.environ["PORT"]), os.environ["API"], os.environ["TOKEN"]))
