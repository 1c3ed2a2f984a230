"""未能处理的来信: a person has an update tried again, or gives it up with a reason (Art. 16 (3))."""

from __future__ import annotations

from datetime import datetime

from tortoise.expressions import Q

from models import store
from models.operations import event
from models.queries.set_aside import senders
from models.refusal import Refusal
from models.rules.actor import Actor, Role, require
from models.rules.text import visible
from models.tables import Inbox, InboxState, Stray

CHAIN = "intake"


@store.transactional
async def retry(update_id: int, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """Try an update again, from the first try on. What was done for it already is not done twice."""
    if await event.find_by_key(key):
        return
    row = await _own(update_id, by)
    row.state, row.attempts, row.not_before, row.waiting_since = InboxState.NEW, 0, None, None
    row.retried_at = at
    await row.save(update_fields=["state", "attempts", "not_before", "waiting_since", "retried_at"])
    await event.record(CHAIN, "update.retried", by=by, at=at, key=key, update=update_id)


@store.transactional
async def close(update_id: int, reason: str, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """Give an update up: nothing is entered for it; it stays whole in the inbox, with the reason in the event."""
    if await event.find_by_key(key):
        return
    row = await _own(update_id, by)
    if not visible(reason).strip():
        raise Refusal("set_aside.no_reason", article="16(3)")
    row.state = InboxState.CLOSED
    await row.save(update_fields=["state"])
    await event.record(
        CHAIN,
        "update.closed",
        by=by,
        at=at,
        key=key,
        update=update_id,
        reason=reason.strip(),
        sender=row.sender,
    )


@store.transactional
async def close_unread(body: int, *, by: Actor, at: datetime) -> None:
    """The office has looked at a body that could not enter the inbox."""
    require(by, Role.OFFICE, article="16(3)")
    row = await Stray.get_or_none(id=body, closed_at=None)
    if row is None:
        raise Refusal("set_aside.unknown", article="16(3)", update=body)
    row.closed_at = at
    await row.save(update_fields=["closed_at"])
    await event.record(CHAIN, "update.body_closed", by=by, at=at, body=body)


async def _own(update_id: int, by: Actor) -> Inbox:
    """The update that is set aside, or waits for a neighbour, and is this person's to deal with; to anybody else it
    does not exist.
    """
    open_ = Q(state=InboxState.QUARANTINED) | Q(state=InboxState.NEW, waiting_since__isnull=False)
    row = await Inbox.get_or_none(open_, update_id=update_id)
    if row is None or (by.role != Role.OFFICE and row.sender not in await senders(by)):
        raise Refusal("set_aside.unknown", article="16(3)", update=update_id)
    return row
