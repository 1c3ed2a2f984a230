"""待办告知: letters that a person must telephone, fax, post or bring, and what was tried so far (Art. 16 (2))."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise.expressions import Subquery

from models import store
from models.queries import board, next_channel, task_counts
from models.queries.letter import outdated
from models.rules import text
from models.rules.channel import BY_HAND, following
from models.states import BEFORE_THE_VISIT, GIVEN, UNREACHED
from models.states import NoticeState as N
from models.states import TaskState as T
from models.tables import Assignment, Attempt, Notice, Task

ON_PAPER = ("fax", "post", "personal")
PER_PAGE = 50
WAITING = f"""FROM notice n JOIN task t ON t.id = n.task_id
WHERE n.state = ? AND t.state IN ({store.marks(BEFORE_THE_VISIT)})"""
IN_ORDER = "ORDER BY t.visit_from IS NULL, t.visit_from, n.number"


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


async def waiting(sight: board.Sight) -> int:
    """How many letters of the tasks that somebody sees wait for a person."""
    where, values = _of_sight(sight)
    [row] = await store.run_one(f"SELECT COUNT(*) AS n {WAITING}{where}", *values)
    return int(row["n"])


async def outgoing(sight: board.Sight, page: int = 1) -> tuple[Outgoing, ...]:
    """One page of them, the next visit first."""
    where, values = _of_sight(sight)
    asked = f"SELECT n.id AS id {WAITING}{where} {IN_ORDER} LIMIT ? OFFSET ?"
    ids = [int(row["id"]) for row in await store.run_one(asked, *values, PER_PAGE, (page - 1) * PER_PAGE)]
    letters = {row.id: row for row in await Notice.filter(id__in=ids).select_related("task__target")}
    rows = [letters[id] for id in ids]
    led = Assignment.filter(leader=True, until=None, task_id__in=[row.task_id for row in rows])
    leaders = {seat.task_id: seat.inspector.name for seat in await led.select_related("inspector")}
    tries: dict[int, list[Attempt]] = {id: [] for id in ids}
    for attempt in await Attempt.filter(notice_id__in=ids).order_by("id"):
        tries[attempt.notice_id].append(attempt)
    there = await next_channel.addresses_of([row.task.target for row in rows])
    used = await next_channel.used_up(rows)
    return tuple(
        _line(row, leaders.get(row.task_id, ""), there[row.task.target.code], used[row.id], tries[row.id])
        for row in rows
    )


def _of_sight(sight: board.Sight) -> tuple[str, list[Any]]:
    """A letter that reached nobody yet is seen by the own team, the department's head and the office."""
    by_hand: list[Any] = [N.BY_HAND]
    where, values = "", by_hand + list(BEFORE_THE_VISIT)
    if sight.department is not None:
        where, values = f" AND {task_counts.SEATED}", [*values, sight.department]
    if sight.officer:
        where, values = f"{where} AND {task_counts.OWN}", [*values, sight.officer]
    return where, values


async def on_paper(sight: board.Sight, page: int = 1) -> tuple[Outgoing, ...]:
    """Those of a page to be printed today: to fax, to post, to bring, and not yet posted."""
    return tuple(
        delivery
        for delivery in await outgoing(sight, page)
        if delivery.channel in ON_PAPER and not delivery.posted_at
    )


def _line(
    row: Notice, leader: str, there: Mapping[str, str], used: Collection[str], tries: Sequence[Attempt]
) -> Outgoing:
    target = row.task.target
    channel = following(target.channels, there, used)
    posted = next((attempt for attempt in reversed(tries) if attempt.channel == "post"), None)
    on_its_way = posted if posted and posted.outcome == "posted" else None
    return Outgoing(
        row.id, row.number, row.task.number, text.name(target.name), text.name(target.address),
        text.name(target.contact), text.name(target.phone), text.name(target.fax), text.name(leader),
        row.task.visit_from, row.task.visit_until, channel,
        tuple(value for value in BY_HAND if there[value]),
        sum(attempt.channel == "phone" and attempt.outcome == "no_answer" for attempt in tries),
        on_its_way.at if on_its_way else None, on_its_way.detail if on_its_way else "",
    )  # fmt: skip


async def task_seen(number: str, sight: board.Sight) -> int | None:
    """The task of this number, for those who may see it (D60)."""
    task = await board.visible(sight).filter(number=number).first()
    return task.id if task else None


async def serving(officer: str, numbers: Collection[str]) -> frozenset[str]:
    """Those of these tasks in which this officer serves."""
    seats = Assignment.filter(inspector_id=officer, until=None, task__number__in=list(numbers))
    return frozenset([seat.task.number for seat in await seats.select_related("task")])


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
