"""Officers, heads and the office hear by chat, else by text message, else by e-mail (Art. 5-7, 10).

A message to somebody without a chat takes the next channel at once. It says that there is news of which task and
where it is read; what it is about stays on the console. Who has no channel at all stands on the office's desk.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from tortoise.expressions import Subquery

from models import store
from models.operations import outbox
from models.procedure import left_out
from models.queries import visits_of_day
from models.queries.news_subjects import subjects
from models.queries.unreachable import addresses
from models.rules.actor import Role
from models.rules.left_out import LeftOutReason
from models.rules.quiet_hours import QuietHours
from models.tables import Account, Binding, LeftOut, Outbox, OutboxState

KIND = "staff"
STAFF = (Role.INSPECTOR, Role.HEAD, Role.LIAISON, Role.OFFICE)
CHANNELS = ("sms", "email")  # after the chat, in this order
ONLY_IN_CHAT = ("card",)  # a card that is drawn again says nothing new
AT_ONCE = 200
NAMED = 3  # tasks or other things in one message


async def fall_through(*, at: datetime, channels: Collection[str], quiet: QuietHours | None = None) -> int:
    """Hand what waits for a chat that is not there to the next channel that this district has; how many went on.

    What has no channel stands on the office's desk, and goes out as soon as there is one. In the `quiet` hours nothing
    goes on but a change of a visit of the same day.
    """
    asleep = quiet is not None and quiet.hold(at)
    chats = Binding.filter(telegram_id__isnull=False, ended_at=None, blocked_at=None)
    waiting = Outbox.filter(
        account_id__not_in=Subquery(chats.values("account_id")), state=OutboxState.WAITING, channel="chat",
        account__role__in=list(STAFF), due_at__lte=at, account__disabled_at=None,
    ).exclude(kind__in=list(ONLY_IN_CHAT))  # fmt: skip
    usable = [channel for channel in CHANNELS if channel in channels]
    messages: list[Outbox] = []
    stuck: list[Outbox] = []
    for account in await Account.filter(id__in=await waiting.distinct().values_list("account_id", flat=True)):
        there = await addresses(account)
        rows = await waiting.filter(account=account).order_by("id").limit(AT_ONCE)
        if asleep:
            rows = [row for row in rows if await visits_of_day.changed(row.kind, row.payload, at)]
        (messages if any(there[channel] for channel in usable) else stuck).extend(rows)
    moved = [await _move(row.id, at, usable) for row in messages]
    noted = (
        {row.owed for row in await LeftOut.filter(owed__in=[row.key for row in stuck])} if stuck else set()
    )
    for row in stuck:
        if row.key not in noted:
            await _no_channel(row.id, at)
    return sum(moved)


@store.transactional
async def _move(row_id: int, at: datetime, channels: Collection[str]) -> bool:
    row = await Outbox.get(id=row_id).select_related("account")
    if row.state != OutboxState.WAITING or row.account is None:
        return False
    channel = await _owe(row.account, row.key, row.kind, row.payload, at, channels)
    if channel:
        await Outbox.filter(id=row.id).update(state=OutboxState.FAILED, error=f"no chat: by {channel}")
        await left_out.channel_found(row.key, at=at)
    return bool(channel)


@store.transactional
async def _no_channel(row_id: int, at: datetime) -> None:
    row = await Outbox.get(id=row_id).select_related("account")
    if row.state == OutboxState.WAITING and row.account:
        await left_out.undelivered(row, row.account, LeftOutReason.NO_CHANNEL, at=at, waits=True)


async def next_channel(row_id: int, *, at: datetime) -> str:
    """A channel did not carry a message: the one after it is owed it. Its name, or "" when there is none."""
    row = await Outbox.get(id=row_id).select_related("account")
    if row.account is None:
        return ""
    left = CHANNELS[CHANNELS.index(row.channel) + 1 :]
    payload = row.payload
    channel = await _owe(row.account, payload["first"], payload["word"], payload["data"], at, left)
    if not channel:
        await left_out.undelivered(row, row.account, LeftOutReason.UNDELIVERED, at=at)
    return channel


async def has_address(account: int, channels: Collection[str]) -> bool:
    """Whether one of these channels reaches an official."""
    there = await addresses(await Account.get(id=account))
    return any(there[channel] for channel in CHANNELS if channel in channels)


async def owe_directly(
    account: int, first: str, word: str, data: dict[str, object], at: datetime, channels: Collection[str]
) -> str:
    """What can go by no chat, an invitation to one: by text message, else by e-mail. The channel, or "". Part of an act."""
    usable = [channel for channel in CHANNELS if channel in channels]
    return await _owe(await Account.get(id=account), first, word, data, at, usable)


async def _owe(
    account: Account,
    first: str,
    word: str,
    payload: dict[str, object],
    at: datetime,
    channels: Collection[str],
) -> str:
    """`first`: the key of the chat message that it all began with."""
    there, about = await addresses(account), (await subjects(word, payload))[:NAMED]
    for channel in channels:
        if address := there[channel]:
            name = sha256(f"{first}:{channel}".encode()).hexdigest()[:32]
            await outbox.enqueue_to_address(
                channel, address, KIND, key=f"staff:{channel}:{name}", at=at, reference=name, account=account.id,
                word=word, first=first, data=payload, about=about,
            )  # fmt: skip
            return channel
    return ""
