"""What is the same for a whole team is read once, while nothing happens: two hundred phones ask at the same moment.

A stamp says whether anything happened: the number of the last act, how many prints are owed, the minute. Whatever was
read under a stamp holds until the stamp changes; who asks meanwhile waits for the one who reads. Only what no act
changes may be kept here, and nothing that is one person's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

from aiohttp import web

from models.queries import companion

T = TypeVar("T")
Stamp = tuple[int, int, datetime]


class Shared:
    """Readings by name, all of one stamp."""

    def __init__(self) -> None:
        self.stamp: Stamp | None = None
        self.found: dict[tuple[str, object], asyncio.Future[Any]] = {}

    async def at(self, at: datetime) -> SharedReader:
        """A reader for one request: nothing it gives is older than this request."""
        stamp = (*await companion.stamp(), at.replace(second=0, microsecond=0))
        if self.stamp is None or stamp[0] > self.stamp[0] or stamp[1:] != self.stamp[1:]:
            self.stamp, self.found = stamp, {}
        return SharedReader(self.found)


class SharedReader:
    """Asks once for each name and id; a reading that failed is tried again by the next who asks."""

    def __init__(self, result: dict[tuple[str, object], asyncio.Future[Any]]) -> None:
        self.found = result

    async def __call__(self, name: str, id: object, make: Callable[[], Awaitable[T]]) -> T:
        key = (name, id)
        if key not in self.found:
            self.found[key] = asyncio.ensure_future(_kept(make))
        reading = self.found[key]
        try:
            return await asyncio.shield(reading)
        except BaseException:
            if (
                reading.done()
                and (reading.cancelled() or reading.exception())
                and self.found.get(key) is reading
            ):
                del self.found[key]
            raise


async def _kept(make: Callable[[], Awaitable[T]]) -> T:
    return await make()


async def fresh(name: str, id: object, make: Callable[[], Awaitable[T]]) -> T:
    """Read now, for one person alone."""
    return await make()


Read = SharedReader | Callable[..., Awaitable[Any]]
SHARED = web.AppKey("shared", Shared)
