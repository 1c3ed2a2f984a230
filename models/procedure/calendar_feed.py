"""日历订阅: a person's private calendar address, given out once and reset with one press (Art. 15)."""

from __future__ import annotations

from datetime import datetime

from models import store
from models.operations import event
from models.queries.calendar_feed import account_of
from models.refusal import Refusal
from models.rules import tokens
from models.rules.actor import Actor, Role, require
from models.tables import CalendarFeed


@store.transactional
async def reset(account_id: int, token: str, *, by: Actor, at: datetime) -> datetime:
    """Keep a new address of this account's calendar (`token`: 32 random characters, made by the caller); when it began.

    The address before stops at once. Everybody resets the own; the office anybody's, at the command line.
    """
    require(by, Role.INSPECTOR, Role.HEAD, Role.LIAISON, Role.OFFICE, article="15")
    account = await account_of(account_id)
    if account is None or (by.account != account.id and by.role != Role.OFFICE):
        raise Refusal("calendar_feed.unknown", article="15")
    if account.role == Role.ENTITY:
        raise Refusal("calendar_feed.entity", article="16(2)")
    await CalendarFeed.filter(account_id=account.id, ended_at=None).update(ended_at=at)
    await CalendarFeed.create(
        token_sha256=tokens.hashed(token), account_id=account.id, made_by=by.mark, made_at=at
    )
    await event.record(f"account:{account.id}", "calendar_feed.reset", by=by, at=at)
    return at
