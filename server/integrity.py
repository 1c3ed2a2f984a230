"""Each day the database is read through once; damage is said in the log, on `/readyz` and by `doctor --deep`."""

from __future__ import annotations

import asyncio
import logging

from models import integrity

log = logging.getLogger(__name__)

EVERY = 86_400.0
AFTER_START = 300.0
_found: dict[str, list[str]] = {}


async def run(url: str, every: float = EVERY, first: float = AFTER_START) -> None:
    """Look, day after day, until cancelled."""
    await asyncio.sleep(first)
    while True:
        await look(url)
        await asyncio.sleep(every)


async def look(url: str) -> list[str]:
    """Look now; what is damaged."""
    _found[url] = found = await integrity.damage(url)
    if found:
        log.error(
            "THE DATABASE IS DAMAGED, stop and restore a copy (shuangsuiji doctor --deep): %s", found[0]
        )
    return found


def whole() -> bool:
    """Whether nothing was found damaged at the last look of this process."""
    return not any(_found.values())
