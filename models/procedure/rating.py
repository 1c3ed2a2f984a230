"""评价: three scales and a note, once for each inspection; in no task's chain, read in sums alone (Art. 8)."""

from __future__ import annotations

from datetime import datetime

from models import store
from models.operations import event
from models.procedure import notice_records
from models.procedure import task as tasks
from models.refusal import Refusal
from models.rules.actor import Actor
from models.states import AFTER_THE_VISIT
from models.tables import Rating

SCALE = range(1, 6)
CHAIN = "ratings"


@store.transactional
async def rate(
    number: str, manner: int, clarity: int, burden: int, note: str = "", *, by: Actor, at: datetime
) -> None:
    """Manner, clarity, little burden: 1 to 5 each. The first stands; the chain keeps only that one was given."""
    _, task = await notice_records.heard(number, by)
    tasks.in_state(task, *AFTER_THE_VISIT, article="8")
    if not all(mark in SCALE for mark in (manner, clarity, burden)):
        raise Refusal("rating.scale", article="8")
    key = f"rating:{task.number}"
    if await event.find_by_key(key):
        return
    await Rating.create(task=task, manner=manner, clarity=clarity, burden=burden, note=note.strip(), at=at)
    await event.record(CHAIN, "rating.given", by=by, at=at, key=key)
