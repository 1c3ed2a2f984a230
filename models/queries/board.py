"""The tasks of a batch on one screen: sections, what is overdue, who is not reached (Art. 15, 16)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tortoise.expressions import Q, RawSQL, Subquery
from tortoise.queryset import QuerySet

from models.queries import department_result, overdue, task_counts
from models.queries.board_filter import SORTS, Filter
from models.queries.plans import names
from models.queries.sheet import sheets_of
from models.queries.task_counts import SeenTasks
from models.rules import checklist
from models.rules.actor import Actor, Role
from models.rules.overdue import DEFAULT, Passed, Terms
from models.rules.visit import local_day
from models.rules.workdays import Calendar
from models.states import BEFORE_THE_VISIT, GIVEN, REACHED, UNREACHED
from models.states import NoticeState as N
from models.states import TaskState as T
from models.tables import Assignment, Batch, Notice, Task, Team

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class BoardSection:
    """A department's part of a task's checklist."""

    department: str
    called: str
    done: int
    all: int
    closed: bool


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One task on the board."""

    number: str
    target: str
    address: str
    area: str
    team: int
    leader: str
    state: T
    visit_from: datetime | None
    visit_until: datetime | None
    due: date | None
    provisional: bool
    left: int | None  # working days left to enter the result, negative when overdue
    sections: tuple[BoardSection, ...]
    notice: N | None
    accepted: int
    seats: int
    passed: tuple[Passed, ...]  # the terms that have run out
    owing: tuple[tuple[str, bool], ...] = ()  # departments without a result, by name; True: 视为未完成

    @property
    def done(self) -> int:
        return sum(section.done for section in self.sections)

    @property
    def all(self) -> int:
        return sum(section.all for section in self.sections)

    @property
    def unreached(self) -> bool:
        return self.notice in UNREACHED


@dataclass(frozen=True, slots=True)
class Counts:
    """What needs somebody's attention, over every task that the reader may see."""

    tasks: int
    states: Mapping[str, int]
    overdue: int
    soon: int
    given: int
    unreached: int
    review: int


@dataclass(frozen=True, slots=True)
class Board:
    lines: tuple[BoardLine, ...]
    counts: Counts
    found: int
    pages: int
    batches: tuple[str, ...]
    departments: tuple[tuple[str, str], ...]
    teams: tuple[int, ...]


async def board(
    asked: Filter, *, sight: Sight, at: datetime, calendar: Calendar, terms: Terms = DEFAULT
) -> Board:
    """The tasks that somebody sees, filtered; counted before filtering."""
    counted = await task_counts.seen_tasks(sight.department, sight.officer)
    seen = visible(sight, few=not counted.most)
    if asked.batch:
        seen = seen.filter(batch_id=asked.batch)
    late = await overdue.passed(seen, at, calendar, terms)
    chosen = await _chosen(seen, sight, asked, at, late)
    total = await _found(chosen, counted, asked)
    ordered = chosen.order_by(*SORTS[asked.sort]).offset((asked.page - 1) * PER_PAGE).limit(PER_PAGE)
    rows = await ordered.select_related("target", "team")
    called = await names()
    crews: set[str] = set()
    for crew in await Batch.all().values_list("crew", flat=True):
        crews |= set(crew)
    batches = counted.batches
    teams = await _teams([asked.batch] if asked.batch else batches)
    counts = await _counts(counted, at, late, asked.batch)
    return Board(
        await lines(rows, at, calendar, called, late), counts, total, max(1, -(-total // PER_PAGE)),
        batches,
        tuple((code, called.get(code, code)) for code in sorted(crews)),
        tuple(teams),
    )  # fmt: skip


async def _found(chosen: QuerySet[Task], counted: SeenTasks, asked: Filter) -> int:
    """How many a filter finds: where it asks for states alone they are counted already."""
    if asked.department or asked.team or asked.search or asked.whose or asked.due not in ("", "review"):
        return await chosen.count()
    wanted = {state for state in (asked.state, T.ENTERED if asked.due else "") if state}
    states = counted.total(asked.batch)
    return states.total() if not wanted else states[wanted.pop()] if len(wanted) == 1 else 0


async def every_line(
    asked: Filter, *, sight: Sight, at: datetime, calendar: Calendar, terms: Terms = DEFAULT
) -> tuple[BoardLine, ...]:
    """The same tasks as `board`, all pages together."""
    seen = visible(sight)
    if asked.batch:
        seen = seen.filter(batch_id=asked.batch)
    late = await overdue.passed(seen, at, calendar, terms)
    chosen = await _chosen(seen, sight, asked, at, late)
    rows = await chosen.order_by(*SORTS[asked.sort]).select_related("target", "team")
    return await lines(rows, at, calendar, await names(), late)


async def _teams(batches: Sequence[str]) -> list[int]:
    """The numbers of the teams that were drawn for these batches."""
    drawn = Team.filter(draw__batch_id__in=list(batches), draw__voided_at=None)
    return sorted({int(str(number)) for number in await drawn.distinct().values_list("number", flat=True)})


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose tasks a person sees (ASVS 8.4.1). `department` None: every one. `officer`: of the department's
    tasks only those in which this one serves, until the entity was told or the visit has begun: who is not
    on a team need not know before whom it will visit."""

    department: str | None = None
    officer: str = ""


ALL = Sight()


def sight_of(actor: Actor) -> Sight:
    """The office sees every task, a head the department's, an officer the own ones and what is no secret any more."""
    if actor.role == Role.OFFICE:
        return ALL
    return Sight(actor.department, "" if actor.role == Role.HEAD else actor.id)


def visible(sight: Sight, *, few: bool = False) -> QuerySet[Task]:
    """The tasks of a department: those in which one of its officers serves or served, as far as `sight` goes.

    Whatever else is asked of them finds them, and each is looked up; `few`: they are a small part of all, and are found
    by the department's seats.
    """
    if sight.department is None:
        return Task.all()
    each = {} if few else {"task_id": RawSQL('"task"."id"')}
    seen = Task.filter(
        id__in=Subquery(Assignment.filter(department=sight.department, **each).values("task_id"))
    )
    if not sight.officer:
        return seen
    own = Assignment.filter(inspector_id=sight.officer, until=None, **each)
    told = Notice.filter(state__in=REACHED, **each)
    return seen.filter(
        Q(id__in=Subquery(own.values("task_id")))
        | Q(id__in=Subquery(told.values("task_id")))
        | Q(state__not_in=BEFORE_THE_VISIT)
    )


async def seen_among(sight: Sight, numbers: Sequence[str]) -> set[str]:
    """Those of these tasks that `sight` shows."""
    rows = await visible(sight).filter(number__in=list(numbers)).values_list("number", flat=True)
    return {str(number) for number in rows}


def _serving(department: str) -> Subquery:
    return Subquery(Assignment.filter(department=department, until=None).values("task_id"))


async def _counts(
    seen: SeenTasks, at: datetime, late: Mapping[int, tuple[Passed, ...]], batch: str = ""
) -> Counts:
    """`late`: by task the terms that have passed; a task counts once, whatever has passed in it."""
    states = seen.total(batch)
    vain = await task_counts.unreached(seen.department, seen.officer, batch)
    return Counts(
        states.total(), dict(states), len(late), await task_counts.soon(seen, *_week(at), batch),
        await task_counts.given(seen, batch), len(vain), states[T.ENTERED],
    )  # fmt: skip


def _week(at: datetime) -> tuple[date, date]:
    today = local_day(at)
    return today, date.fromordinal(today.toordinal() + 7)


def _soon(seen: QuerySet[Task], at: datetime) -> QuerySet[Task]:
    today, until = _week(at)
    return seen.filter(state=T.CONCLUDED, entry_due__gte=today, entry_due__lte=until)


async def _chosen(
    seen: QuerySet[Task], sight: Sight, asked: Filter, at: datetime, passed: Mapping[int, tuple[Passed, ...]]
) -> QuerySet[Task]:
    if asked.whose and sight.officer:
        own = Assignment.filter(inspector_id=sight.officer, until=None)
        seen = seen.filter(id__in=Subquery(own.values("task_id")))
    if asked.state:
        seen = seen.filter(state=asked.state)
    if asked.department:
        seen = seen.filter(id__in=_serving(asked.department))
    if asked.team:
        seen = seen.filter(team__number=asked.team)
    if asked.search:
        seen = seen.filter(Q(target__name__contains=asked.search) | Q(number__contains=asked.search))
    if asked.due == "overdue":
        seen = seen.filter(id__in=list(passed))
    elif asked.due == "soon":
        seen = _soon(seen, at)
    elif asked.due == "review":
        seen = seen.filter(state=T.ENTERED)
    elif asked.due == "unreached":
        vain = await task_counts.unreached(sight.department, sight.officer, asked.batch)
        seen = seen.filter(id__in=vain)
    return seen


async def _standing(ids: Sequence[int]) -> dict[int, N]:
    """Task to the state of the notice that stands, for those of the tasks that have one."""
    rows = Notice.filter(task_id__in=list(ids), state__in=GIVEN).order_by("version")
    given = await rows.values_list("task_id", "state") if ids else []
    return {int(task): N(state) for task, state in given}


async def lines(
    rows: Sequence[Task], at: datetime, calendar: Calendar, called: Mapping[str, str],
    late: Mapping[int, tuple[Passed, ...]] | None = None, terms: Terms = DEFAULT,
) -> tuple[BoardLine, ...]:  # fmt: skip
    """Tasks (with target and team) as lines; `late` as `overdue.passed` gives it, asked for where it is not given."""
    ids = [row.id for row in rows]
    if late is None:
        late = await overdue.passed_of(rows, at, calendar, terms)
    results = await department_result.standings_of(
        [row for row in rows if row.state == T.CONCLUDED], local_day(at)
    )
    owing = {
        id: tuple(
            (called.get(line.department, line.department), line.silent)
            for line in standing
            if line.entry is None
        )
        for id, standing in results.items()
    }
    sheets, notices = await sheets_of(rows), await _standing(ids)
    seats = await _seats(ids)
    return tuple(
        BoardLine(
            row.number, row.target.name, row.target.address, row.team.area, row.team.number,
            next((name for name, leads, _ in seats[row.id] if leads), ""), row.state,
            row.visit_from,
            row.visit_until, row.entry_due, row.due_provisional, left(row, at, calendar) if owing.get(row.id) else None,
            sections(sheets[row.id], called), notices.get(row.id),
            sum(bool(accepted) for _, _, accepted in seats[row.id]),
            len(seats[row.id]), late.get(row.id, ()), owing.get(row.id, ()),
        )
        for row in rows
    )  # fmt: skip


async def _seats(ids: Sequence[int]) -> dict[int, list[tuple[str, bool, datetime | None]]]:
    """By task the name of each officer who serves, whether this one leads and when the seat was accepted."""
    serving = Assignment.filter(task_id__in=list(ids), until=None).order_by("id")
    seats: dict[int, list[tuple[str, bool, datetime | None]]] = defaultdict(list)
    rows = await serving.values_list("task_id", "inspector__name", "leader", "accepted_at") if ids else ()
    for task, name, leads, accepted in rows:
        seats[task].append((name, leads, accepted))
    return seats


def left(task: Task, at: datetime, calendar: Calendar) -> int | None:
    """Working days left to enter the result; below zero: days since it was due. None when nothing runs."""
    if task.entry_due is None or task.state != T.CONCLUDED:
        return None
    today = local_day(at)
    days = calendar.workdays_between(today, task.entry_due)
    return days if today <= task.entry_due else min(-1, days)


def sections(sheet: checklist.ChecklistSheet, called: Mapping[str, str]) -> tuple[BoardSection, ...]:
    departments: Iterable[str] = checklist.departments(sheet.asks)
    return tuple(
        BoardSection(code, called.get(code, code), *checklist.progress(sheet, code), code in sheet.closed)
        for code in departments
    )


async def overview(
    sight: Sight, *, at: datetime, calendar: Calendar, limit: int = 8, terms: Terms = DEFAULT
) -> tuple[Counts, tuple[BoardLine, ...]]:
    """The counts over every task that somebody sees, and what should be looked at first: whatever term has passed,
    the oldest first, then what is due soonest.
    """
    late = await overdue.passed(visible(sight), at, calendar, terms)
    counts = await _counts(await task_counts.seen_tasks(sight.department, sight.officer), at, late)
    first = sorted(late, key=lambda id: (min(passed.due for passed in late[id]), id))[:limit]
    tasks = {row.id: row for row in await Task.filter(id__in=first).select_related("target", "team")}
    rows = [tasks[id] for id in first]
    if len(rows) < limit:
        running = visible(sight).filter(state=T.CONCLUDED, entry_due__isnull=False).exclude(id__in=first)
        soonest = running.order_by("entry_due", "batch_id", "id").limit(limit - len(rows))
        rows += await soonest.select_related("target", "team")
    return counts, await lines(rows, at, calendar, await names(), late)
