"""时间戳 (RFC 3161): asks an authority outside to stamp each day's root, as long as it takes.

While the authority is away the days wait, the oldest first; a stamp bears the authority's own time, so a late
one shows how late it is. Nothing else depends on it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

import aiohttp
from rfc3161_client import TimestampRequestBuilder
from rfc3161_client.base import HashAlgorithm

from models.procedure import anchor
from models.rules import timestamp
from models.rules.actor import Actor, Role
from server import http_answer
from server.waiting import REAL_TIME, Waiting

log = logging.getLogger(__name__)

EVERY = 300.0
PATIENCE = aiohttp.ClientTimeout(total=20)
LARGEST = 1 << 16
STAMPS = Actor(Role.SYSTEM, "stamps")


async def run(
    url: str, authorities: bytes, now: Callable[[], datetime], waiting: Waiting = REAL_TIME
) -> None:
    """Stamp what waits, until cancelled."""
    while True:
        try:
            await catch_up(url, authorities, now)
        except (aiohttp.ClientError, TimeoutError, timestamp.BadStamp) as error:
            log.warning("no time stamp, the days wait: %s", error or type(error).__name__)
        await waiting.sleep(EVERY)


async def catch_up(url: str, authorities: bytes, now: Callable[[], datetime]) -> int:
    """Stamp every day that waits; how many. Raises aiohttp.ClientError, TimeoutError or BadStamp at the first
    that cannot be; those before it are kept.
    """
    count = 0
    async with aiohttp.ClientSession(timeout=PATIENCE) as http:
        while waiting := await anchor.unstamped():
            for day, statement in waiting:
                response = await ask(http, url, statement)
                if authorities:
                    timestamp.trusted(response, statement, authorities)
                await anchor.stamped(day, response, by=STAMPS, at=now())
                count += 1
    return count


async def ask(http: aiohttp.ClientSession, url: str, statement: bytes) -> bytes:
    """An authority's response to these bytes, for this request and no other. Raises as `catch_up`."""
    request = TimestampRequestBuilder().data(statement).hash_algorithm(HashAlgorithm.SHA256).build()
    headers = {"Content-Type": "application/timestamp-query"}
    async with http.post(url, data=request.as_bytes(), headers=headers) as answer:
        answer.raise_for_status()
        response = await http_answer.whole(answer, LARGEST)
    if timestamp.read(response, statement).nonce != request.nonce:
        raise timestamp.BadStamp("an answer to another request")
    return response
