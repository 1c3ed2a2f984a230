"""What time it is by clocks that are not this machine's: the Bot API's and the time stamping authority's."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime

import aiohttp

from models.procedure import clock_watch
from models.procedure.clock_watch import AGREES, ClockDoubt
from models.rules import timestamp
from models.rules.actor import Actor, Role
from server import timestamping
from server.config import Settings

log = logging.getLogger(__name__)

PATIENCE = aiohttp.ClientTimeout(total=10)
OUTSIDE = Actor(Role.SYSTEM, "outside clock")


async def told(settings: Settings) -> dict[str, datetime]:
    """By source what it says, of those that answer. Nobody is asked who is not in the settings."""
    result: dict[str, datetime] = {}
    async with aiohttp.ClientSession(timeout=PATIENCE) as http:
        if settings.bot_token:
            try:
                async with http.get(f"{settings.api}/bot{settings.bot_token}/getMe") as answer:
                    if text := answer.headers.get("Date"):
                        result["bot"] = parsedate_to_datetime(text)
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
                pass
        if settings.tsa_url:
            asked = secrets.token_bytes(32)
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError, ValueError):
                result["tsa"] = timestamp.read(
                    await timestamping.ask(http, settings.tsa_url, asked), asked
                ).at
    return result


async def settled(settings: Settings, now: Callable[[], datetime]) -> ClockDoubt | None:
    """A doubt about the clock that still stands once the clocks outside were asked; None when days may be closed.

    They agree: it is confirmed by them. They do not: it stands, whatever a person says here.
    """
    doubt = await clock_watch.doubt(now())
    if doubt is None:
        return None
    outside = await told(settings)
    at = now()
    if outside and all(abs(moment - at) <= AGREES for moment in outside.values()):
        await clock_watch.confirm(", ".join(sorted(outside)), by=OUTSIDE, at=at)
        return None
    await clock_watch.tell(doubt, at=at)
    log.error(
        "THE CLOCK IN DOUBT (%s: %s, then %s): no day is closed until `shuangsuiji clock` was asked",
        doubt.kind, doubt.before.isoformat(), doubt.after.isoformat(),
    )  # fmt: skip
    return doubt
