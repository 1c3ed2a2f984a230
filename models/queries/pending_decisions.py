"""What heads, leaders and entities are asked to decide, with the facts to decide by (Art. 14 (2), 16 (2))."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Subquery

from models.queries import publication, substitution
from models.refusal import Refusal
from models.rules import text
from models.rules.draw.substitution import NOBODY
from models.rules.free_times import Window
from models.states import BEFORE_THE_VISIT, GIVEN, REVIEWED, TO_VISIT, NoticeState
from models.tables import (
    Assignment,
    Attempt,
    Inspector,
    Notice,
    Notification,
    Postponement,
    Substitution,
    Task,
)


@dataclass(frozen=True, slots=True)
class SubstitutionRequest:
    """An officer asks to be replaced. `incoming`: who stepped in; empty before, None when nobody was left."""

    id: int
    department: str
    name: str
    reason: str
    note: str
    tasks: tuple[str, ...]
    consented: bool | None
    incoming: str | None


@dataclass(frozen=True, slots=True)
class PendingNotice:
    """A notice and what became of it."""

    id: int
    number: str
    task: int
    task_number: str
    target: str
    entity: str  # the target's number, as the entity's actor carries it
    state: NoticeState
    begins: datetime | None
    ends: datetime | None
    basis: str
    leader: str
    department: str
    tries: tuple[str, ...]
    postponed: bool  # another time was asked for already
    planned: bool  # the visit has still to be held, at the time that the letter says
    step: str  # what the entity was told last after the visit, "" before
    answerable: bool  # the result may be answered, it is not public yet and nobody said 无异议


@dataclass(frozen=True, slots=True)
class Postponing:
    """An entity's wish for another time."""

    id: int
    reason: str
    granted: bool | None
    letter: PendingNotice
    window: Window | None  # one in which the whole team was free
    proposed: bool  # that window stands proposed to the members
    open: bool = True  # the visit has not begun: another time can be granted


async def asked_out(substitution_id: int) -> SubstitutionRequest:
    """The substitution that a head decides."""
    row = await Substitution.get_or_none(id=substitution_id)
    if row is None:
        raise Refusal("team.other_department", article="14(2)")
    return await request_of(row, await substitution.concerned(row))


async def request_of(row: Substitution, concerned: Iterable[Task]) -> SubstitutionRequest:
    """The same of a row that was read, with the tasks that it is about."""
    return SubstitutionRequest(
        row.id,
        row.department,
        await _named(row.outgoing),
        row.reason,
        text.visible(row.note),
        tuple(task.number for task in concerned),
        row.consented,
        None if row.incoming == NOBODY else await _named(row.incoming),
    )


async def pending(
    departments: list[str],
) -> tuple[tuple[SubstitutionRequest, ...], tuple[PendingNotice, ...]]:
    """What the heads of these departments have still to decide: substitutions, letters, and notices withheld."""
    outs = await Substitution.filter(department__in=departments, consented=None).order_by("id").limit(6)
    led = Assignment.filter(leader=True, until=None, department__in=departments)
    waiting = Notice.filter(state=NoticeState.DRAFTED, task_id__in=Subquery(led.values("task_id")))
    drafted = await waiting.order_by("id").limit(6)
    return (
        tuple([await asked_out(row.id) for row in outs]),
        tuple([await letter(notice.id) for notice in drafted]),
    )


async def letter(notice_id: int) -> PendingNotice:
    """The notice of this id, whatever its state."""
    notice = await Notice.get_or_none(id=notice_id).select_related("task__target")
    if notice is None:
        raise Refusal("notice.unknown", article="16(2)")
    task = notice.task
    leader = await Assignment.filter(task=task, leader=True, until=None).select_related("inspector").first()
    tries = await Attempt.filter(notice=notice).order_by("id").values_list("channel", flat=True)
    return PendingNotice(
        notice.id,
        notice.number,
        task.id,
        task.number,
        text.name(task.target.name),
        task.target_id,
        notice.state,
        task.visit_from,
        task.visit_until,
        text.visible(notice.withheld_basis),
        text.name(leader.inspector.name) if leader else "",
        leader.department if leader else "",
        tuple(str(row) for row in tries),
        await Postponement.exists(notice__task_id=task.id),
        task.state in BEFORE_THE_VISIT and not (task.started_at and task.visit_from is None),
        await _step(task),
        await _answerable(task),
    )


async def _step(task: Task) -> str:
    row = await Notification.filter(task=task, overtaken_at=None).order_by("-id").first()
    return row.kind if row else ""


async def _answerable(task: Task) -> bool:
    if task.state not in REVIEWED:
        return False
    return not (await publication.standing(task)).agreed


async def postponing(postponement_id: int) -> Postponing:
    """The wish that a leader decides."""
    row = await Postponement.get_or_none(id=postponement_id)
    if row is None:
        raise Refusal("notice.unknown", article="16(2)")
    notice = await letter(row.notice_id)
    window = Window(row.wanted_from, row.wanted_until) if row.wanted_from and row.wanted_until else None
    task = await Task.get(id=notice.task)
    proposed = window is not None and (task.proposed_from, task.proposed_until) == window
    open_ = task.state in TO_VISIT
    return Postponing(row.id, text.visible(row.reason), row.granted, notice, window, proposed, open_)


async def letters_to(entity: str) -> tuple[PendingNotice, ...]:
    """The notices that stand for an entity, newest first."""
    given = GIVEN
    rows = await Notice.filter(task__target_id=entity, state__in=given).order_by("-id").limit(10)
    return tuple([await letter(row.id) for row in rows])


async def _named(certificate: str) -> str:
    if not certificate or certificate == NOBODY:
        return ""
    inspector = await Inspector.get_or_none(certificate=certificate)
    return text.name(inspector.name) if inspector else certificate
