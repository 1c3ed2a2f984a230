"""Many letters at once through the real bot: rows as the acts leave them, and a channel as the house has it."""

from __future__ import annotations

import hashlib
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.application import build
from bot.dependencies import Dependencies
from bot.limiter import Limiter
from bot.notifications.sending import deliver
from locales import closest
from models.operations import outbox
from models.procedure.delivery import OutboxMessage
from models.rules.actor import Role
from models.tables import Account, Binding, Notice, Task
from server.letters import LetterRenderer
from tests.server.courier.chats import now, steps
from tests.support import district
from tests.support.district import VISIT, written
from tests.support.practice_phones import Stage

PLACE = district.district()


async def letters(stage: Stage, count: int) -> list[Account]:
    """So many people with a phone, each owed a letter that stands."""
    await district.found()
    await district.drawn()
    tasks = await Task.all().order_by("number")
    for n, task in enumerate(tasks):
        await district.visit_fixed(task, PLACE, begins=VISIT + timedelta(days=n))
    models = [await Notice.filter(task=task).order_by("-version").first() for task in tasks]
    people = []
    for n in range(count):
        account = await district.account(Role.OFFICE, f"示例单位{n}", now())
        phone = stage.phone(account.name)
        await phone.start()
        async with written():
            await Binding.create(account=account, telegram_id=phone.id, bound_at=now())
        model = models[n % len(models)]
        made = await Notice.create(
            number=f"{model.number}-{n}", task_id=model.task_id, version=100 + n, state="approved",
            letter=model.letter, created_at=now(), token_sha256=hashlib.sha256(str(n).encode()).hexdigest(),
            check_code="123456", approved_by="inspector:示例", approved_at=now(),
        )  # fmt: skip
        await outbox.enqueue(account, "notice", key=f"notice:{made.id}:chat", at=now(), notice=made.id)
        people.append(account)
    return people


@asynccontextmanager
async def the_bot(stage: Stage):
    """The channel `chat`, and the bot that answers people directly."""
    printer = LetterRenderer(PLACE)
    services = Dependencies(PLACE, now, None, lambda: None, printer, plain=printer.plain)
    app = build(
        stage.token, services, base_url=stage.base_url, base_file_url=stage.base_file_url,
        limiter=Limiter(steps.monotonic, steps.sleep),
    )  # fmt: skip
    await app.initialize()

    async def send(parcel: OutboxMessage) -> str:
        await deliver(
            app, account=parcel.account, telegram_id=parcel.chat, language=closest(parcel.language),
            kind=parcel.kind, payload=parcel.payload, key=parcel.key,
        )  # fmt: skip
        return hashlib.sha256(parcel.key.encode()).hexdigest()

    try:
        yield send, app.bot
    finally:
        await app.shutdown()
