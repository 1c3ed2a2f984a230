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
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web
from telegram.error import TelegramError
from telegram.ext import Application

from bot import application as chat
from bot.dependencies import Dependencies
from bot.notifications import team_group
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
from server import clock, integrity, malloc, metrics, outside_time, records, sweeping, timestamping
from server.access import MACHINE, admit
from server.app import make_app
from server.companion.launch_data import LaunchReader
from server.config import Settings, addressed, authorities_of, district_of, headers_of
from server.courier.bounces import Mailbox
from server.courier.dispatcher import Channel, Courier
from server.courier.email import Mailer
from server.courier.receipts import Receipts, hooks
from server.courier.sms import Gateway, Texter
from server.digests import DigestWording
from server.documents.render_pool import RenderPool
from server.duties import DUTIES, apart
from server.intake.leader_lease import alone
from server.intake.polling import Poller
from server.intake.webhook import webhook
from server.intake.worker import PAUSE, Worker
from server.letters import LetterRenderer
from server.notifications import Wording
from server.staff_news import StaffWording
from server.waiting import REAL_TIME, Waiting, utc_now

log = logging.getLogger(__name__)
now = utc_now

WEBHOOK = "/telegram"
LOOK = 0.2  # seconds between looks for updates that another process took in


@dataclass
class Runtime:
    """Everything that runs. `tasks` are kept going until the end."""

    settings: Settings
    only: Collection[str]
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
        self.tasks.append(asyncio.create_task(restarted(name, work), name=name))


async def restarted(
    name: str, work: Callable[[], Coroutine[Any, Any, None]], waiting: Waiting = REAL_TIME
) -> None:
    """Until it ends by itself: begun again after 1 s, 2 s ... 60 s; after a minute's good work after 1 s."""
    wait = 1.0
    while True:
        began = waiting.monotonic()
        try:
            await work()
            return
        except Exception:
            wait = 1.0 if waiting.monotonic() - began > 60.0 else wait
            log.exception("%s failed; again in %.0f s", name, wait)
            await waiting.sleep(wait)
            wait = min(wait * 2, 60.0)


@asynccontextmanager
async def run(
    settings: Settings,
    *,
    practice: bool = False,
    only: Collection[str] = DUTIES,
    routes: Callable[[web.Application], None] | None = None,
    now: Callable[[], datetime] = now,
) -> AsyncIterator[Runtime]:
    """Open the store, begin everything that is this process's to do, and end it within ten seconds when the block ends."""
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
        holder = f"{os.getpid()}-{secrets.token_hex(4)}"
        courier = Courier(channels, now, holder)
        built = Runtime(settings, only, now, district, darkroom, printer, courier)
        staff = StaffWording(district, lambda token: _sent_link(built, token))
        digest = DigestWording(district, now)
        if settings.smtp_url:
            channels["email"] = Mailer(
                settings.smtp_url, settings.smtp_from, printer, now, authority=settings.smtp_ca, told=told, staff=staff,
                digest=digest,
            )  # fmt: skip
        if settings.sms_url:
            channels["sms"] = Texter(_gateway(settings), printer.brief, told, staff, digest)
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
            channels["chat"], channels["group"] = _chat(built), _group(built)
            if "worker" in only:
                look = LOOK if apart(only, "intake", "web") or settings.updates == "webhook" else PAUSE
                built.worker = Worker(_handler(built.bot), now, holder=holder, every=look)
        runner = await _web(built, routes)
        try:
            _begin(built, holder)
            log.info("ready at %s", settings.public)
            yield built
        finally:
            await _end(built, runner)


def _begin(built: Runtime, holder: str) -> None:
    if "clock" in built.only:
        _keep_time(built, holder)
    if "courier" in built.only:
        built.keep("courier", built.courier.run)
        if url := built.settings.imap_url:
            mailbox = Mailbox(url, built.now, built.courier.wake, authority=built.settings.smtp_ca)
            built.keep("returned mail", lambda: alone("returned mail", holder, built.now, mailbox.run))
    if built.bot:
        built.keep("chat", lambda: _join(built, holder))


def _keep_time(built: Runtime, holder: str) -> None:
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
    built.keep("integrity", lambda: integrity.run(built.settings.database))
    if url := built.settings.tsa_url:

        async def stamps() -> None:
            await timestamping.run(url, authorities_of(built.settings), built.now)

        built.keep("stamps", lambda: alone("stamps", holder, built.now, stamps))


async def _join(built: Runtime, holder: str) -> None:
    """Reach the Bot API, however long it takes; web and e-mail work meanwhile, updates wait at Telegram.

    Begun again from its first line when it fails, so nothing is kept going before the last call.
    """
    bot, worker, settings, only = built.bot, built.worker, built.settings, built.only
    assert bot
    await bot.initialize()
    with contextlib.suppress(TelegramError):
        await chat.commands(bot)
    if settings.updates == "webhook" and "intake" in only:
        await bot.bot.set_webhook(
            settings.public + WEBHOOK, secret_token=settings.webhook_secret, max_connections=40
        )
    built.joined = True
    if worker:
        await dialogue.show_again(at=built.now())
        built.keep("worker", worker.run)
    if settings.updates == "poll" and "intake" in only:
        poller = Poller(
            f"{settings.api}/bot{settings.bot_token}", holder, built.now, _arrived(built), read=_read(built)
        )
        built.keep("poller", poller.run)


async def _web(built: Runtime, routes: Callable[[web.Application], None] | None) -> web.AppRunner:
    def extra(app: web.Application) -> None:
        if built.bot and "intake" in built.only:
            hook = webhook(built.settings.webhook_secret, built.now, _arrived(built), read=_read(built))
            app.add_subapp(WEBHOOK, admit(hook, MACHINE))
        if (secret := built.settings.hook_secret) and {"web", "courier"} & set(built.only):
            receipts = Receipts.of(built.settings.sms_receipt)
            hooks(secret, receipts, built.now, built.courier.wake).join(app)
        if token := built.settings.metrics_token:
            metrics.join(app, token)
        if routes:
            routes(app)

    app = make_app(
        district=built.district,
        now=built.now,
        wake=built.courier.wake,
        letter=built.printer,
        deep_link=lambda token: _deep_link(built, token),
        chat=built.bot is not None,
        launch=_launch(built.settings),
        channels=addressed(built.settings),
        trusted_proxies=built.settings.proxies,
        extra=extra,
        pages="web" in built.only,
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=3.0, handler_cancellation=False)
    await runner.setup()
    host, port = built.settings.address
    await web.TCPSite(runner, host, port).start()
    return runner


def _launch(settings: Settings) -> LaunchReader | None:
    """Reads who opened the companion in the chat, where there is one."""
    return (
        LaunchReader(settings.bot_token, bytes.fromhex(settings.launch_key)) if settings.bot_token else None
    )


def _arrived(built: Runtime) -> Callable[[], None]:
    """Updates were stored; a worker elsewhere looks for itself."""
    return built.worker.wake if built.worker else lambda: None


def _gateway(settings: Settings) -> Gateway:
    return Gateway(
        settings.sms_url, settings.sms_method, settings.sms_body, headers_of(settings),
        settings.sms_success, settings.sms_id,
    )  # fmt: skip


def _read(built: Runtime) -> Callable[[bytes], inbox.RawUpdate]:
    """What is stored of an update: all of it, or, where the chat carries no evidence, its frame."""
    return inbox.read if built.district.chat_evidence else strip_update.read


def _deep_link(built: Runtime, token: str) -> str:
    name = _username(built)
    return f"https://t.me/{name}?start={token}" if name else f"/start {token}"


def _sent_link(built: Runtime, token: str) -> str:
    """The link in a message: one that names no bot is not sent while the bot's name is not known yet."""
    if built.bot and not _username(built):
        raise TryLater(why="the bot's name is not known yet", outage=True)
    return _deep_link(built, token)


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


def _group(built: Runtime) -> Channel:
    async def send(parcel: OutboxMessage) -> str:
        if built.bot is None or not built.joined:
            raise TryLater(1.0, "the Bot API was not reached yet")
        assert parcel.chat is not None
        await team_group.deliver(built.bot, kind=parcel.kind, chat=parcel.chat, about=int(parcel.reference))
        return ""

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
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_, told.set)
    return told


async def until_stopped() -> None:
    """Until SIGTERM or SIGINT."""
    await stop_event().wait()
