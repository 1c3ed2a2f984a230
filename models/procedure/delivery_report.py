"""回执与退信: what a channel says later of a letter that it took (Art. 16 (2)).

The letter is known by the name it has at the channel. Reported twice is reported once.
"""

from __future__ import annotations

from datetime import datetime

from models import store
from models.operations import event
from models.procedure import delivery_attempt, digest, notice_records, notification
from models.rules.actor import COURIER
from models.tables import Attempt, Outbox

OUTCOMES = ("delivered", "bounced", "delayed", "relayed")


@store.transactional
async def reported(
    channel: str, reference: str, outcome: str, *, at: datetime, key: str, detail: str = ""
) -> bool:
    """Delivered, bounced for good, only late, or passed on to another server. False when no letter has this name.

    What came back goes on by the next channel, unless the entity has read or confirmed it, or was told
    otherwise: then it is noted and nothing is sent.
    """
    if outcome not in OUTCOMES:
        raise ValueError(outcome)
    owed = await Outbox.filter(
        channel=channel, reference=reference, kind__in=["notice", "notification", "digest"]
    ).first()
    if owed is None or not reference:
        return False
    if owed.kind == "digest":
        await digest.came_back(owed, outcome, at=at, key=key, detail=detail)
        return True
    if owed.kind == "notification":
        await notification.reported(owed, outcome, at=at, key=key, detail=detail)
        return True
    letter = await notice_records.find(owed.payload["notice"])
    if await event.find_by_key(key):
        return True
    row = await Attempt.create(
        notice=letter, channel=channel, outcome=outcome, at=at, by=COURIER.mark, detail=detail[:2000]
    )
    if outcome == "delivered":
        await delivery_attempt.mark_reached(letter)
    elif outcome == "bounced":
        await delivery_attempt.fall_to_next(letter, channel, at)
    await notice_records.record(
        letter, f"notice.{outcome}", COURIER, at, key=key, rows=[row], channel=channel, detail=detail
    )
    return True
