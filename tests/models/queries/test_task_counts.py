"""What somebody sees of each batch is counted without reading its tasks one by one, and counted right (Art. 15, 16)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from models.queries import board, task_counts
from models.queries.board import ALL, Filter, Sight, visible
from models.rules.visit import local_day
from models.states import GIVEN, UNREACHED, NoticeState, TaskState
from models.tables import Assignment, Notice, Task
from tests.support import district as sample
from tests.support.crowd_of_tasks import crowd
from tests.support.rows_read import rows_read


async def held_to_rows(many, sight: Sight) -> None:
    """The counts of a sight against the very rows that it shows."""
    seen = await task_counts.seen_tasks(sight.department, sight.officer)
    rows = {row.id: row for row in await visible(sight)}
    states: dict[str, Counter[str]] = {}
    for row in rows.values():
        states.setdefault(row.batch_id, Counter())[row.state] += 1
    assert {code: Counter(each) for code, each in seen.states.items() if each.total()} == states, sight
    assert seen.batches == tuple(sorted(states))
    week = local_day(many.at), local_day(many.at) + timedelta(days=40)
    letters = {row.task_id: row.state for row in await Notice.filter(state__in=GIVEN)}
    for batch in ("", *states, "2026-XH-GA-02-9"):
        those = [row for row in rows.values() if batch in ("", row.batch_id)]
        due = [row for row in those if row.state == TaskState.CONCLUDED and row.entry_due and
               week[0] <= row.entry_due <= week[1]]  # fmt: skip
        vain = sorted(row.id for row in those if letters.get(row.id) in UNREACHED)
        assert await task_counts.soon(seen, *week, batch) == len(due), (sight, batch)
        assert await task_counts.given(seen, batch) == sum(row.id in letters for row in those), (sight, batch)
        assert await task_counts.unreached(sight.department, sight.officer, batch) == vain, (sight, batch)


@pytest.fixture
async def many(any_db):
    """Three batches: one is over; in one a department serves in some tasks alone."""
    made = await crowd()
    await made.grow(24)
    await made.spread(each=12)
    await made.by_hand(every=2)
    first, second = sorted({row.batch_id for row in await Task.all() if row.batch_id != sample.BATCH})
    await Task.filter(batch_id=first).update(state=TaskState.PUBLISHED)
    some = await Task.filter(batch_id=second).order_by("id").limit(5).values_list("id", flat=True)
    await Assignment.filter(task_id__in=list(some), department="XF").delete()
    return made


async def test_every_sight_is_counted_as_it_is_shown(many):
    team = await sample.team_of(many.task)
    for sight in (
        ALL,
        Sight("GA"),
        Sight("XF"),
        Sight("XF", team["XF"][0].id),
        Sight("GA", "nobody"),
        Sight("YC"),
    ):
        await held_to_rows(many, sight)
        await held_to_rows(many, sight)


async def test_what_was_counted_is_counted_anew_once_it_has_changed(many):
    await held_to_rows(many, Sight("GA"))
    await many.grow(12)
    open_ = await Task.filter(state=TaskState.SCHEDULED).order_by("id").first()
    await Task.filter(id=open_.id).update(state=TaskState.CONCLUDED)
    await Notice.filter(task_id=open_.id).update(state=NoticeState.ACKNOWLEDGED)
    for sight in (ALL, Sight("GA"), Sight("XF")):
        await held_to_rows(many, sight)


async def read_by(asked, sight, many) -> int:
    place = sample.district()
    async with rows_read() as reading:
        await board.board(asked, sight=sight, at=many.at, calendar=place.calendar)
    return reading.rows


@pytest.mark.parametrize("sight", [ALL, Sight("GA")])
async def test_a_board_of_ten_times_the_tasks_reads_little_more(db, sight):
    many = await crowd()
    await many.grow(600)
    await many.spread()
    await read_by(Filter(), sight, many)
    few = await read_by(Filter(), sight, many)
    await many.grow(5400)
    await many.spread()
    await read_by(Filter(), sight, many)
    assert await read_by(Filter(), sight, many) <= 3 * few
