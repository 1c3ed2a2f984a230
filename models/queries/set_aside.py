"""未能处理的来信: updates of the chat that were set aside or wait for a neighbour, with what they brought (Art. 16 (3))."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.rules.actor import Actor, Role
from models.tables import Binding, Inbox, InboxState, Stray

STATES = {InboxState.QUARANTINED: "set_aside", InboxState.NEW: "waiting"}
KINDS = ("photo", "document", "location", "contact", "voice", "text")
EXCERPT = 80
SLOW = timedelta(minutes=10)  # a neighbour that is away for longer is a matter for the office
LISTED = 500


@dataclass(frozen=True, slots=True)
class SetAside:
    """One update. `state`: `set_aside`, `waiting` or `settled`; `kind`: one of KINDS, `press` or `other`; `since`: when
    it came; `error`: what went wrong last, for whoever keeps the server.
    """

    update_id: int
    state: str
    kind: str
    excerpt: str
    sender: int
    name: str
    department: str
    since: datetime
    error: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Unread:
    """A body that could not enter the inbox: no number, or the number of another body."""

    id: int
    reason: str
    since: datetime
    size: int


async def set_aside(by: Actor | None = None) -> tuple[SetAside, ...]:
    """What needs a person, oldest first: all of it for the office and for `None` (the server's keeper), for a head that of
    the department's officers, for everybody else their own.
    """
    rows = Inbox.filter(state=InboxState.QUARANTINED)
    if by is not None and by.role != Role.OFFICE:
        rows = rows.filter(sender__in=await senders(by))
    return await _described(await rows.order_by("update_id").limit(LISTED))


async def waiting(*, at: datetime) -> tuple[SetAside, ...]:
    """The first waiting update of each person for whom a neighbour is away for more than ten minutes."""
    rows = (
        await Inbox.filter(state=InboxState.NEW, waiting_since__lt=at - SLOW)
        .order_by("update_id")
        .limit(LISTED)
    )
    return await _described(rows)


async def unread() -> tuple[Unread, ...]:
    """Bodies that nobody has looked at yet."""
    rows = await Stray.filter(closed_at=None).order_by("id").limit(LISTED)
    return tuple(Unread(row.id, row.reason, row.received_at, len(row.body)) for row in rows)


async def one(update_id: int) -> SetAside | None:
    """One update, whatever became of it."""
    return next(iter(await _described(await Inbox.filter(update_id=update_id))), None)


async def senders(by: Actor) -> list[int]:
    """The Telegram ids whose updates are this person's matter."""
    if by.role == Role.HEAD:
        bound = Binding.filter(account__department=by.department, ended_at=None)
    else:
        bound = Binding.filter(account_id=by.account or 0, ended_at=None)
    return [row.telegram_id for row in await bound]


async def _described(rows: list[Inbox]) -> tuple[SetAside, ...]:
    known = await _known({row.sender for row in rows if row.sender})
    return tuple(_line(row, *known.get(row.sender or 0, ("", ""))) for row in rows)


async def _known(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    bound = (
        await Binding.filter(telegram_id__in=list(ids), ended_at=None).select_related("account")
        if ids
        else []
    )
    return {row.telegram_id: (row.account.name, row.account.department) for row in reversed(bound)}


def _line(row: Inbox, name: str, department: str) -> SetAside:
    kind, excerpt = brought(row.body)
    state = STATES.get(row.state, "settled")
    return SetAside(
        row.update_id,
        state,
        kind,
        excerpt,
        row.sender or 0,
        name,
        department,
        row.received_at,
        row.error,
        row.attempts,
    )


def brought(body: str) -> tuple[str, str]:
    """What an update brought and its first words."""
    try:
        raw: Any = json.loads(body)
    except ValueError:
        return "other", ""
    raw = raw if isinstance(raw, dict) else {}
    message = raw.get("message") or raw.get("edited_message")
    if isinstance(raw.get("callback_query"), dict):
        return "press", ""
    if not isinstance(message, dict):
        return "other", ""
    kind = next((kind for kind in KINDS if kind in message), "other")
    text = message.get("text") or message.get("caption") or ""
    return kind, text[:EXCERPT] if isinstance(text, str) else ""
