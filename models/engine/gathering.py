"""Readers that ask the same of PostgreSQL in one round of the event loop share a trip: many people press at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from models.engine.statements import SqlStatement

Rows = list[Any]
Run = Callable[[Sequence[SqlStatement]], Awaitable[list[Rows]]]
TOGETHER = 8  # each number of them is a statement that the server prepares


class Gathering:
    """`run` is asked for light statements that only read, those of one text together."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._under_way: set[asyncio.Future[list[Rows]]] = set()
        self._line: dict[str, list[tuple[SqlStatement, asyncio.Future[Rows]]]] = {}

    async def one(self, asked: SqlStatement) -> Rows:
        """The rows of one such statement, outside every transaction."""
        loop = asyncio.get_running_loop()
        rows: asyncio.Future[Rows] = loop.create_future()
        line = self._line.setdefault(asked.sql, [])
        line.append((asked, rows))
        if len(line) == 1:
            loop.call_soon(self._set_out, asked.sql)
        return await rows

    def _set_out(self, sql: str) -> None:
        line = self._line.pop(sql)
        for first in range(0, len(line), TOGETHER):
            some = line[first : first + TOGETHER]
            trip = self._trip([asked for asked, _ in some])
            trip.add_done_callback(self._under_way.discard)
            trip.add_done_callback(partial(_tell, [rows for _, rows in some]))

    def _trip(self, together: Sequence[SqlStatement]) -> asyncio.Future[list[Rows]]:
        trip = asyncio.ensure_future(self._run(together))
        self._under_way.add(trip)
        return trip


def _tell(waiting: Sequence[asyncio.Future[Rows]], done: asyncio.Future[list[Rows]]) -> None:
    failed = asyncio.CancelledError() if done.cancelled() else done.exception()
    for place, rows in enumerate(waiting):
        if rows.done():
            continue
        if failed is None:
            rows.set_result(done.result()[place])
        elif isinstance(failed, asyncio.CancelledError):
            rows.cancel()
        else:
            rows.set_exception(failed)
