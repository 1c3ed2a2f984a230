"""信用记录: what may go into it, what stands in it today, what the entity asked for (Art. 19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from models import store
from models.queries import publication
from models.queries.plans import names
from models.rules import credit as rules
from models.rules import objection, text
from models.rules.credit import CreditFacts, CreditState, PublicStanding
from models.rules.public.letter import decision
from models.rules.target_number import NumberKind, number_of
from models.rules.visit import local_day
from models.rules.workdays import Calendar
from models.states import ORDER_PROVED_IN, PUBLIC
from models.tables import (
    CreditEntry,
    CreditPaper,
    CreditRepair,
    Objection,
    Publication,
    Rectification,
    Revision,
    Task,
)

WAITING = f"""
FROM task t WHERE t.state IN ({store.marks(PUBLIC)}) AND t.published_at > ? AND t.published_at <= ?
AND NOT EXISTS (SELECT 1 FROM credit_entry c WHERE c.task_id = t.id AND COALESCE(c.publication_id, 0) =
    COALESCE((SELECT MAX(p.id) FROM publication p WHERE p.task_id = t.id), 0))
AND COALESCE((SELECT n.kind FROM publication n WHERE n.task_id = t.id ORDER BY n.id DESC LIMIT 1), '') <> 'withdrawn'"""  # noqa: S608 - put together from what stands here
INITIATED = """
AND t.batch_id IN (SELECT b.code FROM batch b JOIN scheme s ON s.code = b.scheme_id
    JOIN plan_entry e ON e.code = s.entry_id JOIN plan p ON p.id = e.plan_id WHERE p.department = ?)"""
IN_ORDER = " ORDER BY t.published_at, t.id"
EVER = datetime(2000, 1, 1, tzinfo=UTC)
OPENED = ("task__target", "task__batch__scheme__entry__plan")


@dataclass(frozen=True, slots=True)
class CreditPaperFile:
    """Where a paper's bytes are (the object's name, SHA-256 in hexadecimal) and of what format they are."""

    sha256: str
    format: str


@dataclass(frozen=True, slots=True)
class RepairPaper:
    id: int
    name: str
    format: str
    size: int


@dataclass(frozen=True, slots=True)
class CreditRepairLine:
    """An application for repair; `granted` None while nobody decided it."""

    id: int
    entry: str
    task: str
    target: str
    department: str
    text: str
    at: datetime
    granted: bool | None
    said: str
    papers: tuple[RepairPaper, ...]

    @property
    def outcome(self) -> str:
        return decision(self.granted)


@dataclass(frozen=True, slots=True)
class CreditLine:
    """An entry as it stands. `stopped`: since which day it is to be taken off, None while it stands."""

    number: str
    task: str
    target: str
    code: tuple[str, NumberKind]
    title: str
    department: str
    called: str  # the department by name
    types: tuple[str, ...]
    published_on: date
    valid_until: date
    state: CreditState
    stopped: date | None
    repairs: tuple[CreditRepairLine, ...]

    @property
    def shown(self) -> bool:
        """Whether it is said in public beside the result."""
        return self.state == CreditState.STANDS

    @property
    def worded(self) -> str:
        """Which sentence the entity reads about it."""
        return str(self.state)

    @property
    def repairable(self) -> bool:
        return rules.repairable(self.state, self.types) and all(
            repair.granted is not None for repair in self.repairs
        )


@dataclass(frozen=True, slots=True)
class ToEnter:
    """A public result that is in no record yet. `from_day`: the first day on which it may be entered."""

    task: str
    target: str
    department: str
    types: tuple[str, ...]
    since: date
    from_day: date
    disputed: bool


def chain(number: str) -> str:
    """The trail of a task's credit entries; the task's own is closed when it is archived."""
    return f"credit:{number}"


async def public_standing(task: Task, calendar: Calendar) -> PublicStanding | None:
    """What is public of a task, as far as its credit record hangs on it; None while nothing is."""
    if task.state not in PUBLIC:
        return None
    row, since = await publication.current(task), await publication.public_since(task)
    return PublicStanding(
        local_day(since), bool(row and row.kind == "withdrawn"), objection.last_day(calendar, since),
        task.id in await _disputed([task.id]),
        await CreditEntry.exists(task=task, publication_id=row.id if row else None),
    )  # fmt: skip


async def _disputed(ids: Collection[int]) -> set[int]:
    """Tasks of which an objection or a correction waits to be decided."""
    waiting = {row.task_id for row in await Objection.filter(task_id__in=list(ids), upheld=None)}
    return waiting | {row.task_id for row in await Revision.filter(task_id__in=list(ids), outcome="")}


async def open_orders(task: Task) -> int:
    """Orders to rectify of this task that nobody has verified."""
    return await Rectification.filter(task=task, state__in=list(ORDER_PROVED_IN)).count()


async def entries(department: str | None, today: date) -> tuple[CreditLine, ...]:
    """Every entry of a department, or of all, the newest first."""
    rows = CreditEntry.filter(**({} if department is None else {"department": department}))
    return await _lines(await rows.order_by("-id").select_related(*OPENED), today)


async def entries_page(
    department: str | None, today: date, page: int, per_page: int
) -> tuple[tuple[CreditLine, ...], int]:
    """The entries of one page, the newest first, and how many there are, counted by index."""
    rows = CreditEntry.filter(**({} if department is None else {"department": department}))
    asked = rows.order_by("-id").offset((page - 1) * per_page).limit(per_page)
    return await _lines(await asked.select_related(*OPENED), today), await rows.count()


async def entry(id: int, today: date) -> CreditLine:
    """One that is known to be there."""
    rows = await CreditEntry.filter(id=id).select_related(*OPENED)
    return (await _lines(rows, today))[0]


async def of_task(number: str, today: date) -> CreditLine | None:
    """The newest entry of a task; None while there is none."""
    rows = await CreditEntry.filter(task__number=number).order_by("-id").limit(1).select_related(*OPENED)
    lines = await _lines(rows, today)
    return lines[0] if lines else None


async def _lines(rows: Iterable[CreditEntry], today: date) -> tuple[CreditLine, ...]:
    rows = list(rows)
    ids = [row.task_id for row in rows]
    public: dict[int, Publication] = {}
    for version in await Publication.filter(task_id__in=ids).order_by("id"):
        public[version.task_id] = version
    disputed, called = await _disputed(ids), await names()
    repairs = await _repairs([row.id for row in rows])
    return tuple(_line(row, public.get(row.task_id), disputed, called, repairs, today) for row in rows)


def _line(
    row: CreditEntry, public: Publication | None, disputed: set[int], called: Mapping[str, str],
    repairs: Mapping[int, list[CreditRepairLine]], today: date,
) -> CreditLine:  # fmt: skip
    task: Any = row.task
    current = row.publication_id == (public.id if public else None)
    withdrawn = bool(public and public.kind == "withdrawn")
    facts = CreditFacts(
        current, withdrawn, row.task_id in disputed, row.repaired_on is not None, row.valid_until
    )
    state = rules.state_of(facts, today)
    changed = local_day(public.at) if public else None
    stopped = {
        CreditState.CORRECTED: changed, CreditState.WITHDRAWN: changed, CreditState.REPAIRED: row.repaired_on,
        CreditState.EXPIRED: row.valid_until,
    }  # fmt: skip
    return CreditLine(
        row.number, task.number, text.name(task.target.name), number_of(task.target), task.batch.scheme.entry.title,
        row.department, called.get(row.department, row.department), tuple(row.types), row.published_on, row.valid_until,
        state, stopped.get(state), tuple(repairs[row.id]),
    )  # fmt: skip


async def _repairs(ids: Collection[int]) -> dict[int, list[CreditRepairLine]]:
    rows = CreditRepair.filter(entry_id__in=list(ids)).order_by("id")
    lines: dict[int, list[CreditRepairLine]] = defaultdict(list)
    for row, line in await _repair_lines(await rows.select_related("entry", "task__target")):
        lines[row.entry_id].append(line)
    return lines


async def _repair_lines(rows: list[CreditRepair]) -> list[tuple[CreditRepair, CreditRepairLine]]:
    papers: dict[int, list[RepairPaper]] = defaultdict(list)
    for paper in await CreditPaper.filter(repair_id__in=[row.id for row in rows]).order_by("id"):
        name = text.name(paper.name) or paper.format
        papers[paper.repair_id].append(RepairPaper(paper.id, name, paper.format, paper.size))
    return [
        (row, CreditRepairLine(
            row.id, row.entry.number, row.task.number, text.name(row.task.target.name), row.entry.department,
            text.visible(row.text), row.at, row.granted, text.visible(row.said), tuple(papers[row.id]),
        ))
        for row in rows
    ]  # fmt: skip


async def repair(id: int) -> CreditRepairLine | None:
    rows = await CreditRepair.filter(id=id).select_related("entry", "task__target")
    return (await _repair_lines(rows))[0][1] if rows else None


async def to_decide(department: str | None, most: int | None = None) -> tuple[CreditRepairLine, ...]:
    """Applications that nobody has decided, of a department or of all, the oldest first; the first `most` of them."""
    asked = CreditRepair.filter(
        granted=None, **({} if department is None else {"entry__department": department})
    )
    ordered = asked.order_by("id") if most is None else asked.order_by("id").limit(most)
    rows = await ordered.select_related("entry", "task__target")
    return tuple(line for _, line in await _repair_lines(rows))


async def undecided(department: str | None) -> int:
    """How many applications nobody has decided."""
    whose = {} if department is None else {"entry__department": department}
    return await CreditRepair.filter(granted=None, **whose).count()


async def paper(id: int, department: str | None) -> CreditPaperFile | None:
    """A paper of an application, for its department; for the office of any."""
    papers = CreditPaper.filter(id=id)
    if department is not None:
        papers = papers.filter(repair__entry__department=department)
    row = await papers.first()
    return CreditPaperFile(row.sha256, row.format) if row else None


async def to_enter(
    department: str | None, calendar: Calendar, *, since: datetime, until: datetime
) -> tuple[ToEnter, ...]:
    """Results first published after `since` and by `until` that are in no record, those first that were published first."""
    return await _to_enter(_waiting(department, since, until), calendar)


async def first_to_enter(
    department: str | None, calendar: Calendar, *, until: datetime, most: int
) -> tuple[tuple[ToEnter, ...], int]:
    """The first `most` of them ever, and how many there are."""
    asked, values = _waiting(department, EVER, until)
    [counted] = await store.run_one(f"SELECT COUNT(*) AS n {asked}", *values)
    lines = await _to_enter((asked, values), calendar, most)
    return lines, int(counted["n"])


def _waiting(department: str | None, since: datetime, until: datetime) -> tuple[str, tuple[Any, ...]]:
    """What stands in no record, as SQL from FROM on and its values."""
    if department is None:
        return WAITING, (*PUBLIC, since, until)
    return WAITING + INITIATED, (*PUBLIC, since, until, department)


async def _to_enter(
    asked: tuple[str, tuple[Any, ...]], calendar: Calendar, most: int | None = None
) -> tuple[ToEnter, ...]:
    limit = "" if most is None else f" LIMIT {int(most)}"
    rows_of = await store.run_one(f"SELECT t.id {asked[0]}{IN_ORDER}{limit}", *asked[1])
    ids = [int(row["id"]) for row in rows_of]
    if not ids:
        return ()
    tasks = Task.filter(id__in=ids).order_by("published_at", "id")
    rows = await tasks.select_related("target", "batch__scheme__entry__plan")
    public, disputed = await publication.published([row.id for row in rows]), await _disputed(ids)
    lines = []
    for row in rows:
        if versions := public.get(row.id):
            last = objection.last_day(calendar, versions[-1].at)
            lines.append(ToEnter(
                row.number, text.name(row.target.name), row.batch.scheme.entry.plan.department, versions[-1].types,
                local_day(versions[-1].at), calendar.nth_workday_after(last, 1).date, row.id in disputed,
            ))  # fmt: skip
    return tuple(lines)
