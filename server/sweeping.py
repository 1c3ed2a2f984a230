"""Each day what no row names goes into the bin of the day, the bytes of an act that was cut short; the files of dossiers whose
destruction was agreed to go if they are still there, and pieces of files that no draw names (Art. 14 (1), 16 (3), 20)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from models.procedure import draw_texts, objects, retention
from server.waiting import REAL_TIME, Waiting

log = logging.getLogger(__name__)

EVERY, AFTER_START = 86_400.0, 900.0


async def run(url: str, now: Callable[[], datetime], waiting: Waiting = REAL_TIME) -> None:
    """Sweep, day after day, until cancelled. `url`: of the database, beside whose file others are looked at."""
    await waiting.sleep(AFTER_START)
    while True:
        if gone := await objects.sweep(at=now(), url=url):
            log.warning(
                "%d files that nothing names went into the bin (shuangsuiji repair): %s ...",
                len(gone),
                gone[0],
            )
        await retention.destroy_agreed(at=now())
        if pieces := await draw_texts.sweep():
            log.info("%d pieces of draws that were never committed are gone", pieces)
        await waiting.sleep(EVERY)
