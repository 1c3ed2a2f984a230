"""`shuangsuiji demo`: the sample district, living on this machine alone, with phones in the browser.

Real lists, fictitious registers, the real bot over HTTP to a stand-in for Telegram. Started again it goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote

from aiohttp import web
from argon2 import PasswordHasher

from locales import words
from models import data, migrate, store
from models.procedure import draw, enrolment, item_list, plan, registry, resealing, scheme
from models.queries import demo_cast, draws
from models.queries.demo_cast import CastMember
from models.rules.actor import Actor, Role
from models.rules.draw import entropy
from models.rules.visit import local_day
from server import tour
from server.access import ANYONE, Routes
from server.commands import DONE, FAILED, Order
from server.config import Settings
from server.practice import EXCHANGE, Holder, TelegramServer, practice_app
from server.practice.initdata import public_key
from server.runtime import now, run, stop_event

log = logging.getLogger(__name__)

TOKEN = "1604000000:practice-phones-on-this-machine-only"  # noqa: S105 - opens nothing but the stand-in
OFFICE = Actor(Role.OFFICE, "demo")
LOGIN = "office"
LASTS = timedelta(days=18)
STILL = 1.5
OURS = (
    "demo.json",
    "shuangsuiji.sqlite3",
    "shuangsuiji.sqlite3-wal",
    "shuangsuiji.sqlite3-shm",
    "secret.key",
    "objects",
    "phones",
    "backups",
)


async def demo(order: Order, *, fresh: bool = False) -> int:
    """Prepare, start everything, print three addresses, run until told to stop."""
    folder = order.settings.folder
    marker = tour.marker(order.settings)
    if not marker.exists() and (folder / "shuangsuiji.sqlite3").exists():
        order.say("cli.demo.not_ours", folder=folder)
        return FAILED
    if fresh and marker.exists():
        _begin_anew(folder)
    settings = _settings(order.settings)
    if not marker.exists():
        order.say("cli.demo.preparing")
        await prepare(settings, marker, order)
    await _run(order, settings)
    return DONE


@asynccontextmanager
async def _telling(order: Order, step: str) -> AsyncIterator[None]:
    """Says what is being done, and every second and a half that it is still being done."""

    async def still() -> None:
        for n in itertools.count(1):
            await asyncio.sleep(STILL)
            order.say("cli.demo.still", seconds=f"{n * STILL:.0f}")

    order.say(f"cli.demo.step.{step}")
    saying = asyncio.create_task(still())
    try:
        yield
    finally:
        saying.cancel()


def _begin_anew(folder: Path) -> None:
    for name in OURS:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _settings(given: Settings) -> Settings:
    """The demo's own bot, its stand-in on the next port, everything on SQLite in the data folder."""
    host, port = given.address
    return replace(
        given,
        database_url="",
        objects_url="",
        bot_token=TOKEN,
        bot_api_url=f"http://{host}:{port + 1}",
        launch_key=public_key(TOKEN).hex(),
        updates="poll",
        smtp_url="",
    )


async def prepare(settings: Settings, marker: Path, order: Order) -> None:
    """Registers in, plan and scheme adopted, the batch committed; whole or not at all."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    at = now()
    marker.with_suffix(".part").write_text("{}")
    async with _telling(order, "database"):
        await migrate.migrate(settings.database, backup=False)
    async with _telling(order, "registers"), store.opened(settings.database, objects_at=settings.objects):
        await resealing.begin(at=at)
        for take, name in (
            (registry.import_departments, "departments.csv"),
            (registry.import_items, "items.csv"),
            (registry.import_checklists, "checkpoints.csv"),
            (registry.import_streets, "streets.csv"),
            (registry.import_targets, "targets.csv"),
            (registry.import_inspectors, "inspectors.csv"),
        ):
            await take(data.read(name), by=OFFICE, at=at)
        await item_list.publish("district", "示例：首版清单", by=OFFICE, at=at)
        today = local_day(at)
        await plan.adopt(shifted(data.read("plan-2026.toml"), today), by=OFFICE, at=at)
        adopted = await scheme.adopt(shifted(data.read("scheme-hotels.toml"), today), by=OFFICE, at=at)
        await draw.commit(adopted.batches[0], by=OFFICE, at=at, random=secrets.token_bytes, practice=True)
        account = await enrolment.account_of_office(LOGIN, at)
        password = secrets.token_urlsafe(9)
        await enrolment.set_password(account.id, LOGIN, PasswordHasher().hash(password), by=OFFICE, at=at)
    tour.note(marker, {"login": LOGIN, "password": password, "made": at.isoformat()})


def shifted(paper: bytes, today: date) -> bytes:
    """The example's papers with this year's numbers and windows around today."""
    text = paper.decode()
    last = date(today.year, 12, 31)
    windows = iter([(today, last)] if "[[entries]]" in text else [(today, min(today + LASTS, last))])
    opens, closes = next(windows)
    text = re.sub(r"(?m)^from = .*$", f"from = {opens.isoformat()}", text)
    text = re.sub(r"(?m)^until = .*$", f"until = {closes.isoformat()}", text)
    text = re.sub(
        r"(?m)^submitted = \S+", f"submitted = {min(date(today.year, 1, 20), today).isoformat()}", text
    )
    text = re.sub(r'"\d{4}-\d\d-\d\d (\d\d:\d\d)', rf'"{today.isoformat()} \1', text)
    return (
        text.replace("year = 2026", f"year = {today.year}").replace('"2026-XH', f'"{today.year}-XH').encode()
    )


async def _run(order: Order, settings: Settings) -> None:
    people: list[Holder] = []
    host, port = settings.address
    stand_in = practice_app(
        TOKEN,
        storage=settings.folder / "phones",
        people=people,
        guide=tour.guide(settings),
        bot_username="practice_ssj_bot",
    )
    runner = web.AppRunner(stand_in, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, host, port + 1).start()
    order.say("cli.demo.step.starting")
    try:
        async with run(settings, practice=True, routes=partial(_routes, settings)):
            helping = asyncio.create_task(_stagehand(stand_in[EXCHANGE], people))
            stop = stop_event()
            order.say(
                "cli.demo.ready",
                phones=f"http://{host}:{port + 1}/",
                public=settings.public + "/",
                console=f"{settings.public}/demo/console",
            )
            await stop.wait()
            helping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await helping
    finally:
        await runner.cleanup()


def person_of(player: CastMember, number: int) -> Holder:
    """The holder of a practice phone."""
    role = {
        spoken: words(spoken)(f"demo.part.{player.part}", department=player.department)
        for spoken in ("zh_Hans", "en")
    }
    label: Mapping[str, str] = {"zh": role["zh_Hans"], "en": role["en"]}
    return Holder(number, player.name, label, player.number or f"138{number:08d}")


async def _stagehand(exchange: TelegramServer, people: list[Holder]) -> None:
    """Gives everybody who was drawn a phone, and binds it the way anybody binds: by link and own contact."""
    seats: dict[str, int] = {}
    while True:
        try:
            cast = await demo_cast.demo_cast()
            for player in cast.players:
                seat = f"{player.part}:{player.key}"
                number = seats.setdefault(seat, tour.phone_number(seat))
                if all(person.id != number for person in people):
                    people.append(person_of(player, number))
                if not await demo_cast.bound(player):
                    await _bind(exchange, person_of(player, number), player)
        except Exception:
            log.exception("the practice phones were not handed out; again soon")
        await asyncio.sleep(1.0)


async def _bind(exchange: TelegramServer, person: Holder, player: CastMember) -> None:
    at, token = now(), secrets.token_urlsafe(16)
    if player.part == "entity":
        account = await enrolment.account_of_target(player.key, at)
    elif player.part == "head":
        account = await enrolment.account_of_head(player.key, at, name=player.name)
        await enrolment.set_number(account.id, person.phone_number, by=OFFICE, at=at)
    else:
        account = await enrolment.account_of_inspector(player.key, at)
    await enrolment.invite(account.id, token, by=OFFICE, at=at)
    phone = exchange.phone(person)
    await phone.start(token)
    for _ in range(100):
        await asyncio.sleep(0.1)
        keyboard = phone.keys()
        if any("request_contact" in key for row in keyboard for key in row):
            await phone.share_contact()
            break
    for _ in range(100):
        await asyncio.sleep(0.1)
        if await demo_cast.bound(player):
            return


def _routes(settings: Settings, app: web.Application) -> None:
    """A way into the console without a password, in the demo alone."""
    routes = Routes()

    @routes.get("/demo/console", audience=ANYONE)
    async def console(request: web.Request) -> web.StreamResponse:
        at, token = now(), secrets.token_urlsafe(16)
        as_head = request.query.get("as") == "head"
        cast = await demo_cast.demo_cast()
        heads = [player.key for player in cast.players if player.part == "head"]
        if as_head and heads:
            account = await enrolment.account_of_head(heads[0], at)
        else:
            account = await enrolment.account_of_office(LOGIN, at)
        await enrolment.invite(account.id, token, by=account.actor, at=at, purpose="login")
        after = request.query.get("next", "")
        raise web.HTTPFound(
            f"/login/{token}" + (f"?next={quote(after)}" if after.startswith("/console") else "")
        )

    @routes.get("/demo/verify", audience=ANYONE)
    async def verify(request: web.Request) -> web.StreamResponse:
        """The draw's public page, where anybody checks it; the tour notes that it was opened."""
        cast = await demo_cast.demo_cast()
        tour.note(tour.marker(settings), tour.noted(settings) | {"verified": cast.draw})
        raise web.HTTPFound(f"/draws/{quote(cast.draw)}#verify")

    @routes.get("/demo/witnesses", audience=ANYONE)
    async def witnesses(request: web.Request) -> web.StreamResponse:
        """Two rehearsed witnesses, each with a value of its own; then the ceremony's page."""
        cast = await demo_cast.demo_cast()
        await _witness(cast.draw)
        raise web.HTTPFound(f"/demo/console?next=/console/draws/{quote(cast.draw)}")

    routes.join(app)


async def _witness(code: str) -> None:
    fixed = await draws.facts(code)
    values = {f"witness:{department}": secrets.token_hex(16) for department in fixed.rules.witnesses}
    departments = await demo_cast.department_names()
    for source, value in values.items():
        sealed = entropy.pledge(fixed.commitment, value)
        name = words("zh_Hans")("demo.witness", department=departments[source.partition(":")[2]])
        await draw.pledge(code, source, sealed, by=OFFICE, at=now(), witness=name)
    for source, value in values.items():
        await draw.reveal(code, source, value, by=OFFICE, at=now())
