"""The same results are found on either database, whatever is searched for (Art. 8)."""

from datetime import timedelta

from models.procedure import revision
from models.queries import public, public_figures, public_search
from models.queries.public_search import Search
from models.tables import PlanEntry
from tests.server.notices import HEAD_GA, given, published, visited
from tests.support import district as sample
from tests.support.district import VISIT

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
