"""The house put together: store, bot, web, intake, courier, clock in one process, begun and ended in order.

With `__main__` the only file that knows every concrete part.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import secrets
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web
from telegram.error import TelegramError
from telegram.ext import Application

from bot import application as chat
from bot.dependencies import Dependencies
from bot.notifications.sending import deliver
from bot.photos import develop
from locales import closest
from models import migrate, store
from models.delivery import TryLater, Undeliverable
from models.district import District
from models.imaging import ImagingPool
from models.operations import inbox, strip_update
from models.procedure import dialogue, photo, resealing
from models.procedure.delivery import OutboxMessage
from models.queries import calendar
from server import clock, integrity, malloc, outside_time, records, sweeping, timestamping
from server.access import MACHINE, admit
from server.app import make_app
from server.config import Settings, addressed, authorities_of, district_of, headers_of
from server.courier.bounces import Mailbox
from server.courier.dispatcher import Channel, Courier
from server.courier.email import Mailer
from server.courier.receipts import Receipts, hooks
from server.courier.sms import Gateway, Texter
from server.documents.render_pool import RenderPool
from server.intake.polling import Poller
from server.intake.webhook import webhook
from server.intake.worker import Worker
from server.letters import LetterRenderer
from server.notifications import Wording
from server.staff_news import StaffWording
from server.waiting import utc_now

log = logging.getLogger(__name__)
now = utc_now

WEBHOOK = "/telegram"


@dataclass
class Runtime:
    """Everything that runs. `tasks` are kept going until the end."""

    settings: Settings
    now: Callable[[], datetime]
    district: District
    darkroom: ImagingPool
    printer: LetterRenderer
    courier: Courier
    bot: Application | None = None  # type: ignore[type-arg]
    worker: Worker | None = None
    joined: bool = False
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def keep(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run `work` and begin it again, later and later, whenever it fails."""
        self.tasks.append(asyncio.create_task(_again(name, work), name=name))


async def _again(name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    wait = 1.0
    while True:
        began = time.monotonic()
        try:
            await work()
            return
        except Exception:
            wait = 1.0 if time.monotonic() - began > 60.0 else wait
            log.exception("%s failed; again in %.0f s", name, wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 60.0)


@asynccontextmanager
async def run(
    settings: Settings,
    *,
    practice: bool = False,
    routes: Callable[[web.Application], None] | None = None,
    now: Callable[[], datetime] = now,
) -> AsyncIterator[Runtime]:
    """Open the store, begin everything, and end it within ten seconds when the block ends."""
    malloc.limit_arenas()
    await migrate.migrate(settings.database)
    async with (
        store.opened(settings.database, objects_at=settings.objects),
        _darkroom() as darkroom,
        _pressroom() as pressroom,
    ):
        await resealing.begin(at=now())
        district = district_of(settings, practice=practice)
        await calendar.refresh(district)
        printer, told = LetterRenderer(district, pressroom, now), Wording(district, now)
        channels: dict[str, Channel] = {}
        if settings.smtp_url:
            channels["email"] = Mailer(
                settings.smtp_url,
                settings.smtp_from,
                printer,
                now,
                authority=settings.smtp_ca,
                told=told,
                staff=StaffWording(district),
            )
        if settings.sms_url:
            channels["sms"] = Texter(_gateway(settings), printer.brief, told, StaffWording(district))
        holder = f"{os.getpid()}-{secrets.token_hex(4)}"
        courier = Courier(channels, now, holder)
        built = Runtime(settings, now, district, darkroom, printer, courier)
        if settings.bot_token:
            record = records.RecordRenderer(district, now)
            services = Dependencies(
                district, now, darkroom, courier.wake, printer, plain=printer.plain, record=record, told=told
            )
            built.bot = chat.build(
                settings.bot_token,
                services,
                base_url=f"{settings.api}/bot",
                base_file_url=f"{settings.api}/file/bot",
            )
            channels["chat"] = _chat(built)
            built.worker = Worker(_handler(built.bot), now)
        runner = await _web(built, routes)
        try:
            _begin(built, holder)
            log.info("ready at %s", settings.public)
            yield built
        finally:
            await _end(built, runner)


def _begin(built: Runtime, holder: str) -> None:
    built.keep(
        "clock",
        lambda: clock.run(
            holder,
            built.district,
            built.now,
            built.courier.wake,
            _chores(built),
            channels=addressed(built.settings),
            doubted=_doubted(built),
        ),
    )
    built.keep("sweep", lambda: sweeping.run(built.settings.database, built.now))
    built.keep("courier", built.courier.run)
    built.keep("integrity", lambda: integrity.run(built.settings.database))
    if url := built.settings.imap_url:
        built.keep(
            "returned mail", Mailbox(url, built.now, built.courier.wake, authority=built.settings.smtp_ca).run
        )
    if url := built.settings.tsa_url:
        built.keep("stamps", lambda: timestamping.run(url, authorities_of(built.settings), built.now))
    if built.bot and built.worker:
        built.keep("chat", lambda: _join(built, holder))


async def _join(built: Runtime, holder: str) -> None:
    """Reach the Bot API, however long it takes; web and e-mail work meanwhile, updates wait at Telegram.

    Begun again from its first line when it fails, so nothing is kept going before the last call.
    """
    bot, worker, settings = built.bot, built.worker, built.settings
    assert bot and worker
    await bot.initialize()
    with contextlib.suppress(TelegramError):
        await chat.commands(bot)
    if settings.updates == "webhook":
        await bot.bot.set_webhook(
            settings.public + WEBHOOK, secret_token=settings.webhook_secret, max_connections=40
        )
    built.joined = True
    await dialogue.show_again(at=built.now())
    built.keep("worker", worker.run)
    if settings.updates == "poll":
        poller = Poller(
            f"{settings.api}/bot{settings.bot_token}", holder, built.now, worker.wake, read=_read(built)
        )
        built.keep("poller", poller.run)


async def _web(built: Runtime, routes: Callable[[web.Application], None] | None) -> web.AppRunner:
    def extra(app: web.Application) -> None:
        if built.worker:
            hook = webhook(built.settings.webhook_secret, built.now, built.worker.wake, read=_read(built))
            app.add_subapp(WEBHOOK, admit(hook, MACHINE))
        if secret := built.settings.hook_secret:
            receipts = Receipts.of(built.settings.sms_receipt)
            hooks(secret, receipts, built.now, built.courier.wake).join(app)
        if routes:
            routes(app)

    app = make_app(
        district=built.district,
        now=built.now,
        wake=built.courier.wake,
        letter=built.printer,
        deep_link=lambda token: f"https://t.me/{_username(built)}?start={token}",
        chat=built.bot is not None,
        channels=addressed(built.settings),
        trusted_proxies=built.settings.proxies,
        extra=extra,
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=3.0, handler_cancellation=False)
    await runner.setup()
    host, port = built.settings.address
    await web.TCPSite(runner, host, port).start()
    return runner


def _gateway(settings: Settings) -> Gateway:
    return Gateway(
        settings.sms_url, settings.sms_method, settings.sms_body, headers_of(settings),
        settings.sms_success, settings.sms_id,
    )  # fmt: skip


def _read(built: Runtime) -> Callable[[bytes], inbox.RawUpdate]:
    """What is stored of an update: all of it, or, where the chat carries no evidence, its frame."""
    return inbox.read if built.district.chat_evidence else strip_update.read


def _username(built: Runtime) -> str:
    try:
        return built.bot.bot.username if built.bot else ""
    except RuntimeError:
        return ""


async def _end(built: Runtime, runner: web.AppRunner) -> None:
    """Stop taking in, let what is under way come to its end, close."""
    for task in built.tasks:
        task.cancel()
    await asyncio.gather(*built.tasks, return_exceptions=True)
    drains = [built.courier.drain(3.0), *([built.worker.drain(3.0)] if built.worker else [])]
    await asyncio.gather(*drains)
    await runner.cleanup()
    if built.bot:
        with contextlib.suppress(Exception):
            await built.bot.shutdown()


def _handler(bot: Application) -> Callable[[dict[str, Any]], Awaitable[bool]]:  # type: ignore[type-arg]
    async def handle(raw: dict[str, Any]) -> bool:
        return await chat.handle(bot, raw)

    return handle


def _chat(built: Runtime) -> Channel:
    async def send(parcel: OutboxMessage) -> str:
        if parcel.chat is None or parcel.account is None:
            raise Undeliverable("nobody bound")
        if built.bot is None or not built.joined:
            raise TryLater(1.0, "the Bot API was not reached yet")
        await deliver(
            built.bot,
            account=parcel.account,
            telegram_id=parcel.chat,
            language=closest(parcel.language),
            kind=parcel.kind,
            payload=parcel.payload,
            key=parcel.key,
        )
        return hashlib.sha256(json.dumps([parcel.kind, parcel.payload], sort_keys=True).encode()).hexdigest()

    return send


def _doubted(built: Runtime) -> Callable[[], Awaitable[object]] | None:
    """Whether the clock jumped; a rehearsal's clock is moved on purpose."""
    if built.district.practice:
        return None
    return lambda: outside_time.settled(built.settings, built.now)


def _chores(built: Runtime) -> Callable[[], Awaitable[None]]:
    services = Dependencies(built.district, built.now, built.darkroom, built.courier.wake, built.printer)

    async def owed_prints() -> None:
        for photo_id in await photo.undeveloped():
            await develop(photo_id, services)

    return owed_prints


@asynccontextmanager
async def _darkroom() -> AsyncIterator[ImagingPool]:
    room = ImagingPool()
    await room.start()
    try:
        yield room
    finally:
        await room.stop()


@asynccontextmanager
async def _pressroom() -> AsyncIterator[RenderPool]:
    room = RenderPool()
    try:
        yield room
    finally:
        await room.stop()


def stop_event() -> asyncio.Event:
    """Is set by SIGTERM or SIGINT from now on: made before it is said that all is ready, no signal goes astray."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, told.set)
    return told


async def until_stopped() -> None:
    """Until SIGTERM or SIGINT."""
    await stop_event().wait()
