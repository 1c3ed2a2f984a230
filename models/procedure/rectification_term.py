"""改正期限: an order's last days are told to the entity, and what is not put right by then lapses (Art. 17).

While an officer has to verify what was handed in, the term stands still. Where the result under an order is corrected
or withdrawn, its department hears of it: the order stands until its head withdraws it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from models import store
from models.procedure import notification, recipients
from models.procedure import rectification_records as records
from models.rules.actor import CLOCK, Actor
from models.rules.rectification import StepKind, counted_again
from models.rules.reminding import threshold
from models.rules.term.kinds import BY_NAME
from models.rules.visit import local_day
from models.rules.workdays import Calendar
from models.states import ORDER_OPEN, ORDER_RUNS
from models.states import RectificationState as R
from models.tables import Rectification, RectificationStep, Task


async def chase(*, at: datetime) -> int:
    """Tell each entity whose term is near its end, once a threshold; let lapse what is over. How many were touched."""
    today, touched = local_day(at), 0
    for row in await Rectification.filter(state__in=list(ORDER_RUNS)).order_by("id"):
        if row.due < today:
            touched += await _lapse(row.id, at)
        elif await _near(row, today) is not None:
            touched += await _remind(row.id, at)
    return touched


async def _near(row: Rectification, today: date) -> int | None:
    """The threshold that is reached and was not told yet. A term that begins below it is told by the order itself."""
    reached = threshold(BY_NAME["rectification"].thresholds, (row.due - today).days)
    if reached is None or local_day(row.at) == today:
        return None
    reminders = RectificationStep.filter(
        rectification=row, kind=StepKind.REMINDED.value, until=row.due, threshold=reached
    )
    return None if await reminders.exists() else reached


@store.transactional
async def _remind(order_id: int, at: datetime) -> bool:
    row, task = await records.find(order_id)
    reached = await _near(row, local_day(at)) if row.state in ORDER_RUNS else None
    if reached is None:
        return False
    step = await records.step(row, StepKind.REMINDED, CLOCK, at, until=row.due, threshold=reached)
    owed = await notification.owe(task, "order_due", at, step.id)
    await records.note(
        row, task, "rectification.reminded", CLOCK, at, [step, *owed], due=row.due.isoformat(), days=reached
    )
    return True


@store.transactional
async def _lapse(order_id: int, at: datetime) -> bool:
    row, task = await records.find(order_id)
    if row.state not in ORDER_RUNS or row.due >= local_day(at):
        return False
    step = await records.step(row, StepKind.LAPSED, CLOCK, at, until=row.due)
    await records.move_to(row, R.LAPSED)
    owed = await notification.owe(task, "order_step", at, step.id)
    await records.note(row, task, "rectification.lapsed", CLOCK, at, [step, *owed], due=row.due.isoformat())
    to_whom = await recipients.section(task, row.department) + await recipients.heads([row.department])
    await recipients.tell(
        to_whom, "rectification.lapsed", key=f"rectification:{row.id}:lapsed:{step.id}", at=at,
        chain=f"task:{task.number}", task=task.number, rectification=row.id,
    )  # fmt: skip
    return True


async def count_again(calendar: Calendar, *, by: Actor, at: datetime) -> None:
    """A list of days off came in: an order whose last day is a day off now ends on the next working day, one that lapsed
    on such a day stands again. Part of an act.
    """
    for id, due in (
        await Rectification.filter(state__in=list(ORDER_OPEN)).order_by("id").values_list("id", "due")
    ):
        if counted_again(calendar, due) != due:
            await _move(id, calendar, by, at)


async def _move(order_id: int, calendar: Calendar, by: Actor, at: datetime) -> None:
    row, task = await records.find(order_id)
    last = counted_again(calendar, row.due)
    if row.state == R.LAPSED and last < local_day(at):
        return
    step = await records.step(row, StepKind.MOVED, by, at, until=last)
    await records.move_to(row, R.EXTENDED if row.state == R.LAPSED else R(row.state), due=last)
    owed = await notification.owe(task, "order_step", at, step.id)
    await records.note(row, task, "rectification.moved", by, at, [step, *owed], due=last.isoformat())
    await recipients.tell(
        await recipients.section(task, row.department), "rectification.moved", key=f"rectification:{row.id}:moved:{step.id}",
        at=at, chain=f"task:{task.number}", task=task.number, rectification=row.id,
    )  # fmt: skip


async def ground_gone(task: Task, aside: Collection[int] | None, key: str, at: datetime) -> None:
    """The points `aside` do not count any more (None: the whole result is withdrawn). Part of an act."""
    for row in await Rectification.filter(task=task, state__in=list(ORDER_OPEN)).order_by("id"):
        if aside is not None and not {point[0] for point in row.points} & set(aside):
            continue
        to_whom = await recipients.heads([row.department]) + await recipients.section(task, row.department)
        await recipients.tell(
            to_whom, "rectification.ground_gone", key=f"rectification:{row.id}:{key}", at=at,
            chain=f"task:{task.number}", task=task.number, rectification=row.id,
        )  # fmt: skip
