"""A district with any number of tasks, copied by SQL from one: to see what a question costs as they grow.

The copies are not sealed: whoever reads them may, `verify` would say so. None of them has a term near its end.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tortoise.models import Model

from models import store
from models.procedure import notice_records
from models.states import NoticeState, TaskState
from models.tables import (
    Assignment,
    Attempt,
    Batch,
    Draw,
    Inspector,
    Notice,
    PlatformReceipt,
    Pledge,
    Result,
    Task,
    Team,
)
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT

MONDAY = VISIT + timedelta(days=13)  # with HOURS visits on each of DAYS, for who is staffed
HOURS, DAYS = 7, 5
FIRST = 1_000_000  # the numbers of copies begin above this
STATES = (
    TaskState.ASSIGNED, TaskState.SCHEDULED, TaskState.CONCLUDED, TaskState.ENTERED, TaskState.PUBLISHED,
    TaskState.ARCHIVED,
)  # fmt: skip


def literal(value: object) -> str:
    """A value in SQL, with the type that PostgreSQL does not see in its place."""
    plain = store.dialect() == "sqlite"
    if isinstance(value, datetime):
        return f"{'' if plain else 'timestamptz '}'{value.astimezone(UTC).isoformat(' ')}'"
    if isinstance(value, date):
        return f"{'' if plain else 'date '}'{value}'"
    return "NULL" if value is None else f"'{value}'"


async def copied(table: type[Model], where: str, times: int, **columns: str) -> None:
    """Copies of the rows of a table; `columns` names what is otherwise in them, in SQL, where `n.n` counts from 1."""
    meta = table._meta
    names = [
        name for name in meta.fields_db_projection.values() if name != meta.db_pk_column or name in columns
    ]
    chosen = ", ".join(columns.get(name, f't."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    await store.connection().execute_query(
        f'INSERT INTO "{meta.db_table}" ({listed}) '
        f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {times}) "
        f'SELECT {chosen} FROM "{meta.db_table}" t CROSS JOIN n WHERE {where}'
    )


class CrowdOfTasks:
    """The tasks, and the time at which nothing is due."""

    def __init__(self, task: Task, letter: Notice) -> None:
        self.task, self.letter, self.count = task, letter, 0
        self.at = CEREMONY + timedelta(hours=2)

    async def grow(self, count: int) -> None:
        """So many tasks more, a sixth of them in each state, with their seats, letters and results."""
        each = count // len(STATES)
        for state in STATES:
            await self._more(state, each)
        await store.connection().execute_query("ANALYZE")

    async def due_today(self, count: int) -> None:
        """So many tasks more whose result is to be entered today."""
        await self._more(TaskState.CONCLUDED, count, entry_due=literal(self.at.date()))

    async def spread(self, each: int = 1000) -> None:
        """The copies that are in the first batch go into batches of their own, so many in each."""
        here, batch, draw = store.connection(), self.task.batch_id, self.task.draw_id
        times = -(-self.count // each)
        known = len(await Batch.filter(code__startswith=f"{batch}-C"))
        base = f"(n.n + {known})"
        code, drawn = f"'{batch}-C' || {base}", f"'{draw}-C' || {base}"
        own = f"draw_id = '{draw}' AND id = {self.task.team_id}"
        await copied(Batch, f"t.code = '{batch}'", times - known, code=code)
        await copied(
            Draw, f"t.code = '{draw}'", times - known, code=drawn, batch_id=code,
            number=f"t.number + 1000 + {base}", commitment=f"'{batch}-C' || {base}",
        )  # fmt: skip
        await copied(Team, own, times - known, id=f"{FIRST} + {base}", draw_id=drawn)
        await copied(Pledge, f"t.draw_id = '{draw}'", times - known, draw_id=drawn)
        nth = f"(1 + (id - {FIRST}) % {times})"
        await here.execute_query(
            f"UPDATE task SET batch_id = '{batch}-C' || {nth}, draw_id = '{draw}-C' || {nth}, team_id = {FIRST} + {nth} "
            f"WHERE id > {FIRST}"
        )
        await here.execute_query("ANALYZE")

    async def staffed(self, each: int = 100) -> str:
        """Officers of their own for each so many copies that have none, their visits one after another in one week; gives the
        code of one of them, of GA."""
        groups, own = max(1, self.count // each), "%-C%"
        first = await Assignment.filter(task_id=self.task.id, until=None).values_list(
            "inspector_id", flat=True
        )
        known = await Inspector.filter(code__startswith=f"{first[0]}-C").count()
        of = ", ".join(literal(code) for code in first)
        name = f"'-C' || ({known} + n.n)"
        await copied(
            Inspector,
            f"t.code IN ({of})",
            groups,
            code=f"t.code || {name}",
            certificate=f"t.certificate || {name}",
        )
        here, nth = store.connection(), f"({known} + 1 + (task_id - {FIRST}) % {groups})"
        await here.execute_query(
            f"UPDATE assignment SET inspector_id = inspector_id || '-C' || {nth} "
            f"WHERE task_id > {FIRST} AND inspector_id NOT LIKE '{own}'"
        )
        for slot in range(HOURS * DAYS):
            begins = MONDAY + timedelta(days=slot // HOURS, hours=slot % HOURS)
            await here.execute_query(
                f"UPDATE task SET visit_from = {literal(begins)}, visit_until = {literal(begins + timedelta(hours=1))} "
                f"WHERE id > {FIRST} AND visit_from IS NOT NULL AND (id - {FIRST}) / {groups} % {HOURS * DAYS} = {slot}"
            )
        await here.execute_query("ANALYZE")
        seat = await Assignment.filter(task_id__gt=FIRST, department="GA").order_by("id").first()
        assert seat
        return str(seat.inspector_id)

    async def by_hand(self, every: int = 10) -> None:
        """Of each so many letters that were sent one more waits for a person to bring it."""
        await store.connection().execute_query(
            f"UPDATE notice SET state = '{NoticeState.BY_HAND.value}' "
            f"WHERE id > {FIRST} AND state = '{NoticeState.SENT.value}' AND id % {every} = 0"
        )

    async def _more(self, state: TaskState, count: int, **columns: str) -> None:
        base = FIRST + self.count
        self.count += count
        await copied(Task, f"t.id = {self.task.id}", count, **self._task(state, base) | columns)
        copy = {"task_id": f"{base} + n.n"}
        await copied(Assignment, f"t.task_id = {self.task.id} AND t.until IS NULL", count, **copy)
        if state == TaskState.ASSIGNED:
            return
        letter = NoticeState.SENT if state == TaskState.SCHEDULED else NoticeState.ACKNOWLEDGED
        await copied(
            Notice, f"t.id = {self.letter.id}", count, id=f"{base} + n.n", **copy,
            number=f"'X{base}-' || n.n", state=literal(letter),
            created_at=literal(self.at), token_sha256=f"'{base}-' || n.n",
        )  # fmt: skip
        await copied(Attempt, f"t.notice_id = {self.letter.id}", count, notice_id=f"{base} + n.n")
        if state in (TaskState.PUBLISHED, TaskState.ARCHIVED):
            await copied(
                PlatformReceipt, f"t.task_id = {self.task.id}", count, **copy, number=f"'R{base}-' || n.n"
            )
        if state in (TaskState.ENTERED, TaskState.PUBLISHED, TaskState.ARCHIVED):
            await copied(Result, f"t.task_id = {self.task.id}", count, **copy)

    def _task(self, state: TaskState, base: int) -> dict[str, str]:
        over = self.at - timedelta(days=1)
        done = state not in (TaskState.ASSIGNED, TaskState.SCHEDULED)
        entered = state in (TaskState.ENTERED, TaskState.PUBLISHED, TaskState.ARCHIVED)
        public = state in (TaskState.PUBLISHED, TaskState.ARCHIVED)
        fixed = None if state == TaskState.ASSIGNED else over if done else VISIT + timedelta(days=8)
        return {
            "id": f"{base} + n.n", "number": f"'X{base}-' || n.n", "rank": f"{base} + n.n", "state": literal(state),
            "proposed_from": literal(None), "proposed_until": literal(None), "visit_from": literal(fixed),
            "visit_until": literal(fixed and fixed + timedelta(hours=1)),
            "started_at": literal(over if done else None), "ended_at": literal(over if done else None),
            "entry_due": literal(date(2026, 12, 25) if done else None),
            "entered_at": literal(self.at if entered else None), "reviewed_at": literal(self.at if public else None),
            "published_at": literal(self.at if public else None),
            "platform_receipt": f"'R{base}-' || n.n" if public else "''",
        }  # fmt: skip


async def crowd() -> CrowdOfTasks:
    """The small district, drawn; its own tasks are put out of the way of every term."""
    await sample.found()
    await sample.drawn()
    first, *_ = tasks = await Task.all().order_by("rank")
    await sample.visit_fixed(first, sample.district(), begins=VISIT)
    letter = await notice_records.current(first)
    assert letter
    await Assignment.filter(until=None).update(accepted_at=CEREMONY)
    await PlatformReceipt.create(task=first, number="R", day=CEREMONY.date(), by="x", at=CEREMONY)
    await Result.create(task=first, version=1, types=["R01"], by="x", at=CEREMONY)
    await Task.filter(id__in=[task.id for task in tasks]).update(
        state=TaskState.ARCHIVED, published_at=CEREMONY
    )
    return CrowdOfTasks(await Task.get(id=first.id), letter)
