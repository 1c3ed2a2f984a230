"""送达未确认: a letter that some channel took and nobody confirmed is chased by a person (Art. 16 (2)).

A mail server's silence says nothing: a report may be lost, unread or untrue. So two working days after the letter
went out the leader is asked, once, to telephone or to use another way, unless the entity opened or confirmed it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from models import store
from models.district import District
from models.procedure import notice_records
from models.rules.channel import BY_HAND
from models.rules.visit import local_day
from models.states import BEFORE_THE_VISIT
from models.states import NoticeState as N
from models.tables import Attempt, LeftOut, Notice, Outbox, Task

KIND = "notice.unconfirmed"
AFTER = 2  # working days
TOOK = ("accepted", "delivered", "relayed")


async def chase(*, at: datetime, district: District) -> int:
    """Ask the leader of each letter that nobody confirmed, once; how many were asked. Asked for once a day: the term
    ends with a day.
    """
    old = at - timedelta(days=AFTER - 1)
    sent = await Notice.filter(state=N.SENT, created_at__lt=old).values_list("task_id", "id")
    waiting = Task.filter(id__in=[task for task, _ in sent], state__in=BEFORE_THE_VISIT)
    to_come = set(await waiting.values_list("id", flat=True)) if sent else set()
    due = await _due(sorted(letter for task, letter in sent if task in to_come), at, district)
    asked = await _asked() if due else set()
    fresh = [letter for letter in due if letter not in asked]
    for letter in fresh:
        await _ask(letter, at)
    return len(fresh)


async def _due(letters: list[int], at: datetime, district: District) -> list[int]:
    """Whoever was told by a person has confirmed it: by telephone, by fax, by post or at the door."""
    tries: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in await Attempt.filter(notice_id__in=letters).order_by("id") if letters else []:
        tries[attempt.notice_id].append(attempt)
    return [letter for letter in letters if _is_due(tries[letter], at, district)]


def _is_due(tries: list[Attempt], at: datetime, district: District) -> bool:
    took = [attempt for attempt in tries if attempt.outcome in TOOK]
    by_a_person = any(attempt.outcome == "told" for attempt in tries) or any(
        attempt.channel in BY_HAND for attempt in took
    )
    if not took or by_a_person:
        return False
    return local_day(at) >= district.calendar.nth_workday_after(local_day(took[0].at), AFTER).date


@store.transactional
async def _ask(letter_id: int, at: datetime) -> None:
    letter = await notice_records.find(letter_id)
    if letter.state == N.SENT:
        await notice_records.tell_leader_of(letter, KIND, f"unconfirmed:{letter.id}", at)


async def _asked() -> set[int]:
    """Letters asked about already; also where there was no leader to ask: then the office has it on its desk."""
    keys = [
        *await Outbox.filter(kind=KIND).values_list("key", flat=True),
        *await LeftOut.filter(about=KIND).values_list("key", flat=True),
    ]
    return {int(str(key).split(":")[1]) for key in keys}
