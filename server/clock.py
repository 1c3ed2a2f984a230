"""Wakes, and asks the acts what is due: deadlines, letters that strayed. It remembers nothing itself."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime

from models.district import District
from models.procedure import (
    anchor,
    availability,
    batch,
    delivery,
    departed,
    digest,
    register_enquiry,
    reminder,
    staff_message,
    team_group,
    unaccepted,
)
from models.queries import calendar
from server.intake.leader_lease import LeaderLease
from server.waiting import REAL_TIME, Waiting

log = logging.getLogger(__name__)

EVERY = 20.0


async def run(
    holder: str, district: District, now: Callable[[], datetime], wake: Callable[[], None],
    chores: Callable[[], Awaitable[None]] | None = None, every: float = EVERY, waiting: Waiting = REAL_TIME,
    channels: Collection[str] = (), doubted: Callable[[], Awaitable[object]] | None = None,
) -> None:  # fmt: skip
    """Until cancelled; one process of several does it. While `doubted()` says anything no day is closed and no
    term is counted.
    """
    seat = LeaderLease("clock", holder, every * 1.5, now, waiting.monotonic)
    try:
        while True:
            try:
                await calendar.refresh(district)
                if await seat.mine():
                    if doubted is None or await doubted() is None:
                        await _round(district, now, wake, channels)
                    if chores:
                        await chores()
            except Exception:
                log.exception("the clock missed a round")
            await waiting.sleep(every)
    finally:
        await seat.leave()


async def _round(
    district: District, now: Callable[[], datetime], wake: Callable[[], None], channels: Collection[str]
) -> None:
    strayed = await departed.withhold(at=now())
    strayed += await team_group.sweep(at=now())
    strayed += await delivery.settle_unbound(at=now())
    strayed += await staff_message.fall_through(at=now(), channels=channels, quiet=district.quiet_hours)
    flagged = await availability.sweep(at=now())
    proposed = await unaccepted.sweep(at=now())
    closed = await batch.close_finished(now())
    told = await digest.sweep(at=now(), district=district)
    asked = await register_enquiry.sweep(at=now(), district=district)
    reminded = await reminder.sweep(at=now(), district=district)
    if reminded or asked or strayed or flagged or proposed or closed or told:
        wake()
    await anchor.due(now(), district)
