"""保管期限: which dossiers are over, which lists wait, what was destroyed (Art. 20)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tortoise.expressions import Q, Subquery
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.queries.objects import OBJECTS
from models.queries.plans import names
from models.rules import retention as rules
from models.rules import text
from models.rules.visit import instant, local_day
from models.tables import DeletionList, Dossier, RetentionRule, Task, Tombstone

INITIATED = "task__batch__scheme__entry__plan"
MOST = rules.MOST  # a page of what is over: as many as one list may name


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


async def kept(department: str | None, first: int = 0, most: int | None = None) -> tuple[KeptDossier, ...]:
    """Dossiers that are there, the first sealed first, from the `first`-th on; `most` of them, or every one."""
    return await _read(_there(department), await _years(), first, most)


async def count_kept(department: str | None) -> int:
    return await _there(department).count()


async def ending(
    department: str | None, until: date, *, tasks: Collection[str] | None = None
) -> tuple[KeptDossier, ...]:
    """Those whose term ends by that day, the first to end first; `tasks`: the dossiers of these, else of every task that
    no open list names."""
    years = await _years()
    rows = _there(department).filter(_ended_by(until, years))
    rows = await _unlisted(rows) if tasks is None else rows.filter(task__number__in=list(tasks))
    lines = await _read(rows, years)
    return tuple(sorted(lines, key=lambda line: (line.until or date.max, line.task)))


async def over(department: str | None, today: date, most: int = MOST) -> tuple[KeptDossier, ...]:
    """The first sealed of the dossiers whose term has ended before this day, and that no open list names."""
    years = await _years()
    return await _read(await _over(department, today, years), years, 0, most)


async def count_over(department: str | None, today: date) -> int:
    return await (await _over(department, today, await _years())).count()


async def over_of(department: str | None, today: date, tasks: Collection[str]) -> set[str]:
    """Those of the tasks whose dossiers may be listed."""
    rows = (await _over(department, today, await _years())).filter(task__number__in=list(tasks))
    return {str(number) for number in await rows.values_list("task__number", flat=True)}


async def _over(department: str | None, today: date, years: dict[str, int]) -> QuerySet[Dossier]:
    return await _unlisted(_there(department).filter(_ended_by(today - timedelta(days=1), years)))


async def _unlisted(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    listed = {str(number) for row in await DeletionList.filter(agreed=None) for number in row.tasks}
    return (
        rows.exclude(task_id__in=Subquery(Task.filter(number__in=list(listed)).values("id")))
        if listed
        else rows
    )


async def _years() -> dict[str, int]:
    return {term.department: term.years for term in await terms()}


def _there(department: str | None) -> QuerySet[Dossier]:
    """Sealed and not destroyed."""
    initiated = {} if department is None else {f"{INITIATED}__department": department}
    gone = Subquery(Tombstone.all().values("task_id"))
    return Dossier.filter(**initiated).exclude(task_id__in=gone).order_by("at", "id")


def _ended_by(until: date, years: dict[str, int]) -> Q:
    """Sealed so long ago that the department's term ends by that day."""
    ends = {code: rules.sealed_before(until, term) for code, term in years.items()}
    last = {code: instant(day, time.min) for code, day in sorted(ends.items()) if day is not None}
    if not last:
        return Q(id__in=[])
    each = [Q(at__lt=moment, **{f"{INITIATED}__department": code}) for code, moment in last.items()]
    return Q(at__lt=max(last.values())) & Q(*each, join_type=Q.OR)  # the first by the index


async def _read(
    rows: QuerySet[Dossier], years: dict[str, int], first: int = 0, most: int | None = None
) -> tuple[KeptDossier, ...]:
    part = rows.offset(first) if most is None else rows.offset(first).limit(most)
    return tuple([_kept(row, years) for row in await part.select_related("task__target", INITIATED)])


def _kept(row: Any, years: dict[str, int]) -> KeptDossier:
    department = row.task.batch.scheme.entry.plan.department
    sealed_on = local_day(row.at)
    until = rules.last_day(sealed_on, years.get(department, rules.PERMANENT))
    return KeptDossier(
        row.task.number, text.name(row.task.target.name), department, sealed_on, until, row.files, row.sha256
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
