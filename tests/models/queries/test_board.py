"""How many were told and whom nothing reached is counted by the state of their letters, not task by task (Art. 15, 16)."""

from __future__ import annotations

import pytest

from models import store
from models.queries import board, itinerary
from models.queries.board import ALL, Sight, visible
from models.queries.board_filter import Filter
from models.states import GIVEN, UNREACHED, NoticeState
from models.tables import Notice, Task
from tests.support import district as sample
from tests.support import two_batches
from tests.support.crowd_of_tasks import crowd
from tests.support.district import BATCH
from tests.support.statements import counted


async def counts(many, sight: Sight, **asked: str) -> board.Counts:
    place = sample.district()
    shown = await board.board(Filter(**asked), sight=sight, at=many.at, calendar=place.calendar)
    return shown.counts


@pytest.mark.parametrize("batch", ["", BATCH])
async def test_every_sight_counts_the_letters_of_its_own_tasks(any_db, batch):
    many = await crowd()
    await many.grow(60)
    team = await sample.team_of(many.task)
    lost = await Notice.filter(state=NoticeState.SENT).order_by("id").limit(3).values_list("id", flat=True)
    await Notice.filter(id__in=list(lost)).update(state=NoticeState.FAILED)
    for sight in (ALL, Sight("XF"), Sight("XF", team["XF"][0].id), Sight("YC")):
        seen = set(await visible(sight).values_list("id", flat=True))
        given = {row.task_id for row in await Notice.filter(state__in=GIVEN) if row.task_id in seen}
        unreached = {row.task_id for row in await Notice.filter(state__in=UNREACHED) if row.task_id in seen}
        found = await counts(many, sight, batch=batch)
        assert (found.given, found.unreached) == (len(given), len(unreached)), sight
    assert (await counts(many, ALL, batch="2026-XH-GA-02-9")).given == 0
    assert (await counts(many, ALL, batch=batch)).unreached >= 3


async def test_the_office_asks_letters_by_the_index_of_their_states_and_no_task(db):
    many = await crowd()
    await many.grow(600)
    async with counted() as asked:
        await counts(many, ALL)
    letters = [each for each in asked.statements if "FROM notice n" in each]
    assert len(letters) == 2, asked.listed()
    for statement in letters:
        plan = await store.connection().execute_query_dict(f"EXPLAIN QUERY PLAN {statement}")
        read = [row["detail"] for row in plan if row["detail"].startswith(("SCAN", "SEARCH"))]
        assert len(read) == 1 and "COVERING INDEX ix_notice_" in read[0], read
    assert await Task.all().count() > 600


async def test_a_departments_batches_with_visits_to_be_told_are_those_its_leaders_have(any_db):
    task, other = await two_batches.drawn()
    leads = {each.batch_id: (await sample.leader_of(each)).department for each in (task, other)}
    assert await itinerary.batches(None, None) == (BATCH, two_batches.OTHER)
    for department in {*leads.values(), "YC"}:
        led = {
            str(one.batch_id)
            for one in await Task.all()
            if (await sample.leader_of(one)).department == department
        }
        assert set(await itinerary.batches(None, department)) == led
    await Task.filter(batch_id=two_batches.OTHER).update(state="published")
    assert await itinerary.batches(None, None) == (BATCH,)
