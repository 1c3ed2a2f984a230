"""Each day what no row names goes into the bin of the day: the bytes of an act that was cut short (Art. 16 (3), 20)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from models.procedure import objects

log = logging.getLogger(__name__)

EVERY, AFTER_START = 86_400.0, 900.0


async def run(
    url: str, now: Callable[[], datetime], every: float = EVERY, first: float = AFTER_START
) -> None:
    """Sweep, day after day, until cancelled. `url`: of the database, beside whose file others are looked at."""
    await asyncio.sleep(first)
    while True:
        if gone := await objects.sweep(at=now(), url=url):
            log.warning(
                "%d files that nothing names went into the bin (shuangsuiji repair): %s ...",
                len(gone),
                gone[0],
            )
        await asyncio.sleep(every)
