"""Each day the database is read through once; damage is said in the log, on `/readyz` and by `doctor --deep`."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from locales import Words
from models import integrity, migrate
from server.waiting import REAL_TIME, Waiting

log = logging.getLogger(__name__)

EVERY = 86_400.0
AFTER_START = 300.0
_found: dict[str, list[str]] = {}


async def run(url: str, waiting: Waiting = REAL_TIME) -> None:
    """Look, day after day, until cancelled."""
    await waiting.sleep(AFTER_START)
    while True:
        await look(url)
        await waiting.sleep(EVERY)


async def look(url: str) -> list[str]:
    """Look now; what is damaged."""
    _found[url] = damage = await integrity.damage(url)
    if damage:
        log.error(
            "THE DATABASE IS DAMAGED, stop and restore a copy (shuangsuiji doctor --deep): %s", damage[0]
        )
    return damage


def damaged(seen: object, url: str, words: Words) -> str:
    """What is damaged, and the way back: a file is copied, a server's database restored from its dump."""
    path = migrate.file_of(url)
    if path is not None:
        return words("evidence.damaged", seen=seen, path=path)
    return words("evidence.damaged_server", seen=seen, database=urlsplit(url).path.lstrip("/"))


def whole() -> bool:
    """Whether nothing was found damaged at the last look of this process."""
    return not any(_found.values())
