"""Photos sent by chat and with the companion to a process that is killed in the middle of them (R4)."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from models import store
from models.procedure import objects
from models.queries import evidence
from models.tables import Inbox, InboxState, Photo, Stray, Task
from tests.journeys.answering import DEPARTMENT, open_checklist
from tests.journeys.carrying import Carrier, carrier, sending, session
from tests.journeys.served import NEW, Served, on_site
from tests.support import district
from tests.support.practice_phones import practice
from tests.support.waiting import pause, until


def opened(served: Served):  # type: ignore[no-untyped-def]
    return store.opened(f"sqlite://{served.database}", objects_at=served.folder / "objects")


async def looked_through(served: Served, task: Task, one: Carrier) -> Counter[str]:
    """No row without its file, no file without a row once repaired, every receipt true; rows by hash."""
    async with opened(served):
        found = await objects.compare()
        assert found.lacking == ()
        await objects.to_bin(found.orphans, at=district.VISIT)
        left = await objects.compare()  # what came after the newest row stays until there is a newer one
        assert (left.orphans, left.lacking) == ((), ())
        assert list((served.folder / "objects").glob("??/.draft-*")) == []
        rows = Counter(str(row) for row in await Photo.filter(task=task).values_list("sha256", flat=True))
        for sha256, photo in one.receipts.items():
            assert (await Photo.get(id=photo)).sha256 == sha256
        newest = await Photo.filter(task=task).order_by("-id").limit(20)
        for row in newest:
            assert len(await store.objects.get(row.sha256)) == row.size  # `get` proves the hash
        if await Photo.filter(task=task, removed_at=None).count() > 300:  # a task holds only so many
            await Photo.filter(task=task, removed_at=None, id__lt=newest[-1].id).update(
                removed_at=district.VISIT
            )
        return rows


@pytest.mark.timeout(36_000)
async def test_r4_no_photo_is_lost_half_kept_or_doubled_by_kills(
    sqlite_template: Path, tmp_path: Path, full_size: bool
) -> None:
    dice, kills = random.Random(4), 1000 if full_size else 3
    async with (
        practice() as stage,
        Served(stage, tmp_path / "data", command=NEW if full_size else ()) as served,
    ):
        task, phones = await on_site(sqlite_template, served, DEPARTMENT, 2)
        async with opened(served):
            cookie, csrf = await session((await district.team_of(task))[DEPARTMENT][0].id)
        await served.start()
        for phone in phones:
            await open_checklist(phone)
        async with carrier(served.port, task.number, cookie, csrf) as one:
            async with sending(phones, one, pause=3.0 if full_size else 1.0) as sent:
                for number in range(kills):
                    await pause(dice.uniform(0.0, 1.0))
                    await served.kill()
                    if not full_size or number % 25 == 24:
                        await looked_through(served, task, one)
                    await served.start()
                before = len(one.receipts)
                await until(lambda: len(one.receipts) > before)
            await served.all_acted_upon()
            assert await served.stop(within=100) == 0
            rows = await looked_through(served, task, one)
        assert {*sent, *one.receipts} <= rows.keys()
        assert len(rows) <= len(sent) + len(one.receipts) + 1, "the last upload may have lost its receipt"
        assert set(rows.values()) == {1}, "doubled"
        assert one.refused == []
        assert len(rows) >= kills
        async with opened(served):
            left = await Inbox.exclude(state=InboxState.DONE).count(), await Stray.all().count()
            assert left == (0, 0)
            assert full_size or (await evidence.verify()).differences == []
        print(f"R4: {kills} kills, {len(sent)} by chat, {len(one.receipts)} by companion, 0 lost")
