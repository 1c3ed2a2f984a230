"""Officers, heads and the office hear by chat, else by text message, else by e-mail (Art. 5-7, 10).

A message to somebody without a chat takes the next channel at once. It says that there is news of which task and
where it is read; what it is about stays on the console. Who has no channel at all stands on the office's desk.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from tortoise.expressions import Q

from models import store
from models.operations import outbox
from models.procedure import left_out
from models.queries.unreachable import addresses
from models.rules.actor import Role
from models.rules.left_out import Why
from models.tables import Account, LeftOut, Outbox, OutboxState

KIND = "staff"
STAFF = (Role.INSPECTOR, Role.HEAD, Role.LIAISON, Role.OFFICE)
CHANNELS = ("sms", "email")  # after the chat, in this order
ONLY_IN_CHAT = ("card",)  # a card that is drawn again says nothing new
AT_ONCE = 200


async def fall_through(*, at: datetime, channels: Collection[str]) -> int:
    """Hand what waits for a chat that is not there to the next channel that this district has; how many went on.

    What has no channel stands on the office's desk, and goes out as soon as there is one.
    """
    with_chat = Q(
        account__bindings__telegram_id__isnull=False, account__bindings__ended_at__isnull=True,
        account__bindings__blocked_at__isnull=True,
    )  # fmt: skip
    waiting = Outbox.filter(
        ~with_chat, state=OutboxState.WAITING, channel="chat", account__role__in=list(STAFF), due_at__lte=at,
        account__disabled_at=None,
    ).exclude(kind__in=list(ONLY_IN_CHAT))  # fmt: skip
    usable = [channel for channel in CHANNELS if channel in channels]
    found: list[Outbox] = []
    stuck: list[Outbox] = []
    for account in await Account.filter(id__in=await waiting.distinct().values_list("account_id", flat=True)):
        there = await addresses(account)
        rows = await waiting.filter(account=account).order_by("id").limit(AT_ONCE)
        (found if any(there[channel] for channel in usable) else stuck).extend(rows)
    moved = [await _move(row.id, at, usable) for row in found]
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
        await left_out.undelivered(row, row.account, Why.NO_CHANNEL, at=at, waits=True)


async def next_channel(row_id: int, *, at: datetime) -> str:
    """A channel did not carry a message: the one after it is owed it. Its name, or "" when there is none."""
    row = await Outbox.get(id=row_id).select_related("account")
    if row.account is None:
        return ""
    left = CHANNELS[CHANNELS.index(row.channel) + 1 :]
    said = row.payload
    channel = await _owe(row.account, said["first"], said["word"], said["data"], at, left)
    if not channel:
        await left_out.undelivered(row, row.account, Why.UNDELIVERED, at=at)
    return channel


async def _owe(
    account: Account,
    first: str,
    word: str,
    payload: dict[str, object],
    at: datetime,
    channels: Collection[str],
) -> str:
    """`first`: the key of the chat message that it all began with."""
    there = await addresses(account)
    for channel in channels:
        if address := there[channel]:
            name = sha256(f"{first}:{channel}".encode()).hexdigest()[:32]
            await outbox.enqueue_to_address(
                channel, address, KIND, key=f"staff:{channel}:{name}", at=at, reference=name, account=account.id,
                word=word, first=first, data=payload,
            )  # fmt: skip
            return channel
    return ""
