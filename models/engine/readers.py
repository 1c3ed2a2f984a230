"""Light readers who ask SQLite while its connection is busy, or in one round of the event loop, share a trip to its thread.

Forty people press at once, and each press begins by asking who presses: a trip costs two changes of thread, whatever is asked.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

Prepared = Sequence[tuple[str, list[Any]]]
Rows = list[list[Any]]
Results = list[Rows | Exception]


class Readers:
    """`turn`: waits for the connection, then calls what it is given for the readers to take along, and makes the trip."""

    def __init__(self, turn: Callable[[Callable[[], list[Prepared]]], Awaitable[Results]]) -> None:
        self._turn = turn
        self._line: list[tuple[Prepared, asyncio.Future[Rows]]] = []
        self._under_way: set[asyncio.Task[None]] = set()

    async def rows(self, asked: Prepared) -> Rows:
        """The rows of each statement of one reader. Raises what the database raised at them."""
        rows: asyncio.Future[Rows] = asyncio.get_running_loop().create_future()
        self._line.append((asked, rows))
        if len(self._line) == 1:
            trip = asyncio.create_task(self._trip(), name="readers")
            self._under_way.add(trip)
            trip.add_done_callback(self._under_way.discard)
        return await rows

    async def _trip(self) -> None:
        aboard: list[tuple[Prepared, asyncio.Future[Rows]]] = []

        def board() -> list[Prepared]:
            aboard[:], self._line = self._line, []
            return [asked for asked, _ in aboard]

        try:
            results = await self._turn(board)
        except BaseException as failed:
            if not aboard:
                board()
            for _, rows in aboard:
                if not rows.done():
                    rows.set_exception(failed)
            if not isinstance(failed, Exception):
                raise
            return
        for (_, rows), result in zip(aboard, results, strict=True):
            if rows.done():
                continue
            if isinstance(result, Exception):
                rows.set_exception(result)
            else:
                rows.set_result(result)


def run_each(connection: sqlite3.Connection, readers: list[Prepared]) -> Results:
    """In the database's thread: the rows of each reader, or what its statements raised."""
    return [_one(connection, asked) for asked in readers]


def _one(connection: sqlite3.Connection, asked: Prepared) -> Rows | Exception:
    try:
        return [connection.execute(sql, values).fetchall() for sql, values in asked]
    except Exception as failed:
        return failed
