"""The same results are found on either database, whatever is searched for (Art. 8)."""

from datetime import timedelta

from models.procedure import revision
from models.queries import public, public_figures, public_search
from models.queries.public_search import Search
from models.tables import PlanEntry, Result, Task
from tests.server.notices import HEAD_GA, given, published, visited
from tests.support import district as sample
from tests.support.crowd_of_tasks import crowd
from tests.support.district import VISIT
from tests.support.rows_read import rows_read

SINCE = VISIT + timedelta(days=1)


async def test_every_search_finds_the_same_on_either_database(any_db):
    await sample.found()
    held = await visited(await given())
    task = await published(held.task)
    item = (await PlanEntry.all().first()).items[0]
    for search in (
        Search(type="R05"),
        Search(item=item),
        Search("宾馆"),
        Search(since=SINCE.date(), until=SINCE.date()),
    ):
        assert await public_search.ids_of(search, 1, 10) == ([task.id], 1), search
    assert await public_search.ids_of(Search(type="R02"), 1, 10) == ([], 0)
    assert (item in dict(await public_search.items()), (await public.result(task.number)).number) == (
        True,
        task.number,
    )
    await revision.withdraw(task.number, "示例:查错", by=HEAD_GA, at=SINCE)
    for search, ids in (
        (Search(type="R05"), []),
        (Search(item=item), []),
        (Search(type="withdrawn"), [task.id]),
    ):
        assert (await public_search.ids_of(search, 1, 10))[0] == ids, search
    assert [(each.number, each.since) for each in await public_search.changes(1, 10)] == [
        (task.number, SINCE)
    ]
    assert (await public_figures.public_figures()).withdrawn == 1


async def test_a_type_asked_for_again_reads_no_result_until_one_has_changed(any_db):
    many = await crowd()
    await many.grow(600)
    ids, found = await public_search.ids_of(Search(type="R01"), 1, 10)
    assert (len(ids), found) == (10, 201)
    async with rows_read() as first:
        await public_search.ids_of(Search(type="R02"), 1, 10)
    async with rows_read() as again:
        assert await public_search.ids_of(Search(type="R01"), 2, 10) != (ids, found)
    assert again.rows < 0.6 * first.rows
    newest = await Task.get(id=ids[0])
    await Result.create(task=newest, version=2, types=["R02"], by="x", at=VISIT)
    assert await public_search.ids_of(Search(type="R02"), 1, 10) == ([newest.id], 1)
    assert newest.id not in (await public_search.ids_of(Search(type="R01"), 1, 10))[0]
