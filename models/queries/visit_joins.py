"""合并上门: which visits could go through one door together, what is proposed, and who has accepted (Art. 15).

One binds the other only while both are to be held: when either has begun or ended, the other goes its own way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.queries.answering_party import AnsweringParty, awaits, key_of, parties_of
from models.rules import text
from models.rules.actor import Actor, Role
from models.rules.visit import local_day
from models.states import TO_VISIT, TO_VISIT_OR_ON_SITE, TaskState
from models.tables import Assignment, Task, VisitJoin


@dataclass(frozen=True, slots=True)
class JoinProposal:
    """`numbers`: both tasks; `opens`, `closes`: the days that both batches have in common; `to_come`: neither visit has
    begun or ended."""

    id: int
    numbers: tuple[str, str]
    target: str
    opens: date
    closes: date
    parties: tuple[AnsweringParty, ...]
    joined: datetime | None
    ended: datetime | None
    to_come: bool

    @property
    def open(self) -> bool:
        return self.joined is None and self.ended is None and self.to_come

    def asks(self, by: Actor) -> bool:
        """True while this person's word is awaited."""
        return self.open and awaits(self.parties, by)


@dataclass(frozen=True, slots=True)
class JoinableVisit:
    """A visit that a leader could hold together with another batch's at the same target."""

    id: int
    number: str
    other: str
    target: str
    opens: date
    closes: date
    other_id: int


async def partner(task: Task) -> Task | None:
    """The task that is still to be visited together with this one."""
    other = (await partners([task.id], TO_VISIT)).get(task.id)
    return await Task.get(id=other) if other else None


async def partners(
    tasks: Iterable[int], states: Collection[TaskState] = TO_VISIT_OR_ON_SITE
) -> dict[int, int]:
    """By task the one that is visited together with it, while both are in one of these states."""
    ids = list(tasks)
    rows = await _holding(states).filter(_of(ids), joined_at__not_isnull=True) if ids else []
    return {row.task_id: row.other_id for row in rows} | {row.other_id: row.task_id for row in rows}


def _of(ids: list[int]) -> Q:
    return Q(task_id__in=ids) | Q(other_id__in=ids)


def _holding(states: Collection[TaskState]) -> QuerySet[VisitJoin]:
    """What is proposed or joined of visits that are both in these states."""
    return VisitJoin.filter(ended_at=None, task__state__in=states, other__state__in=states)


async def to_come(row: VisitJoin) -> bool:
    """True while neither visit has begun or ended."""
    states = await Task.filter(id__in=[row.task_id, row.other_id]).values_list("state", flat=True)
    return all(TaskState(str(state)) in TO_VISIT for state in states)


async def asked(row: VisitJoin) -> tuple[str, ...]:
    """Whose word is needed: the leaders of both visits, and the heads of both leaders' departments."""
    seats = await Assignment.filter(
        task_id__in=[row.task_id, row.other_id], leader=True, until=None
    ).order_by("task_id")
    leaders = [f"{Role.INSPECTOR}:{seat.inspector_id}" for seat in seats]
    return tuple(dict.fromkeys([*leaders, *(f"{Role.HEAD}:{seat.department}" for seat in seats)]))


async def find(join_id: int) -> JoinProposal | None:
    row = await VisitJoin.get_or_none(id=join_id)
    return await of_row(row) if row else None


async def of_row(row: VisitJoin) -> JoinProposal:
    first, second = [
        await Task.get(id=id).select_related("target", "batch") for id in (row.task_id, row.other_id)
    ]
    parties = await parties_of(await asked(row), row.answers)
    return JoinProposal(
        row.id, (first.number, second.number), text.name(first.target.name),
        max(first.batch.opens, second.batch.opens), min(first.batch.closes, second.batch.closes), parties,
        row.joined_at, row.ended_at, first.state in TO_VISIT and second.state in TO_VISIT,
    )  # fmt: skip


async def of_person(by: Actor) -> tuple[JoinProposal, ...]:
    """The proposals that concern a leader or a head, and all for the office, the newest first."""
    rows = await _holding(TO_VISIT_OR_ON_SITE).order_by("-id")
    return tuple(
        [await of_row(row) for row in rows if by.role == Role.OFFICE or key_of(by) in await asked(row)]
    )


async def to_accept(department: str) -> tuple[JoinProposal, ...]:
    """Open proposals that wait for the word of this department's head."""
    head = Actor(Role.HEAD, department, department=department)
    return tuple(proposal for proposal in await of_person(head) if proposal.asks(head))


async def joinable(officer: str, at: datetime) -> tuple[JoinableVisit, ...]:
    """The visits that this officer leads whose target another batch visits too, in days that both have."""
    seats = Assignment.filter(inspector_id=officer, leader=True, until=None, task__state__in=TO_VISIT)
    visits = []
    for seat in await seats.select_related("task__target", "task__batch").order_by("task__number"):
        task = seat.task
        others = Task.filter(target_id=task.target_id, state__in=TO_VISIT).exclude(batch_id=task.batch_id)
        for other in await others.select_related("batch").order_by("number"):
            opens = max(task.batch.opens, other.batch.opens, local_day(at))
            closes = min(task.batch.closes, other.batch.closes)
            if (
                opens <= closes
                and not await _holding(TO_VISIT_OR_ON_SITE).filter(_of([task.id, other.id])).exists()
            ):
                visits.append(
                    JoinableVisit(
                        task.id,
                        task.number,
                        other.number,
                        text.name(task.target.name),
                        opens,
                        closes,
                        other.id,
                    )
                )
    return tuple(visits)
