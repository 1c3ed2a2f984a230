"""The practice room as an aiohttp application: the Bot API, its webhook sender, and the page of phones."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from aiohttp import web

from server.practice.botapi import BotApi
from server.practice.page import Guide, PhonePage
from server.practice.people import Holder
from server.practice.telegram_server import TelegramServer
from server.practice.webhook import Webhook

EXCHANGE = web.AppKey("practice_exchange", TelegramServer)


def practice_app(
    token: str,
    *,
    bot_username: str = "xinhua_ssj_bot",
    bot_name: str = "双随机",
    storage: Path | None = None,
    http_web_apps: bool = False,
    people: Sequence[Holder] = (),
    guide: Guide | None = None,
) -> web.Application:
    """Serve at `http://HOST:PORT` (or under a prefix) and give the bot `base_url=.../bot`.

    `people` are the phones on the page at `/`, `guide` answers the steps of the tour beside them:
    `{"title", "text", "phone": person id or None, "link": address or None, "done": bool}`, where title and
    text are a string or `{"zh": ..., "en": ...}`. Files are at `base_file_url=.../file/bot`.
    """
    app = web.Application()
    exchange = TelegramServer(
        token, bot_username=bot_username, bot_name=bot_name, storage=storage, http_web_apps=http_web_apps
    )
    app[EXCHANGE] = exchange
    app.add_routes(BotApi(exchange).routes())
    app.add_routes(PhonePage(exchange, people, guide).routes())
    app.cleanup_ctx.append(_webhook)
    app.on_shutdown.append(_let_go)
    return app


async def _webhook(app: web.Application) -> AsyncIterator[None]:
    sender = asyncio.create_task(Webhook(app[EXCHANGE]).run())
    yield
    sender.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await sender
    app[EXCHANGE].close()


async def _let_go(app: web.Application) -> None:
    app[EXCHANGE].changes.close()
