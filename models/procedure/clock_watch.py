"""A jump of the machine's clock is asked about before a day is closed (Art. 16 (3), 20).

A day that is closed stays closed: one start with the clock weeks ahead would publish roots of days that are
still to come. The service closes every day, so that events follow each other day by day: a wider gap, or a
step back, since the last closing means that the clock jumped or that the service was away. A clock outside
(the Bot API's, the time stamping authority's) settles it; where there is none, a person does, by command.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from models import store
from models.operations import event, outbox
from models.procedure import recipients
from models.rules.actor import Actor
from models.rules.visit import local_day
from models.tables import Anchor, Event

CHAIN, CONFIRMED = "clock", "clock.confirmed"
LONGEST = timedelta(days=3)  # without an event, while the service runs it writes one each day
BACK = timedelta(minutes=10)
AGREES = timedelta(minutes=5)  # with a clock outside
ONE = timedelta(days=1)
BATCH = 1000


@dataclass(frozen=True, slots=True)
class ClockDoubt:
    """`before` and `after`: two instants that should follow each other closely; `kind`: ahead or behind."""

    kind: str
    before: datetime
    after: datetime


async def doubt(at: datetime) -> ClockDoubt | None:
    """What is odd about the time since the last day was closed or the clock was confirmed."""
    last = await Anchor.all().order_by("-number").first().only("id", "day")
    if last is None or local_day(at) <= last.day + ONE:
        return None  # nothing is to be closed
    after = at
    async for kind, before in _backwards():
        if before - after > BACK:
            return ClockDoubt("behind", before, after)
        if after - before > LONGEST:
            return ClockDoubt("ahead", before, after)
        if kind in (CONFIRMED, "anchor.closed"):
            return None
        after = before
    return None


async def _backwards() -> AsyncIterator[tuple[str, datetime]]:
    """Kind and time of events, the newest first."""
    last = None
    while True:
        asked = Event.filter(id__lt=last) if last else Event.all()
        rows = await asked.order_by("-id").limit(BATCH).values_list("id", "kind", "at")
        for number, kind, at in rows:
            yield str(kind), at
            last = number
        if len(rows) < BATCH:
            return


@store.transactional
async def tell(jump: ClockDoubt, *, at: datetime) -> None:
    """The office hears of a doubt, once for each."""
    params = {"doubt": jump.kind, "before": jump.before.isoformat(), "after": jump.after.isoformat()}
    key = f"clock:{jump.kind}:{jump.before.isoformat()}"
    office = await recipients.office()
    await recipients.tell(
        office, "clock.doubt", key=key, at=at, chain=CHAIN, lane=outbox.INTERACTIVE, **params
    )


@store.transactional
async def confirm(why: str, *, by: Actor, at: datetime) -> ClockDoubt | None:
    """The clock is right: a person says so with a reason, or a clock outside agrees. What had been odd."""
    jump = await doubt(at)
    if jump:
        await event.record(
            CHAIN, CONFIRMED, by=by, at=at, why=why, kind_of=jump.kind,
            before=jump.before.isoformat(), after=jump.after.isoformat(),
        )  # fmt: skip
    return jump
