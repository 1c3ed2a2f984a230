"""The courier: claims what is owed, hands it to its channel, settles it; wakes at once for a new message."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from models.delivery import TryLater, Undeliverable
from models.procedure import delivery
from models.procedure.delivery import Parcel
from server.courier.limits import Limits

log = logging.getLogger(__name__)

Channel = Callable[[Parcel], Awaitable[str]]
"""Hands a parcel over; gives the SHA-256 of what was said. Raises Undeliverable or TryLater."""


class Courier:
    """`channels`: by name (`chat`, `email`). A channel that is not there cannot deliver."""

    def __init__(self, channels: dict[str, Channel], now: Callable[[], datetime], worker: str) -> None:
        self._channels, self._now, self._worker = channels, now, worker
        self._limits = Limits(time.monotonic)
        self._woken = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Something new is owed."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. First settles what a crash left unclear."""
        await delivery.unclear(at=self._now())
        while True:
            self._woken.clear()
            took = await self._round()
            if took:
                await asyncio.sleep(0)
                continue
            busy = bool(self._limits.busy())
            try:
                await asyncio.wait_for(self._woken.wait(), timeout=0.1 if busy or self._under_way else 0.5)
            except TimeoutError:
                pass

    async def drain(self, seconds: float = 5.0) -> None:
        """Let messages under way be settled."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)

    async def _round(self) -> int:
        room = min(self._limits.room(), 20 - len(self._under_way))
        if room <= 0:
            return 0
        parcels = await delivery.claim(self._worker, at=self._now(), limit=room, busy=self._limits.busy())
        for parcel in parcels:
            if parcel.chat is not None:
                self._limits.count(parcel.chat)
            task = asyncio.create_task(self._hand_over(parcel), name=f"parcel {parcel.id}")
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(parcels)

    async def _hand_over(self, parcel: Parcel) -> None:
        try:
            channel = self._channels.get(parcel.channel)
            if channel is None:
                raise Undeliverable(f"no {parcel.channel} here")
            said = await channel(parcel)
        except Undeliverable as no:
            await delivery.undeliverable(parcel, str(no), at=self._now())
        except TryLater as wait:
            if parcel.chat is not None and wait.seconds:
                self._limits.hold(parcel.chat, wait.seconds)
            await delivery.later(parcel, wait.seconds, str(wait), at=self._now())
        except Exception as error:
            log.exception("parcel %s (%s) failed", parcel.id, parcel.kind)
            await delivery.later(parcel, 0.0, repr(error), at=self._now())
        else:
            await delivery.sent(parcel, at=self._now(), text_sha256=said)
        self._woken.set()
