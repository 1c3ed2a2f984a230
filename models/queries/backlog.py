"""What waits in this district's queues, in numbers alone: for whoever watches the machines (no name, no text)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models import store
from models.fields import instant
from models.rules.overdue import end_of
from models.states import TaskState
from models.tables import Task

INTAKE = "SELECT COUNT(*) AS n, MIN(received_at) AS oldest FROM inbox WHERE state = 'new'"
SET_ASIDE = "SELECT COUNT(*) AS n FROM inbox WHERE state = 'quarantined'"
WAITING = """
SELECT channel, COUNT(*) AS n, MIN(CASE WHEN due_at <= ? THEN due_at END) AS oldest,
       SUM(CASE WHEN error = '429' THEN 1 ELSE 0 END) AS held_off
FROM outbox WHERE state = 'waiting' GROUP BY channel ORDER BY channel"""
FAILED = "SELECT COUNT(*) AS n FROM outbox WHERE state = 'failed'"


@dataclass(frozen=True, slots=True)
class ChannelBacklog:
    """Messages of a channel that wait; `age`: seconds since the oldest of them was due; `held_off`: those that the
    channel itself asked to send later (429)."""

    channel: str
    waiting: int
    age: float
    held_off: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """Updates that wait, the seconds of the oldest, those set aside; messages by channel, those given up; seconds for
    which the oldest result is late."""

    updates: int
    updates_age: float
    set_aside: int
    channels: tuple[ChannelBacklog, ...]
    failed: int
    oldest_term: float


async def backlog(at: datetime) -> Backlog:
    """Read by index, whatever was sent before."""
    [[updates], [set_aside], channels, [failed]] = await store.run(
        store.query(INTAKE), store.query(SET_ASIDE), store.query(WAITING, at), store.query(FAILED)
    )
    due = Task.filter(state=TaskState.CONCLUDED, entry_due__isnull=False).order_by("entry_due")
    days = await due.limit(1).values_list("entry_due", flat=True)
    return Backlog(
        updates["n"], _age(updates["oldest"], at), set_aside["n"],
        tuple(
            ChannelBacklog(row["channel"], row["n"], _age(row["oldest"], at), int(row["held_off"]))
            for row in channels
        ),
        failed["n"], max(0.0, (at - end_of(days[0])).total_seconds()) if days else 0.0,  # type: ignore[arg-type]
    )  # fmt: skip


def _age(since: object, at: datetime) -> float:
    moment = instant(since)
    return max(0.0, (at - moment).total_seconds()) if moment else 0.0
