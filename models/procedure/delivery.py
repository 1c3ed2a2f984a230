"""送达: owed messages are claimed, handed to a channel, settled; none is owed twice (R15, R18)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from tortoise.expressions import Q

from models import store
from models.delivery import ChannelReceipt
from models.fields import json_value
from models.operations import event, outbox
from models.procedure import (
    delivery_attempt,
    departed,
    enrolment,
    left_out,
    notice_records,
    notification,
    staff_message,
)
from models.rules.actor import COURIER, Role
from models.rules.left_out import LeftOutReason
from models.states import GIVEN
from models.tables import Binding, Outbox, OutboxState
from models.tables.message import Card

KEPT_FOR_UNBOUND = timedelta(days=14)
TRIES = 8
LONGEST_WAIT = 300.0
AWAY = timedelta(hours=4)  # so long a letter waits for a channel that is away, before the next one takes it
NOTHING = ChannelReceipt("")
AT_TELEGRAM = ("chat", "group")
"""Channels that are Telegram, whose limits they share."""
LETTERS = ("notice", "notice.paper")
BY_CHANNELS = (
    "notice",
    "notification",
    staff_message.KIND,
)  # what one channel does not carry, the next one does


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One claimed message with its address: a chat, an e-mail address, a telephone number."""

    id: int
    key: str
    channel: str
    kind: str
    payload: dict[str, Any]
    account: int | None
    chat: int | None
    address: str
    language: str
    attempts: int
    reference: str = ""


DUE = """
SELECT o.id, o.key, o.channel, o.kind, o.payload, o.account_id, o.address, o.attempts, o.reference,
       b.telegram_id AS chat, a.language AS spoken,
       a.role <> 'entity' AND (a.disabled_at IS NOT NULL OR COALESCE(i.status, '') = 'left') AS gone
FROM outbox o LEFT JOIN account a ON a.id = o.account_id LEFT JOIN inspector i ON i.code = a.inspector_id
LEFT JOIN binding b ON b.account_id = a.id AND b.ended_at IS NULL AND b.blocked_at IS NULL
WHERE o.state = 'waiting' AND o.due_at <= ? {open} AND (
    a.id IS NULL OR a.role = 'entity' OR (a.disabled_at IS NULL AND COALESCE(i.status, '') <> 'left') OR o.kind IN ({own})
) AND (
    o.channel <> 'chat' OR (a.disabled_at IS NULL AND b.telegram_id IS NOT NULL {free})
) ORDER BY o.lane, o.due_at, o.id LIMIT ?"""


@store.plain
async def claim(
    worker: str,
    *,
    at: datetime,
    limit: int = 30,
    busy: Collection[int] = (),
    room: Mapping[str, int] = MappingProxyType({}),
) -> list[OutboxMessage]:
    """Take waiting messages, interactive ones first, one a chat; those without a chat yet go on waiting.

    `busy`: chats that must be left alone for now (the channel asked to wait). `room`: how many a channel takes
    at most, so that one that is slow holds nobody else up.
    """
    rows = await _due(at, [channel for channel, left in room.items() if left <= 0], list(busy), limit * 4)
    overtaken = await _overtaken(rows)
    taken: dict[int, OutboxMessage] = {}
    used: set[int] = set()
    left = dict(room)
    for parcel in rows:
        chat = parcel.chat
        if parcel.id in overtaken or len(taken) == limit or (chat in used and parcel.channel in AT_TELEGRAM):
            continue
        if parcel.channel == "group" and chat in busy:
            continue
        if left.get(parcel.channel, 1) <= 0:
            continue
        if parcel.channel in left:
            left[parcel.channel] -= 1
        if chat is not None:
            used.add(chat)
        taken[parcel.id] = parcel
    ours = [taken[number] for number in await _mark(list(taken), worker, at)]
    await _drawn_with(ours, at)
    return ours


async def _due(at: datetime, full: list[str], busy: list[int], limit: int) -> list[OutboxMessage]:
    """Messages to addresses, and chat messages to accounts that may act, with a chat that is bound, open and not busy;
    none to an official who has left meanwhile."""
    sql = DUE.format(
        open=f"AND o.channel NOT IN ({store.marks(full)})" if full else "",
        own=", ".join(f"'{kind}'" for kind in (staff_message.KIND, *departed.OWED_ALL_THE_SAME)),
        free=f"AND b.telegram_id NOT IN ({store.marks(busy)})" if busy else "",
    )
    rows = await store.run_one(sql, at, *full, *busy, limit)
    return [
        _parcel(row)
        for row in rows
        if not row["gone"] or not departed.withheld(row["kind"], json_value(row["payload"]))
    ]


async def _overtaken(rows: list[OutboxMessage]) -> set[int]:
    """Letters that do not stand any more (replaced, revoked, withheld): never handed over (D80)."""
    letters = {row.id: row.payload["notice"] for row in rows if row.kind in LETTERS}
    remaining = set()
    if letters:
        given = [str(state) for state in GIVEN]
        results = await store.run_one(
            f"SELECT id FROM notice WHERE id IN ({store.marks(list(letters))}) AND state IN ({store.marks(given)})",  # noqa: S608
            *letters.values(), *given,
        )  # fmt: skip
        remaining = {row["id"] for row in results}
    lost = {row for row, letter in letters.items() if letter not in remaining}
    lost |= await _untrue(rows)
    if lost:
        await store.run_one(
            f"UPDATE outbox SET state = 'failed', error = 'overtaken' WHERE id IN ({store.marks(list(lost))})",  # noqa: S608
            *lost,
        )
    return lost


async def _untrue(rows: list[OutboxMessage]) -> set[int]:
    """What an entity was to be told and is not true any more."""
    told = {row.id: row.payload["notification"] for row in rows if row.kind == "notification"}
    if not told:
        return set()
    over = await store.run_one(
        "SELECT id FROM notification WHERE overtaken_at IS NOT NULL "  # noqa: S608
        f"AND id IN ({store.marks(list(told))})",
        *told.values(),
    )
    gone = {notice["id"] for notice in over}
    return {row for row, notice in told.items() if notice in gone}


async def _mark(ids: list[int], worker: str, at: datetime) -> list[int]:
    """The rows that are ours now; another process may have been quicker with some."""
    if not ids:
        return []
    rows = await store.run_one(
        "UPDATE outbox SET state = 'sending', claimed_by = ?, claimed_at = ? WHERE state = 'waiting' "  # noqa: S608
        f"AND id IN ({store.marks(ids)}) RETURNING id",
        worker, at, *ids,
    )  # fmt: skip
    ours = {row["id"] for row in rows}
    return [number for number in ids if number in ours]


async def _drawn_with(parcels: list[OutboxMessage], at: datetime) -> None:
    """A card shows what is true when it is drawn: other looks at it that are owed by now are one with this."""
    cards = {(parcel.account, parcel.payload.get("subject")) for parcel in parcels if parcel.kind == "card"}
    if not cards:
        return
    accounts = [account for account, _ in cards]
    waiting = await store.run_one(
        "SELECT id, account_id, payload FROM outbox WHERE state = 'waiting' AND kind = 'card' "  # noqa: S608
        f"AND account_id IN ({store.marks(accounts)})",
        *accounts,
    )
    same = [
        row["id"]
        for row in waiting
        if (row["account_id"], json_value(row["payload"]).get("subject")) in cards
    ]
    if same:
        await store.run_one(
            f"UPDATE outbox SET state = 'sent', sent_at = ? WHERE id IN ({store.marks(same)})",  # noqa: S608
            at,
            *same,
        )


def _parcel(row: Any) -> OutboxMessage:
    chat = int(row["address"]) if row["channel"] == "group" else row["chat"]
    return OutboxMessage(
        id=row["id"], key=row["key"], channel=row["channel"], kind=row["kind"], payload=json_value(row["payload"]),
        account=row["account_id"], chat=chat, address=row["address"], language=row["spoken"] or "",
        attempts=row["attempts"], reference=row["reference"],
    )  # fmt: skip


def _unaddressed(row: Outbox) -> OutboxMessage:
    """A message that reaches nobody here."""
    return OutboxMessage(
        id=row.id, key=row.key, channel=row.channel, kind=row.kind, payload=row.payload, account=row.account_id,
        chat=None, address=row.address, language="", attempts=row.attempts, reference=row.reference,
    )  # fmt: skip


async def sent(parcel: OutboxMessage, *, at: datetime, receipt: ChannelReceipt = NOTHING) -> None:
    """The channel took it; a notice says so in its trail."""
    await (store.run_in_transaction if parcel.kind in BY_CHANNELS else store.plain_act)(
        _sent, parcel, at, receipt
    )


async def _sent(parcel: OutboxMessage, at: datetime, receipt: ChannelReceipt) -> None:
    await store.owe(
        "UPDATE outbox SET state = 'sent', sent_at = ?, error = '', reference = ? WHERE id = ?",
        at, (receipt.reference or parcel.reference)[:120], parcel.id,
    )  # fmt: skip
    await _tried(parcel, True, at, text_sha256=receipt.text_sha256)
    if parcel.kind == "notice" and parcel.account is not None:
        await _owe_paper(parcel.account, parcel.payload["notice"], at)


async def _tried(parcel: OutboxMessage, ok: bool, at: datetime, **params: str) -> None:
    """What goes by channels keeps what came of each try."""
    if parcel.kind == "notice":
        await delivery_attempt.record_attempt(
            parcel.payload["notice"], parcel.channel, ok, by=COURIER, at=at, **params
        )
    elif parcel.kind == "notification":
        await notification.tried(
            parcel.payload["notification"], parcel.channel, ok, by=COURIER, at=at, **params
        )
    elif parcel.kind == staff_message.KIND and not ok:
        await staff_message.next_channel(parcel.id, at=at)


async def _owe_paper(account: int, notice: int, at: datetime) -> None:
    """The letter's PDF follows it, when everybody has had the letter (F8)."""
    key = f"notice:{notice}:paper"
    await outbox.enqueue(account, "notice.paper", key=key, at=at, lane=outbox.PAPERS, notice=notice)


@store.transactional
async def moved(parcel: OutboxMessage, to: int, *, at: datetime) -> None:
    """The chat has another number now: everything goes on there, and this message goes out once more (D12)."""
    if parcel.attempts + 1 >= TRIES:
        await fail(parcel, f"moved to {to}", at=at)
        return
    if parcel.chat is not None:
        theirs = Binding.filter(telegram_id=parcel.chat, ended_at=None)
        for account in await event.turns_of_accounts(await theirs.values_list("account_id", flat=True)):
            await Binding.filter(account_id=account, ended_at=None).update(telegram_id=to)
            await event.record(
                f"account:{account}", "enrolment.chat_moved", by=COURIER, at=at, telegram_id=to
            )
        await Card.filter(chat_id=parcel.chat).delete()
    await Outbox.filter(id=parcel.id).update(
        state=OutboxState.WAITING, attempts=parcel.attempts + 1, error=f"moved to {to}", due_at=at
    )


@store.transactional
async def undeliverable(parcel: OutboxMessage, why: str, *, at: datetime) -> None:
    """The person cannot be reached this way any more (D11): a notice goes on to the next channel.

    Anything else waits until the person is back: they may unblock the bot.
    """
    if parcel.channel == "chat" and parcel.account:
        await enrolment.blocked(parcel.account, at=at)
    if parcel.kind in BY_CHANNELS or parcel.channel != "chat":
        await fail(parcel, why, at=at)
    else:
        await Outbox.filter(id=parcel.id).update(state=OutboxState.WAITING, error=why[:2000])


@store.transactional
async def skip_channel(parcel: OutboxMessage, why: str, *, at: datetime) -> None:
    """This channel is not there: nothing was tried, and the letter takes the next one."""
    await Outbox.filter(id=parcel.id).update(state=OutboxState.FAILED, error=why[:2000])
    if parcel.kind == "notice":
        notice = await notice_records.find(parcel.payload["notice"])
        await delivery_attempt.fall_to_next(notice, parcel.channel, at)
        await notice_records.record(notice, "notice.passed_over", COURIER, at, channel=parcel.channel)
    elif parcel.kind == "notification":
        await notification.passed_over(parcel.payload["notification"], parcel.channel, at=at)
    elif parcel.kind == staff_message.KIND:
        await staff_message.next_channel(parcel.id, at=at)


@store.transactional
async def fail(parcel: OutboxMessage, why: str, *, at: datetime) -> None:
    """This message will not go out by this channel; a notice goes on to the next."""
    await Outbox.filter(id=parcel.id).update(state=OutboxState.FAILED, error=why[:2000])
    await _tried(parcel, False, at, detail=why)
    if parcel.kind not in BY_CHANNELS:
        await _lost(parcel.id, at)


async def _lost(row_id: int, at: datetime) -> None:
    """A message of the chat that nobody will read any more: its person stands on the office's desk."""
    row = await Outbox.get(id=row_id).select_related("account")
    if row.account is not None:
        gone = LeftOutReason.NO_CHAT if row.account.role == Role.ENTITY else LeftOutReason.NO_CHANNEL
        why = LeftOutReason.DISABLED if row.account.disabled_at else gone
        await left_out.undelivered(row, row.account, why, at=at)


@store.transactional
async def retry_later(
    parcel: OutboxMessage, seconds: float, why: str, *, at: datetime, outage: bool = False
) -> None:
    """Not now: again after `seconds`, or when the channel did not say, later and later.

    A notice is given up after eight tries and goes to the next channel; all else is late, not lost (R16). While the
    channel itself is away (`outage`) nothing was tried: a notice waits four hours for it, then the next channel takes it
    without an attempt being counted; all else waits until it is back.
    """
    if outage:
        await _channel_away(parcel, seconds, why, at)
        return
    attempts = parcel.attempts + (0 if seconds and parcel.channel == "chat" else 1)
    if attempts >= TRIES and parcel.kind in BY_CHANNELS:
        await fail(parcel, why, at=at)
        return
    wait = seconds or min(LONGEST_WAIT, 2.0 ** min(attempts, 10))
    await Outbox.filter(id=parcel.id).update(
        state=OutboxState.WAITING, attempts=attempts, error=why[:2000], due_at=at + timedelta(seconds=wait),
        waiting_since=None,
    )  # fmt: skip


async def _channel_away(parcel: OutboxMessage, seconds: float, why: str, at: datetime) -> None:
    row = await Outbox.get(id=parcel.id)
    since = row.waiting_since or at
    away = (at - since).total_seconds()
    if parcel.kind in BY_CHANNELS and at - since >= AWAY:
        await skip_channel(parcel, why, at=at)
        return
    wait = seconds or min(LONGEST_WAIT, max(2.0, away))
    await Outbox.filter(id=parcel.id).update(
        state=OutboxState.WAITING, error=why[:2000], due_at=at + timedelta(seconds=wait), waiting_since=since
    )


@store.transactional
async def handed_over_unclear(parcel: OutboxMessage, why: str, *, at: datetime) -> None:
    """The connection broke after the message was handed over: it may have arrived, so it is not sent again.

    A notice's trail says that this channel is unclear, and the next channel takes it. A chat message is shown once more.
    """
    if parcel.channel == "chat":
        await retry_later(parcel, 0.0, why, at=at)
    else:
        await fail(parcel, f"unclear: {why}", at=at)


@store.transactional
async def recover_unconfirmed(*, at: datetime, but: Collection[int] = ()) -> int:
    """After a crash: what was being handed over may or may not have arrived; how many were found.

    A card is drawn again; a message is sent once more; a notice is never sent blindly twice: its trail says
    that this channel is unclear, and the next channel takes it. `but`: still under way in this process.
    """
    rows = [row for row in await Outbox.filter(state=OutboxState.SENDING) if row.id not in but]
    for row in rows:
        if row.kind in BY_CHANNELS:
            await fail(_unaddressed(row), "unclear", at=at)
        else:
            await Outbox.filter(id=row.id).update(state=OutboxState.WAITING, attempts=row.attempts + 1)
    return len(rows)


async def settle_unbound(*, at: datetime) -> int:
    """Messages that wait for a chat which is not there (any more); how many were settled.

    A letter goes to the next channel at once; anything else waits a fortnight for its person to be bound.
    """
    chat = Outbox.filter(state=OutboxState.WAITING, channel="chat")
    old = Q(kind__in=list(BY_CHANNELS)) | Q(due_at__lt=at - KEPT_FOR_UNBOUND)
    messages = await chat.filter(old).limit(500)
    accounts = [row.account_id for row in messages if row.account_id]
    bound = Binding.filter(account_id__in=accounts, ended_at=None, blocked_at=None, account__disabled_at=None)
    usable = {row.account_id for row in await bound} if accounts else set()
    lost = [row for row in messages if row.account_id not in usable]
    for row in lost:
        await fail(_unaddressed(row), "nobody bound", at=at)
    return len(lost)
