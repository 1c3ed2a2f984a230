"""The real bot on practice phones: one loop hands updates to it, one delivers what is owed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import ClientSession

from bot.application import build, handle
from bot.buttons import Act, Value
from bot.callbacks import encode
from bot.dependencies import Dependencies
from bot.notifications import team_group
from bot.notifications.sending import deliver
from locales import closest
from models import store
from models.delivery import TryLater, Undeliverable
from models.imaging import ImagingPool
from models.operations import inbox
from models.procedure import delivery, enrolment
from models.procedure.delivery import OutboxMessage
from models.rules.actor import Actor, Role
from models.tables import Account, Target, Task
from server.intake.worker import Worker
from server.notifications import Wording
from server.practice import Phone
from server.practice.screen import PATIENCE
from server.records import RecordRenderer
from server.waiting import RealTime
from tests.support import district
from tests.support.practice_phones import Stage, practice
from tests.support.waiting import until


@dataclass(frozen=True)
class Printed:
    """A letter as the tests make it."""

    text: str
    pdf: bytes = b"%PDF-1.7 for tests"
    url: str = "http://127.0.0.1:8080/n/AAAAAAAAAAAAAAAAAAAAAA"


async def letter(notice_id: int, language: str) -> Printed:
    return Printed(f"检查告知书\n编号 {notice_id}\n我们从不收费、从不索要密码。")


class ByClock(RealTime):
    """Rights last by the test's clock, so that none is renewed while it stands still."""

    def __init__(self, clock: district.Clock) -> None:
        self._clock = clock

    def monotonic(self) -> float:
        return self._clock().timestamp()


@dataclass
class Chat:
    """A stage with the bot on it. `errors`: what updates have raised, in order."""

    stage: Stage
    services: Dependencies
    clock: district.Clock
    app: Any = None
    errors: list[Exception] = field(default_factory=list)
    offset: int = 0
    holders: dict[str, Phone] = field(default_factory=dict)
    worker: Worker | None = None  # while the real intake stands between
    taken: asyncio.Event = field(default_factory=asyncio.Event)

    async def restart(self) -> None:
        """A new process over the same database."""
        await self.app.shutdown()
        await self.begin()

    async def begin(self) -> None:
        self.app = build(
            self.stage.token,
            self.services,
            base_url=self.stage.base_url,
            base_file_url=self.stage.base_file_url,
        )
        await self.app.initialize()

    async def poll(self) -> None:
        """Updates one by one; one that fails is handed over again."""
        async with ClientSession() as http:
            while True:
                asked = {"offset": self.offset, "timeout": 2}
                async with http.post(
                    f"{self.stage.base_url}{self.stage.token}/getUpdates", json=asked
                ) as answer:
                    found = (await answer.json())["result"]
                for raw in found:
                    await self.take(raw)
                    self.offset = raw["update_id"] + 1
                    self.taken.set()

    async def take(self, raw: dict[str, Any]) -> None:
        if self.worker:
            await inbox.keep([inbox.read(json.dumps(raw).encode())], at=self.clock())
            self.worker.wake()
            return
        for _ in range(3):
            try:
                await handle(self.app, raw)
                return
            except Exception as error:
                self.errors.append(error)

    @asynccontextmanager
    async def stored(self) -> AsyncIterator[None]:
        """Updates go through the inbox and its worker, by the test's clock; that it is the one that acts is settled before."""
        self.worker = Worker(lambda raw: handle(self.app, raw), self.clock, ByClock(self.clock))
        assert await self.worker._seat.mine()
        running = asyncio.create_task(self.worker.run())
        try:
            yield
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
            await self.worker.drain()
            self.worker = None

    async def push(self, by: timedelta) -> None:
        """The clock goes on, and the worker looks at what is due; until it has done all it can."""
        assert self.worker
        self.clock.move(by)
        self.worker.wake()
        await self.stage.bot_is_idle(quiet=0.08)
        await until(self._settled)

    async def _settled(self) -> bool:
        due = await inbox.waiting(at=self.clock())
        return not due and not (self.worker and self.worker._busy)

    async def post(self) -> list[str]:
        """Deliver everything that is owed; the kinds, in order."""
        kinds: list[str] = []
        while parcels := await delivery.claim("test", at=self.clock()):
            for one in parcels:
                kinds.append(one.kind)
                if one.channel not in delivery.AT_TELEGRAM:
                    await delivery.undeliverable(one, "no such channel here", at=self.clock())
                    continue
                try:
                    await self._hand_over(one)
                except Undeliverable as no:
                    await delivery.undeliverable(one, str(no), at=self.clock())
                except TryLater as wait:
                    await delivery.retry_later(
                        one, wait.seconds, str(wait), at=self.clock(), outage=wait.outage
                    )
                else:
                    await delivery.sent(one, at=self.clock())
        return kinds

    async def _hand_over(self, one: OutboxMessage) -> None:
        if one.channel == "group":
            await team_group.deliver(self.app, kind=one.kind, chat=one.chat or 0, about=int(one.reference))
            return
        await deliver(
            self.app, account=one.account, telegram_id=one.chat or 0, language=closest(one.language), kind=one.kind,
            payload=one.payload, key=one.key,
        )  # fmt: skip

    async def idle(self, *, kept: bool = True) -> None:
        """Until everything that people did so far has been handled to its end; `kept`: and all of it is written down, not
        only what goes before its card.
        """
        async with asyncio.timeout(PATIENCE):
            while any(raw["update_id"] >= self.offset for raw in self.stage.waiting_updates()):
                self.taken.clear()
                await self.taken.wait()
        if self.worker:
            await self.stage.bot_is_idle()
        if kept:
            await store.kept()

    async def tap(self, phone: Phone, *labels: str) -> Any:
        """Press each button once it is there, and let the bot finish; the answer to the last press."""
        said = None
        for label in labels:
            await phone.wait_for(
                lambda shown, label=label: any(label in one for one in shown.buttons), any_time=True
            )
            pressed = await phone.press(label)
            said = await phone.answer(pressed) if pressed.kind == "callback" else None
            await self.idle()
        return said

    async def phone(self, account: Account, *, language: str = "zh-hans", **more: Any) -> Phone:
        """A phone that is bound already. The office's number is entered first, as on the console."""
        if not account.phone:
            await enrolment.set_number(
                account.id, f"138000{account.id:05d}", by=district.OFFICE, at=self.clock()
            )
            await account.refresh_from_db()
        phone = self.stage.phone(account.name, phone_number=account.phone, language=language, **more)
        token = secrets.token_urlsafe(16)
        await enrolment.invite(account.id, token, by=district.OFFICE, at=self.clock())
        await enrolment.open_link(token, phone.id, at=self.clock())
        await enrolment.bind(phone.id, phone.id, account.phone, at=self.clock())
        await enrolment.speak([account.id], closest(language), at=self.clock())
        self.stage.exchange.chats.change(phone.id, opened=True)
        return phone

    async def holder(self, actor: Actor) -> Phone:
        """The phone of this officer, bound the first time it is asked for."""
        if actor.id not in self.holders:
            self.holders[actor.id] = await self.officer(actor)
        return self.holders[actor.id]

    async def press(self, phone: Phone, act: Act, *args: Value) -> None:
        """A press as Telegram would hand it over, handled here and now: for an act that is to be undone again."""
        self.offset += 1
        secret, person = (
            self.services.district.secret,
            {"id": phone.id, "is_bot": False, "first_name": "示例"},
        )
        chat = {"id": phone.id, "type": "private", "first_name": "示例"}
        message = {"message_id": 1, "date": int(self.clock().timestamp()), "chat": chat, "text": "示例"}
        raw = {
            "id": str(self.offset), "from": person, "chat_instance": "1", "message": message,
            "data": encode(secret, phone.id, act, *args),
        }  # fmt: skip
        try:
            await handle(self.app, {"update_id": 900_000_000 + self.offset, "callback_query": raw})
        except Exception as error:
            self.errors.append(error)

    async def officer(self, actor: Actor) -> Phone:
        return await self.phone(await district.account(Role.INSPECTOR, actor.id))

    async def at_question(self, task: Task, department: str, number: int, who: int = 0) -> Phone:
        """The phone of an officer of this department, at this question."""
        phone = await self.officer((await district.team_of(task))[department][who])
        await self.post()
        await phone.say("/today")
        await phone.wait_for("我的任务")
        target = (await Task.get(id=task.id).select_related("target")).target.name
        await self.tap(phone, target, "检查表", "要点列表", f" {number} ")
        return phone


@asynccontextmanager
async def chatting(
    *, darkroom: ImagingPool | None = None, polling: bool = True, **stage: Any
) -> AsyncIterator[Chat]:
    """The stage, the bot and its loop, for as long as the block runs. Without `polling` a test hands it its updates."""
    clock = district.Clock()
    async with practice(**stage) as made:
        services = Dependencies(
            district.district(),
            clock,
            darkroom,
            clock.wake,
            letter,
            record=RecordRenderer(district.district()),
            told=Wording(district.district(), clock),
        )
        services.telegram_clock.heard(clock(), clock())  # the stand-in's messages bear the test's time
        chat = Chat(made, services, clock)
        await chat.begin()
        loop = asyncio.create_task(chat.poll() if polling else asyncio.sleep(0))
        try:
            yield chat
        finally:
            loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await loop
            await chat.app.shutdown()


async def a_task() -> Task:
    """The first task of the draw."""
    return await Task.all().order_by("rank").first()


async def at_the_letter(drawn: Chat, channel: str, label: str) -> tuple[Task, Phone]:
    """The first task's letter goes by this channel, which is a person's; its leader has pressed that on the task's card."""
    task = await Task.all().order_by("number").select_related("target").first()
    async with district.written():
        await Target.filter(code=task.target_id).update(channels=[channel])
    await district.visit_fixed(task, district.district())
    phone = await drawn.officer(await district.leader_of(task))
    await phone.say("/today")
    await drawn.tap(phone, task.target.name, label)
    return task, phone
