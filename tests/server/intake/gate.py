"""A webhook on loopback for tests, and ways to make a real database fail."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from io import BytesIO

import aiohttp
from aiohttp import web

from models import store
from server.intake.webhook import SECRET, webhook
from tests.support.district import Clock

KNOWN = "a-secret-that-only-we-know"


class Gate:
    """Where updates are pushed to, and what was told behind it."""

    def __init__(self, http: aiohttp.ClientSession, port: int, clock: Clock) -> None:
        self.http, self.port, self.clock = http, port, clock
        self.url = f"http://127.0.0.1:{port}/telegram"

    async def push(self, update: object, **headers: str) -> int:
        body = BytesIO(update if isinstance(update, bytes) else json.dumps(update).encode())
        async with self.http.post(self.url, data=body, headers={SECRET: KNOWN} | headers) as answer:
            return answer.status

    async def raw(self, *lines: str, then: bytes = b"") -> bytes:
        """A request spelt out by hand, left open; what came back when the server closed or fell silent."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + then)
            return await asyncio.wait_for(reader.read(200), 20)
        finally:
            writer.close()


@asynccontextmanager
async def gate(secret: str = KNOWN, slowest: float = 5.0) -> AsyncIterator[Gate]:
    clock = Clock()
    app = web.Application()
    app.add_subapp("/telegram", webhook(secret, clock, clock.wake, slowest))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with aiohttp.ClientSession() as http:
            yield Gate(http, runner.addresses[0][1], clock)
    finally:
        await runner.cleanup()


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another process holds the SQLite file's only pen."""
    other = sqlite3.connect(url.removeprefix("sqlite://").partition("?")[0])
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


REFUSE = {
    "sqlite": (
        "CREATE TABLE nowhere (id INTEGER PRIMARY KEY)",
        "CREATE TABLE doom (id INTEGER REFERENCES nowhere (id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TRIGGER doomed AFTER INSERT ON inbox BEGIN INSERT INTO doom VALUES (NEW.update_id); END",
    ),
    "postgres": (
        "CREATE FUNCTION doom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no commit'; END $$",
        "CREATE CONSTRAINT TRIGGER doomed AFTER INSERT ON inbox DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION doom()",
    ),
}
ALLOW = {
    "sqlite": ("DROP TRIGGER doomed", "DROP TABLE doom", "DROP TABLE nowhere"),
    "postgres": ("DROP TRIGGER doomed ON inbox", "DROP FUNCTION doom"),
}


@asynccontextmanager
async def failing_commits() -> AsyncIterator[None]:
    """The database takes every statement, and refuses at COMMIT."""
    for statement in REFUSE[store.dialect()]:
        await store.connection().execute_query(statement)
    try:
        yield
    finally:
        for statement in ALLOW[store.dialect()]:
            await store.connection().execute_query(statement)
