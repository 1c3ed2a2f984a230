"""What happened at the door, for the team, the head and the console (Art. 16 (2), 18)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from models.queries import arrival
from models.queries.arrival import Arrived
from models.refusal import Refusal
from models.rules import text
from models.rules.cooperation import UNCOOPERATIVE, UNREACHABLE
from models.tables import (
    Absence,
    Assignment,
    Inspector,
    NonCooperation,
    OnlineEnding,
    Photo,
    Suspension,
    Target,
    Task,
)


@dataclass(frozen=True, slots=True)
class NonCooperationReport:
    """不予配合 as one officer wrote it down, and what came of it. `by` and `confirmed_by` are officers' codes."""

    id: int
    task: int
    number: str
    target: str
    department: str  # whose head decides
    grounds: tuple[int, ...]
    facts: str
    by: str
    name: str
    at: datetime
    confirmed_by: str
    confirmed_name: str
    confirmed_at: datetime | None
    agreed: bool | None
    decided_at: datetime | None
    said: str
    photos: tuple[int, ...]

    @property
    def waits_for_a_second(self) -> bool:
        return self.confirmed_at is None

    @property
    def waits_for_the_head(self) -> bool:
        return self.confirmed_at is not None and self.agreed is None


@dataclass(frozen=True, slots=True)
class UnreachableReport:
    """无法联系: nobody at the registered place."""

    id: int
    task: int
    number: str
    target: str
    facts: str
    by: str
    name: str
    at: datetime
    confirmed_by: str
    confirmed_name: str
    confirmed_at: datetime | None
    photos: tuple[int, ...]

    @property
    def waits_for_a_second(self) -> bool:
        return self.confirmed_at is None


@dataclass(frozen=True, slots=True)
class Break:
    """改日再查."""

    reason: str
    name: str
    at: datetime
    resumed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OnSite:
    """Everything of one task, each in order."""

    arrivals: tuple[Arrived, ...]
    refusals: tuple[NonCooperationReport, ...]
    absences: tuple[UnreachableReport, ...]
    breaks: tuple[Break, ...]

    @property
    def anything(self) -> bool:
        return bool(self.arrivals or self.refusals or self.absences or self.breaks)

    @property
    def photos(self) -> frozenset[int]:
        """Of the refusal and of the place."""
        rows = [
            *(refusal.photos for refusal in self.refusals),
            *(absence.photos for absence in self.absences),
        ]
        return frozenset(n for photos in rows for n in photos)

    @property
    def refusal(self) -> NonCooperationReport | None:
        """The report that is not decided yet."""
        return next((refusal for refusal in reversed(self.refusals) if refusal.agreed is None), None)

    @property
    def absence(self) -> UnreachableReport | None:
        """The report that nobody has confirmed yet."""
        return next((absence for absence in reversed(self.absences) if absence.waits_for_a_second), None)


async def on_site(task_id: int) -> OnSite:
    """What happened at the door of this task."""
    return OnSite(
        await arrival.arrivals(task_id),
        tuple([await report_of(row) for row in await NonCooperation.filter(task_id=task_id).order_by("id")]),
        tuple([await missed_of(row) for row in await Absence.filter(task_id=task_id).order_by("id")]),
        tuple(
            [
                Break(text.visible(row.reason), await _named(row.by), row.at, row.resumed_at)
                for row in await Suspension.filter(task_id=task_id).order_by("id")
            ]
        ),
    )


async def door(number: str) -> OnSite:
    """The same by the task's number."""
    return await on_site((await Task.get(number=number)).id)


async def report(report_id: int) -> NonCooperationReport:
    """The report that a second officer confirms and a head decides."""
    row = await NonCooperation.get_or_none(id=report_id)
    if row is None:
        raise Refusal("cooperation.unknown", article="18")
    return await report_of(row)


async def missed(report_id: int) -> UnreachableReport:
    """The report that a second officer confirms."""
    row = await Absence.get_or_none(id=report_id)
    if row is None:
        raise Refusal("absence.unknown", article="16(2)")
    return await missed_of(row)


async def undecided(departments: Collection[str]) -> tuple[NonCooperationReport, ...]:
    """What the heads of these departments have still to decide."""
    rows = await NonCooperation.filter(agreed=None, confirmed_at__not_isnull=True).order_by("id").limit(30)
    reports = [await report_of(row) for row in rows]
    return tuple(filed for filed in reports if filed.department in departments)


async def photographed(task_id: int, about: str) -> int:
    """How many photos of this kind a task has."""
    return len(await _photos(task_id, about))


async def established(task_id: int) -> tuple[str, ...]:
    """The result types that two officers, and for a refusal the head, have settled: R06, or R04."""
    if gone := await OnlineEnding.filter(task_id=task_id, ground="gone").first():
        return (gone.result,)
    if await NonCooperation.exists(task_id=task_id, agreed=True):
        return (UNCOOPERATIVE,)
    last = await Absence.filter(task_id=task_id, confirmed_at__not_isnull=True).order_by("-id").first()
    if last is None or last.confirmed_at is None:
        return ()
    task = await Task.get(id=task_id)
    resumed = await Suspension.filter(task_id=task_id, resumed_at__not_isnull=True).order_by("-id").first()
    begun = [suspension for suspension in (task.started_at, resumed and resumed.resumed_at) if suspension]
    return () if any(at > last.confirmed_at for at in begun) else (UNREACHABLE,)


async def report_of(row: NonCooperation) -> NonCooperationReport:
    """What a row says, with the names it means."""
    task, target, department = await _where(row.task_id)
    return NonCooperationReport(
        row.id, task.id, task.number, target, department, tuple(row.grounds), text.visible(row.facts),
        row.by, await _named(row.by), row.at, row.confirmed_by, await _named(row.confirmed_by),
        row.confirmed_at, row.agreed, row.decided_at, text.visible(row.said), await _photos(task.id, "refusal"),
    )  # fmt: skip


async def missed_of(row: Absence) -> UnreachableReport:
    """What a row says, with the names it means."""
    task, target, _ = await _where(row.task_id)
    return UnreachableReport(
        row.id, task.id, task.number, target, text.visible(row.facts), row.by, await _named(row.by), row.at,
        row.confirmed_by, await _named(row.confirmed_by), row.confirmed_at, await _photos(task.id, "place"),
    )  # fmt: skip


async def _where(task_id: int) -> tuple[Task, str, str]:
    task = await Task.get(id=task_id)
    target = await Target.get(code=task.target_id)
    leader = await Assignment.get_or_none(task=task, leader=True, until=None)
    return task, text.name(target.name), leader.department if leader else ""


async def _photos(task_id: int, about: str) -> tuple[int, ...]:
    rows = await Photo.filter(task_id=task_id, about=about, removed_at=None).order_by("id")
    return tuple(row.id for row in rows)


async def _named(officer: str) -> str:
    inspector = await Inspector.get_or_none(code=officer) if officer else None
    return text.name(inspector.name) if inspector else officer
