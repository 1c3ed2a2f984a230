"""A crowd of photos at once, bombs among them: memory stays bounded and nobody else waits (R32).

How late the loop runs meanwhile, in milliseconds, is measured by `tests/bench/bench_uploads.py`.
"""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from models import store
from models.procedure import inspection
from models.tables import Assignment, Inbox, InboxState, Photo, Task
from tests.journeys.answering import DEPARTMENT, open_checklist
from tests.journeys.carrying import carrier, scene, session, twins
from tests.journeys.served import Served, on_site
from tests.support import district
from tests.support.practice_phones import practice
from tests.support.waiting import pause


def bombs(count: int) -> list[bytes]:
    """Small files that would be hundreds of megapixels."""
    flat = io.BytesIO()
    Image.new("1", (13_300, 13_300)).save(flat, "PNG")

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    head = (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    wide = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(9_000_000)))
        + chunk(b"IEND", b"")
    )
    return [(flat.getvalue(), wide)[n % 2] + b"\0" * n for n in range(count)]


async def everywhere(first: Task) -> list[tuple[str, str]]:
    """A visit of each other team under way too: each open task's number and an officer of its team."""
    begins, teams, under_way = district.VISIT, {first.team_id}, [first]
    for task in await Task.exclude(id=first.id).order_by("id"):
        if task.team_id in teams:
            continue  # nobody is at two visits at once
        teams.add(task.team_id)
        under_way.append(task)
        begins += timedelta(hours=3)
        await district.visit_fixed(task, district.district(), begins=begins)
        present = await Assignment.filter(task=task, until=None).values_list("inspector_id", flat=True)
        leader = await district.leader_of(task)
        await inspection.begin(
            task.number, [str(one) for one in present], by=leader, at=begins, untold="示例:当面告知"
        )
    return [(task.number, (await district.leader_of(task)).id) for task in under_way]


@asynccontextmanager
async def a_visitor(port: int) -> AsyncIterator[list[int]]:
    """Somebody who asks for the public page again and again: the status of each that came."""
    pages: list[int] = []

    async def looking() -> None:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            while True:
                async with http.get("/healthz") as answer:
                    await answer.read()
                    pages.append(answer.status)
                await pause(0.02)

    visitor = asyncio.create_task(looking())
    try:
        yield pages
    finally:
        visitor.cancel()
        for ended in await asyncio.gather(visitor, return_exceptions=True):
            assert isinstance(ended, asyncio.CancelledError), ended


@pytest.mark.timeout(3600)
async def test_r32_two_hundred_large_photos_and_bombs_at_once_stay_within_memory(
    sqlite_template: Path, tmp_path: Path, full_size: bool
) -> None:
    photos, by_chat, size, count = (180, 20, 20 * 1024 * 1024, 20) if full_size else (16, 4, 4_000_000, 4)
    out = tmp_path / "watched.json"
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(practice())
        served = Served(stage, tmp_path / "data", command=("tests.journeys.watched", str(out)))
        await stack.enter_async_context(served)
        task, phones = await on_site(sqlite_template, served, DEPARTMENT, 2)
        async with store.opened(f"sqlite://{served.database}", objects_at=served.folder / "objects"):
            visits = await everywhere(task)
            sessions = [(number, *await session(officer)) for number, officer in visits]
        carriers = [
            await stack.enter_async_context(carrier(served.port, *one, part=1 << 20)) for one in sessions
        ]
        photo = twins(scene(4000 if full_size else 1600, 92), size)
        await served.start()
        for phone in phones:
            await open_checklist(phone)
        for n in range(by_chat):
            one = next(photo)
            await phones[n % 2].send_document(one[0 : len(one)], "大图.jpg", mime_type="image/jpeg")
        hostile = bombs(count)
        for n, bomb in enumerate(hostile[: count // 2]):
            await phones[n % 2].send_document(bomb, "炸弹.png", mime_type="image/png")
        async with a_visitor(served.port) as pages:
            done = await asyncio.gather(
                *(carriers[n % len(carriers)].carry(next(photo)) for n in range(photos)),
                *(carriers[n % len(carriers)].carry(bomb) for n, bomb in enumerate(hostile[count // 2 :])),
            )
            await served.all_acted_upon()
        assert await served.stop(within=100) == 0
        seen = json.loads(out.read_text())
        print(
            f"R32: {photos} + {by_chat} photos of {size / 1e6:.0f} MB, {count} bombs: {seen}, {len(pages)} pages"
        )
        assert done == [""] * photos + ["photo.too_many_pixels"] * (count - count // 2)
        async with store.opened(f"sqlite://{served.database}", objects_at=served.folder / "objects"):
            assert await Photo.all().count() == photos + by_chat
            assert await Inbox.exclude(state=InboxState.DONE).count() == 0
        assert seen["most_mb"] <= 512
        assert len(pages) >= photos + by_chat, (
            "the crowd held up a visitor: pages came one by one with the photos"
        )
    shutil.rmtree(served.folder / "objects")
