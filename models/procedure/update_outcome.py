"""What became of an update: acted upon, waiting for a neighbour, or set aside; its sender is told what they would not
notice otherwise (R1-R3).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from models import store
from models.operations import inbox, outbox
from models.procedure import recipients
from models.tables import Inbox, InboxState

TRIES = 6
SOONEST, LATEST = 1.0, 60.0  # seconds to the next try while a neighbour is away
TOLD_AFTER = timedelta(seconds=30)


async def done(update_id: int, *, at: datetime) -> None:
    """The update was acted upon. Whoever was told that it waits is told that it does no more."""
    owed = await store.plain_act(inbox.done_within, update_id, at=at)
    if not owed.rows:
        await _done_late(update_id, at=at)


@store.transactional
async def _done_late(update_id: int, *, at: datetime) -> None:
    row = await Inbox.get(update_id=update_id)
    late = row.waiting_since is not None or row.retried_at is not None
    row.state, row.done_at, row.waiting_since = InboxState.DONE, at, None
    await row.save(update_fields=["state", "done_at", "waiting_since"])
    if late:
        await _tell(row, "update.entered", at)


@store.transactional
async def postponed(update_id: int, why: str, *, at: datetime, seconds: float = 0.0) -> None:
    """A neighbour is away: again after `seconds`, or as long again as it has been away so far, a minute at most.

    However long that takes it is no failure of the update. Its sender, who waits too, is told after half a minute.
    """
    row = await Inbox.get(update_id=update_id)
    row.waiting_since = row.waiting_since or at
    away = (at - row.waiting_since).total_seconds()
    row.not_before = at + timedelta(seconds=seconds or min(LATEST, max(SOONEST, away)))
    row.error = _legible(why)
    await row.save(update_fields=["waiting_since", "not_before", "error"])
    if away >= TOLD_AFTER.total_seconds():
        await _tell(row, "update.waiting", at)


async def _tell(row: Inbox, kind: str, at: datetime) -> None:
    """Owe the sender, if it is a person of the register, word of an update, once for each try of a person's."""
    again = f":{row.retried_at.timestamp():.0f}" if row.retried_at else ""
    await recipients.tell(
        await recipients.sender(row.sender), kind, key=f"{kind}:{row.update_id}{again}", at=at, lane=outbox.INTERACTIVE,
        chain=f"update:{row.update_id}", update=row.update_id,
    )  # fmt: skip


def _legible(error: str) -> str:
    return error.replace("\0", "?")[:2000]


@store.transactional
async def failed(update_id: int, error: str, *, at: datetime, hopeless: bool = False) -> bool:
    """The update could not be acted upon, by its own fault: tried again later. True when it is set aside, after six
    tries: its sender is told, and it stands on the list of `queries.set_aside` until a person has dealt with it.
    """
    row = await Inbox.get(update_id=update_id)
    row.attempts += 1
    row.waiting_since = None
    row.error = _legible(error)
    row.not_before = at + timedelta(seconds=2 ** (row.attempts - 1))
    if hopeless or row.attempts >= TRIES:
        row.state = InboxState.QUARANTINED
        await _tell(row, "update.set_aside", at)
    await row.save(update_fields=["attempts", "waiting_since", "error", "not_before", "state"])
    return row.state == InboxState.QUARANTINED
