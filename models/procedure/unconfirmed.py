"""送达未确认: a letter that some channel took and nobody confirmed is chased by a person (Art. 16 (2)).

A mail server's silence says nothing: a report may be lost, unread or untrue. So two working days after the letter
went out the leader is asked, once, to telephone or to use another way, unless the entity opened or confirmed it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tortoise.expressions import Q

from models import store
from models.district import District
from models.procedure import notice_records
from models.rules.channel import BY_HAND
from models.rules.visit import local_day
from models.states import BEFORE_THE_VISIT
from models.states import NoticeState as N
from models.tables import Attempt, LeftOut, Notice, Outbox

AFTER = 2  # working days
TOOK = ("accepted", "delivered", "relayed")


async def chase(*, at: datetime, district: District) -> int:
    """Ask the leader of each letter that nobody confirmed, once; how many were asked."""
    asked = 0
    old = at - timedelta(days=AFTER - 1)
    letters = Notice.filter(state=N.SENT, created_at__lt=old, task__state__in=BEFORE_THE_VISIT)
    for letter in await letters.order_by("id"):
        if not await _asked(letter) and await _is_due(letter, at, district):
            await _ask(letter.id, at)
            asked += 1
    return asked


async def _is_due(letter: Notice, at: datetime, district: District) -> bool:
    """Whoever was told by a person has confirmed it: by telephone, by fax, by post or at the door."""
    tries = await Attempt.filter(notice=letter).order_by("id")
    took = [one for one in tries if one.outcome in TOOK]
    by_a_person = any(one.outcome == "told" for one in tries) or any(one.channel in BY_HAND for one in took)
    if not took or by_a_person:
        return False
    return local_day(at) >= district.calendar.nth_workday_after(local_day(took[0].at), AFTER).date


@store.transactional
async def _ask(letter_id: int, at: datetime) -> None:
    letter = await notice_records.find(letter_id)
    if letter.state == N.SENT:
        await notice_records.tell_leader_of(letter, "notice.unconfirmed", _key(letter), at)


async def _asked(letter: Notice) -> bool:
    """Also where there was no leader to ask: then the office has it on its desk."""
    begins = f"{_key(letter)}:"
    return (
        await Outbox.filter(Q(key=_key(letter)) | Q(key__startswith=begins)).exists()
        or await LeftOut.filter(key__startswith=begins).exists()
    )


def _key(letter: Notice) -> str:
    return f"unconfirmed:{letter.id}"
