"""召集人月报: on a month's first working day the convenor is told what the month before came to (Art. 5, 6, 21)."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from models import store
from models.district import District
from models.operations import event, outbox
from models.procedure.conference import CHAIN
from models.queries.digest import KIND
from models.rules.actor import CLOCK
from models.rules.digest import days_of_month, month_told
from models.rules.visit import instant, local_day
from models.tables import Event

ARTICLE = "21"


async def sweep(*, at: datetime, district: District) -> int:
    """Owe the month's digest once to each address of the convenor; how many were owed.

    Not in the quiet hours, and not of a month of which this house knows nothing. What fell due while the server was off
    is told when it is back.
    """
    month = month_told(local_day(at), district.calendar)
    if not district.convenor or not month or district.quiet_hours.hold(at):
        return 0
    if await event.find_by_key(f"digest:{month}"):
        return 0
    return await _owe(month, at=at, district=district)


@store.transactional
async def _owe(month: str, *, at: datetime, district: District) -> int:
    _, last = days_of_month(month)
    if not await Event.exists(at__lt=instant(last, datetime.max.time())):
        return 0
    for channel, address in district.convenor:
        name = sha256(f"{month}:{channel}:{address}".encode()).hexdigest()[:32]
        await outbox.enqueue_to_address(
            channel, address, KIND, key=f"digest:{month}:{name}", at=at, reference=name, month=month
        )
    channels = sorted({channel for channel, _ in district.convenor})
    await event.record(
        CHAIN, "conference.digest", by=CLOCK, at=at, key=f"digest:{month}", month=month, channels=channels
    )
    return len(district.convenor)
