"""保管期限: which dossiers are over, which lists wait, what was destroyed (Art. 20)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tortoise.models import Model

from models.queries.objects import OBJECTS
from models.queries.plans import names
from models.rules import retention as rules
from models.rules import text
from models.rules.visit import local_day
from models.tables import DeletionList, Dossier, RetentionRule, Task, Tombstone


@dataclass(frozen=True, slots=True)
class KeptDossier:
    """A dossier and until when it is kept; `until` None: for good."""

    task: str
    target: str
    department: str
    sealed_on: date
    until: date | None
    files: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DepartmentTerm:
    department: str
    called: str
    years: int
    basis: str


@dataclass(frozen=True, slots=True)
class DeletionLine:
    """`agreed`: None while nobody decided it."""

    id: int
    department: str
    called: str
    tasks: tuple[str, ...]
    reason: str
    proposed_at: datetime
    account: int
    agreed: bool | None
    said: str
    decided_at: datetime | None


async def terms() -> tuple[DepartmentTerm, ...]:
    """Of each department the class that counts now."""
    called = await names()
    newest = {row.department: row for row in await RetentionRule.all().order_by("id")}
    return tuple(
        DepartmentTerm(row.department, called.get(row.department, row.department), row.years, text.visible(row.basis))
        for _, row in sorted(newest.items())
    )  # fmt: skip


async def kept(department: str | None, *, until: date | None = None) -> tuple[KeptDossier, ...]:
    """Dossiers that are there, the first to end first; `until`: only those whose term ends by that day."""
    years = {term.department: term.years for term in await terms()}
    initiated = {} if department is None else {"task__batch__scheme__entry__plan__department": department}
    gone = await Tombstone.all().values_list("task_id", flat=True)
    rows = Dossier.filter(**initiated).exclude(task_id__in=list(gone)).order_by("at")
    lines = [
        _kept(row, years)
        for row in await rows.select_related("task__target", "task__batch__scheme__entry__plan")
    ]
    if until is not None:
        lines = [line for line in lines if line.until and line.until <= until]
    return tuple(sorted(lines, key=lambda line: (line.until or date.max, line.task)))


def _kept(row: Any, years: dict[str, int]) -> KeptDossier:
    department = row.task.batch.scheme.entry.plan.department
    sealed_on = local_day(row.at)
    until = rules.last_day(sealed_on, years.get(department, rules.PERMANENT))
    return KeptDossier(
        row.task.number, text.name(row.task.target.name), department, sealed_on, until, row.files, row.sha256
    )


async def over(department: str | None, today: date) -> tuple[KeptDossier, ...]:
    """Dossiers whose term has ended before this day, and that no open list names."""
    listed = {str(number) for row in await DeletionList.filter(agreed=None) for number in row.tasks}
    return tuple(
        line
        for line in await kept(department, until=today)
        if line.until and line.until < today and line.task not in listed
    )


async def lists(department: str | None) -> tuple[DeletionLine, ...]:
    """Every list of a department, or of all, the newest first."""
    own = {} if department is None else {"department": department}
    called = await names()
    return tuple([_line(row, called) for row in await DeletionList.filter(**own).order_by("-id")])


async def listed(id: int) -> DeletionLine | None:
    row = await DeletionList.get_or_none(id=id)
    return _line(row, await names()) if row else None


def _line(row: DeletionList, called: dict[str, str]) -> DeletionLine:
    return DeletionLine(
        row.id, row.department, called.get(row.department, row.department), tuple(row.tasks), text.visible(row.reason),
        row.at, row.account, row.agreed, text.visible(row.said), row.decided_at,
    )  # fmt: skip


async def gone_since(number: str) -> date | None:
    """The day on which a task's files were destroyed; None while they are there."""
    row = await Tombstone.get_or_none(task__number=number)
    return local_day(row.at) if row else None


async def gone_of(ids: Collection[int]) -> dict[int, datetime]:
    """By task since when its files are gone."""
    return {row.task_id: row.at for row in await Tombstone.filter(task_id__in=list(ids))}


async def files_of(task: Task) -> tuple[str, ...]:
    """Names of the files that this task's rows speak of, and no row of another task."""
    own: set[str] = set()
    for table, columns in OBJECTS.items():
        for column in columns:
            names = await table.filter(**{_task_of(table): task.id}).values_list(column, flat=True)
            own |= {str(name) for name in names if name}
    return tuple(sorted(own - await _named_by_others(own, [task.id])))


async def _named_by_others(names: set[str], tasks: Sequence[int]) -> set[str]:
    """Those of the files that rows of other tasks than these speak of."""
    shared: set[str] = set()
    for table, columns in OBJECTS.items():
        for column in columns:
            others = table.filter(**{f"{column}__in": sorted(names)}).exclude(
                **{f"{_task_of(table)}__in": list(tasks)}
            )
            shared |= {str(name) for name in await others.values_list(column, flat=True)}
    return shared


def _task_of(table: type[Model]) -> str:
    return "task_id" if "task_id" in table._meta.fields_map else "notice__task_id"


async def destroyed(list_id: int) -> tuple[str, ...]:
    """Names of every file that a list destroyed."""
    rows = await Tombstone.filter(list_id=list_id)
    return tuple(sorted({str(name) for row in rows for name in row.objects}))


async def to_destroy(list_id: int) -> tuple[str, ...]:
    """Of those the files that no task that is kept has come to speak of since."""
    gone = await Tombstone.all().values_list("task_id", flat=True)
    names = set(await destroyed(list_id))
    return tuple(sorted(names - await _named_by_others(names, [int(str(task)) for task in gone])))


async def agreed_since(since: datetime) -> tuple[int, ...]:
    """The lists that were agreed to from then on."""
    rows = DeletionList.filter(agreed=True, decided_at__gte=since)
    return tuple(int(str(number)) for number in await rows.order_by("id").values_list("id", flat=True))
