"""Three processes on one PostgreSQL, of which one is killed again and again: the others do its work (R1, R23)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from models.tables import Inbox, InboxState, Lease
from tests.journeys.answering import DEPARTMENT, Hand, answering, each_once, no_token
from tests.journeys.served import Served, under_way
from tests.support.practice_phones import Stage, practice
from tests.support.waiting import until

DUTIES = ("web,intake,worker", "intake,worker,courier", "worker,courier,clock")
SOON = 300.0
HELD = {"poller": 2, "worker": 3, "courier": 2}  # by how many of the three each may be held


def three(stage: Stage, folder: Path, url: str) -> list[Served]:
    return [
        Served(stage, folder, more={"DATABASE_URL": url}, only=only, name=f"log-{n}")
        for n, only in enumerate(DUTIES)
    ]


async def ready(served: Served) -> None:
    """Start it and wait until it says so."""
    before = served.log.count("ready at")
    await served.begin()
    await until(lambda: served.log.count("ready at") > before, SOON)


async def in_work(served: Sequence[Served]) -> dict[str, Served]:
    """Who of the living holds each right."""
    pids = {process.process.pid: process for process in served if process.running}
    holders = {row.name: int(row.holder.split(":")[1]) for row in await Lease.filter(name__in=list(HELD))}
    return {name: pids[pid] for name, pid in holders.items() if pid in pids}


async def all_held(served: Sequence[Served]) -> bool:
    return len(await in_work(served)) == len(HELD)


async def more_was_done(hand: Hand, than: int) -> bool:
    return await Inbox.filter(state=InboxState.DONE).count() > than


@pytest.mark.timeout(7200)
async def test_r23_of_three_processes_any_may_be_killed_and_nothing_is_lost_or_doubled(
    pg_db: str, tmp_path: Path, full_size: bool
) -> None:
    dice, killed = random.Random(23), Counter[str]()
    async with practice() as stage, AsyncExitStack() as stack:
        served = [await stack.enter_async_context(each) for each in three(stage, tmp_path / "data", pg_db)]
        task, phones = await under_way(stage, DEPARTMENT, 2)
        for each in served:
            await ready(each)
        await until(lambda: all_held(served), SOON)
        async with answering(stage, *phones, dice) as hand:
            while sum(killed.values()) < (100 if full_size else len(HELD)):
                name = min(HELD, key=lambda right: (killed[right], right))
                gone = (await in_work(served))[name]
                await gone.kill()
                killed[name] += 1
                done = await Inbox.filter(state=InboxState.DONE).count()
                await until(
                    lambda done=done: more_was_done(hand, done), SOON
                )  # without the one that was killed
                await until(lambda: all_held(served), SOON)
                await ready(gone)
        await until(lambda: nothing_waits(stage), SOON)
        for each in served:
            if each.running:
                assert await each.stop(within=100) == 0
            no_token(each)
        await each_once(task, hand, in_order=True)


async def nothing_waits(stage: Stage) -> bool:
    return not stage.waiting_updates() and not await Inbox.filter(state=InboxState.NEW).exists()
