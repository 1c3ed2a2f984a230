"""The outbox as a side of `bench_queues`: rows written in the act's transaction, claimed and settled by the product."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

os.environ.setdefault("PTB_TIMEDELTA", "1")

from models import store
from models.operations import outbox
from models.procedure import delivery
from models.rules.actor import Role
from models.tables import Account, Binding, Outbox
from tests.bench import queue_side

AT = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[None]:
    async with store.opened(url):
        if not await Account.exists():
            await _people()
        yield


async def _people() -> None:
    """Each with a chat: a message to somebody without one would wait."""
    for number in range(queue_side.PEOPLE):
        account = await Account.create(role=Role.OFFICE, name=f"示例{number}", created_at=AT)
        await Binding.create(account=account, telegram_id=9_000_000 + number, bound_at=AT)


async def enqueue(_: Any, count: int) -> int:
    people = await Account.all().order_by("id").values_list("id", flat=True)
    for number in range(count):
        await _act(number, people[number % len(people)])
    return count


@store.transactional
async def _act(number: int, account: int) -> None:
    await store.run_one("INSERT INTO bench_act (number) VALUES (?)", number)
    await outbox.enqueue(account, "term", key=f"bench:{number}", at=AT, number=number)


async def work(_: Any, count: int) -> int:
    """Until nothing waits; how many messages this process settled."""
    settled, worker, at = 0, f"bench {os.getpid()}", AT + timedelta(days=1)
    while await Outbox.filter(state="waiting").exists():
        messages = await delivery.claim(worker, at=at, limit=queue_side.TOGETHER)
        await asyncio.gather(*(delivery.sent(message, at=at) for message in messages))
        settled += len(messages)
    return settled


if __name__ == "__main__":
    queue_side.run(opened, {"enqueue": enqueue, "work": work})
