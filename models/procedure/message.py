"""Every word to a person is a row written in the transaction of the act that causes it (Art. 16 (2)).

Words are made when the message goes out, in the reader's language; the row keeps what they are about.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.tables import Account, Binding, Outbox, OutboxState
from models.tables.message import Card

INTERACTIVE, BULK, PAPERS = 0, 1, 2


async def owe(
    account: Account | int, kind: str, *, key: str, at: datetime, lane: int = BULK, **payload: Any
) -> bool:
    """Owe a chat message to an account, once per `key`. False if it was owed already."""
    account_id = account if isinstance(account, int) else account.id
    return await _once(
        key, channel="chat", lane=lane, account_id=account_id, kind=kind, payload=payload, due_at=at
    )


async def owe_to(
    channel: str, address: str, kind: str, *, key: str, at: datetime, reference: str = "",
    account: int | None = None, **payload: Any,
) -> bool:  # fmt: skip
    """Owe an e-mail or a text message to an address, once per `key`. `reference`: its name on the way;
    `account`: the official whose address it is."""
    return await _once(
        key, channel=channel, lane=BULK, address=address, kind=kind, payload=payload, due_at=at,
        reference=reference, account_id=account,
    )  # fmt: skip


async def _once(key: str, **row: Any) -> bool:
    if await Outbox.exists(key=key):
        return False
    await Outbox.create(key=key, state=OutboxState.WAITING, **row)
    return True


async def refresh(accounts: list[int], subject: str, *, key: str, at: datetime) -> None:
    """Owe each account that already holds a card on `subject` a fresh look at it."""
    bound = await Binding.filter(account_id__in=accounts, ended_at=None) if accounts else []
    chats = [one.telegram_id for one in bound]
    held = await Card.filter(chat_id__in=chats, subject=subject).values_list("chat_id", flat=True) if chats else []
    for one in bound:
        if one.telegram_id in held:
            key_ = f"{key}:{one.account_id}"
            await owe(one.account_id, "card", key=key_, at=at, lane=INTERACTIVE, subject=subject)


async def follow(subjects: list[str], *, at: datetime, **payload: Any) -> None:
    """Owe everybody whose chat shows a card of one of `subjects` a fresh look at it: what it asked for has been done."""
    cards = await Card.filter(subject__in=subjects).values_list("chat_id", "subject")
    for chat, subject in cards:
        bound = await Binding.filter(telegram_id=chat, ended_at=None).order_by("id").first()
        if bound:
            key_ = f"follow:{subject}:{at.isoformat()}:{bound.account_id}"
            await owe(bound.account_id, "card", key=key_, at=at, lane=INTERACTIVE, subject=subject, **payload)
