"""Checklists as their departments keep them: versions, what was done to them, the open draft (Art. 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.queries.known import known
from models.rules.actor import Actor, Role
from models.rules.registry.cells import Remark
from models.rules.registry.checklist_points import OWNER, Point, check_points, number_of
from models.rules.registry.entry import shown
from models.rules.registry.rows import served_items
from models.states import PlanState
from models.tables import Checklist, ChecklistDraft, Item, PlanEntry, Question, RegisterChange


@dataclass(frozen=True, slots=True)
class DraftOfChecklist:
    """`bad` forbids publishing, `warnings` do not; remarks are numbered by the point. `based_on`: a version, 0 for none."""

    id: int
    code: str
    name: str
    based_on: int
    points: tuple[Mapping[str, str], ...]
    bad: tuple[Remark, ...]
    warnings: tuple[Remark, ...]
    open: bool

    def point(self, number: int) -> Mapping[str, str] | None:
        return next((point for point in self.points if number_of(point) == number), None)


@dataclass(frozen=True, slots=True)
class ChecklistVersion:
    number: int
    name: str
    published_at: datetime | None
    points: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ChecklistPast:
    """One act on a checklist. `version`: that it made, 0 where it made none."""

    act: str
    version: int
    by: str
    at: datetime
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class KeptChecklist:
    """A checklist as it stands. `questions`: of the newest version; `draft`: the number of the open one."""

    code: str
    name: str
    retired_at: datetime | None
    questions: tuple[dict[str, Any], ...]
    versions: tuple[ChecklistVersion, ...]
    past: tuple[ChecklistPast, ...]
    draft: int | None


async def draft_of(row: ChecklistDraft) -> DraftOfChecklist:
    points = tuple({column: shown(cell) for column, cell in point.items()} for point in row.points)
    checked = check_points(row.code, row.name, row.points, await known(in_force=True))
    return DraftOfChecklist(
        row.id, row.code, row.name, row.based_on, points, tuple(checked.bad), tuple(checked.warnings),
        row.published_at is None and row.dropped_at is None,
    )  # fmt: skip


async def draft(id: int) -> DraftOfChecklist | None:
    row = await ChecklistDraft.get_or_none(id=id)
    return await draft_of(row) if row else None


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft in a list. `points`: how many."""

    id: int
    code: str
    name: str
    points: int
    begun_at: datetime


async def open_drafts() -> tuple[OpenDraft, ...]:
    rows = await ChecklistDraft.filter(published_at=None, dropped_at=None).order_by("code")
    return tuple(OpenDraft(row.id, row.code, row.name, len(row.points), row.begun_at) for row in rows)


async def kept(code: str) -> KeptChecklist | None:
    """A published checklist; None where no version ever was."""
    rows = await Checklist.filter(code=code).order_by("-version")
    if not rows:
        return None
    questions = await Question.filter(checklist_id=rows[0].id).order_by("number").values()
    counts = {row.id: await Question.filter(checklist_id=row.id).count() for row in rows}
    past = await RegisterChange.filter(kind="checklists", code=code).order_by("-id")
    drafted = await ChecklistDraft.get_or_none(code=code, published_at=None, dropped_at=None)
    return KeptChecklist(
        code, rows[0].name, rows[0].retired_at, tuple(questions),
        tuple(ChecklistVersion(row.version, row.name, row.published_at, counts[row.id], row.sha256) for row in rows),
        tuple(
            ChecklistPast(
                change.act, int(change.after.get("version", 0)), change.by, change.at, change.reason, change.source
            )
            for change in past
        ),
        drafted.id if drafted else None,
    )  # fmt: skip


async def initiators(code: str) -> frozenset[str]:
    """The departments that initiate an item which the checklist serves: theirs it is (Art. 9)."""
    rows = await Item.filter(code__in=served_items(code)).values_list("initiating", flat=True)
    return frozenset(department for row in rows for department in str(row).split(";") if department)


async def may_keep(code: str, by: Actor) -> bool:
    """Whether somebody names, publishes and retires this checklist."""
    return by.role == Role.OFFICE or (by.role == Role.LIAISON and by.department in await initiators(code))


async def may_write(code: str, points: Iterable[Point], by: Actor) -> bool:
    """Whether somebody writes points of it: whose it is, and who has points in it."""
    return await may_keep(code, by) or (
        by.role == Role.LIAISON and by.department in {point[OWNER] for point in points}
    )


async def plans_with(items: Iterable[str], today: date) -> list[str]:
    """Entries of published plans that are not over and have one of these items."""
    wanted = set(items)
    open_ = PlanEntry.filter(plan__state=PlanState.PUBLISHED, closes__gte=today).order_by("code")
    return [str(code) for code, own in await open_.values_list("code", "items") if wanted.intersection(own)]
