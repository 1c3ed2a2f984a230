"""送达: owed messages are claimed, handed to a channel and settled; none is owed twice (promises R15, R18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models import store
from models.procedure import enrolment, notice
from models.rules.actor import COURIER
from models.tables import Account, Binding, Outbox, OutboxState

KEPT_FOR_UNBOUND = timedelta(days=14)
TRIES = 8


@dataclass(frozen=True, slots=True)
class Parcel:
    """One claimed message with its address: a chat or an e-mail address."""

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


@store.transactional
async def claim(
    worker: str, *, at: datetime, limit: int = 30, busy: frozenset[int] = frozenset()
) -> list[Parcel]:
    """Take waiting messages, interactive ones first; those whose account has no chat yet go on waiting.

    `busy`: chats that must be left alone for now (the channel asked to wait).
    """
    rows = (
        await Outbox.filter(state=OutboxState.WAITING, due_at__lte=at)
        .order_by("lane", "due_at", "id")
        .limit(limit * 4)
    )
    accounts = {r.account_id for r in rows if r.account_id}
    bound = {
        b.account_id: b for b in await Binding.filter(account_id__in=accounts, ended_at=None, blocked_at=None)
    }
    people = {a.id: a for a in await Account.filter(id__in=accounts)}
    taken: list[Parcel] = []
    chats: set[int] = set()
    for row in rows:
        account_id = row.account_id
        chat = bound[account_id].telegram_id if account_id in bound else None
        if row.channel == "chat" and (
            chat is None or chat in busy or chat in chats or people[account_id].disabled_at
        ):
            continue
        if len(taken) == limit:
            break
        if chat is not None:
            chats.add(chat)
        language = people[account_id].language if account_id else ""
        taken.append(
            Parcel(
                row.id,
                row.key,
                row.channel,
                row.kind,
                row.payload,
                account_id,
                chat,
                row.address,
                language,
                row.attempts,
            )
        )
    if taken:
        await Outbox.filter(id__in=[p.id for p in taken]).update(
            state=OutboxState.SENDING, claimed_by=worker, claimed_at=at
        )
    return taken


@store.transactional
async def sent(parcel: Parcel, *, at: datetime, text_sha256: str = "") -> None:
    """The channel took it; a notice says so in its trail."""
    await Outbox.filter(id=parcel.id).update(state=OutboxState.SENT, sent_at=at)
    if parcel.kind == "notice":
        await notice.tried(
            parcel.payload["notice"], parcel.channel, True, by=COURIER, at=at, text_sha256=text_sha256
        )


@store.transactional
async def undeliverable(parcel: Parcel, why: str, *, at: datetime) -> None:
    """The person cannot be reached this way any more (D11): a notice goes on to the next channel."""
    await Outbox.filter(id=parcel.id).update(state=OutboxState.FAILED, error=why[:2000])
    if parcel.channel == "chat" and parcel.account:
        await enrolment.blocked(parcel.account, at=at)
    if parcel.kind == "notice":
        await notice.tried(parcel.payload["notice"], parcel.channel, False, by=COURIER, at=at, detail=why)


@store.transactional
async def later(parcel: Parcel, seconds: float, why: str, *, at: datetime) -> None:
    """Not now: again after `seconds`, growing when the channel did not say; given up after eight tries."""
    attempts = parcel.attempts + 1
    if attempts >= TRIES and parcel.kind == "notice":
        await undeliverable(parcel, why, at=at)
        return
    wait = max(seconds, min(300.0, 2.0**attempts)) if not seconds else seconds
    await Outbox.filter(id=parcel.id).update(
        state=OutboxState.WAITING, attempts=attempts, error=why[:2000], due_at=at + timedelta(seconds=wait)
    )


@store.transactional
async def unclear(*, at: datetime, older: timedelta = timedelta(seconds=0)) -> int:
    """After a crash: what was being handed over may or may not have arrived.

    A card is drawn again; a message is sent once more; a notice is never sent blindly twice: its trail says
    that this channel is unclear, and the next channel takes it.
    """
    rows = await Outbox.filter(state=OutboxState.SENDING, claimed_at__lte=at - older)
    for row in rows:
        if row.kind == "notice":
            await Outbox.filter(id=row.id).update(state=OutboxState.FAILED, error="unclear")
            await notice.tried(row.payload["notice"], row.channel, False, by=COURIER, at=at, detail="unclear")
        else:
            await Outbox.filter(id=row.id).update(state=OutboxState.WAITING, attempts=row.attempts + 1)
    await Outbox.filter(state=OutboxState.WAITING, channel="chat", due_at__lt=at - KEPT_FOR_UNBOUND).update(
        state=OutboxState.FAILED, error="nobody bound"
    )
    return len(rows)
