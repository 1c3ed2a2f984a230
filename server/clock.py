"""Wakes, and asks the acts what is due: deadlines, photos still to be developed. It remembers nothing itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from models.district import District
from models.procedure import intake, reminder

log = logging.getLogger(__name__)

EVERY = 20.0


async def run(
    holder: str, district: District, now: Callable[[], datetime], wake: Callable[[], None],
    chores: Callable[[], Awaitable[None]] | None = None,
) -> None:  # fmt: skip
    """Until cancelled; one process of several does it, by a lease."""
    while True:
        try:
            if await intake.lease("clock", holder, EVERY * 2, at=now()):
                if await reminder.sweep(at=now(), district=district):
                    wake()
                if chores:
                    await chores()
        except Exception:
            log.exception("the clock missed a round")
        await asyncio.sleep(EVERY)
