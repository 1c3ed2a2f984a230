"""A courier at work in a test, by a time that the test moves, and a channel that speaks to the stand-in."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import aiohttp

from models.delivery import TryLater, Undeliverable
from models.procedure.delivery import OutboxMessage
from models.rules.actor import Role
from models.tables import Account, Binding, Outbox, OutboxState
from server.courier.dispatcher import Courier
from tests.support import district
from tests.support.district import CEREMONY, written
from tests.support.practice_phones import Stage, practice
from tests.support.virtual_time import Steps

steps = Steps()


def now() -> datetime:
    """It is the morning after the test district's ceremony."""
    return CEREMONY + timedelta(days=1, seconds=steps.at)


@asynccontextmanager
async def stepped() -> AsyncIterator[Stage]:
    """The stand-in, whose clock goes with the test's."""
    async with practice() as stage:
        stage.exchange.clock.hold()
        with steps.telling(stage.exchange.clock.advance):
            yield stage


async def person(stage: Stage, name: str) -> Account:
    """Somebody of the office with a phone that is bound."""
    account = await district.account(Role.OFFICE, name, now())
    phone = stage.phone(name)
    await phone.start()
    async with written():
        await Binding.create(account=account, telegram_id=phone.id, bound_at=now())
    return account


class Chat:
    """Says the parcel's key in the chat; answers of the Bot API as the bot would understand them."""

    def __init__(self, stage: Stage) -> None:
        self._url = f"{stage.base_url}{stage.token}/sendMessage"

    async def __call__(self, parcel: OutboxMessage) -> str:
        async with aiohttp.ClientSession() as http:
            body = {"chat_id": parcel.chat, "text": parcel.key}
            async with http.post(self._url, json=body) as answer:
                said = await answer.json(content_type=None)
        if said.get("error_code") == 429:
            raise TryLater(said["parameters"]["retry_after"], "429")
        if said.get("error_code") == 403:
            raise Undeliverable(said["description"])
        assert said["ok"], said
        return hashlib.sha256(parcel.key.encode()).hexdigest()


@asynccontextmanager
async def at_work(worker: str = "one", **channels: object) -> AsyncIterator[Courier]:
    courier = Courier(channels, now, worker, steps)
    running = asyncio.create_task(courier.run())
    try:
        with steps.watching(lambda: [running, *courier._under_way.values()]):
            yield courier
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await courier.drain(1.0)


async def settled(*keys: str) -> None:
    """Until these messages (or all) are neither waiting nor under way."""
    rows = Outbox.filter(state__in=[OutboxState.WAITING, OutboxState.SENDING])
    rows = rows.filter(key__in=keys) if keys else rows

    async def none() -> bool:
        return not await rows.exists()

    await steps.until_true(none)
