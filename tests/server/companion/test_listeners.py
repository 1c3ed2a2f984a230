"""A thousand phones that listen and say nothing, or do not take what they are told, cost nothing lasting (D79)."""

from __future__ import annotations

import asyncio
import gc
import secrets
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from models.procedure import enrolment
from models.queries.companion import ChainNews
from models.rules.actor import Role
from models.tables import Inspector
from server import watching
from tests.server.pages import site
from tests.support import district as sample
from tests.support.virtual_time import Steps
from tests.support.waiting import PATIENCE, pause, until


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def cookies(world, officers: int) -> list[str]:
    """Sessions of so many officers."""
    tokens = []
    for n in range(officers):
        await Inspector.create(
            code=f"INS-GA-9{n:03d}", name=f"示例{n}", department="GA", level="县级(区)", areas=["*"], items=["*"],
            status="in_post", phone="",
        )  # fmt: skip
        account = await sample.account(Role.INSPECTOR, f"INS-GA-9{n:03d}", world.clock())
        tokens.append(secrets.token_urlsafe(32))
        await enrolment.sign_in(account.id, tokens[-1], secrets.token_urlsafe(16), at=world.clock())
    return tokens


async def listener(world, token: str, room: int = 0) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection that has been told that it is heard. `room`: how little it takes without reading."""
    line = socket.socket()
    if room:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    line.setblocking(False)
    await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", world.server.port))
    reader, writer = await asyncio.open_connection(sock=line, limit=1024)
    writer.write(
        f"GET /field/api/live HTTP/1.1\r\nHost: district.example\r\nCookie: ssj={token}\r\n\r\n".encode()
    )
    assert b" 200 " in await reader.readline()
    return reader, writer


async def gone(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        while await reader.read(1024):
            pass


def memory() -> float:
    """What this process has in memory, in MB."""
    gc.collect()
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


@pytest.mark.timeout(600)
async def test_d79_a_thousand_idle_listeners_are_let_go_and_leave_nothing(world, full_size):
    """Wave after wave at the limit of four to an officer: each goes after a minute of silence."""
    tokens = await cookies(world, 250 if full_size else 25)
    watch, steps, count = world.server.app[watching.WATCH], Steps(), watching.EACH * len(tokens)
    watch.waiting = steps
    watch.tick = watching.TICK if full_size else watching.IDLE / 4  # each asks the database
    after = []
    for _ in range(3):
        lines = await asyncio.gather(*(listener(world, one) for one in tokens for _ in range(watching.EACH)))
        assert len(watch.listeners) == count
        await until(lambda: steps.waiters == count + 1)
        with steps.watching(lambda: [watch.task]):
            await steps.passes(watch.idle - 1)
            assert len(watch.listeners) == count
            await steps.passes(1)
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(gone(reader) for reader, _ in lines))
        for _, writer in lines:
            writer.close()
        del lines
        await until(lambda: not watch.listeners)
        after.append(memory())
    print(f"D79: {count} listeners, MB after each wave: {[round(one) for one in after]}")
    assert after[2] <= after[0] * 1.05


async def test_d79_listeners_who_take_nothing_are_dropped_and_their_news_forgotten(world):
    tokens = await cookies(world, 2)
    watch = world.server.app[watching.WATCH]
    watch.slow = 0.5
    lines = [await listener(world, one, room=2048) for one in tokens for _ in range(watching.EACH)]
    before, news = memory(), ChainNews(1, "2026-XH-GA-02-1-001", "x" * 100_000, "x", 1)
    async with asyncio.timeout(PATIENCE):
        while watch.listeners:
            for phone in list(watch.listeners):
                while not phone.full:
                    phone.put(news)
            await pause(0.01)
    assert memory() - before <= 50
    await until(lambda: not world.server.runner.server.connections)
    for _, writer in lines:
        writer.transport.abort()
