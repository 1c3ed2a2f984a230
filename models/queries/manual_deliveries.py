"""待办告知: letters that a person must telephone, fax, post or bring, and what was tried so far (Art. 16 (2))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise.expressions import Subquery

from models.queries import board, next_channel
from models.queries.letter import outdated
from models.rules import text
from models.rules.channel import BY_HAND
from models.states import BEFORE_THE_VISIT, GIVEN, UNREACHED
from models.states import NoticeState as N
from models.states import TaskState as T
from models.tables import Assignment, Attempt, Notice, Task

ON_PAPER = ("fax", "post", "personal")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter for a person to hand over. `channel`: what is due; `posted_at`: on its way, not signed for."""

    id: int
    number: str
    task: str
    target: str
    address: str
    contact: str
    phone: str
    fax: str
    leader: str
    visit_from: datetime | None
    visit_until: datetime | None
    channel: str
    ways: tuple[str, ...]
    calls: int
    posted_at: datetime | None
    waybill: str


async def outgoing(sight: board.Sight) -> tuple[Outgoing, ...]:
    """The letters of the tasks that somebody sees, the next visit first."""
    seen = board.visible(sight).filter(state__in=BEFORE_THE_VISIT)
    rows = await Notice.filter(state=N.BY_HAND, task_id__in=Subquery(seen.values("id"))).select_related(
        "task__target"
    )
    led = Assignment.filter(leader=True, until=None, task_id__in=[row.task_id for row in rows])
    leaders = {seat.task_id: seat.inspector.name for seat in await led.select_related("inspector")}
    deliveries = [await _line(row, leaders.get(row.task_id, "")) for row in rows]
    return tuple(
        sorted(
            deliveries,
            key=lambda delivery: (delivery.visit_from is None, delivery.visit_from, delivery.number),
        )
    )


async def on_paper(sight: board.Sight) -> tuple[Outgoing, ...]:
    """Those of them to be printed today: to fax, to post, to bring, and not yet posted."""
    return tuple(
        delivery
        for delivery in await outgoing(sight)
        if delivery.channel in ON_PAPER and not delivery.posted_at
    )


async def _line(row: Notice, leader: str) -> Outgoing:
    target = row.task.target
    there = await next_channel.addresses(target)
    channel, _ = await next_channel.due(row, target)
    tries = await Attempt.filter(notice=row).order_by("id")
    posted = next((attempt for attempt in reversed(tries) if attempt.channel == "post"), None)
    waiting = posted if posted and posted.outcome == "posted" else None
    return Outgoing(
        row.id, row.number, row.task.number, text.name(target.name), text.name(target.address),
        text.name(target.contact), text.name(target.phone), text.name(target.fax), text.name(leader),
        row.task.visit_from, row.task.visit_until, channel,
        tuple(value for value in BY_HAND if there[value]),
        sum(attempt.channel == "phone" and attempt.outcome == "no_answer" for attempt in tries),
        waiting.at if waiting else None, waiting.detail if waiting else "",
    )  # fmt: skip


async def task_seen(number: str, sight: board.Sight) -> int | None:
    """The task of this number, for those who may see it (D60)."""
    task = await board.visible(sight).filter(number=number).first()
    return task.id if task else None


async def serving(officer: str) -> frozenset[str]:
    """The numbers of the tasks in which this officer serves."""
    seats = await Assignment.filter(inspector_id=officer, until=None).select_related("task")
    return frozenset(seat.task.number for seat in seats)


async def led(officer: str) -> tuple[int, int]:
    """Of the visits that this officer leads: how many entities are not reached yet, and how many are told at all."""
    seats = Assignment.filter(inspector_id=officer, leader=True, until=None, task__state__in=BEFORE_THE_VISIT)
    given = Notice.filter(task_id__in=Subquery(seats.values("task_id")), state__in=GIVEN)
    standing = dict(await given.order_by("version").values_list("task_id", "state"))
    return sum(state in UNREACHED for state in standing.values()), len(standing)


async def outdated_letters(numbers: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Of these tasks those whose entity holds a letter that names others than will come: id and target."""
    tasks = (
        await Task.filter(number__in=list(numbers), state=T.SCHEDULED)
        .select_related("target")
        .order_by("visit_from")
    )
    letters: dict[int, Mapping[str, Any]] = {}
    given = Notice.filter(task_id__in=[task.id for task in tasks], state__in=GIVEN)
    for notice in await given.order_by("version") if tasks else []:
        letters[notice.task_id] = notice.letter
    changed = await outdated([task for task in tasks if task.id in letters], letters)
    return tuple((task.id, text.name(task.target.name)) for task in tasks if task.id in changed)
