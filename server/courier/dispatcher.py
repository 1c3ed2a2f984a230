"""The courier: claims what is owed, hands it to its channel, settles it; wakes at once for a new message."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from models import store
from models.delivery import ChannelReceipt, Moved, TryLater, Unclear, Undeliverable
from models.procedure import delivery
from models.procedure.delivery import OutboxMessage
from server.courier.limits import SendingLimits
from server.intake.leader_lease import LeaderLease
from server.logs import Seldom
from server.waiting import REAL_TIME, Waiting

log = logging.getLogger(__name__)

Channel = Callable[[OutboxMessage], Awaitable[str | ChannelReceipt]]
"""Hands a parcel over; gives the SHA-256 of what was said, and its name there if it has one.

Raises Undeliverable or TryLater.
"""

LEASE, PAUSE, TOGETHER = 8.0, 1.0, 20
TO_ADDRESSES = 6  # together for each of e-mail and text messages, however slow they are
IDLE, HELD, FULL = 0.5, 0.25, 0.04


class Courier:
    """`channels`: by name (`chat`, `email`, `sms`). A letter for a channel that is not there goes to the next.

    One process of several delivers, since the channels' limits are counted here (F8).
    """

    def __init__(
        self, channels: dict[str, Channel], now: Callable[[], datetime], worker: str,
        waiting: Waiting = REAL_TIME,
    ) -> None:  # fmt: skip
        self._channels, self._now, self._worker, self._waiting = channels, now, worker, waiting
        self._seat = LeaderLease("courier", worker, LEASE, now, waiting.monotonic)
        self._limits = SendingLimits(waiting.monotonic)
        self._seldom = Seldom(log)
        self._woken = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._channel_of: dict[int, str] = {}
        self._ours = False

    def wake(self) -> None:
        """Something new is owed."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. What is under way is finished by `drain`."""
        try:
            while True:
                self._woken.clear()
                try:
                    wait = await self._round()
                except store.Unavailable as error:
                    self._seldom.warning("messages wait for the database: %s", error)
                    wait = PAUSE
                await self._waiting.until(self._woken, wait)
        finally:
            await self._seat.leave()

    async def drain(self, seconds: float = 5.0) -> None:
        """Let messages under way be settled."""
        if self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=seconds)

    async def _round(self) -> float:
        """Hand over what may go now; the seconds to wait, unless something new is owed."""
        if not await self._seat.mine():
            self._ours = False
            return PAUSE
        if not self._ours:
            await delivery.recover_unconfirmed(at=self._now(), but=self._under_way)
            self._ours = True
        chats = sum(channel in delivery.AT_TELEGRAM for channel in self._channel_of.values())
        room = min(self._limits.room(), TOGETHER - chats)
        if room <= 0:
            await self._waiting.sleep(FULL)
            return 0.0
        taken = await delivery.claim(
            self._worker, at=self._now(), limit=room, busy=self._limits.busy(), room=self._room_of_others()
        )
        for parcel in taken:
            self._channel_of[parcel.id] = parcel.channel
            if parcel.channel in delivery.AT_TELEGRAM:
                self._limits.begin(parcel.chat)
            self._under_way[parcel.id] = asyncio.create_task(self._carry(parcel), name=f"parcel {parcel.id}")
        if taken:
            return FULL
        return HELD if self._limits.busy() else IDLE

    def _room_of_others(self) -> dict[str, int]:
        under_way = Counter(self._channel_of.values())
        return {channel: TO_ADDRESSES - under_way[channel] for channel in ("email", "sms")}

    async def _carry(self, parcel: OutboxMessage) -> None:
        try:
            wait, settle = await self._timed(parcel)
            if isinstance(settle, TryLater):
                settle = partial(delivery.retry_later, parcel, wait, str(settle), outage=settle.outage)
            await self._settled(parcel, settle)
        finally:
            del self._under_way[parcel.id], self._channel_of[parcel.id]
            self._woken.set()

    async def _timed(self, parcel: OutboxMessage) -> tuple[float, TryLater | Callable[..., Awaitable[None]]]:
        """Hand it over; the chat's clock runs from when it has gone, not from when that was written down."""
        wait = 0.0
        try:
            settle = await self._hand_over(parcel)
            if isinstance(settle, TryLater):
                wait = settle.seconds
            return wait, settle
        finally:
            if parcel.channel in delivery.AT_TELEGRAM:
                self._limits.end(parcel.chat, wait)

    async def _hand_over(self, parcel: OutboxMessage) -> TryLater | Callable[..., Awaitable[None]]:
        """Give it to its channel; how it is to be settled."""
        channel = self._channels.get(parcel.channel)
        if channel is None:
            return partial(self._without_channel, parcel)
        try:
            answer = await channel(parcel)
        except Undeliverable as no:
            return partial(delivery.undeliverable, parcel, str(no))
        except Moved as chat:
            return partial(delivery.moved, parcel, chat.to)
        except TryLater as wait:
            return wait
        except Unclear as cut:
            return partial(delivery.handed_over_unclear, parcel, str(cut))
        except Exception as error:
            log.exception("parcel %s (%s) failed", parcel.id, parcel.kind)
            return TryLater(0.0, repr(error))
        return partial(
            delivery.sent, parcel, receipt=ChannelReceipt(answer) if isinstance(answer, str) else answer
        )

    async def _without_channel(self, parcel: OutboxMessage, *, at: datetime) -> None:
        if parcel.kind in delivery.BY_CHANNELS:
            await delivery.skip_channel(parcel, f"no {parcel.channel} here", at=at)
        else:
            await delivery.retry_later(parcel, 0.0, f"no {parcel.channel} here", at=at)

    async def _settled(self, parcel: OutboxMessage, settle: Callable[..., Awaitable[None]]) -> None:
        """Written down as soon as the database takes it: what is known must not become unclear."""
        while True:
            try:
                return await settle(at=self._now())
            except store.Unavailable as error:
                self._seldom.warning("parcel %s waits to be settled: %s", parcel.id, error)
                await self._waiting.sleep(PAUSE)
